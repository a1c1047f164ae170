package import LedgerModel

/// What is done to calls before they are made, as somebody defined it: whose calls, when, and what.
package struct ControlPolicy: Hashable, Sendable {
    package enum Mode: String, CaseIterable, Sendable {
        /// Calls are changed or refused.
        case active
        /// Nothing is changed; events say what would have been.
        case shadow
    }

    package let name: Name
    /// The values that a call must have, by dimension; empty for all calls.
    package var filter: [Dimension: Name] = [:]
    package var conditions = Conditions()
    package var actions = Actions()
    package var mode = Mode.active
    /// Whether it was removed.
    package var isRetired = false

    package init(name: String) throws(ControlInvalid) {
        guard BudgetDefinition.isName(name) else { throw .name(name) }
        self.name = Name(name)
    }

    /// What must hold beside the filter; what is nil always holds.
    package struct Conditions: Hashable, Sendable {
        package var share: Share?
        package var inputTokensAbove: Int64?
        /// What the call may cost; the price of a call that has none is not above anything.
        package var costAbove: PicodollarSum?
        package var hours: DayHours?

        package init() {}
    }

    /// A part of a budget that is used up.
    package struct Share: Hashable, Sendable {
        package let budget: Name
        package let percent: Int64
        /// Whether what is held counts too.
        package let countsHeld: Bool

        package static let percentMax: Int64 = 1_000

        package init(of budget: Name, percent: Int64, countsHeld: Bool) {
            self.budget = budget
            self.percent = percent
            self.countsHeld = countsHeld
        }
    }

    /// What is done, in this order.
    package struct Actions: Hashable, Sendable {
        package var downgrade: [ModelMapping] = []
        package var disallowedProviders: [Name] = []
        /// The most output tokens.
        package var maxTokens: Int64?
        /// Whether only the cache may answer.
        package var forcesCache = false
        package var flag: Name?
        package var throttle: Throttle?
        /// The message of a refusal.
        package var block: Name?

        package init() {}

        package var isEmpty: Bool { self == Actions() }
    }

    /// So many calls in each minute of the clock.
    package struct Throttle: Hashable, Sendable {
        package let callsPerMinute: Int64
        /// Each value of this dimension has them for itself.
        package let each: Dimension?

        package static let callsMax: Int64 = 1_000_000

        package init(callsPerMinute: Int64, each: Dimension?) {
            self.callsPerMinute = callsPerMinute
            self.each = each
        }
    }

    package static let policiesMax = 100
    package static let textBytesMax = 200
    package static let tokensMax: Int64 = 1_000_000_000

    /// Whether calls of some dimensions are among its own.
    func counts(_ dimensions: Dimensions) -> Bool {
        filter.allSatisfy { dimensions[$0.key] == $0.value }
    }

    /// - Throws: `ControlInvalid` for a policy that could do nothing.
    package func validate() throws(ControlInvalid) {
        if actions.isEmpty { throw .noAction(name) }
        for text in [actions.flag, actions.block] {
            guard let bytes = text?.string.utf8.count else { continue }
            guard 1...Self.textBytesMax ~= bytes else {
                throw .setting("a text of control \(name) has 1 to \(Self.textBytesMax) bytes")
            }
        }
    }
}

/// Which model takes the place of which, as a downgrade says.
package struct ModelMapping: Hashable, Sendable {
    /// As written, in lower case: `gpt-4o`, `openai/gpt-4o` or `gpt-4*`.
    package let from: Name
    /// A model of the same provider, or `provider/model`.
    package let to: Name

    package init(from: String, to: String) throws(ControlInvalid) {
        for name in [from, to] where name.isEmpty || name.hasPrefix("/") || name.hasSuffix("/") {
            throw .setting("\"\(name)\" names no model: write gpt-4o or openai/gpt-4o")
        }
        if to.contains("*") { throw .setting("\"\(to)\" must be one model, without *") }
        self.from = Name(from.lowercased())
        self.to = Name(to)
    }

    /// What takes the place of a model; nil if it stays.
    func target(of dimensions: Dimensions) -> (provider: Name?, model: Name)? {
        guard let model = dimensions[.model]?.string.lowercased() else { return nil }
        let provider = dimensions[.provider]?.string.lowercased()
        guard matches(model) || provider.map({ matches("\($0)/\(model)") }) ?? false else {
            return nil
        }
        guard let slash = to.string.firstIndex(of: "/") else { return (nil, to) }
        return (
            Name(String(to.string[..<slash])),
            Name(String(to.string[to.string.index(after: slash)...]))
        )
    }

    private func matches(_ name: String) -> Bool {
        let own = from.string
        return own.hasSuffix("*") ? name.hasPrefix(own.dropLast()) : name == own
    }

    /// Whole names come before beginnings, and longer beginnings before shorter ones.
    package static func isMoreExact(_ a: ModelMapping, _ b: ModelMapping) -> Bool {
        func key(_ mapping: ModelMapping) -> (Int, Int, Name) {
            let text = mapping.from.string
            return (text.hasSuffix("*") ? 1 : 0, -text.utf8.count, mapping.from)
        }
        return key(a) < key(b)
    }
}

extension BudgetDefinition {
    /// Whether a text can name a budget or a control.
    static func isName(_ text: String) -> Bool {
        1...nameBytesMax ~= text.utf8.count && text.utf8.allSatisfy(isNameByte)
    }
}
