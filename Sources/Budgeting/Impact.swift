import Budgets
import EventStore
package import LedgerModel

extension BudgetService {
    /// What a call, made some times, would do to each budget that counts it; nothing is held.
    package func impact(
        of wish: HoldWish, times: Int64, at now: Timestamp
    ) async throws -> [BudgetImpact] {
        let chain = try await budgets.reload().chain(of: wish.dimensions)
        let one = try amounts(of: wish, in: chain, at: now)
        let asked = Amounts(
            cost: PicodollarSum(one.cost.amount * Int128(times)),
            tokens: Int64(clamping: Int128(one.tokens) * Int128(times)),
            requests: times)
        var states = BudgetRows()
        for link in chain {
            states[link.row] = BudgetState(
                try await ledger.state(of: LedgerBudgets.key(link.row)))
        }
        let position = try await ledger.head().position
        return statuses(chain, states, position, at: now).map {
            BudgetImpact(status: $0, asked: asked)
        }
    }
}
