import JSON
package import LedgerModel

/// Why a hold is refused, with the evidence.
package struct BudgetRefusal: Fault, Hashable {
    package let budget: Name
    /// Whose share of the budget it is.
    package let member: Name?
    package let window: Window
    package let limits: Limits
    package let balance: WindowBalance
    package let asked: Amounts
    /// The name of the state row.
    package let row: Name
    /// What of the limits only settlements may use.
    package var reserved = Amounts.zero
    /// The most output tokens that would fit, if the caller named a model and its usage: of one answer of
    /// a call, or of the next part of one.
    package var outputTokensThatFit: Int64?
    /// Why each candidate was refused, where the caller named several.
    package var candidates: [RefusedCandidate] = []

    package var kind: FaultKind { .overBudget }

    /// What the limits leave for another hold; nil where there is no limit.
    package var left: Limits {
        limits + -(balance.posted + balance.held + reserved)
    }

    package var description: String {
        let whose = member.map { " of \($0)" } ?? ""
        let until = window.end.map { "; it begins anew at \($0)" } ?? ""
        return "budget \(budget)\(whose) has no room: \(words.joined(separator: ", "))\(until)"
    }

    /// What is asked and left, of each unit that has no room.
    private var words: [String] {
        let excess = limits.excess(of: balance.posted + balance.held + reserved + asked)
        var words: [String] = []
        func add(_ unit: String, _ value: (Amounts) -> String, _ limit: String?) {
            guard let limit else { return }
            let kept = reserved == .zero ? "" : ", \(value(reserved)) kept for settlements"
            words.append(
                "\(value(asked)) \(unit) asked, \(value(balance.posted)) spent and "
                    + "\(value(balance.held)) held of \(limit)\(kept)")
        }
        if excess.cost > .zero { add("USD", { $0.cost.description }, limits.cost?.description) }
        if excess.tokens > 0 {
            add("tokens", { String($0.tokens) }, limits.tokens.map { String($0) })
        }
        if excess.requests > 0 {
            add("requests", { String($0.requests) }, limits.requests.map { String($0) })
        }
        return words
    }
}

/// A provider and a model that a call could have gone to, and why it can't.
package struct RefusedCandidate: Hashable, Sendable {
    package let provider: Name?
    package let model: Name?
    /// The budget that has no room; nil where the price is unknown.
    package let budget: Name?
    package let reason: String
    package let outputTokensThatFit: Int64?

    package init(
        provider: Name?, model: Name?, budget: Name?, reason: String, outputTokensThatFit: Int64?
    ) {
        self.provider = provider
        self.model = model
        self.budget = budget
        self.reason = reason
        self.outputTokensThatFit = outputTokensThatFit
    }
}

/// A request that does not say to whose share of a budget it belongs.
package struct MissingMember: Fault, Hashable {
    package let budget: Name
    package let dimension: Dimension

    package var kind: FaultKind { .invalid }
    package var param: String? { dimension.name }

    package var description: String {
        "budget \(budget) gives each \(dimension.name) its own limit: "
            + (dimension == .apiKey
                ? "ask with an API key" : "name the \(dimension.name) of the request")
    }
}

/// The budgets were changed while something was decided by them: it is decided again.
package struct StaleBook: Error {
    package init() {}
}

/// Holds whose time is over stand in the way: they are ended first.
package struct DueHolds: Error {
    package let holds: [EventID]
}
