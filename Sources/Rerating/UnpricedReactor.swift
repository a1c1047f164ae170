package import EventStore
package import LedgerModel
import LedgerSQL
package import Postgres
package import Pricing

/// Rates requests without a price by themselves, when a book that covers them is published.
///
/// It walks the charges that say `unpriced`, found by an index of their own, in the order of
/// their positions, and books an adjustment for each request that has a price now. How far it
/// came, and under which publication, is one row a ledger; a new publication starts the walk
/// again. The row moves by compare-and-set once the adjustments of a page are booked, and an
/// adjustment is booked once, however often it is computed; so any number of instances may do this
/// at once, and one that was killed is continued by whoever comes next.
package struct UnpricedReactor: Sendable {
    private let pool: Pool
    private let open: @Sendable (LedgerID) async throws -> PricedLedger
    private let refused: @Sendable (LedgerID, EventID) -> Void

    /// Charges in one step.
    static let pageMax: Int64 = 1_024

    /// - Parameters:
    ///   - open: a ledger's writer, with its newest prices.
    ///   - refused: told of a request that costs more than one event can hold; it stays without a
    ///     price.
    package init(
        pool: Pool, open: @escaping @Sendable (LedgerID) async throws -> PricedLedger,
        refused: @escaping @Sendable (LedgerID, EventID) -> Void
    ) {
        self.pool = pool
        self.open = open
        self.refused = refused
    }

    /// Rates what can be rated now, in every ledger; how many adjustments were booked in which.
    ///
    /// A ledger that fails does not keep the others waiting; its error comes out at the end.
    @discardableResult
    package func pass() async throws -> [LedgerID: Int] {
        let ledgers = try await pool.session { try $0.run(ListUnrated()) }
        return try await eachLedger(ledgers) { try await rate($0) }
    }

    private func rate(_ id: LedgerID) async throws -> Int {
        let ledger = try await open(id)
        let adjuster = Adjuster(ledger: ledger.store, pool: pool)
        var rater = Rater(ledger.schedule)
        var place = try await pool.session { session in
            try session.execute(InsertRatingPlace(ledger: id))
            if ledger.schedule.hasAllowances {
                try session.execute(InsertAllowancePlace(ledger: id))
            }
            return try session.one(ReadRatingPlace(ledger: id))
        }
        // Somebody else knows newer prices: let them do it.
        if place.publication > ledger.publication { return 0 }
        var start = place
        if place.publication < ledger.publication {
            start = RatingPlace(publication: ledger.publication, position: 0)
        }
        var booked = 0
        while true {
            try Task.checkCancellation()
            let after = start.position
            let page = try await pool.session { session in
                try session.run(
                    ListUnpricedCharges(ledger: id, after: after, limit: Self.pageMax))
            }
            if page.isEmpty && start == place { return booked }
            let next = RatingPlace(
                publication: start.publication,
                position: page.last?.position ?? start.position)
            booked += try await adjuster.price(
                Self.candidates(page, under: ledger.schedule), &rater
            ) { refused(id, $0) }
            let move = MoveRatingPlace(ledger: id, from: place, to: next)
            let moved = try await pool.session { try $0.first(move) }
            // Another instance went on from the same place.
            if moved == nil { return booked }
            (place, start) = (next, next)
        }
    }

    /// The requests whose charges another book says something about than the one that is in
    /// force; the same book would say the same again.
    private static func candidates(
        _ page: [ListUnpricedCharges.Charge], under schedule: PriceSchedule
    ) -> [EventID] {
        let ids = page.filter { charge in
            let book = schedule.book(at: charge.occurredAt)?.id
            return book != nil && book != charge.book
        }.map(\.request)
        return Array(Set(ids)).sorted()
    }
}

/// A ledger's writer with the prices it uses.
package struct PricedLedger: Sendable {
    package let store: PostgresLedger
    package let schedule: PriceSchedule
    /// The position of the last publication in the schedule.
    package let publication: Int64

    package init(store: PostgresLedger, schedule: PriceSchedule, publication: Int64) {
        self.store = store
        self.schedule = schedule
        self.publication = publication
    }
}

extension Adjuster {
    /// Books a price for those of the requests that have none and get one; how many got one.
    fileprivate func price(
        _ requests: [EventID], _ rater: inout Rater, refused: (EventID) -> Void
    ) async throws -> Int {
        var batch = EntryBatch(for: ledger.id)
        var encoder = EntryEncoder()
        let chains = try await chains(of: requests)
        for chain in requests.compactMap({ chains[$0] }) where chain.state.unpriced != nil {
            do {
                let request = chain.request
                let rated = try ChargeRule.rate(
                    request.usage, provider: request.dimensions[.provider],
                    model: request.dimensions[.model] ?? Name(""),
                    serviceTier: request.dimensions[.serviceTier],
                    region: request.dimensions[.region], at: request.occurredAt, rater: &rater)
                guard case .priced = rated.rating,
                    let adjustment = try ChargeRule.adjustment(of: chain, to: rated)
                else { continue }
                try batch.add(adjustment, using: &encoder)
            } catch is RatingOverflow {
                refused(chain.request.id)
            }
        }
        let receipt = try await ledger.append(batch)
        return receipt.outcomes.count { outcome in
            if case .appended = outcome { true } else { false }
        }
    }
}
