package import Budgets
import EventStore
package import LedgerModel

// The controls of a ledger: defined, removed and read. They share the revision of its budgets, so no
// writer holds for a call that a new policy would have changed.

extension BudgetService {
    /// The policies in force, in their order.
    package func controls() async throws -> [Control] {
        try await budgets.reload().controls
    }

    /// Defines policies, all or none; they come in this order behind those that are not named.
    @discardableResult
    package func apply(
        _ policies: [ControlPolicy], by author: String, reason: String? = nil, at now: Timestamp
    ) async throws -> [Control] {
        try await revise(by: author, reason, "set", at: now) { book in
            let named = Set(policies.map(\.name))
            let all = book.controls.map(\.policy).filter { !named.contains($0.name) } + policies
            guard all.count <= ControlPolicy.policiesMax else {
                throw ControlInvalid.tooMany(ControlPolicy.policiesMax)
            }
            guard all.reduce(0, { $0 + $1.rowCount }) <= ControlPlan.rowsMax else {
                throw ControlInvalid.setting(
                    "at most \(ControlPlan.rowsMax) controls of a ledger may look at budgets or "
                        + "throttle")
            }
            for policy in policies {
                try policy.validate()
                if let name = policy.conditions.share?.budget { _ = try book.find(name.string) }
            }
            return policies
        }
    }

    /// Removes a policy; its history stays.
    package func removeControl(
        _ name: String, by author: String, reason: String? = nil, at now: Timestamp
    ) async throws {
        try await revise(by: author, reason, "remove", at: now) { book in
            var policy = try book.controlList.find(name).policy
            policy.isRetired = true
            return [policy]
        }
    }

    @discardableResult
    private func revise(
        by author: String, _ reason: String?, _ change: Name, at now: Timestamp,
        _ policies: (BudgetBook) throws -> [ControlPolicy]
    ) async throws -> [Control] {
        var facts: [(key: Name, value: Name)] = [("change", change), ("by", Name(author))]
        if let reason { facts.append(("reason", Name(reason))) }
        for _ in 0..<Self.triesMax {
            let book = try await budgets.reload()
            let events = try policies(book).map { policy in
                var event = Event(id: makeID(), kind: .controlDefined, occurredAt: now)
                event.detail = try policy.facts(facts)
                return event
            }
            guard let first = events.first else { return book.controls }
            do {
                _ = try await ledger.append(
                    Decision(id: first.id, on: [PostingRules.key]) { rows, _ in
                        guard rows.revision == book.revisionBytes else { throw StaleBook() }
                        rows[PostingRules.key] = BudgetBook.bytes(
                            ofRevision: book.revision + Int64(events.count))
                        return events
                    })
            } catch is StaleBook {
                continue
            }
            return try await budgets.reload().controls
        }
        throw ContendedBudgets()
    }
}

extension ControlPolicy {
    /// How many rows a call that it concerns may lock for it.
    fileprivate var rowCount: Int {
        (conditions.share == nil ? 0 : 1) + (actions.throttle == nil ? 0 : 1)
    }
}
