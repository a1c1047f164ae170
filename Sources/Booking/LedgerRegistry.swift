package import Budgeting
package import EventStore
package import LedgerModel
import LedgerSQL
package import Postgres
package import PriceBooks
import Pricing
import Synchronization

/// The ledgers that this process writes to, opened on first use.
///
/// Behind a lock and not in an actor: every request asks, and the ledger is nearly always open.
package final class LedgerRegistry: Sendable {
    private let pool: Pool
    private let makeID: @Sendable () -> EventID
    private let state = Mutex(State())

    private struct State {
        var openLedgers: [LedgerID: OpenLedger] = [:]
        var isClosed = false
        var onRefusal: @Sendable (LedgerID) async -> Void = { _ in }

        /// Returns the open ledger with this id; keeps the given one if none is open yet.
        mutating func openLedger(
            _ ledger: LedgerID, opening new: OpenLedger? = nil
        ) throws(AppendError) -> OpenLedger? {
            if let openLedger = openLedgers[ledger] { return openLedger }
            if isClosed { throw .closed }
            openLedgers[ledger] = new
            return new
        }
    }

    /// - Parameter makeID: a new unique id.
    package init(pool: Pool, makeID: @escaping @Sendable () -> EventID) {
        self.pool = pool
        self.makeID = makeID
    }

    package func openLedger(_ ledger: LedgerID) async throws -> OpenLedger {
        if let openLedger = try state.withLock({ try $0.openLedger(ledger) }) { return openLedger }
        let budgets = LedgerBudgets(ledger: ledger, pool: pool)
        let store = PostgresLedger(
            id: ledger, pool: pool, posting: budgets.posting, makeBatchID: makeID)
        let prices = LedgerPrices(ledger: ledger, pool: pool)
        try await prices.refresh()
        let new = OpenLedger(
            store: store, prices: prices, intake: Intake(ledger: store, prices: prices),
            budgets: BudgetService(
                ledger: store, budgets: budgets, prices: prices, pool: pool, makeID: makeID,
                refused: { [weak self] ledger in
                    guard let listener = self?.state.withLock({ $0.onRefusal }) else { return }
                    await listener(ledger)
                }))
        // Another caller may have opened it while the prices were read.
        return try state.withLock { try $0.openLedger(ledger, opening: new) } ?? new
    }

    /// Has somebody told of the first refusal of a budget in a window, before it is answered.
    package func onRefusal(_ listener: @escaping @Sendable (LedgerID) async -> Void) {
        state.withLock { $0.onRefusal = listener }
    }

    package var open: [OpenLedger] { state.withLock { Array($0.openLedgers.values) } }

    /// Reads new price publications of every open ledger.
    package func refreshPrices() async throws {
        for openLedger in open { try await openLedger.prices.refresh() }
    }

    /// Reads budgets and controls that other processes have changed, of every open ledger.
    package func refreshBudgets() async throws {
        for openLedger in open { try await openLedger.budgets.refresh() }
    }

    /// Appends what budgets of open ledgers have refused since the last time.
    package func bookRefusals(at now: Timestamp) async throws {
        for openLedger in open { try await openLedger.budgets.bookRefusals(at: now) }
    }

    /// Looks after the leases of open ledgers; to be called ten times a second.
    package func tendLeases(at now: Timestamp) async {
        for openLedger in open { await openLedger.budgets.tendLeases(at: now) }
    }

    /// Writes holds that are in memory only into the ledgers, and gives the leases back.
    package func returnLeases(at now: Timestamp) async {
        for openLedger in open { await openLedger.budgets.returnLeases(at: now) }
    }

    /// Returns once everything that was accepted is in the database.
    package func close() async {
        state.withLock { $0.isClosed = true }
        for openLedger in open { await openLedger.store.close() }
    }
}

/// What booking events in one ledger takes.
package struct OpenLedger: Sendable {
    package let store: PostgresLedger
    package let prices: LedgerPrices
    package let intake: Intake
    package let budgets: BudgetService
}

extension OpenLedger {
    /// Puts the built-in price book into use, if the ledger has no prices yet.
    ///
    /// - Parameter id: random, for the event.
    package func publishDefaultPrices(
        on bookStore: PriceBookStore, at now: Timestamp, _ id: EventID
    ) async throws {
        if try await store.head().position == 0 {
            _ = try await bookStore.publish(
                .default, effectiveFrom: nil, in: store, at: now, entropy: (id.high, id.low))
        }
        try await prices.refresh()
    }
}
