import JSON
import LedgerModel
import UsageExtraction

/// The prices of one entry, sorted.
struct PriceTable {
    /// By tier, then unit, then bound.
    private var rates: [String: [UsageUnit: [Int64: Rate]]] = [:]
    /// Tiers that are a multiple of the standard prices.
    private var tierFactors: [String: Factor] = [:]

    mutating func take(_ name: PriceName, _ node: FileNode) throws(PriceFileError) {
        // LiteLLM computes some prices with floats: round away noise below 1e-24 USD.
        let text = try node.text(name.unit.name)
        let near = Rate(nearPrice: text, per: name.unit.scale)
        let rate =
            if let near { near } else {
                try rate(node, called: name.unit.name, per: name.unit.scale)
            }
        rates[name.tier ?? "", default: [:]][name.unit, default: [:]][name.above] = rate
    }

    /// Takes `{"us": 1.1, "fast": 2}`: the fast mode is a tier, the others are regions.
    mutating func take(
        multipliers node: FileNode, regions: inout [String: Factor]
    ) throws(PriceFileError) {
        for entry in try node.entries("provider_specific_entry") {
            switch entry.key {
            case "fast": tierFactors["fast"] = try LiteLLMPrices.factor(entry)
            case "us", "eu": regions[entry.key] = try LiteLLMPrices.factor(entry)
            default: break
            }
        }
    }

    /// Takes a list such as `[{"range": [0, 256000], "input_cost_per_token": …}]`.
    mutating func take(
        tiers node: FileNode, omissions: inout Omissions
    ) throws(PriceFileError) {
        // The end of the previous range; beyond what events can count if it is open.
        var reached: Int128 = 0
        for tier in try node.items("tiered_pricing") {
            guard let range = tier["range"] else {
                omissions.add("tiered_pricing by something other than tokens", line: tier.line)
                continue
            }
            let bounds = try range.items("range")
            guard (1...2).contains(bounds.count),
                let above = scaledDecimal(try bounds[0].text("range"), scale: 0), above >= 0,
                above <= 1_000_000_000
            else { throw tier.error("a tier needs a range of input tokens") }
            guard above >= reached else {
                throw tier.error("the range from \(above) overlaps the one before it")
            }
            guard above == reached else {
                throw tier.error("there is no price from \(reached) to \(above): close the gap")
            }
            reached = .max
            if bounds.count == 2, !bounds[1].isNull {
                guard let end = scaledDecimal(try bounds[1].text("range"), scale: 0), end > above
                else { throw tier.error("a range must end above its start, or with null") }
                reached = end
            }
            for field in try tier.entries("a tier") where field.key.contains("cost") {
                guard var name = PriceName(field.key, mode: "") else { continue }
                name.above = Int64(above)
                try take(name, field.value)
            }
        }
    }

    /// Prices of a search by the size of its context; events lack the size, so take the middle one.
    mutating func take(searches node: FileNode) throws(PriceFileError) {
        guard let price = node["search_context_size_medium"] else { return }
        let rate = try rate(price, called: "search_context_cost_per_query", per: 1)
        // Zero means "not told" in these tables.
        if rate > .zero { rates["", default: [:]][.webSearches] = [0: rate] }
    }

    func lists(line: Int, omissions: inout Omissions) -> [PriceListDraft] {
        var lists: [PriceListDraft] = []
        for (tier, units) in rates.sorted(by: { $0.key < $1.key }) {
            var list = PriceList(tier: tier.isEmpty ? nil : tier)
            var isWhole = true
            for (unit, bounds) in units.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
                guard let base = bounds[0] ?? base(of: unit, in: tier) else {
                    let what = tier.isEmpty ? unit.name : "\(unit.name) of tier \(tier)"
                    omissions.add("\(what) priced only above a bound", line: line)
                    // Standard prices must not fill the gap: the whole tier stays unpriced.
                    isWhole = isWhole && tier.isEmpty
                    continue
                }
                let steps = bounds.sorted { $0.key < $1.key }.filter { $0.key > 0 }
                    .map { UnitRate.Step(above: $0.key, rate: $0.value) }
                list.rates.append(UnitRate(unit: unit, base: base, steps: steps))
            }
            guard isWhole else { continue }
            if tier.isEmpty, hasTokens(list) {
                // A model sold by tokens is not also sold by the second.
                list.rates.removeAll { alternatives.contains($0.unit) }
            }
            lists.append(PriceListDraft(list: list, line: line))
        }
        if let standard = lists.first, standard.list.tier == nil {
            lists += multiples(of: standard)
        }
        return lists
    }

    /// The first level of a tier that is priced only above bounds, where every bound has the same
    /// ratio to the standard price.
    private func base(of unit: UsageUnit, in tier: String) -> Rate? {
        guard !tier.isEmpty, let bounds = rates[tier]?[unit], let standard = rates[""]?[unit],
            let base = standard[0]
        else { return nil }
        var found: Set<Rate> = []
        for (above, rate) in bounds {
            guard let same = standard[above], same > .zero else { return nil }
            let common = greatestCommonDivisor(rate.ninths, same.ninths)
            let (parts, rest) = base.ninths.quotientAndRemainder(dividingBy: same.ninths / common)
            let (ninths, overflow) = parts.multipliedReportingOverflow(by: rate.ninths / common)
            guard rest == 0, !overflow else { return nil }
            found.insert(Rate(ninths: ninths))
        }
        return found.count == 1 ? found.first : nil
    }

    private func multiples(of standard: PriceListDraft) -> [PriceListDraft] {
        tierFactors.sorted { $0.key < $1.key }.filter { rates[$0.key] == nil }
            .compactMap { tier, factor in
                var draft = standard
                draft.list.tier = tier
                draft.list.rates = standard.list.rates.filter(\.unit.isTokens)
                    .compactMap { $0.scaled(by: factor) }
                let isExact =
                    draft.list.rates.count == standard.list.rates.count { $0.unit.isTokens }
                return isExact ? draft : nil
            }
    }

    private let alternatives: Set<UsageUnit> = [.inputSeconds, .outputSeconds, .inputCharacters]

    private func hasTokens(_ list: PriceList) -> Bool {
        list.rates.contains { $0.unit.isTokens && $0.base > .zero }
    }
}

/// `off_peak_pricing`: other prices in parts of the day on days of the week.
enum OffPeakPrices {
    /// The lists that follow the standard ones; UTC, as the file says.
    static func lists(
        _ node: FileNode, standard: [PriceListDraft]
    ) throws(PriceFileError) -> [PriceListDraft] {
        var rates: [UsageUnit: UnitRate] = [:]
        for rate in standard.first?.list.rates ?? [] { rates[rate.unit] = rate }
        for field in try node.entries("off_peak_pricing") where field.key.contains("cost") {
            guard let name = PriceName(field.key, mode: ""), name.tier == nil, name.above == 0
            else { continue }
            rates[name.unit] = UnitRate(
                unit: name.unit,
                base: try rate(field.value, called: field.key, per: name.unit.scale))
        }
        var lists: [PriceListDraft] = []
        for window in try node["windows"]?.items("windows") ?? [] {
            for hours in try self.hours(window) {
                let list = PriceList(
                    hours: hours, weekdays: try weekdays(window),
                    rates: rates.values.sorted { $0.unit.rawValue < $1.unit.rawValue })
                lists.append(PriceListDraft(list: list, line: window.line))
            }
        }
        return lists
    }

    /// `"00:00-01:00"` or a list of them; the whole day is nil.
    private static func hours(_ window: FileNode) throws(PriceFileError) -> [DailyHours?] {
        guard let node = window["hours_utc"] else {
            throw window.error("an off-peak window needs hours_utc")
        }
        var result: [DailyHours?] = []
        for item in node.isSequence ? try node.items("hours_utc") : [node] {
            let parts = try item.text("hours_utc").split(separator: "-")
            guard parts.count == 2, let start = timeOfDay(parts[0]), let end = timeOfDay(parts[1])
            else { throw item.error("hours_utc must be two times of day such as 16:30-00:30") }
            result.append(start == end ? nil : DailyHours(start: start, end: end))
        }
        return result
    }

    /// ISO numbers: 1 is Monday.
    private static func weekdays(_ window: FileNode) throws(PriceFileError) -> Weekdays? {
        guard let node = window["weekdays"], !node.isNull else { return nil }
        var days: [Int] = []
        for item in try node.items("weekdays") {
            guard let day = Int(try item.text("weekdays")), (1...7).contains(day) else {
                throw item.error("weekdays must be numbers from 1, which is Monday, to 7")
            }
            days.append(day - 1)
        }
        return Weekdays(days)
    }
}
