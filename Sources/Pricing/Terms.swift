package import LedgerModel
package import UsageExtraction

/// What a contract changes about a book's prices: discounts and free allowances, with their dates.
///
/// Terms are part of a book's text and so of its id: the book that a charge names still determines
/// the charge, bit for bit.
package struct Terms: Hashable, Sendable {
    /// The last one in force that covers a rate counts; they don't multiply.
    package var discounts: [Discount]
    /// Used up in this order, each from its own pool.
    package var allowances: [Allowance]

    /// The reader refuses more of either.
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

/// Something in force from one time until another.
protocol Dated {
    /// In force from then; nil means since always.
    var from: Timestamp? { get }
    /// In force until just before then; nil means for ever.
    var until: Timestamp? { get }
}

/// When and for which requests a term holds; nil covers everything.
package struct TermScope: Hashable, Sendable, Dated {
    package var from: Timestamp?
    package var until: Timestamp?
    /// Compared with the provider's id in the book.
    package var provider: MatchClause?
    /// Compared with the model's id in the book.
    package var model: MatchClause?
    /// In lower case; `standard` is every word for no particular tier.
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

/// A factor on a book's rates, granted by a contract.
package struct Discount: Hashable, Sendable {
    /// Its name in explanations.
    package var name: String
    package var scope: TermScope
    /// In unit order; empty means every unit.
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

/// The free counts of a day or month.
package struct Allowance: Hashable, Sendable {
    package enum Window: String, Hashable, Sendable {
        case day, month

        /// The start, in UTC, of the window that contains a time.
        package func start(of time: Timestamp) -> Timestamp {
            switch self {
            case .day: time.startOfDay
            case .month: time.month.start
            }
        }
    }

    /// Identifies the pool: a book that grants more under the same name keeps counting.
    package var name: String
    package var scope: TermScope
    /// The units that share the pool, in this order; never empty, and all of one scale.
    package var units: [UsageUnit]
    /// Stored counts per window.
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

/// The rate of a unit and its source.
package struct SourcedRate: Hashable, Sendable {
    /// What is charged.
    package var rate: UnitRate
    /// The price list that names the rate.
    package let list: PriceList
    /// The provider's factor for the tier, unless the list is the tier's own.
    package var tierFactor: Factor?
    package var regionFactor: Factor?
    package var discount: Discount?
    /// The rate before the discount; nil if there is none.
    package var undiscounted: UnitRate?

    init(_ rate: UnitRate, in list: PriceList) {
        self.rate = rate
        self.list = list
    }

    /// Multiplies the rates; leaves those without an exact product, which the reader refused.
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
    /// This rate times all factors in turn, as when pricing a request.
    func scaled(by factors: [Factor]) -> UnitRate? {
        var rate: UnitRate? = self
        for factor in factors { rate = rate?.scaled(by: factor) }
        return rate
    }
}

extension Provider {
    /// Its own models, and those of other providers that it sells.
    func sold(among providers: [Provider]) -> [Model] {
        models
            + (sameSellers + fallbacks).flatMap { id in
                providers.first { $0.id == id }?.models ?? []
            }
    }

    /// Everything that factors may do to a token price of a model, by name.
    func factorChains(of own: [String: Factor]) -> [(name: String, factors: [Factor])] {
        let regions = regionFactors.merging(own) { $1 }.sorted { $0.key < $1.key }
        let tiers = tierFactors.sorted { $0.key < $1.key }
        return tiers.map { ($0.key, [$0.value]) } + regions.map { ($0.key, [$0.value]) }
            + tiers.flatMap { tier in
                regions.map { ("\(tier.key) in \($0.key)", [tier.value, $0.value]) }
            }
    }
}
