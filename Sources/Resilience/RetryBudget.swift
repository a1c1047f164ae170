/// How much may be sent again: a share of what is sent first (the retry budget of Finagle).
///
/// Each request that is sent for the first time puts a share of one into the budget, and each
/// that is sent again takes one out; so retries can't multiply the load of an outage, however many
/// requests fail.
package struct RetryBudget: Sendable {
    package struct Policy: Sendable {
        /// Retries for each request.
        package var share = 0.2
        /// Retries that a young budget has, so that the first request may be tried again; an
        /// advance on what the first requests would put into it.
        package var start = 10.0
        /// What is saved up at most.
        package var savedMax = 1_000.0

        package init() {}
    }

    private let policy: Policy
    private var balance: Double
    /// What of the advance has not been made up for.
    private var owed: Double

    package init(_ policy: Policy) {
        self.policy = policy
        balance = policy.start
        owed = policy.start
    }

    /// A request was sent for the first time.
    package mutating func deposit() {
        guard owed <= 0 else {
            owed -= policy.share
            return
        }
        balance = min(balance + policy.share, max(policy.savedMax, policy.start))
    }

    /// Takes one retry, if there is one.
    package mutating func withdraw() -> Bool {
        // Five shares of 0.2 make one, whatever binary fractions say.
        guard balance > 1 - 1e-9 else { return false }
        balance -= 1
        return true
    }
}
