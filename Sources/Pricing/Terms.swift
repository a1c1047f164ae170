package import LedgerModel
package import UsageExtraction

/// What a contract changes about a book's prices: discounts and free allowances, with their dates.
///
/// Terms are part of a book, of its text and so of its id: the book that a charge names still
/// determines the charge, bit for bit.
package struct Terms: Hashable, Sendable {
    /// Of those that cover a rate and are in force, the last counts; they don't multiply.
    package var discounts: [Discount]
    /// Used up in this order, each from its own pool.
    package var allowances: [Allowance]

    /// More of either are refused by the reader.
    package static let countMax = 256

    package init(discounts: [Discount] = [], allowances: [Allowance] = []) {
        self.discounts = discounts
        self.allowances = allowances
    }

    package var isEmpty: Bool { discounts.isEmpty && allowances.isEmpty }

    /// The terms that cover a model under a tier and region, at any time.
    func covering(_ found: FoundModel, tier: Name?, region: Name?) -> Terms {
        if isEmpty { return self }
        func covers(_ scope: TermScope) -> Bool {
            scope.covers(provider: found.provider.id, model: found.model.id)
                && scope.covers(tier: tier, region: region)
        }
        return Terms(
            discounts: discounts.filter { covers($0.scope) },
            allowances: allowances.filter { covers($0.scope) })
    }
}

/// Something that is in force from a time until another.
protocol Dated {
    /// In force from then; nil is since always.
    var from: Timestamp? { get }
    /// In force until just before then; nil is for ever.
    var until: Timestamp? { get }
}

/// When and for which requests a term holds; what is nil covers everything.
package struct TermScope: Hashable, Sendable, Dated {
    package var from: Timestamp?
    package var until: Timestamp?
    /// Compared with the id that the provider has in the book.
    package var provider: MatchClause?
    /// Compared with the id that the model has in the book.
    package var model: MatchClause?
    /// In lower case; `standard` is every word that asks for no tier in particular.
    package var tier: String?
    package var region: String?

    package init(
        from: Timestamp? = nil, until: Timestamp? = nil, provider: MatchClause? = nil,
        model: MatchClause? = nil, tier: String? = nil, region: String? = nil
    ) {
        self.from = from
        self.until = until
        self.provider = provider
        self.model = model
        self.tier = tier
        self.region = region
    }

    func covers(provider id: String, model: String) -> Bool {
        provider?.matches(LowercasedName(id)) ?? true
            && self.model?.matches(LowercasedName(model)) ?? true
    }

    func covers(tier: Name?, region: Name?) -> Bool {
        if let wanted = self.tier, wanted != Resolution.tierWord(of: tier) { return false }
        if let wanted = self.region, wanted != region?.string.lowercased() { return false }
        return true
    }
}

/// A factor on the rates of a book, as a contract grants it.
package struct Discount: Hashable, Sendable {
    /// What explanations call it.
    package var name: String
    package var scope: TermScope
    /// In the order of the units; empty is every unit.
    package var units: [UsageUnit]
    package var factor: Factor

    package init(name: String, scope: TermScope, units: [UsageUnit] = [], factor: Factor) {
        self.name = name
        self.scope = scope
        self.units = units
        self.factor = factor
    }

    package func covers(_ unit: UsageUnit) -> Bool { units.isEmpty || units.contains(unit) }
}

/// So many counts a day or month that cost nothing.
package struct Allowance: Hashable, Sendable {
    package enum Window: String, Hashable, Sendable {
        case day, month

        /// The start, in UTC, of the window that a time lies in.
        package func start(of time: Timestamp) -> Timestamp {
            switch self {
            case .day: time.startOfDay
            case .month: time.month.start
            }
        }
    }

    /// Identifies the pool: a book that grants more under the same name goes on counting.
    package var name: String
    package var scope: TermScope
    /// Share the pool, in this order; never empty, and all of one scale.
    package var units: [UsageUnit]
    /// Stored counts in each window.
    package var free: Int64
    package var window: Window

    package init(
        name: String, scope: TermScope, units: [UsageUnit], free: Int64, window: Window
    ) {
        self.name = name
        self.scope = scope
        self.units = units
        self.free = free
        self.window = window
    }
}

// MARK: - Discounts on rates

/// The rate of a unit and where it comes from.
package struct SourcedRate: Hashable, Sendable {
    /// What is charged.
    package var rate: UnitRate
    /// The price list that names the rate.
    package let list: PriceList
    /// The provider's factor for the tier, where the list is not the tier's own.
    package var tierFactor: Factor?
    package var regionFactor: Factor?
    package var discount: Discount?
    /// The rate before the discount; nil without one.
    package var undiscounted: UnitRate?

    init(_ rate: UnitRate, in list: PriceList) {
        self.rate = rate
        self.list = list
    }

    /// Multiplies the rates; what has no exact product was refused by the reader and stays.
    mutating func multiply(by factor: Factor) {
        guard let scaled = rate.scaled(by: factor) else { return }
        rate = scaled
    }

    mutating func apply(_ discount: Discount) {
        undiscounted = rate
        self.discount = discount
        multiply(by: discount.factor)
    }
}

extension UnitRate {
    /// This rate, with all its steps, times a factor; nil if a product has no exact form.
    func scaled(by factor: Factor) -> UnitRate? {
        guard let base = base.scaled(by: factor) else { return nil }
        var steps: [Step] = []
        for step in self.steps {
            guard let rate = step.rate.scaled(by: factor) else { return nil }
            steps.append(Step(above: step.above, rate: rate))
        }
        return UnitRate(unit: unit, base: base, steps: steps)
    }
}

extension UnitRate {
    /// This rate times one factor after the other, as a request's price is made.
    func scaled(by factors: [Factor]) -> UnitRate? {
        var rate: UnitRate? = self
        for factor in factors { rate = rate?.scaled(by: factor) }
        return rate
    }
}

extension Provider {
    /// Its own models, and those of other providers that it sells too.
    func sold(among providers: [Provider]) -> [Model] {
        models
            + fallbacks.flatMap { id in
                providers.first { $0.id == id }?.models ?? []
            }
    }

    /// Everything that the provider's own factors may do to a token price, with its name.
    var factorChains: [(name: String, factors: [Factor])] {
        let regions = regionFactors.sorted { $0.key < $1.key }
        let tiers = tierFactors.sorted { $0.key < $1.key }
        return tiers.map { ($0.key, [$0.value]) } + regions.map { ($0.key, [$0.value]) }
            + tiers.flatMap { tier in
                regions.map { ("\(tier.key) in \($0.key)", [tier.value, $0.value]) }
            }
    }
}
