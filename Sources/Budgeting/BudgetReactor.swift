import Budgets
package import LedgerModel
package import Postgres
package import Subscriptions

/// Keeps budgets true while nobody asks: holds whose time is over are ended, openings that a crash
/// interrupted are finished, and what was spent above a limit is covered by an event.
package struct BudgetReactor: Sendable {
    private let pool: Pool
    private let open: @Sendable (LedgerID) async throws -> BudgetService
    private let now: @Sendable () -> Timestamp

    /// - Parameter open: the budgets of a ledger, with its writer.
    package init(
        pool: Pool, now: @escaping @Sendable () -> Timestamp,
        open: @escaping @Sendable (LedgerID) async throws -> BudgetService
    ) {
        self.pool = pool
        self.open = open
        self.now = now
    }

    package var subscription: SubscriptionGroup {
        SubscriptionGroup(
            reacting: Subscription(
                name: "budgets", definition: 1, patience: .seconds(1), wakes: .seconds(30),
                pagePositionsMax: Subscription.wholeLag)
        ) { delivery in
            let ledger = delivery.range.ledger
            if try await LedgerBudgets.exist(in: ledger, pool) {
                try await open(ledger).tend(at: now())
            }
            return .done(state: delivery.state)
        }
    }
}

extension BudgetService {
    /// Ends, opens and covers whatever is due.
    package func tend(at now: Timestamp) async throws {
        // A budget that was removed may hold amounts still.
        if try await budgets.reload().revision == 0 { return }
        try await finishOpenings()
        try await expireDue(at: now)
        try await coverOverruns()
    }
}
