package import LedgerModel

/// Which book is in force when.
///
/// Entries are in publication order; the last one whose date has come wins, so a later correction
/// replaces earlier publications, even for the past.
package struct PriceSchedule: Sendable {
    package struct Entry: Sendable {
        /// When the book comes into force; nil means since always.
        package let effectiveFrom: Timestamp?
        package let book: PriceBook

        package init(effectiveFrom: Timestamp?, book: PriceBook) {
            self.effectiveFrom = effectiveFrom
            self.book = book
        }
    }

    package private(set) var entries: [Entry]

    package init(_ entries: [Entry] = []) {
        self.entries = entries
    }

    /// One book, in force since always.
    package init(_ book: PriceBook) {
        self.init([Entry(effectiveFrom: nil, book: book)])
    }

    package mutating func publish(_ book: PriceBook, effectiveFrom: Timestamp?) {
        entries.append(Entry(effectiveFrom: effectiveFrom, book: book))
    }

    /// The book that prices a request at `time`.
    package func book(at time: Timestamp) -> PriceBook? { entry(at: time)?.book }

    package func entry(at time: Timestamp) -> Entry? { index(at: time).map { entries[$0] } }

    /// The place of that book among the entries.
    package func index(at time: Timestamp) -> Int? {
        entries.lastIndex { $0.effectiveFrom.map { $0 <= time } ?? true }
    }
}

/// What a request costs, and the book that says so.
package struct ScheduledRating: Hashable, Sendable {
    package let rating: Rating
    /// The book that was used, even if it gave no price; nil if none was in force.
    package let book: PriceBookID?
    /// What free allowances took off the price.
    package let free: Picodollars

    package init(rating: Rating, book: PriceBookID?, free: Picodollars = Picodollars(0)) {
        self.rating = rating
        self.book = book
        self.free = free
    }
}

/// Rates requests under a schedule and caches how: one per rating task.
///
/// The first request of a (provider, model, tier, region) finds its model and arranges its rates;
/// every later one costs a hash and a few multiplications.
package struct Rater: Sendable {
    package let schedule: PriceSchedule
    private let whatIf: WhatIf
    private let ids: [PriceBookID]
    /// Whether derivations tell where each rate comes from.
    private var isTraced = false
    private var plans: [Key: Plan] = [:]

    /// Plans kept before all are dropped: names come from callers, who may send many.
    package static let plansMax = 65_536

    private struct Key: Hashable {
        let entry: Int
        let provider: Name?
        let model: Name
        let tier: Name?
        let region: Name?
    }

    private enum Plan {
        case model(ModelPlan, asked: Name)
        case unpriced(UnpricedReason)
        case tooLarge
    }

    /// - Parameter whatIf: what a replay supposes; nothing for real prices.
    package init(_ schedule: PriceSchedule, supposing whatIf: WhatIf = WhatIf()) {
        self.schedule = schedule
        self.whatIf = whatIf
        ids = schedule.entries.map(\.book.id)
    }

    package init(_ book: PriceBook) {
        self.init(PriceSchedule(book))
    }

    /// Derives prices with the source of their rates.
    package init(tracing book: PriceBook) {
        self.init(book)
        isTraced = true
    }

    /// The price of a request at `time`, when it happened.
    ///
    /// - Parameter requests: of how many requests the usage is the sum; what a price says of the
    ///   size of a request goes by their mean.
    package mutating func rate(
        _ usage: Usage, provider: Name?, model: Name, serviceTier: Name? = nil,
        region: Name? = nil, at time: Timestamp, requests: Int64 = 1
    ) throws(RatingOverflow) -> ScheduledRating {
        guard let entry = schedule.index(at: time) else {
            return ScheduledRating(rating: .unpriced(.noBook), book: nil)
        }
        let key = Key(
            entry: entry, provider: provider, model: model, tier: serviceTier, region: region)
        let rating: Rating
        switch plan(key) {
        case .model(let plan, let asked):
            rating = try plan.rate(usage, of: asked, at: time, requests)
        case .unpriced(let reason): rating = .unpriced(reason)
        case .tooLarge: throw RatingOverflow()
        }
        return ScheduledRating(rating: rating, book: ids[entry])
    }

    /// The same with the lines of the price, and with allowances.
    ///
    /// Under a supposition the rates of the lines are in a unit of their own, see
    /// `Derivation.divisor`.
    package mutating func derive(
        _ usage: Usage, provider: Name?, model: Name, serviceTier: Name? = nil,
        region: Name? = nil, at time: Timestamp
    ) throws(RatingOverflow) -> Derivation {
        guard let entry = schedule.index(at: time) else {
            return Derivation(provider: provider, model: model, unpriced: .noBook)
        }
        let key = Key(
            entry: entry, provider: provider, model: model, tier: serviceTier, region: region)
        switch plan(key) {
        case .model(let plan, let asked): return try plan.derive(usage, of: asked, at: time)
        case .unpriced(let reason):
            return Derivation(provider: provider, model: model, unpriced: reason)
        case .tooLarge: throw RatingOverflow()
        }
    }

    /// How the book in force prices a model, or why it does not.
    mutating func plan(
        provider: Name?, model: Name, serviceTier: Name?, region: Name?, at time: Timestamp
    ) throws(RatingOverflow) -> Result<ModelPlan, UnpricedReason> {
        guard let entry = schedule.index(at: time) else { return .failure(.noBook) }
        let key = Key(
            entry: entry, provider: provider, model: model, tier: serviceTier, region: region)
        switch plan(key) {
        case .model(let plan, _): return .success(plan)
        case .unpriced(let reason): return .failure(reason)
        case .tooLarge: throw RatingOverflow()
        }
    }

    private mutating func plan(_ key: Key) -> Plan {
        if let plan = plans[key] { return plan }
        if plans.count >= Self.plansMax { plans.removeAll(keepingCapacity: true) }
        let book = schedule.entries[key.entry].book
        let made: Plan
        do throws(UnpricedReason) {
            let (plan, asked): (ModelPlan?, Name) =
                isTraced
                ? (
                    try book.plan(
                        provider: key.provider, model: key.model, tier: key.tier,
                        region: key.region, isTraced: true), key.model
                )
                : try whatIf.plan(
                    in: book, provider: key.provider, model: key.model, tier: key.tier,
                    region: key.region)
            made = plan.map { .model($0, asked: asked) } ?? .tooLarge
        } catch {
            made = .unpriced(error)
        }
        plans[key] = made
        return made
    }
}

extension PriceBook {
    /// The price of a usage; a `Rater` is faster for many.
    package func rate(
        _ usage: Usage, provider: Name?, model: Name, serviceTier: Name? = nil,
        region: Name? = nil, at time: Timestamp
    ) throws(RatingOverflow) -> Rating {
        try derive(
            usage, provider: provider, model: model, serviceTier: serviceTier, region: region,
            at: time
        ).rating
    }

    /// The price of a usage with its lines, and the source of their rates.
    package func derive(
        _ usage: Usage, provider: Name?, model: Name, serviceTier: Name? = nil,
        region: Name? = nil, at time: Timestamp
    ) throws(RatingOverflow) -> Derivation {
        let plan: ModelPlan
        do throws(UnpricedReason) {
            plan = try self.plan(
                provider: provider, model: model, tier: serviceTier, region: region,
                isTraced: true)
        } catch {
            return Derivation(provider: provider, model: model, unpriced: error)
        }
        return try plan.derive(usage, of: model, at: time)
    }

    func plan(
        provider: Name?, model: Name, tier: Name?, region: Name?, isTraced: Bool = false
    ) throws(UnpricedReason) -> ModelPlan {
        ModelPlan(
            try find(provider: provider, model: model), asked: model, tier: tier, region: region,
            terms: terms, isTraced: isTraced)
    }
}

extension Derivation {
    fileprivate init(provider: Name?, model: Name, unpriced reason: UnpricedReason) {
        self.init(
            provider: provider?.string ?? "", model: model.string, lines: [],
            rating: .unpriced(reason))
    }
}
