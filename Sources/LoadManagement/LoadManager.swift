import LedgerModel
package import Providers
package import Routing

/// Who may go on, and who is asked: limits, health and load of all providers, shared by all requests
/// of an instance.
package final class LoadManager: Sendable {
    package let policy: GatewayPolicy
    package let providers: ProviderSet
    package let clock: LoadClock
    /// Limits, concurrency and shedding; see `Limits`.
    let limiter: LoadLimiter

    package init(
        policy: GatewayPolicy, providers: ProviderSet, clock: LoadClock = .machine
    ) {
        self.policy = policy
        self.providers = providers
        self.clock = clock
        limiter = LoadLimiter(policy: policy, providers: providers, at: clock.moment())
    }

    // MARK: Choosing

    /// The next way to try; nil if there is none left.
    ///
    /// - Parameter tried: those that failed before, in order.
    package func choose(
        _ request: RoutedRequest, _ route: RoutePolicy, tried: [RouteCandidate]
    ) -> (candidate: RouteCandidate, reason: ChoiceReason)? {
        let dialect: ModelProvider.Dialect = request.isAnthropic ? .anthropic : .openAI
        guard tried.isEmpty,
            let provider = providers.provider(for: request.model, speaking: dialect)
        else { return nil }
        return (
            RouteCandidate(
                provider: provider.name, key: provider.keys.first?.name,
                model: provider.model(request.model)), .order
        )
    }

    /// A call to a candidate begins; it is ended once.
    package func began(_ candidate: RouteCandidate, for request: RoutedRequest) {
        limitCall(began: candidate, for: request)
    }

    package func ended(
        _ candidate: RouteCandidate, for request: RoutedRequest, _ outcome: CallOutcome
    ) {
        limitCall(ended: candidate, for: request, outcome)
    }

    /// Whether a failed call may be made again, somewhere: a share of what is sent (20 % and some).
    package func mayRetry() -> Bool { true }
}
