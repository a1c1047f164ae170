import EventStore
package import LedgerModel
package import Postgres
import Pricing
package import Subscriptions

/// Rates requests without a price by themselves, when a book that covers them is published, and
/// requests that a later report completes.
///
/// It reads the charges that are `unpriced`, found by their own index, in the order of their
/// positions, and books an adjustment for each request that now has a price. The publication is
/// stored with its place; a new publication starts again from the beginning. An adjustment's id
/// follows from the charge before it, so if a range is processed again, nothing is booked twice.
package struct UnpricedReactor: Sendable {
    private let pool: Pool
    private let open: @Sendable (LedgerID) async throws -> PricedLedger
    private let refused: @Sendable (LedgerID, EventID) -> Void
    private let priced: @Sendable (LedgerID, Int64) -> Void

    /// - Parameters:
    ///   - open: opens a ledger's writer, with its newest prices.
    ///   - refused: called for a request that costs more than one event can hold; it stays without
    ///     a price.
    ///   - priced: called with the number of requests that got a price.
    package init(
        pool: Pool, open: @escaping @Sendable (LedgerID) async throws -> PricedLedger,
        refused: @escaping @Sendable (LedgerID, EventID) -> Void,
        priced: @escaping @Sendable (LedgerID, Int64) -> Void = { _, _ in }
    ) {
        self.pool = pool
        self.open = open
        self.refused = refused
        self.priced = priced
    }

    package var subscription: SubscriptionGroup {
        SubscriptionGroup(
            reacting: Subscription(
                name: "unpriced_rating", definition: 1, patience: .seconds(1)),
            react: react)
    }

    private func react(to delivery: Delivery) async throws -> Reaction {
        let range = delivery.range
        let found = try await pool.session { try $0.one(FindRatable(range: range)) }
        guard found.publications || found.unpriced || found.repeats else {
            return .done(state: delivery.state)
        }
        let ledger = try await open(range.ledger)
        let state = try RatingState(publication: ledger.publication).text()
        let known = try RatingState(delivery.state).publication
        if known < ledger.publication && range.after > 0 { return .restart(state: state) }
        var booked = try await rate(range, in: ledger)
        if found.repeats {
            let adjuster = Adjuster(ledger: ledger.store, pool: pool)
            let completed = CompletedRequests(
                ledger: ledger, adjuster: adjuster, refused: refused)
            booked += try await completed.rate(in: range)
        }
        if booked > 0 { priced(range.ledger, booked) }
        return .done(state: state)
    }

    private func rate(_ range: EventRange, in ledger: PricedLedger) async throws -> Int64 {
        let adjuster = Adjuster(ledger: ledger.store, pool: pool)
        var rater = Rater(ledger.schedule)
        var (after, booked): (Int64, Int64) = (range.after, 0)
        while true {
            try Task.checkCancellation()
            let list = ListUnpricedCharges(range: range, after: after)
            let page = try await pool.session { try $0.run(list) }
            guard let last = page.last else { return booked }
            // The book that left a request without a price would do so again.
            let ids = page.filter { charge in
                if range.quarantine.leavesOut(charge.position, of: charge.request) { return false }
                let book = ledger.schedule.book(at: charge.occurredAt)?.id
                return book != nil && book != charge.book
            }.map(\.request)
            booked += try await price(Array(Set(ids)).sorted(), at: adjuster, &rater)
            after = last.position
        }
    }

    /// Books a price for the requests that had none and now have one; returns their number.
    private func price(
        _ ids: [EventID], at adjuster: Adjuster, _ rater: inout Rater
    ) async throws -> Int64 {
        var rated: [RatedRequest] = []
        let chains = try await adjuster.chains(of: ids)
        for chain in ids.compactMap({ chains[$0] }) where chain.state.unpriced != nil {
            do throws(RatingOverflow) {
                rated.append(
                    RatedRequest(
                        id: chain.request.id,
                        rated: try ChargeRule.rate(chain.completed, rater: &rater)))
            } catch {
                refused(adjuster.ledger.id, chain.request.id)
            }
        }
        while true {
            do {
                return try await adjuster.adjust(rated) { chain, rated in
                    guard case .priced = rated.rating else { return false }
                    return chain.state.unpriced != nil
                }.adjusted
            } catch RerateError.overflow(let request) {
                refused(adjuster.ledger.id, request)
                rated.removeAll { $0.id == request }
            }
        }
    }
}

/// Charges without a price, in the order of their positions, even if a later adjustment gave one.
struct ListUnpricedCharges: Statement {
    static let sql = """
        SELECT position, cause_id, occurred_at, book_id FROM tally.events
        WHERE ledger_id = $1 AND unpriced IS NOT NULL AND position > $2 AND position <= $3
        ORDER BY position LIMIT $4
        """
    static let columns = Columns(
        Int64.self, EventID?.self, Timestamp.self, EventID?.self)
    let range: EventRange
    let after: Int64
    var parameters: Parameters {
        Parameters(range.ledger, after, range.upTo, Int64(Adjuster.requestsMax))
    }

    struct Charge {
        let position: Int64
        let request: EventID
        let occurredAt: Timestamp
        let book: PriceBookID?
    }
    typealias Row = Charge

    static func row(
        _ cells: (Int64, EventID?, Timestamp, EventID?)
    ) throws(PostgresError) -> Charge {
        Charge(
            position: cells.0, request: cells.1 ?? EventID(high: 0, low: 0),
            occurredAt: cells.2, book: cells.3.map { PriceBookID(high: $0.high, low: $0.low) })
    }
}
