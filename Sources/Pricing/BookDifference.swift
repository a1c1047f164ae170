import JSON
package import LedgerModel

/// Where two price books disagree, model by model, tier by tier, unit by unit.
///
/// Compares what requests would be charged, not how the books are written: resolves lists, factors
/// and discounts for every tier and region that either book names, in every period and part of the
/// day in which either changes. Pairs models by name: looks up a model of one book in the other as
/// a request would.
package struct BookDifference: Sendable {
    /// One price in which the books differ.
    package struct Row: Hashable, Sendable {
        /// As requests name them.
        package let provider: String
        package let model: String
        /// nil if a whole model is in one book only.
        package let unit: UsageUnit?
        /// Total input tokens above which the prices apply.
        package let above: Int64
        package let tier: String?
        package let region: String?
        /// When the prices apply; nil means since always, or for ever.
        package let from: Timestamp?
        package let until: Timestamp?
        /// A part of the day in UTC; nil means the whole day.
        package let hours: DailyHours?
        /// Days of the week in UTC; nil means every day.
        package let weekdays: Weekdays?
        /// nil if the book has none.
        package let first: Rate?
        package let second: Rate?
        /// The only book with the model or the price; nil if both have prices.
        package let onlyIn: Side?
    }

    package enum Side: String, Hashable, Sendable { case first, second }

    /// The counts of each, for people and for the policy that decides on a proposal.
    package struct Summary: Hashable, Sendable {
        /// Names for which both books have prices.
        package var modelsCompared = 0
        /// Those without a difference.
        package var modelsEqual = 0
        package var modelsOnlyInFirst = 0
        package var modelsOnlyInSecond = 0
        /// Prices of models that both books have.
        package var higher = 0
        package var lower = 0
        package var pricesOnlyInFirst = 0
        package var pricesOnlyInSecond = 0

        package init() {}
    }

    /// Sorted by provider, model, region, tier, unit, level and time.
    package let rows: [Row]
    package let summary: Summary
    /// Allowances that only one of the books has; they are not rates.
    package let allowancesOnlyInFirst: [Allowance]
    package let allowancesOnlyInSecond: [Allowance]

    package var isEmpty: Bool {
        rows.isEmpty && allowancesOnlyInFirst.isEmpty && allowancesOnlyInSecond.isEmpty
    }
}

extension BookDifference.Row {
    /// Dollars for `per`, exact; nil if the book has no such price.
    package func price(of side: BookDifference.Side) -> String? {
        guard let unit, let rate = side == .first ? first : second else { return nil }
        return rate.price(per: Quote.canonical(of: unit).counts)
    }

    /// What the prices buy.
    package var per: String? { unit.map { Quote.canonical(of: $0).goods } }

    /// The second price over the first, to six decimals; nil if undefined.
    package var ratio: String? {
        guard let first, let second, first > .zero else { return nil }
        return decimal(dividedHalfEven(second.ninths * 1_000_000, by: first.ninths), scale: 6)
    }
}

/// A model as requests name it.
package struct UsedName: Hashable, Sendable {
    package let provider: Name?
    package let model: Name

    package init(provider: Name?, model: Name) {
        self.provider = provider
        self.model = model
    }
}

extension PriceBook {
    /// Where two books differ about some models; skips those that neither knows.
    package func difference(to other: PriceBook, of names: [UsedName]) -> BookDifference {
        let pairs = names.map { name in
            NamedPair(
                provider: name.provider?.string ?? "", model: name.model.string,
                first: try? find(provider: name.provider, model: name.model),
                second: try? other.find(provider: name.provider, model: name.model))
        }
        return BookComparison(first: self, second: other, time: nil)
            .difference(of: pairs.filter { $0.first != nil || $0.second != nil })
    }

    /// - Parameter time: compares the prices in force then; without it, those of all times.
    package func difference(
        to other: PriceBook, at time: Timestamp? = nil
    ) -> BookDifference {
        if digest == other.digest {
            var summary = BookDifference.Summary()
            summary.modelsCompared = modelCount
            summary.modelsEqual = modelCount
            return BookDifference(
                rows: [], summary: summary, allowancesOnlyInFirst: [], allowancesOnlyInSecond: [])
        }
        let comparison = BookComparison(first: self, second: other, time: time)
        return comparison.difference(of: comparison.pairs())
    }
}

private struct BookComparison {
    let first: PriceBook
    let second: PriceBook
    let time: Timestamp?

    func difference(of pairs: [NamedPair]) -> BookDifference {
        var rows: [BookDifference.Row] = []
        var summary = BookDifference.Summary()
        for pair in pairs {
            switch (pair.first, pair.second) {
            case (.some, nil):
                rows.append(.onlyModel(pair, in: .first))
                summary.modelsOnlyInFirst += 1
            case (nil, .some):
                rows.append(.onlyModel(pair, in: .second))
                summary.modelsOnlyInSecond += 1
            default:
                let found = ModelComparison(pair, first.terms, second.terms, time)?.rows() ?? []
                rows += found
                summary.modelsCompared += 1
                if found.isEmpty { summary.modelsEqual += 1 }
                for row in found { summary.count(row) }
            }
        }
        let (a, b) = (first.terms.allowances, second.terms.allowances)
        return BookDifference(
            rows: rows.sorted(by: BookDifference.Row.isOrdered), summary: summary,
            allowancesOnlyInFirst: a.filter { !b.contains($0) },
            allowancesOnlyInSecond: b.filter { !a.contains($0) })
    }

    /// Every name in either book, with its meaning in both; equal meanings once.
    func pairs() -> [NamedPair] {
        var seen: Set<[String]> = []
        var pairs: [NamedPair] = []
        for book in [first, second] {
            for provider in book.providers {
                for model in book.models(of: provider) {
                    let pair = NamedPair(
                        provider: provider.id, model: model,
                        first: first.meaning(of: model, provider.id),
                        second: second.meaning(of: model, provider.id))
                    if seen.insert(pair.meanings).inserted { pairs.append(pair) }
                }
            }
        }
        return pairs
    }
}

struct NamedPair {
    let provider: String
    let model: String
    let first: FoundModel?
    let second: FoundModel?

    /// What distinguishes one pair of models from another.
    var meanings: [String] {
        [first, second].flatMap { found in
            found.map {
                [$0.provider.id, $0.trail.borrowedFrom ?? $0.provider.id, $0.model.id]
            } ?? [""]
        }
    }
}

extension PriceBook {
    fileprivate func models(of provider: Provider) -> [String] { provider.models.map(\.id) }

    fileprivate func meaning(of model: String, _ provider: String) -> FoundModel? {
        try? find(provider: Name(provider), model: Name(model))
    }
}

extension BookDifference.Summary {
    fileprivate mutating func count(_ row: BookDifference.Row) {
        switch (row.first, row.second) {
        case (.some, nil): pricesOnlyInFirst += 1
        case (nil, .some): pricesOnlyInSecond += 1
        case (let a?, let b?): if a < b { higher += 1 } else { lower += 1 }
        case (nil, nil): break
        }
    }
}

extension BookDifference.Row {
    static func onlyModel(
        _ pair: NamedPair, in side: BookDifference.Side
    ) -> BookDifference.Row {
        BookDifference.Row(
            provider: pair.provider, model: pair.model, unit: nil, above: 0, tier: nil,
            region: nil, from: nil, until: nil, hours: nil, weekdays: nil, first: nil, second: nil,
            onlyIn: side)
    }

    fileprivate static func isOrdered(
        _ a: BookDifference.Row, before b: BookDifference.Row
    ) -> Bool {
        let (p, q) = (a.names, b.names)
        if p != q { return p.lexicographicallyPrecedes(q) }
        return a.numbers.lexicographicallyPrecedes(b.numbers)
    }

    private var names: [Name] { [provider, model, region ?? "", tier ?? ""].map { Name($0) } }

    private var numbers: [Int64] {
        [
            Int64(unit?.rawValue ?? 0), above, from?.microseconds ?? .min, hours?.start ?? -1,
            Int64(weekdays?.days.first ?? -1),
        ]
    }
}

// MARK: - Two models

/// The prices of one name under two books.
struct ModelComparison {
    private let pair: NamedPair
    private let a: FoundModel
    private let b: FoundModel
    private let terms: (Terms, Terms)
    private let periods: [(start: Timestamp?, end: Timestamp?)]
    private let parts: [DailyHours]
    /// nil alone where nothing depends on the day of the week.
    private let weekdays: [Int?]
    private let time: Timestamp?

    init?(_ pair: NamedPair, _ a: Terms, _ b: Terms, _ time: Timestamp?) {
        guard let first = pair.first, let second = pair.second else { return nil }
        self.pair = pair
        self.a = first
        self.b = second
        self.time = time
        terms = (a, b)
        let lists = first.model.prices + second.model.prices
        let dated: [any Dated] = lists + (a.discounts + b.discounts).map(\.scope)
        let dates = Set(dated.flatMap { [$0.from, $0.until].compactMap(\.self) }).sorted()
        periods = zip([nil] + dates.map(Optional.some), dates.map(Optional.some) + [nil])
            .map { ($0, $1) }
        let hours = Set(lists.flatMap { $0.hours.map { [$0.start, $0.end] } ?? [] } + [0])
            .filter { $0 < Timestamp.dayMicroseconds }.sorted()
        parts = zip(hours, hours.dropFirst() + [Timestamp.dayMicroseconds]).map {
            DailyHours(start: $0, end: $1)
        }
        weekdays = lists.contains { $0.weekdays != nil } ? Array(0..<7) : [nil]
    }

    func rows() -> [BookDifference.Row] {
        var rows: [BookDifference.Row] = []
        let plain = (plan(a, terms.0), plan(b, terms.1))
        for tier in named(\.tier, \.tierFactors) {
            for region in named(\.region, \.regionFactors) {
                let plans = Plans(
                    a: plan(a, terms.0, tier, region), b: plan(b, terms.1, tier, region),
                    plainA: plain.0, plainB: plain.1, tier: tier, region: region)
                rows += time.map { self.rows(plans, at: $0) } ?? self.rows(plans)
            }
        }
        return rows
    }

    /// No name, and every tier (or region) for which either side has a price or a factor.
    private func named(
        _ name: KeyPath<PriceList, String?>, _ factors: KeyPath<Provider, [String: Factor]>
    ) -> [String?] {
        let names = [a, b].flatMap { found in
            found.model.prices.compactMap { $0[keyPath: name] }
                + Array(found.provider[keyPath: factors].keys)
                + (name == \.region ? Array(found.model.regionFactors.keys) : [])
        }
        return [nil] + Set(names).sorted().map(Optional.some)
    }

    private func rows(_ plans: Plans, at time: Timestamp) -> [BookDifference.Row] {
        differences(plans, at: time).map { $0.row(pair, plans.tier, plans.region) }
    }

    private func rows(_ plans: Plans) -> [BookDifference.Row] {
        let (tier, region) = (plans.tier, plans.region)
        var rows: [BookDifference.Row] = []
        // Differences still open, by the row that will report them.
        var open: [Difference: Timestamp?] = [:]
        for period in periods {
            let current = differences(plans, in: period)
            for (difference, from) in open where !current.contains(difference) {
                rows.append(difference.row(pair, tier, region, from: from, until: period.start))
            }
            open = open.filter { current.contains($0.key) }
            for difference in current where open[difference] == nil {
                open[difference] = .some(period.start)
            }
        }
        return rows + open.map { $0.row(pair, tier, region, from: $1, until: nil) }
    }

    /// Both sides under one tier and region, and without any.
    private struct Plans {
        let a: ModelPlan
        let b: ModelPlan
        let plainA: ModelPlan
        let plainB: ModelPlan
        let tier: String?
        let region: String?

        var isPlain: Bool { tier == nil && region == nil }
    }

    private func plan(
        _ found: FoundModel, _ terms: Terms, _ tier: String? = nil, _ region: String? = nil
    ) -> ModelPlan {
        ModelPlan(
            found, asked: Name(pair.model), tier: tier.map { Name($0) },
            region: region.map { Name($0) }, terms: terms, isTraced: true)
    }

    /// The differences of a period; those that hold all day, or every day, appear once.
    private func differences(
        _ plans: Plans, in period: (start: Timestamp?, end: Timestamp?)
    ) -> Set<Difference> {
        // On which days a difference holds, by part of the day; all days that the period has.
        var found: [Difference: [DailyHours: Set<Int>]] = [:]
        var all: [DailyHours: Set<Int>] = [:]
        for part in parts {
            for weekday in weekdays {
                guard let moment = moment(of: part, on: weekday, in: period) else { continue }
                all[part, default: []].insert(weekday ?? 0)
                for difference in differences(plans, at: moment) {
                    found[difference, default: [:]][part, default: []].insert(weekday ?? 0)
                }
            }
        }
        var result: Set<Difference> = []
        for (difference, days) in found {
            if days == all { result.insert(difference); continue }
            for (part, days) in days {
                var narrow = difference
                narrow.hours = part.isWholeDay ? nil : part
                narrow.weekdays = days == all[part] ? nil : Weekdays(days)
                result.insert(narrow)
            }
        }
        return result
    }

    /// A time of the period within a part of the day, on a day of the week; nil if the period is
    /// too short.
    private func moment(
        of part: DailyHours, on weekday: Int?, in period: (start: Timestamp?, end: Timestamp?)
    ) -> Timestamp? {
        let day = Timestamp.dayMicroseconds
        let start =
            period.start ?? period.end?.advanced(byMicroseconds: -8 * day) ?? Timestamp.earliest
        func fits(_ time: Timestamp) -> Bool { weekday.map { $0 == time.weekday } ?? true }
        if part.contains(start.timeOfDay), fits(start) { return start }
        var moment = start.startOfDay.advanced(byMicroseconds: part.start)
        while moment < start || !fits(moment) { moment = moment.advanced(byMicroseconds: day) }
        if let end = period.end, moment >= end { return nil }
        return moment
    }

    /// Whether the rows without the tier, or without the region, already report these rates:
    /// neither side names it, and both multiply by the same factor for it.
    private func isTold(
        _ x: SourcedRate, _ y: SourcedRate, _ plans: Plans
    ) -> Bool {
        let narrow = (terms.0.discounts + terms.1.discounts).contains {
            $0.scope.tier != nil || $0.scope.region != nil
        }
        if narrow { return false }
        let hasNoRegion = x.list.region == nil && y.list.region == nil
        let hasNoTier = x.list.tier == nil && y.list.tier == nil
        return plans.region != nil && hasNoRegion && x.regionFactor == y.regionFactor
            || plans.tier != nil && hasNoTier && x.tierFactor == y.tierFactor
    }

    /// Whether one side has the unit only as without tier and region, where the other side lacks it
    /// too: the standard rows report it.
    private func isLacking(
        _ unit: UsageUnit, _ x: SourcedRate?, _ y: SourcedRate?, _ plans: Plans, at time: Timestamp
    ) -> Bool {
        guard let only = x ?? y, only.list.tier == nil, only.list.region == nil else {
            return false
        }
        let lacking = x == nil ? plans.plainA : plans.plainB
        return lacking.rates(at: time)?[unit] == nil
    }

    private func differences(_ plans: Plans, at time: Timestamp) -> [Difference] {
        let a = plans.a.rates(at: time) ?? [:]
        let b = plans.b.rates(at: time) ?? [:]
        return UsageUnit.allCases.flatMap { unit -> [Difference] in
            let (x, y) = (a[unit], b[unit])
            if let x, let y, isTold(x, y, plans) { return [] }
            if !plans.isPlain, x == nil || y == nil, isLacking(unit, x, y, plans, at: time) {
                return []
            }
            let bounds = [0] + Set([x, y].flatMap { $0?.rate.steps.map(\.above) ?? [] }).sorted()
            var found: [Difference] = []
            for above in bounds {
                let difference = Difference(
                    unit: unit, above: above, first: x?.rate.rate(atInput: above + 1),
                    second: y?.rate.rate(atInput: above + 1))
                if difference.first == difference.second { continue }
                // A bound of only one side that changes nothing says nothing.
                if let last = found.last, last.first == difference.first,
                    last.second == difference.second
                {
                    continue
                }
                found.append(difference)
            }
            return found
        }
    }
}

private struct Difference: Hashable {
    let unit: UsageUnit
    let above: Int64
    let first: Rate?
    let second: Rate?
    var hours: DailyHours?
    var weekdays: Weekdays?

    func row(
        _ pair: NamedPair, _ tier: String?, _ region: String?, from: Timestamp? = nil,
        until: Timestamp? = nil
    ) -> BookDifference.Row {
        BookDifference.Row(
            provider: pair.provider, model: pair.model, unit: unit, above: above, tier: tier,
            region: region, from: from, until: until, hours: hours, weekdays: weekdays,
            first: first,
            second: second, onlyIn: first == nil ? .second : second == nil ? .first : nil)
    }
}

extension BookDifference {
    /// Whether the second book is the first with only small price changes: nothing was removed, and
    /// only whole models were added.
    ///
    /// - Parameter tolerance: 0.05 lets a price move by 5 % either way.
    package func isWithin(_ tolerance: Factor) -> Bool {
        guard allowancesOnlyInFirst.isEmpty, allowancesOnlyInSecond.isEmpty else { return false }
        return rows.allSatisfy { row in
            guard let first = row.first, let second = row.second else {
                return row.unit == nil && row.onlyIn == .second
            }
            let moved = (second.ninths - first.ninths).magnitude
            return moved * 1_000_000 <= first.ninths.magnitude * UInt128(tolerance.millionths)
        }
    }
}
