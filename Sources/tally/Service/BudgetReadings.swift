import Alerting
import Budgeting
import Budgets
import LedgerModel

extension BudgetService {
    /// Members of a budget that alerts look at: the fullest.
    private static let membersMax = 50

    /// The budgets as alerts see them; shadow budgets say nothing.
    func readings(at now: Timestamp) async throws -> [BudgetReading] {
        var readings: [BudgetReading] = []
        for status in try await list(at: now) where status.definition.enforcement != .shadow {
            let name = status.definition.name.string
            let members =
                status.members == nil
                ? [status] : try await show(name, at: now, limit: Self.membersMax)
            readings += members.flatMap(\.readings)
        }
        return readings
    }
}

extension BudgetStatus {
    /// One for each limit.
    fileprivate var readings: [BudgetReading] {
        let (spent, held) = (balance.posted, balance.held)
        var filters = definition.filter
        if let each = definition.each, let member { filters[each] = member }
        func reading(
            _ unit: BudgetReading.Unit, _ limit: Int128, _ spent: Int128, _ held: Int128
        ) -> BudgetReading {
            var name = definition.name.string + (member.map { "/\($0)" } ?? "")
            if case .count(let what) = unit, limits.cost != nil { name += " (\(what))" }
            return BudgetReading(
                name: Name(name), unit: unit, limit: limit, spent: spent, held: held,
                window: window.end.map { window.start..<$0 }, refusals: balance.refusals,
                filters: filters)
        }
        return [
            limits.cost.map {
                reading(.money, $0.amount, spent.cost.amount, held.cost.amount)
            },
            limits.tokens.map {
                reading(.count("tokens"), Int128($0), Int128(spent.tokens), Int128(held.tokens))
            },
            limits.requests.map {
                reading(
                    .count("requests"), Int128($0), Int128(spent.requests), Int128(held.requests))
            },
        ].compactMap { $0 }
    }
}
