package import LedgerModel

/// A model under one service tier and region: which rates apply at which time.
///
/// Cuts time at every date, weekday and hour in the model's lists; one `RatePlan` holds between two cuts.
struct ModelPlan: Sendable {
    let provider: String
    let model: String
    /// Dates at which something changes, ascending.
    private let dates: [Timestamp]
    /// Times of day at which something changes, ascending, midnight first.
    private let hours: [Int64]
    /// 7 if something depends on the day of the week, else 1.
    private let days: Int
    /// A row of days and hours for each date, preceded by a row for the time before every date.
    private var cells: [Cell]
    /// Where the rates of each cell come from; empty unless the plan is traced.
    private let sources: [Sources]
    /// The allowances that cover the model under this tier and region, at any time.
    private let allowances: [Allowance]
    /// How the model was found.
    private let trail: LookupTrail

    enum Cell: Sendable {
        case rates(RatePlan)
        case unpriced(UnpricedReason)
    }

    typealias Sources = [UsageUnit: SourcedRate]

    /// - Parameter isTraced: keeps where each rate comes from, for derivations shown to people.
    init(
        _ found: FoundModel, asked model: Name, tier: Name?, region: Name?, terms: Terms,
        isTraced: Bool
    ) {
        provider = found.provider.id
        self.model = found.model.id
        trail = found.trail
        let terms = terms.covering(found, tier: tier, region: region)
        allowances = terms.allowances
        let prices = found.model.prices
        let dated: [any Dated] = prices + terms.discounts.map(\.scope)
        let dates = Set(dated.flatMap { [$0.from, $0.until].compactMap(\.self) }).sorted()
        let hours = Set(prices.flatMap { $0.hours.map { [$0.start, $0.end] } ?? [] } + [0])
            .filter { $0 < Timestamp.dayMicroseconds }.sorted()
        let resolution = Resolution(found, asked: model, tier: tier, region: region)
        self.dates = dates
        self.hours = hours
        let days = prices.contains { $0.weekdays != nil } ? 7 : 1
        self.days = days
        let resolved = ([nil] + dates.map(Optional.some)).flatMap { date in
            let discounts = terms.discounts.filter { $0.scope.isInForce(date: date) }
            return (0..<days).flatMap { day in
                hours.map { hour in
                    resolution.cell(discounts) { list in
                        list.isInForce(date: date)
                            && list.isInForce(weekday: day, timeOfDay: hour)
                    }
                }
            }
        }
        cells = resolved.map(\.cell)
        sources = isTraced ? resolved.map(\.sources) : []
    }

    func cell(at time: Timestamp) -> Cell { cells[index(at: time)] }

    private func index(at time: Timestamp) -> Int {
        var row = dates.count
        while row > 0, time < dates[row - 1] { row -= 1 }
        if days > 1 { row = row * days + time.weekday }
        if hours.count == 1 { return row }
        let timeOfDay = time.timeOfDay
        var column = hours.count - 1
        while column > 0, timeOfDay < hours[column] { column -= 1 }
        return row * hours.count + column
    }

    func rate(
        _ usage: Usage, of model: Name, at time: Timestamp, _ requests: Int64 = 1
    ) throws(RatingOverflow) -> Rating {
        switch cell(at: time) {
        case .rates(let plan): try plan.rate(usage, of: model, requests)
        case .unpriced(let reason): .unpriced(reason)
        }
    }

    /// The plan for another tokenizer's counts at a discount; nil if a rate gets too large.
    func scaled(tokens: Factor, all: Factor) -> ModelPlan? {
        if tokens == .one, all == .one { return self }
        var plan = self
        for index in cells.indices {
            guard case .rates(let rates) = cells[index] else { continue }
            guard let scaled = rates.scaled(tokens: tokens, all: all) else { return nil }
            plan.cells[index] = .rates(scaled)
        }
        return plan
    }

    func derive(
        _ usage: Usage, of model: Name, at time: Timestamp
    ) throws(RatingOverflow) -> Derivation {
        let index = index(at: time)
        var result: (lines: [Derivation.Line], rating: Rating)
        var (divisor, tokens) = (Rate.ninthsPerPicodollar, Factor.one)
        switch cells[index] {
        case .rates(let plan):
            result = try plan.derive(usage, of: model)
            (divisor, tokens) = (plan.divisor, plan.tokens)
        case .unpriced(let reason): result = ([], .unpriced(reason))
        }
        if !sources.isEmpty {
            for line in result.lines.indices {
                result.lines[line].trace(to: sources[index], usage)
            }
        }
        return Derivation(
            provider: provider, model: self.model, trail: trail,
            allowances: allowances.filter { $0.scope.isInForce(date: time) },
            lines: result.lines, rating: result.rating, divisor: divisor, tokens: tokens)
    }

    /// The rates in force at a time, by unit; nil if there are none.
    func rates(at time: Timestamp) -> Sources? {
        let index = index(at: time)
        guard case .rates = cells[index] else { return nil }
        return sources[index]
    }
}

extension Dated {
    /// Whether it holds on a date (nil is long ago), at some hour.
    func isInForce(date: Timestamp?) -> Bool {
        if let from {
            guard let date, from <= date else { return false }
        }
        if let until, let date, date >= until { return false }
        return true
    }
}

/// Assembles the rates of a model for one tier and region.
///
/// Lists with no condition except time are whole price lists: the last in force applies. Lists for
/// a region, then the tier, then both change the units they name. A tier that no list in force
/// names takes the provider's factor; without one the request is unpriced, because a tier has its
/// own price. A region that nothing names has the standard prices, because most providers charge
/// the same everywhere.
struct Resolution {
    let found: FoundModel
    let asked: Name
    let tier: Name?
    let region: String?

    init(_ found: FoundModel, asked: Name, tier: Name?, region: Name?) {
        self.found = found
        self.asked = asked
        self.tier = tier
        self.region = region?.string.lowercased()
    }

    /// - Parameter discounts: the ones in force that cover the model.
    func cell(
        _ discounts: [Discount], _ isInForce: (PriceList) -> Bool
    ) -> (cell: ModelPlan.Cell, sources: ModelPlan.Sources) {
        let lists = found.model.prices.filter(isInForce)
        let base = lists.last { $0.tier == nil && $0.region == nil }
        var rates: ModelPlan.Sources = [:]
        change(&rates, by: base.map { [$0] } ?? [])
        let regional = lists.filter { $0.tier == nil && $0.region != nil && $0.region == region }
        change(&rates, by: regional)
        // A borrowed model's tiers are its owner's terms, not the seller's.
        let word = tier?.string.lowercased() ?? ""
        let tiered =
            found.isBorrowed
            ? []
            : lists.filter { list in
                list.tier == word && (list.region == nil || list.region == region)
            }
        if !tiered.isEmpty {
            change(&rates, by: tiered.filter { $0.region == nil })
            change(&rates, by: tiered.filter { $0.region != nil })
        } else if let tier, !Self.standardWords.contains(word) {
            guard let factor = found.provider.tierFactors[word] else {
                return (.unpriced(.noTier(tier, model: asked)), [:])
            }
            multiply(&rates, by: factor, as: \.tierFactor)
        }
        let isRegional = lists.contains { $0.region != nil && $0.region == region }
        if !isRegional, let region, let factor = found.factor(of: region) {
            multiply(&rates, by: factor, as: \.regionFactor)
        }
        guard base != nil || !rates.isEmpty else {
            return (.unpriced(.notInForce(model: asked)), [:])
        }
        for unit in rates.keys {
            if let discount = discounts.last(where: { $0.covers(unit) }) {
                rates[unit]?.apply(discount)
            }
        }
        return (.rates(RatePlan(rates.values.map(\.rate))), rates)
    }

    /// Words that ask for no particular tier.
    private static let standardWords: Set<String> = [
        "", "standard", "default", "auto", "on_demand",
    ]

    /// The tier that a request means: `standard`, or its own word in lower case.
    static func tierWord(of tier: Name?) -> String {
        let word = tier?.string.lowercased() ?? ""
        return standardWords.contains(word) ? "standard" : word
    }

    private func change(_ rates: inout ModelPlan.Sources, by lists: [PriceList]) {
        for list in lists {
            for rate in list.rates { rates[rate.unit] = SourcedRate(rate, in: list) }
        }
    }

    /// Factors are discounts and surcharges on tokens; searches and requests keep their price.
    private func multiply(
        _ rates: inout ModelPlan.Sources, by factor: Factor,
        as role: WritableKeyPath<SourcedRate, Factor?>
    ) {
        for unit in rates.keys where unit.isTokens {
            rates[unit]?.multiply(by: factor)
            rates[unit]?[keyPath: role] = factor
        }
    }
}

extension UsageUnit {
    package var isTokens: Bool { name.hasSuffix("_tokens") }
}
