import EventStore
package import LedgerModel
package import Postgres
import Pricing
package import Subscriptions

/// Credits free allowances as requests come in.
///
/// It folds the requests of a ledger in the order of their positions, as `tally rerate` does, and
/// books the difference for those that were rated by the book that grants the allowance. Requests
/// rated by another book are left to a re-rating, but use up the allowance as well. The used part
/// is stored with its place. A page is booked before the place moves, so if it is processed again,
/// nothing is left to book. A new publication starts from the beginning.
package struct AllowanceReactor: Sendable {
    private let pool: Pool
    private let open: @Sendable (LedgerID) async throws -> PricedLedger

    /// The most positions in one step.
    static let pagePositionsMax: Int64 = 16_384

    /// - Parameter open: opens a ledger's writer, with its newest prices.
    package init(
        pool: Pool, open: @escaping @Sendable (LedgerID) async throws -> PricedLedger
    ) {
        self.pool = pool
        self.open = open
    }

    package var subscription: SubscriptionGroup {
        SubscriptionGroup(
            reacting: Subscription(
                name: "allowance_credits", definition: 1, patience: .seconds(1),
                pagePositionsMax: Self.pagePositionsMax),
            react: react)
    }

    private func react(to delivery: Delivery) async throws -> Reaction {
        let range = delivery.range
        var state = try RatingState(delivery.state)
        if state.used == nil {
            // Most ledgers have no allowances: a range without new prices needs no work.
            let found = try await pool.session { try $0.one(FindRatable(range: range)) }
            guard found.publications else { return .done(state: delivery.state) }
        }
        let ledger = try await open(range.ledger)
        guard ledger.schedule.hasAllowances else {
            return .done(state: try RatingState(publication: ledger.publication).text())
        }
        if state.publication < ledger.publication {
            state = RatingState(publication: ledger.publication, used: [])
            if range.after > 0 { return .restart(state: try state.text()) }
        }
        let scan = try await scan(range, MeteredRater(ledger.schedule, used: state.meter))
        try await book(scan.changed, at: Adjuster(ledger: ledger.store, pool: pool))
        state.meter = scan.rater.meter.used
        return .done(state: try state.text())
    }

    private func scan(_ range: EventRange, _ rater: MeteredRater) async throws -> PageScan {
        let queries = ScanQueries(HistoryFilter(), ledger: range.ledger, isMetered: true)
        do {
            return try await pool.transaction(readOnly: true) { session in
                var scan = PageScan(rater: rater, leavingOut: range.quarantine)
                let page = try HistoryPage.next(
                    after: range.after, of: range.ledger, rows: range.count, in: session)
                if let page { try scan.read(page, queries, in: session) }
                return scan
            }
        } catch let error as RerateError {
            throw ImpossibleEvent(error)
        }
    }

    private func book(_ changed: [RatedRequest], at adjuster: Adjuster) async throws {
        for start in stride(from: 0, to: changed.count, by: Adjuster.requestsMax) {
            let some = changed[start..<min(changed.count, start + Adjuster.requestsMax)]
            _ = try await adjuster.adjust(Array(some)) { chain, rated in
                guard case .priced = rated.rating, let book = rated.book else { return false }
                return chain.state.unpriced != nil
                    || chain.lastBook == EventID(high: book.high, low: book.low)
            }
        }
    }
}
