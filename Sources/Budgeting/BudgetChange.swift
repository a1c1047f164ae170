package import Budgets
package import LedgerModel

/// What somebody wants to be different about a budget.
package enum BudgetChange: Sendable {
    case set(BudgetDefinition)
    /// More for good: how a prepaid budget is paid for.
    case topUp(Amounts)
    /// More until a moment, or for the rest of this window and some further ones.
    case override(Amounts, Until)
    /// What was spent before now does not count any more.
    case reset
    case remove

    package enum Until: Sendable {
        case time(Timestamp)
        case windows(Int)
    }

    var word: Name {
        switch self {
        case .set: "set"
        case .topUp: "top-up"
        case .override: "override"
        case .reset: "reset"
        case .remove: "remove"
        }
    }

    /// Windows that an override may last.
    static let windowsMax = 1_000

    /// The definition after the change.
    func definition(
        of name: String, in book: BudgetBook, at now: Timestamp
    ) throws -> BudgetDefinition {
        if case .set(let definition) = self {
            // A reset outlives a change of limits.
            var definition = definition
            if let known = book.latest(definition.name), !known.definition.isRetired,
                known.definition.countsLike(definition)
            {
                definition.schedule.since = known.definition.schedule.since
            }
            return definition
        }
        let budget = try book.find(name)
        var definition = budget.definition
        switch self {
        case .set: break
        case .topUp(let more):
            try Self.check(more, name, definition.limits)
            definition.limits = definition.limits + more
        case .override(let more, let until):
            try Self.check(more, name, definition.limits)
            definition.extra = .init(
                amounts: more, until: try Self.end(until, budget, at: now))
        case .reset: definition.schedule.since = now
        case .remove: definition.isRetired = true
        }
        return definition
    }

    private static func check(_ more: Amounts, _ name: String, _ limits: Limits) throws {
        if (more.cost > .zero && limits.cost == nil) || (more.tokens > 0 && limits.tokens == nil)
            || (more.requests > 0 && limits.requests == nil)
        {
            throw BudgetInvalid.topUpWithoutLimit(name)
        }
        if more.positive == .zero { throw BudgetInvalid.amount("0", member: "usd") }
    }

    private static func end(
        _ until: Until, _ budget: Budget, at now: Timestamp
    ) throws -> Timestamp {
        switch until {
        case .time(let time):
            guard time > now else {
                throw BudgetInvalid.window("the increase must end after now")
            }
            return time
        case .windows(let count):
            guard 1...windowsMax ~= count else {
                throw BudgetInvalid.window(
                    "an increase lasts 1 to \(windowsMax) windows, not \(count)")
            }
            var window = budget.window(of: now)
            for _ in 1..<count * budget.definition.schedule.steps {
                guard let end = window.end else { break }
                window = budget.definition.schedule.window(of: end)
            }
            return window.end ?? .latest
        }
    }

    /// What the event says beside the result.
    func facts(by author: String, _ reason: String?) -> [(key: Name, value: Name)] {
        var facts: [(key: Name, value: Name)] = [("change", word), ("by", Name(author))]
        if let reason { facts.append(("reason", Name(reason))) }
        switch self {
        case .topUp(let more):
            facts += [
                ("added_usd", Name(more.cost.description)),
                ("added_tokens", Name(String(more.tokens))),
                ("added_requests", Name(String(more.requests))),
            ].filter { $0.1 != "0" }.map { (key: Name($0.0), value: $0.1) }
        default: break
        }
        return facts
    }
}
