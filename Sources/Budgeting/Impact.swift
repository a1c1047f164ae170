package import Budgets
import EventStore
package import LedgerModel

/// What planned calls would do to each budget that counts them, and what controls make of them.
package struct PlannedImpact: Sendable {
    package let budgets: [BudgetImpact]
    /// What would be made of the first of the calls.
    package let controls: [AppliedControl]
    package let refusal: ControlRefusal?
    /// The call as it would be made.
    package let call: ControlledCall
}

extension BudgetService {
    /// What a call, made some times, would do to each budget that counts it; nothing is held.
    package func impact(
        of wish: HoldWish, times: Int64, at now: Timestamp
    ) async throws -> PlannedImpact {
        let book = try await budgets.reload()
        let outcome = try await outcome(of: wish, in: book, at: now)
        let wish = wish.controlled(by: outcome.call)
        let chain = try book.chain(of: wish.dimensions)
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
        return PlannedImpact(
            budgets: statuses(chain, states, position, at: now).map {
                BudgetImpact(status: $0, asked: asked)
            }, controls: outcome.applied, refusal: outcome.refusal, call: outcome.call)
    }

    /// What controls would make of a call now; the rows that they look at are read as they are named.
    private func outcome(
        of wish: HoldWish, in book: BudgetBook, at now: Timestamp
    ) async throws -> ControlOutcome {
        var balances = BudgetRows()
        var throttles: [Name: ThrottleState] = [:]
        let call = ControlledCall(
            dimensions: wish.dimensions, usage: wish.usage,
            cost: wish.cost.map { PicodollarSum($0) }, at: now)
        while true {
            let (known, counted) = (balances, throttles)
            let outcome = try ControlEvaluation(
                of: book,
                balance: { row, window in
                    known[row]?.balance(of: window) ?? WindowBalance(start: window.start)
                }, calls: { row in counted[row]?.calls(at: now) ?? 0 }, price: prices.price
            ).outcome(of: call)
            let rows = outcome.balances.filter { known[$0] == nil }
            let counts = outcome.throttles.filter { counted[$0] == nil }
            if rows.isEmpty, counts.isEmpty { return outcome }
            for row in rows {
                balances[row] =
                    BudgetState(try await ledger.state(of: LedgerBudgets.key(row)))
                    .withoutHolds
            }
            for row in counts {
                throttles[row] = ThrottleState(
                    try await ledger.state(of: ThrottleState.key(row)))
            }
        }
    }
}
