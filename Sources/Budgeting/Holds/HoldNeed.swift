import Budgets

extension BudgetService {
    /// Whether any budget or control of the ledger concerns a call; most ledgers have none, and their calls
    /// need no hold.
    package func concerns(_ wish: HoldWish) async throws -> Bool {
        let book = try await budgets.book()
        if !book.controls.isEmpty { return true }
        if book.active.isEmpty { return false }
        return try wish.alternatives.contains { try !book.chain(of: $0.dimensions).isEmpty }
    }
}
