package import LedgerModel

// What each budget holds of a call, as `budget.held` events say it: one value where all budgets hold
// the same, else one for each, in the order of `budgets`. The amount of the event is the largest.

extension [HeldPart] {
    /// The most of each unit that one of them holds.
    package var most: Amounts {
        reduce(.zero) { most, part in
            Amounts(
                cost: Swift.max(most.cost, part.amounts.cost),
                tokens: Swift.max(most.tokens, part.amounts.tokens),
                requests: Swift.max(most.requests, part.amounts.requests))
        }
    }

    /// The output tokens that all of them cover; nil where one does not count them.
    package var outputTokens: Int64? {
        let covered = compactMap(\.outputTokens)
        return covered.count == count ? covered.min() : nil
    }

    package var facts: [(key: Name, value: Name)] {
        var facts: [(key: Name, value: Name)] = [("tokens", Self.list(map(\.amounts.tokens)))]
        let costs = map(\.amounts.cost)
        if Set(costs).count > 1 { facts.append(("usd", Self.list(costs))) }
        let outputs = compactMap(\.outputTokens)
        if !isEmpty, outputs.count == count { facts.append(("output", Self.list(outputs))) }
        return facts
    }

    private static func list(_ values: [some Hashable & CustomStringConvertible]) -> Name {
        guard let first = values.first, Set(values).count > 1 else {
            return Name(values.first?.description ?? "0")
        }
        return Name(
            values.dropFirst().reduce(into: first.description) { $0 += "," + $1.description })
    }

    /// Reads what an event says that some budgets hold; nil if it says it of another number of them.
    package init?(of event: Event, requests: Int64, count: Int) {
        let facts = event.detail
        func list<T>(_ key: Name, _ read: (String) -> T?) -> [T]? {
            guard let text = facts?[key]?.string else { return nil }
            let values = text.split(separator: ",").compactMap { read(String($0)) }
            return values.count == 1 ? Array<T>(repeating: values[0], count: count) : values
        }
        let whole = event.amount.map { PicodollarSum($0) } ?? .zero
        let costs =
            list("usd") { PicodollarSum(usd: $0) }
            ?? Array<PicodollarSum>(
                repeating: whole, count: count)
        let tokens = list("tokens") { Int64($0) } ?? Array<Int64>(repeating: 0, count: count)
        let outputs = list("output") { Int64($0) }
        guard costs.count == count, tokens.count == count, outputs?.count ?? count == count else {
            return nil
        }
        self = (0..<count).map { index in
            HeldPart(
                Amounts(cost: costs[index], tokens: tokens[index], requests: requests),
                outputTokens: outputs?[index])
        }
    }
}

/// What an extension added to a hold, as its `budget.held` event says.
package struct HoldExtension: Hashable, Sendable {
    package let hold: EventID
    /// What each row of the hold added, in its order.
    package let parts: [HeldPart]

    /// Reads an extension of a hold; nil if the event is none.
    package init?(_ event: Event, of hold: Hold) {
        guard event.kind == .budgetHeld, event.causeID == hold.event.id,
            let parts = [HeldPart](of: event, requests: 0, count: hold.rows.count)
        else { return nil }
        self.hold = hold.event.id
        self.parts = parts
    }
}
