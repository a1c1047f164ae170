package import EventStore
package import Ingest
package import LedgerModel
package import Postgres
import Pricing
import Synchronization

/// The ledgers that this process writes to, opened when they are first asked for.
///
/// Behind a lock and not in an actor: every request asks, and nearly always the answer is there.
package final class LedgerRegistry: Sendable {
    private let pool: Pool
    private let makeID: @Sendable () -> EventID
    private let state = Mutex(State())

    private struct State {
        var desks: [LedgerID: LedgerDesk] = [:]
        var isClosed = false

        /// The desk that is open; the one given, if there is none yet.
        mutating func desk(
            for ledger: LedgerID, opening new: LedgerDesk? = nil
        ) throws(AppendError) -> LedgerDesk? {
            if let desk = desks[ledger] { return desk }
            if isClosed { throw .closed }
            desks[ledger] = new
            return new
        }
    }

    /// - Parameter makeID: a new unique id.
    package init(pool: Pool, makeID: @escaping @Sendable () -> EventID) {
        self.pool = pool
        self.makeID = makeID
    }

    package func desk(for ledger: LedgerID) async throws -> LedgerDesk {
        if let desk = try state.withLock({ try $0.desk(for: ledger) }) { return desk }
        let store = PostgresLedger(id: ledger, pool: pool, makeBatchID: makeID)
        let prices = PriceDesk(ledger: ledger, pool: pool)
        try await prices.refresh()
        let new = LedgerDesk(
            store: store, prices: prices, intake: Intake(ledger: store, prices: prices))
        // Another caller may have opened it while the prices were read.
        return try state.withLock { try $0.desk(for: ledger, opening: new) } ?? new
    }

    package var open: [LedgerDesk] { state.withLock { Array($0.desks.values) } }

    /// Reads new price publications of every open ledger.
    package func refreshPrices() async throws {
        for desk in open { try await desk.prices.refresh() }
    }

    /// Returns once everything that was accepted is in the database.
    package func close() async {
        state.withLock { $0.isClosed = true }
        for desk in open { await desk.store.close() }
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
