package import EventStore
package import Ingest
package import LedgerModel
package import Postgres
import Pricing

/// The ledgers that this process writes to, opened when they are first asked for.
package actor LedgerRegistry {
    private let pool: Pool
    private let makeID: @Sendable () -> EventID
    private var desks: [LedgerID: LedgerDesk] = [:]
    private var isClosed = false

    /// - Parameter makeID: a new unique id.
    package init(pool: Pool, makeID: @escaping @Sendable () -> EventID) {
        self.pool = pool
        self.makeID = makeID
    }

    package func desk(for ledger: LedgerID) async throws -> LedgerDesk {
        if let desk = desks[ledger] { return desk }
        if isClosed { throw AppendError.closed }
        let store = PostgresLedger(id: ledger, pool: pool, makeBatchID: makeID)
        let prices = PriceDesk(ledger: ledger, pool: pool)
        try await prices.refresh()
        // Another caller may have opened it while the prices were read.
        if let desk = desks[ledger] { return desk }
        let desk = LedgerDesk(
            store: store, prices: prices, intake: Intake(ledger: store, prices: prices))
        desks[ledger] = desk
        return desk
    }

    package var open: [LedgerDesk] { Array(desks.values) }

    /// Reads new price publications of every open ledger.
    package func refreshPrices() async throws {
        for desk in desks.values { try await desk.prices.refresh() }
    }

    /// Returns once everything that was accepted is in the database.
    package func close() async {
        isClosed = true
        for desk in desks.values { await desk.store.close() }
    }
}

/// What it takes to book events in one ledger.
package struct LedgerDesk: Sendable {
    package let store: PostgresLedger
    package let prices: PriceDesk
    package let intake: Intake
}

extension LedgerDesk {
    /// Puts the built-in price book into use, if the ledger has no prices yet.
    ///
    /// - Parameter id: random, for the event.
    package func publishDefaultPrices(
        on shelf: PriceShelf, at now: Timestamp, _ id: EventID
    ) async throws {
        guard try await store.head().position == 0 else { return }
        _ = try await shelf.publish(
            .default, effectiveFrom: nil, in: store, at: now, entropy: (id.high, id.low))
        try await prices.refresh()
    }
}
