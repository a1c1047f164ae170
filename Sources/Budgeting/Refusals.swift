import Budgets
import EventStore
package import LedgerModel

// What budgets refused: counted in memory, and booked as one event for each budget and window.

extension BudgetService {
    /// Counts a refusal; the first one in a window is booked, and told, before it is answered.
    func count(_ refusal: BudgetRefusal, at now: Timestamp) async {
        guard budgets.count(refusal) else { return }
        // A refusal is right even if the ledger can't be told of it just now.
        try? await bookRefusals(at: now)
        await refused(ledger.id)
    }

    /// Appends what was refused since the last time, as one event for each budget and window.
    package func bookRefusals(at now: Timestamp) async throws {
        try await bookControlRefusals(at: now)
        for refused in budgets.takeRefusals() {
            var event = Event(id: makeID(), kind: .budgetDenied, occurredAt: now)
            event.detail = try Labels([
                ("budget", refused.budget), ("row", refused.row),
                ("window", Name(refused.window.description)),
                ("refusals", Name(String(refused.count))),
                ("asked_usd", Name(refused.asked.cost.description)),
                ("asked_tokens", Name(String(refused.asked.tokens))),
            ])
            let (booked, key) = (event, LedgerBudgets.key(refused.row))
            do {
                _ = try await ledger.append(
                    Decision(id: event.id, on: [key]) { rows, _ in
                        var state = BudgetState(rows[key])
                        state.refuse(refused.count, in: refused.window)
                        rows[key] = state.bytes
                        return [booked]
                    })
            } catch {
                budgets.giveBack(refused)
                throw error
            }
        }
    }
}
