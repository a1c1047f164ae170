package import LedgerModel

/// What a control does, in the words of files, events and answers.
package enum ControlAction: String, CaseIterable, Sendable {
    case downgrade
    case disallowProvider = "disallow_provider"
    case maxTokens = "max_tokens"
    case cache
    case flag
    case throttle
    case block
}

/// A call before it is made, as controls see and change it.
package struct ControlledCall: Hashable, Sendable {
    package var dimensions: Dimensions
    /// What it is expected to use; its output tokens are the most that it may make.
    package var usage: Usage
    /// The money, where the caller knows better than the price book.
    package let cost: PicodollarSum?
    package let time: Timestamp

    package init(
        dimensions: Dimensions, usage: Usage, cost: PicodollarSum? = nil, at time: Timestamp
    ) {
        self.dimensions = dimensions
        self.usage = usage
        self.cost = cost
        self.time = time
    }
}

/// One action of one policy on one call, as its `control.applied` event says.
package struct AppliedControl: Hashable, Sendable {
    package let policy: Name
    package let action: ControlAction
    /// Whether it only would have been.
    package let isShadow: Bool
    package let from: Name?
    package let to: Name?

    package init(
        policy: Name, action: ControlAction, isShadow: Bool = false, from: Name? = nil,
        to: Name? = nil
    ) {
        self.policy = policy
        self.action = action
        self.isShadow = isShadow
        self.from = from
        self.to = to
    }

    package var facts: [(key: Name, value: Name)] {
        var facts: [(key: Name, value: Name)] = [
            ("policy", policy), ("action", Name(action.rawValue)),
        ]
        if isShadow { facts.append(("mode", "shadow")) }
        if let from { facts.append(("from", from)) }
        if let to { facts.append(("to", to)) }
        return facts
    }

    /// Reads the facts of an event; nil for those of another version.
    package init?(_ facts: Labels) {
        guard let policy = facts["policy"],
            let action = facts["action"].flatMap({ ControlAction(rawValue: $0.string) })
        else { return nil }
        self.init(
            policy: policy, action: action, isShadow: facts["mode"] == "shadow",
            from: facts["from"], to: facts["to"])
    }
}

/// What the policies in force make of a call.
package struct ControlOutcome: Sendable {
    /// The call as it must be made now.
    package var call: ControlledCall
    package var applied: [AppliedControl] = []
    /// What changed the call, or would have.
    package var changes: [Change] = []
    /// Why it must not be made; nothing after it was looked at.
    package var refusal: ControlRefusal?
    /// The rows of budgets that were looked at: the outcome is right as long as they are.
    package var balances: [Name] = []
    /// The rows of throttles that were looked at; all count the call if it is made.
    package var throttles: [Name] = []

    package init(call: ControlledCall) {
        self.call = call
    }

    package struct Change: Sendable {
        package let policy: Name
        package let before: ControlledCall
        package let after: ControlledCall
    }
}

/// Why a call must not be made, or not yet.
package struct ControlRefusal: Fault, Hashable {
    package let policy: Name
    package let action: ControlAction
    /// Whose calls are too many, if each has a number for itself.
    package var member: Name?
    package let message: String
    /// Of a throttle: the seconds after which another call may be made.
    package var retrySeconds: Int64?

    package var kind: FaultKind {
        retrySeconds.map { .busy(retryAfter: .seconds($0)) } ?? .forbidden
    }

    package var description: String { "control \(policy): \(message)" }
}

/// How many calls a throttle has counted, and in which minute: the content of its state row.
///
/// It is the fold of the `budget.held` events that name the row in `throttles`.
package struct ThrottleState: Hashable, Sendable {
    package private(set) var minute: Timestamp
    package private(set) var calls: Int64

    package static let minuteMicroseconds: Int64 = 60_000_000

    /// An empty row has counted nothing.
    package init(_ bytes: [UInt8] = []) {
        guard bytes.count == 16 else {
            (minute, calls) = (.earliest, 0)
            return
        }
        func integer(_ range: Range<Int>) -> Int64 {
            Int64(bitPattern: bytes[range].reduce(UInt64(0)) { $0 << 8 | UInt64($1) })
        }
        minute = Timestamp(microseconds: integer(0..<8))
        calls = integer(8..<16)
    }

    package var bytes: [UInt8] {
        [minute.microseconds, calls].flatMap { number in
            Swift.withUnsafeBytes(of: number.bigEndian) { Array($0) }
        }
    }

    package static func minute(of time: Timestamp) -> Timestamp {
        let into = time.unixMicroseconds % minuteMicroseconds
        return time.advanced(byMicroseconds: -into)
    }

    /// Whether it is the minute of a time that it counts.
    package func isOf(_ time: Timestamp) -> Bool { minute == Self.minute(of: time) }

    /// The calls in the minute of a time; one of a clock that is behind belongs to the newest minute.
    package func calls(at time: Timestamp) -> Int64 {
        minute >= Self.minute(of: time) ? calls : 0
    }

    package mutating func count(_ time: Timestamp) {
        calls = calls(at: time) + 1
        minute = max(minute, Self.minute(of: time))
    }
}
