package import LedgerModel
package import Routing

/// What a request is expected to use at most, before it is made.
package struct ExpectedUsage: Sendable {
    package var usage: Usage
    /// The larger of `max_tokens` and `max_completion_tokens`; nil if the caller names none.
    package var maxTokens: Int64?
    package var choices: Int64
    /// The model that is asked for, by which its text is counted.
    package var model: String?

    package init(
        usage: Usage, maxTokens: Int64? = nil, choices: Int64 = 1, model: String? = nil
    ) {
        self.usage = usage
        self.model = model
        self.maxTokens = maxTokens
        self.choices = choices
    }
}

/// A call to a provider that did not become the answer.
package struct FailedAttempt: Sendable {
    package let candidate: RouteCandidate
    package let status: Int?
    package let errorType: Name
    package let latency: Duration
    /// What it used all the same, such as the input of a stream that broke off.
    package let metered: MeteredAnswer?

    package init(
        _ candidate: RouteCandidate, status: Int?, errorType: Name, latency: Duration,
        metered: MeteredAnswer? = nil
    ) {
        self.candidate = candidate
        self.status = status
        self.errorType = errorType
        self.latency = latency
        self.metered = metered
    }
}

/// How a request ended.
package struct RequestEnd: Sendable {
    /// Who answered; nil if nobody did.
    package var candidate: RouteCandidate?
    package var metered: MeteredAnswer
    package var status: Int
    package var errorType: Name?
    package var latency: Duration
    package var timeToFirstToken: Duration?
    /// The time that each stage took, by its name.
    package var stages: [(name: String, time: Duration)] = []
    package var attempts: [FailedAttempt] = []
    package var isCallerGone = false

    package init(metered: MeteredAnswer, status: Int, latency: Duration) {
        self.metered = metered
        self.status = status
        self.latency = latency
    }
}

/// What was booked.
package struct BookedRequest: Sendable {
    /// Nil without a price.
    package var cost: Picodollars?
    package var unpriced: Name?
    /// Whether the usage was estimated.
    package var isEstimated: Bool
    /// What is left in the budget that has least; nil without hard budgets.
    package var budgetRemaining: PicodollarSum?

    package init(
        cost: Picodollars?, unpriced: Name? = nil, isEstimated: Bool = false,
        budgetRemaining: PicodollarSum? = nil
    ) {
        self.cost = cost
        self.unpriced = unpriced
        self.isEstimated = isEstimated
        self.budgetRemaining = budgetRemaining
    }
}
