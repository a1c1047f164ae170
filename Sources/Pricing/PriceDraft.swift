import LedgerModel
import UsageExtraction

/// A provider as a file gives it, with lines, before checks.
struct ProviderDraft {
    var provider: Provider
    var line: Int
    var models: [ModelDraft] = []
}

struct ModelDraft {
    var id: String
    var match: MatchClause
    var line: Int
    var regionFactors: [String: Factor] = [:]
    var prices: [PriceListDraft] = []
}

struct PriceListDraft {
    var list: PriceList
    var line: Int
}

extension PriceFile {
    /// The providers of a file; refuses contradictions.
    static func checked(_ drafts: [ProviderDraft]) throws(PriceFileError) -> [Provider] {
        var seen: [String: Int] = [:]
        var providers: [Provider] = []
        for draft in drafts {
            if let first = seen.updateValue(draft.line, forKey: draft.provider.id) {
                throw PriceFileError(
                    "provider \(draft.provider.id) is listed twice, first on line \(first)",
                    line: draft.line)
            }
            providers.append(try checked(draft))
        }
        for draft in drafts {
            for id in draft.provider.fallbacks where seen[id] == nil {
                throw PriceFileError(
                    "provider \(draft.provider.id) falls back to \(id), which is not in the file",
                    line: draft.line)
            }
            for id in draft.provider.sameSellers where seen[id] == nil {
                throw PriceFileError(
                    "provider \(draft.provider.id) is the same seller as \(id), which is not in "
                        + "the file", line: draft.line)
            }
        }
        return providers
    }

    private static func checked(_ draft: ProviderDraft) throws(PriceFileError) -> Provider {
        var provider = draft.provider
        var seen: [String: Int] = [:]
        provider.models.reserveCapacity(draft.models.count)
        for model in draft.models {
            if let first = seen.updateValue(model.line, forKey: model.id) {
                throw PriceFileError(
                    "model \(model.id) of \(provider.id) is listed twice, first on line \(first)",
                    line: model.line)
            }
            try check(model, of: provider)
            // A single empty list is no list; our format cannot write one.
            let prices = model.prices.map(\.list)
            provider.models.append(
                Model(
                    id: model.id, match: model.match, regionFactors: model.regionFactors,
                    prices: prices == [PriceList()] ? [] : prices))
        }
        return provider
    }

    private static func check(_ model: ModelDraft, of provider: Provider) throws(PriceFileError) {
        guard model.prices.count <= Model.pricesMax else {
            throw PriceFileError(
                "model \(model.id) has \(model.prices.count) price lists: at most "
                    + "\(Model.pricesMax) are kept", line: model.line)
        }
        let chains = provider.factorChains(of: model.regionFactors)
        for draft in model.prices { try check(draft, under: chains) }
        for (index, later) in model.prices.enumerated() {
            for earlier in model.prices[..<index] {
                if let overlap = overlap(of: earlier, with: later) {
                    throw PriceFileError("model \(model.id): \(overlap)", line: later.line)
                }
            }
        }
        try checkGaps(in: model)
    }

    private static func check(
        _ draft: PriceListDraft, under chains: [(name: String, factors: [Factor])]
    ) throws(PriceFileError) {
        let list = draft.list
        if let from = list.from, let until = list.until, until <= from {
            throw PriceFileError(
                "the prices end at \(until), before they begin at \(from)", line: draft.line)
        }
        for rate in list.rates where rate.unit.isTokens {
            for (name, factors) in chains {
                guard rate.scaled(by: factors) != nil else {
                    throw PriceFileError(
                        "\(rate.unit.name) times "
                            + factors.map(\.description).joined(separator: " times ")
                            + " for \(name) has more than 24 decimals", line: draft.line)
                }
            }
        }
    }

    /// Why two lists contradict each other; the earlier comes first in the file.
    ///
    /// A later list with a later date, or with hours, refines an earlier one. Ambiguity is refused:
    /// the same conditions twice, hours or days that share a moment, periods with ends that overlap, and
    /// dates that run backwards, since the last list in force wins.
    private static func overlap(of a: PriceListDraft, with b: PriceListDraft) -> String? {
        guard a.list.tier == b.list.tier, a.list.region == b.list.region else { return nil }
        // The lists of a tier or region may divide the units among themselves.
        let isWhole = a.list.tier == nil && a.list.region == nil
        let sharesUnit = a.list.rates.contains { rate in
            b.list.rates.contains { $0.unit == rate.unit }
        }
        guard isWhole || sharesUnit else { return nil }
        if a.list.hours == b.list.hours, a.list.weekdays == b.list.weekdays {
            return dateConflict(a.list, onLine: a.line, with: b.list, of: "prices")
        }
        guard a.list.from == b.list.from else { return nil }
        if a.list.weekdays == b.list.weekdays {
            guard let hours = a.list.hours, let others = b.list.hours, hours.overlaps(others)
            else { return nil }
            return "the hours overlap those on line \(a.line)"
        }
        if a.list.hours == b.list.hours, let days = a.list.weekdays, let others = b.list.weekdays,
            days.overlaps(others)
        {
            return "the weekdays overlap those on line \(a.line)"
        }
        return nil
    }

    /// Why two things with the same conditions can't both be in force, by date.
    static func dateConflict(
        _ a: some Dated, onLine line: Int, with b: some Dated, of what: String
    ) -> String? {
        if a.from == b.from {
            return "these \(what) have the same conditions as those on line \(line)"
        }
        if let from = a.from, b.from.map({ $0 < from }) ?? true {
            return
                "\(what) from \(b.from.map(\.description) ?? "always") come after those "
                + "from \(from) on line \(line): sort the lists by date"
        }
        if let until = a.until, let from = b.from, from < until {
            return "\(what) from \(from) overlap those until \(until) on line \(line)"
        }
        return nil
    }

    /// Refuses a model whose standard prices leave a gap between dates or hours.
    ///
    /// Before the first date and after the last end nothing is sold: not a gap.
    private static func checkGaps(in model: ModelDraft) throws(PriceFileError) {
        let lists = model.prices.map(\.list).filter { $0.tier == nil && $0.region == nil }
        let dates = Set(lists.flatMap { [$0.from, $0.until].compactMap(\.self) }).sorted()
        var hasBegun = false
        var gap: Timestamp?
        for date in [nil] + dates.map(Optional.some) {
            let inForce = lists.filter { $0.isInForce(date: date) }
            if inForce.isEmpty {
                if hasBegun, gap == nil { gap = date }
                continue
            }
            if let gap, let date {
                let line = model.prices.first { $0.list.from == date }?.line ?? model.line
                throw PriceFileError(
                    "model \(model.id) has no price from \(gap) to \(date): close the gap",
                    line: line)
            }
            hasBegun = true
            guard (0..<7).allSatisfy({ isCovered($0, by: inForce) }) else {
                throw PriceFileError(
                    "model \(model.id) has prices only for some hours: add a list without hours",
                    line: model.prices.first?.line ?? model.line)
            }
        }
    }

    private static func isCovered(_ weekday: Int, by lists: [PriceList]) -> Bool {
        let lists = lists.filter { $0.weekdays?.contains(weekday) ?? true }
        return lists.contains { $0.hours == nil } || coverWholeDay(lists.compactMap(\.hours))
    }

    private static func coverWholeDay(_ windows: [DailyHours]) -> Bool {
        ([0] + windows.flatMap { [$0.start, $0.end] })
            .filter { $0 < Timestamp.dayMicroseconds }
            .allSatisfy { moment in windows.contains { $0.contains(moment) } }
    }
}

extension DailyHours {
    fileprivate func overlaps(_ other: DailyHours) -> Bool {
        contains(other.start) || other.contains(start)
    }
}
