package import Budgets
package import LedgerModel

/// How a budget, or one member's share of it, stands in its present window.
package struct BudgetStatus: Sendable {
    package let budget: Budget
    package let member: Name?
    /// How many members have spent or held something; nil for a budget that is not divided.
    package let members: Int?
    package let window: Window
    package let limits: Limits
    package let balance: WindowBalance
    /// The calls in flight in the window; nil where they were not looked at.
    package let holds: [OpenHold]?
    /// The last position that is counted.
    package let position: Int64
    package let at: Timestamp
    /// Whether its filter may be wrong: it counted nothing, and no request of the last thirty days
    /// would be counted, though there were some.
    ///
    /// False where nobody looked.
    package var isUnreached = false

    /// - Parameters:
    ///   - holds: all of the row.
    ///   - position: the last one that the state knows of.
    init(
        _ budget: Budget, member: Name?, members: Int? = nil, _ state: BudgetState,
        holds: [OpenHold]? = nil, _ position: Int64, at now: Timestamp
    ) {
        self.budget = budget
        self.member = member
        self.members = members
        let (window, balance) = budget.standing(in: state, at: now)
        self.window = window
        self.balance = balance
        let isRolling = budget.definition.schedule.isRolling
        // An increase of a rolling window ends at its moment.
        limits = budget.definition.limits(
            in: isRolling ? Window(start: now, end: nil) : window)
        self.holds = holds?.filter { hold in
            !hold.isLease
                && (isRolling ? window.contains(hold.window) : hold.window == window.start)
        }
        self.position = position
        at = now
    }

    package var definition: BudgetDefinition { budget.definition }

    /// What calls in flight hold.
    package var held: Amounts { balance.held - balance.leased }

    /// What instances set aside, to hand it out from memory.
    package var leased: Amounts { balance.leased }

    /// What another hold may take; below zero after an overrun; nil where there is no limit.
    package var left: Limits { limits + -(balance.posted + balance.held + reserved) }

    /// What of the limits only settlements may use.
    package var reserved: Amounts { definition.reserved(in: window) }

    /// What is held by calls that have asked for nothing in the last minute.
    package var idle: Amounts? {
        holds?.filter { hold in
            let term = Int64(definition.holdSeconds) * 1_000_000
            let asked = hold.expires.advanced(byMicroseconds: -term)
            return at.microseconds - asked.microseconds >= Self.idleMicroseconds
        }.reduce(.zero) { $0 + $1.amounts }
    }

    static let idleMicroseconds: Int64 = 60_000_000

    /// The part of the limit that is spent or held, of the unit that is nearest to its limit.
    package var used: Double? {
        let taken = balance.posted + balance.held
        let parts = [
            limits.cost.map { Double(taken.cost.amount) / Double($0.amount) },
            limits.tokens.map { Double(taken.tokens) / Double($0) },
            limits.requests.map { Double(taken.requests) / Double($0) },
        ].compactMap { $0 }.filter(\.isFinite)
        return parts.max()
    }

    func isFullerThan(_ other: BudgetStatus) -> Bool {
        (used ?? 0, other.member ?? "") > (other.used ?? 0, member ?? "")
    }
}

/// What planned calls would do to a budget.
package struct BudgetImpact: Sendable {
    package let status: BudgetStatus
    package let asked: Amounts

    /// What the limits leave afterwards; below zero where it does not fit.
    package var left: Limits { status.left + -asked }

    package var fits: Bool {
        let taken = status.balance.posted + status.balance.held + status.reserved
        return status.limits.excess(of: taken + asked) == .zero
    }
}

/// One change of a budget, as its event says.
package struct BudgetRevision: Sendable {
    package let position: Int64
    package let at: Timestamp
    package let definition: BudgetDefinition
    package let change: String
    package let by: String
    package let reason: String?

    init?(_ recorded: RecordedEvent) {
        guard let facts = recorded.event.detail, let definition = BudgetDefinition(facts) else {
            return nil
        }
        position = recorded.position
        at = recorded.recordedAt
        self.definition = definition
        change = facts["change"]?.string ?? "set"
        by = facts["by"]?.string ?? ""
        reason = facts["reason"]?.string
    }
}
