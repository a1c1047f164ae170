package import Calendars
import EventStore
import LedgerModel
import PriceBooks
package import Replay

/// The replay of budgets and controls as the command and the call have it.
package struct BudgetHistoryReplay: PolicyReplay {
    package static let name = "budgets"
    private let file: BudgetPolicyFile

    package init(policy: String, in zone: CalendarZone = .utc) throws {
        file = try BudgetPolicyFile.read(policy, in: zone)
    }

    package func run(
        on history: ReplayedHistory,
        progress: @escaping @Sendable (_ done: Int64, _ total: Int64) -> Void = { _, _ in }
    ) async throws -> BudgetReplayReport {
        try history.check()
        return try await BudgetReplay(
            ledger: history.ledger, pool: history.pool, prices: LedgerPrices(history.prices)
        ).run(
            file, over: history.filter, groupedBy: try history.dimensions, progress: progress)
    }
}

extension BudgetReplayReport: PolicyReport {
    package func limited(toRows rows: Int) -> BudgetReplayReport {
        var report = self
        report.groups = Array(groups.prefix(rows))
        return report
    }
}
