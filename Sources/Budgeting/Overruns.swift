import Budgets
import EventStore
import LedgerModel

// What was spent above a limit, which no hold has prevented.

extension BudgetService {
    /// Appends what covers each excess: spending above a limit that no hold has prevented.
    package func coverOverruns() async throws {
        let book = try await budgets.book()
        for budget in book.active {
            for (key, bytes) in try await ledger.states(budget.allRows()).rows {
                let state = BudgetState(bytes)
                for (window, excess) in budget.uncovered(in: state) {
                    try await cover(excess, budget, key, window, state.balance(of: window).covered)
                }
            }
        }
    }

    private func cover(
        _ excess: Amounts, _ budget: Budget, _ key: StateKey, _ window: Window,
        _ covered: Amounts
    ) async throws {
        let at = max(window.start, budget.definedBy.time)
        let what = "overrun \(key.name) \(window.start) \(budget.definedBy) \(covered)"
        let id = EventID(at: at, digest: Digest(hashing: Array(what.utf8)))
        var event = Event(id: id, kind: .budgetOverrun, occurredAt: at)
        // What is too much for the field of one event stands in its facts all the same.
        event.amount = try? excess.picodollars
        event.detail = try Labels([
            ("budget", budget.definition.name), ("row", key.name),
            ("window", Name(window.start.description)), ("usd", Name(excess.cost.description)),
            ("tokens", Name(String(excess.tokens))), ("requests", Name(String(excess.requests))),
        ])
        let booked = event
        _ = try await ledger.append(
            Decision(id: id, on: [key]) { rows, _ in
                var state = BudgetState(rows[key])
                guard state.balance(of: window).covered == covered else { throw StaleBook() }
                state.cover(excess, in: window.start)
                rows[key] = state.bytes
                return [booked]
            })
    }
}
