package import LedgerModel

/// A model under one service tier and region: which rates apply at which time.
///
/// Time is cut at every date and hour that any of the model's lists names; between two cuts one
/// `RatePlan` holds.
struct ModelPlan: Sendable {
    let provider: String
    let model: String
    /// Dates at which something changes, ascending.
    private let dates: [Timestamp]
    /// Times of day at which something changes, ascending, first midnight.
    private let hours: [Int64]
    /// A row of hours for each date, first for the time before every date.
    private var cells: [Cell]

    enum Cell: Sendable {
        case rates(RatePlan)
        case unpriced(UnpricedReason)
    }

    init(_ found: FoundModel, asked model: Name, tier: Name?, region: Name?) {
        provider = found.provider.id
        self.model = found.model.id
        let prices = found.model.prices
        let dates = Set(prices.flatMap { [$0.from, $0.until].compactMap(\.self) }).sorted()
        let hours = Set(prices.flatMap { $0.hours.map { [$0.start, $0.end] } ?? [] } + [0])
            .filter { $0 < Timestamp.dayMicroseconds }.sorted()
        let resolution = Resolution(found, asked: model, tier: tier, region: region)
        self.dates = dates
        self.hours = hours
        cells = ([nil] + dates.map(Optional.some)).flatMap { date in
            hours.map { hour in
                resolution.cell { list in
                    list.isInForce(date: date) && list.hours?.contains(hour) ?? true
                }
            }
        }
    }

    func cell(at time: Timestamp) -> Cell {
        var row = dates.count
        while row > 0, time < dates[row - 1] { row -= 1 }
        if hours.count == 1 { return cells[row] }
        let timeOfDay = time.timeOfDay
        var column = hours.count - 1
        while column > 0, timeOfDay < hours[column] { column -= 1 }
        return cells[row * hours.count + column]
    }

    func rate(
        _ usage: Usage, of model: Name, at time: Timestamp
    ) throws(RatingOverflow) -> Rating {
        switch cell(at: time) {
        case .rates(let plan): try plan.rate(usage, of: model)
        case .unpriced(let reason): .unpriced(reason)
        }
    }

    /// The plan for counts of another tokenizer at a discount; nil if a rate gets too large.
    ///
    /// For `rate` only: the rates are not in the unit that a derivation shows.
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
        var result: (lines: [Derivation.Line], rating: Rating)
        switch cell(at: time) {
        case .rates(let plan): result = try plan.derive(usage, of: model)
        case .unpriced(let reason): result = ([], .unpriced(reason))
        }
        return Derivation(
            provider: provider, model: self.model, lines: result.lines, rating: result.rating)
    }
}

extension PriceList {
    /// Whether the list holds on a date (nil is long ago), at some hour.
    func isInForce(date: Timestamp?) -> Bool {
        if let from {
            guard let date, from <= date else { return false }
        }
        if let until, let date, date >= until { return false }
        return true
    }
}

/// Puts the rates of a model together for one tier and region.
///
/// The lists without conditions but time are whole price lists: the last in force applies. Lists
/// for a region, then for the tier, then for both change the units they name. A tier that no list
/// in force names takes the provider's factor; without one the request is unpriced, because a
/// tier is a price of its own. A region that nothing names has the standard prices, because most
/// providers sell at one price everywhere.
private struct Resolution {
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

    func cell(_ isInForce: (PriceList) -> Bool) -> ModelPlan.Cell {
        let lists = found.model.prices.filter(isInForce)
        let base = lists.last { $0.tier == nil && $0.region == nil }
        var rates = Dictionary(
            (base?.rates ?? []).map { ($0.unit, $0) }, uniquingKeysWith: { $1 })
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
                return .unpriced(.noTier(tier, model: asked))
            }
            multiply(&rates, by: factor)
        }
        let isRegional = lists.contains { $0.region != nil && $0.region == region }
        if !isRegional, let region, let factor = found.provider.regionFactors[region] {
            multiply(&rates, by: factor)
        }
        guard base != nil || !rates.isEmpty else { return .unpriced(.notInForce(model: asked)) }
        return .rates(RatePlan(Array(rates.values)))
    }

    /// Words that ask for no tier in particular.
    private static let standardWords: Set<String> = [
        "", "standard", "default", "auto", "on_demand",
    ]

    private func change(_ rates: inout [UsageUnit: UnitRate], by lists: [PriceList]) {
        for rate in lists.flatMap(\.rates) { rates[rate.unit] = rate }
    }

    /// Factors are discounts and surcharges on tokens; searches and requests keep their price.
    private func multiply(_ rates: inout [UsageUnit: UnitRate], by factor: Factor) {
        for unit in rates.keys where unit.isTokens {
            guard var rate = rates[unit], let base = rate.base.scaled(by: factor) else { continue }
            rate.base = base
            rate.steps = rate.steps.compactMap { step in
                step.rate.scaled(by: factor).map { UnitRate.Step(above: step.above, rate: $0) }
            }
            rates[unit] = rate
        }
    }
}

extension UsageUnit {
    package var isTokens: Bool { name.hasSuffix("_tokens") }
}
