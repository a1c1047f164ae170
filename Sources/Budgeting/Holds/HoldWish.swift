package import Budgets
package import LedgerModel

/// What a caller asks to set aside before a call.
package struct HoldWish: Sendable {
    /// The caller's name for the request: the same one again is the same hold.
    package let requestID: String
    package var dimensions: Dimensions
    /// The expected usage; its output tokens are the most that the call may make.
    package var usage: Usage
    /// The money, where the caller knows better than the price book.
    package let cost: Picodollars?
    /// How the call will be made.
    package var call = HoldCall()
    /// Whether the caller takes fewer output tokens than it asks for, if no more fit.
    package var mayLower = false
    /// Who could answer, in order of preference, instead of the provider and the model of the dimensions.
    package var candidates: [HoldCandidate] = []

    /// Whether the gateway makes the call: the request is booked under its own id, which is its name here.
    package var isOfGateway = false

    /// Providers and models that one wish may name.
    package static let candidatesMax = 16

    package init(requestID: String, dimensions: Dimensions, usage: Usage, cost: Picodollars?) {
        self.requestID = requestID
        self.dimensions = dimensions
        self.usage = usage
        self.cost = cost
    }

    /// The same wish for each candidate.
    var alternatives: [HoldWish] {
        if candidates.isEmpty { return [self] }
        return candidates.map { candidate in
            var wish = self
            wish.dimensions[.provider] = candidate.provider
            wish.dimensions[.model] = candidate.model
            return wish
        }
    }

    /// What a `budget.held` event says of the call.
    func facts(credited: Int64) -> [(key: Name, value: Name)] {
        call.facts(credited: credited) + (isOfGateway ? [(Hold.callerKey, Hold.gateway)] : [])
    }

    /// The most output tokens of an answer that the caller names.
    var outputTold: Int64? { [usage[.outputTokens], call.maxTokens].compactMap(\.self).max() }
}

/// A provider and its model, which could answer a call.
package struct HoldCandidate: Hashable, Sendable {
    package let provider: Name
    package let model: Name

    package init(provider: Name, model: Name) {
        self.provider = provider
        self.model = model
    }
}

/// How a call will be made, as far as it decides what it may cost.
package struct HoldCall: Hashable, Sendable {
    /// Whether the answer comes in parts, so that the hold can be extended ahead of it; nil for a caller that
    /// does not say so, whose hold is exactly the price of its usage.
    package var isStreamed: Bool?
    /// The larger of the request's `max_tokens` and `max_completion_tokens`.
    package var maxTokens: Int64?
    /// Answers to the prompt: the request's `n`.
    package var choices: Int64 = 1

    package static let choicesMax: Int64 = 1_000

    package init(isStreamed: Bool? = nil, maxTokens: Int64? = nil, choices: Int64 = 1) {
        self.isStreamed = isStreamed
        self.maxTokens = maxTokens
        self.choices = choices
    }

    /// Whether the usage says all that is known.
    var isPlain: Bool { self == HoldCall() }

    /// What a `budget.held` event says of it.
    func facts(credited: Int64) -> [(key: Name, value: Name)] {
        var facts: [(key: Name, value: Name)] = []
        if let isStreamed { facts.append(("stream", isStreamed ? "true" : "false")) }
        if let maxTokens { facts.append(("max_tokens", Name(String(maxTokens)))) }
        if choices != 1 { facts.append(("n", Name(String(choices)))) }
        if credited > 0 { facts.append(("credited", Name(String(credited)))) }
        return facts
    }

    /// What a hold says of its call.
    init(of hold: Hold) {
        let facts = hold.event.detail
        isStreamed = facts?["stream"].map { $0 == "true" }
        maxTokens = facts?["max_tokens"].flatMap { Int64($0.string) }
        choices = facts?["n"].flatMap { Int64($0.string) } ?? 1
    }
}

/// The answer to a hold, an extension, a settlement or a release.
package struct HoldAnswer: Sendable {
    package enum State: String, Sendable { case held, settled, released, expired }

    package let hold: Hold
    package let state: State
    /// Whether the ledger had it already.
    package let isRepeated: Bool
    package let expires: Timestamp
    /// What the call cost; nil until it is settled, or if it has no price.
    package var cost: Picodollars?
    package var unpriced: Name?
    /// How the budgets stand now.
    package let budgets: [BudgetStatus]
    /// What each budget holds of the call now, those that only count left out.
    package var held: [HeldByBudget] = []
    /// Candidates before the one that is held for, with the reason why they were passed over.
    package var passedOver: [RefusedCandidate] = []
    /// What controls made of the call.
    package var controls: [AppliedControl] = []

    /// The most output tokens that an answer may have, as the caller or a control says.
    package var maxTokens: Int64? {
        [hold.event.usage[.outputTokens], HoldCall(of: hold).maxTokens].compactMap(\.self).max()
    }

    /// The output tokens that are covered, of all answers together; nil where no hard budget limits them.
    package var outputTokensHeld: Int64? {
        held.filter(\.isHard).compactMap(\.part.outputTokens).min()
    }

    /// The most output tokens of an answer, where the hold was lowered to what fits.
    package var outputMax: Int64? { hold.event.detail?["lowered"].flatMap { Int64($0.string) } }

    /// The part of the input whose price was not held, since the provider has it cached.
    package var credited: Int64? { hold.event.detail?["credited"].flatMap { Int64($0.string) } }
}

/// What one budget holds of a call.
package struct HeldByBudget: Sendable {
    package let budget: Name
    package let member: Name?
    package let mode: HoldMode
    package let part: HeldPart
    let isHard: Bool

    init(_ link: ChainLink, _ part: HeldPart) {
        budget = link.budget.definition.name
        member = link.member
        mode = link.budget.definition.hold.mode
        isHard = link.isInForce && link.budget.definition.enforcement == .hard
        self.part = part
    }
}

/// What a call used, told when it has ended.
package struct Settlement: Sendable {
    package let usage: Usage
    /// Who answered; nil for the provider and the model that were held for.
    package let provider: Name?
    package let model: Name?
    package let status: Int32?
    package let errorType: Name?
    package let latency: Int64?
    package let timeToFirstToken: Int64?

    package init(
        usage: Usage, provider: Name? = nil, model: Name? = nil, status: Int32? = nil,
        errorType: Name? = nil,
        latency: Int64? = nil, timeToFirstToken: Int64? = nil
    ) {
        self.usage = usage
        self.provider = provider
        self.model = model
        self.status = status
        self.errorType = errorType
        self.latency = latency
        self.timeToFirstToken = timeToFirstToken
    }
}

/// What the end of a hold books: a request, its charge, and what belongs to it.
package struct SettledRequest: Hashable, Sendable {
    package let request: Event
    package let charge: Event?
    /// Attempts that failed, each with its charge.
    package var others: [Event] = []

    package init(_ request: Event, _ charge: Event?, others: [Event] = []) {
        self.request = request
        self.charge = charge
        self.others = others
    }

    package var events: [Event] { [request] + (charge.map { [$0] } ?? []) + others }
}
