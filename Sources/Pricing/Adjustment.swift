package import LedgerModel

/// The combined charges of one request, in booking order.
///
/// The amounts of a chain always add up to the request's cost. A charge that says `unpriced` leaves
/// the request without a price, whatever came before; the amount of such an adjustment takes back
/// what was booked.
package struct ChargeState: Hashable, Sendable {
    package private(set) var total = PicodollarSum.zero
    /// Why the request has no price, according to its last charge.
    package private(set) var unpriced: Name?

    package init() {}

    /// Adds the next charge of the chain.
    package mutating func add(amount: Picodollars?, unpriced: Name?) {
        if let amount { total += amount }
        self.unpriced = unpriced
    }

    /// Adds what was booked later.
    package mutating func add(_ later: ChargeState) {
        total += later.total
        unpriced = later.unpriced
    }

    /// What remains to be booked so that the chain matches the rating; nil if it does.
    ///
    /// Another book with the same result changes nothing.
    package func change(to rating: Rating) -> ChargeChange? {
        let change: ChargeChange
        switch rating {
        case .priced(let amount):
            change = ChargeChange(
                delta: PicodollarSum(amount) - total, before: unpriced, after: nil)
        case .unpriced(let reason):
            change = ChargeChange(
                delta: .zero - total, before: unpriced, after: Name(reason.description))
        }
        let isSame =
            UnpricedReason.withoutOffer(change.before) == UnpricedReason.withoutOffer(change.after)
        return change.delta == .zero && isSame ? nil : change
    }
}

/// The difference between what is booked for a request and its cost.
package struct ChargeChange: Hashable, Sendable {
    package let delta: PicodollarSum
    /// Why there was no price, and why there is none now; nil if there is one.
    package let before: Name?
    package let after: Name?

    package init(delta: PicodollarSum, before: Name?, after: Name?) {
        self.delta = delta
        self.before = before
        self.after = after
    }

    /// The adjustment's amount: the signed difference, even if zero when an unpriced request turns
    /// out to be free.
    ///
    /// Without a price there is an amount only if something is taken back.
    package var amount: PicodollarSum? { after != nil && delta == .zero ? nil : delta }
}

/// A request with its charges.
package struct ChargeChain: Sendable {
    package let request: Event
    /// The request with what repeated reports add; it is rated by that.
    package private(set) var completed: Event
    package private(set) var state = ChargeState()
    /// The last charge; nil for a request that was never charged.
    package private(set) var lastID: EventID?
    /// The book of the last charge; nil if none was in force.
    package private(set) var lastBook: EventID?

    package init(of request: Event) {
        self.request = request
        completed = request
    }

    /// Adds a report that repeats the request, in position order.
    package mutating func add(_ repeated: Event) { completed.complete(by: repeated) }

    /// Adds the next charge, in position order.
    package mutating func add(
        _ id: EventID, amount: Picodollars?, unpriced: Name?, book: EventID?
    ) {
        state.add(amount: amount, unpriced: unpriced)
        (lastID, lastBook) = (id, book)
    }
}

extension ChargeRule {
    /// The adjustment that makes a chain match a rating; nil if it does, or if there is no charge
    /// to adjust.
    ///
    /// Its id follows from the request and the charge before it, so only one of two concurrent
    /// adjustments is appended.
    package static func adjustment(
        of chain: ChargeChain, to rated: ScheduledRating
    ) throws(RatingOverflow) -> Event? {
        guard let previous = chain.lastID, let change = chain.state.change(to: rated.rating)
        else { return nil }
        var adjustment = Event(
            id: .charge(for: chain.request.id, after: previous), kind: .chargeAdjusted,
            occurredAt: chain.request.occurredAt)
        adjustment.causeID = chain.request.id
        adjustment.previousID = previous
        adjustment.dimensions = chain.request.dimensions
        adjustment.bookID = rated.book.map { EventID(high: $0.high, low: $0.low) }
        adjustment.unpriced = change.after
        if let amount = change.amount {
            guard let fits = Int64(exactly: amount.amount) else { throw RatingOverflow() }
            adjustment.amount = Picodollars(fits)
        }
        return adjustment
    }
}

/// Rates the requests of a ledger, including the allowances of its books.
///
/// If a book grants allowances, requests must come in position order; otherwise any order will do.
package struct MeteredRater: Sendable {
    package private(set) var rater: Rater
    package private(set) var meter: AllowanceMeter
    private let isMetered: Bool

    package init(
        _ schedule: PriceSchedule, supposing whatIf: WhatIf = WhatIf(),
        used: [AllowanceMeter.Pool: Int64] = [:]
    ) {
        rater = Rater(schedule, supposing: whatIf)
        meter = AllowanceMeter(used: used)
        isMetered = schedule.hasAllowances
    }

    package mutating func rate(
        _ usage: Usage, provider: Name?, model: Name, serviceTier: Name?, region: Name?,
        at time: Timestamp
    ) throws(RatingOverflow) -> ScheduledRating {
        let rated = try ChargeRule.rate(
            usage, provider: provider, model: model, serviceTier: serviceTier, region: region,
            at: time, rater: &rater)
        guard isMetered, case .priced = rated.rating,
            rater.schedule.book(at: time)?.terms.allowances.isEmpty == false
        else { return rated }
        let derivation = try rater.derive(
            usage, provider: provider, model: model, serviceTier: serviceTier, region: region,
            at: time)
        guard let price = meter.take(derivation, at: time) else { return rated }
        return ScheduledRating(
            rating: .priced(price.net), book: rated.book,
            free: Picodollars(-price.adjustment.amount))
    }
}

extension PriceSchedule {
    /// Whether any book, whenever in force, makes counts free.
    package var hasAllowances: Bool {
        var covered = Int64.max
        for entry in entries.reversed() {
            let from = entry.effectiveFrom?.microseconds ?? .min
            // From `covered` on, later publications count.
            if from < covered, !entry.book.terms.allowances.isEmpty { return true }
            covered = min(covered, from)
        }
        return false
    }
}
