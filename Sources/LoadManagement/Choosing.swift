package import LedgerModel
package import Providers
import Resilience
package import Routing
import Synchronization

extension LoadManager {
    /// What a request would cost at a provider; nil without a price.
    package typealias PriceQuote =
        @Sendable (_ request: RoutedRequest, _ candidate: RouteCandidate, _ prices: Name) ->
        Picodollars?

    /// The next way to try; nil if there is none left.
    ///
    /// - Parameters:
    ///   - tried: those that failed before, in order.
    ///   - mayRepeat: whether one of those may be tried again if nobody else is left; not for hedges.
    package func choose(
        _ request: RoutedRequest, _ route: RoutePolicy, tried: [RouteCandidate],
        mayRepeat: Bool = true
    ) -> (candidate: RouteCandidate, reason: ChoiceReason)? {
        var surroundings = RouteChooser.Surroundings()
        surroundings.hasRoom = { self.room(for: $0, of: request) == .now }
        surroundings.cost = { self.quote($0, for: request) }
        let now = clock.moment()
        return choosing.withLock { state in
            if tried.isEmpty { state.retries.deposit() }
            return state.chooser.choose(
                request, route, tried: tried, mayRepeat: mayRepeat, at: now, in: surroundings)
        }
    }

    /// All ways to have a request answered, whoever is well or not; the first that would be asked
    /// first.
    package func candidates(
        _ request: RoutedRequest, _ route: RoutePolicy
    ) -> [RouteCandidate] {
        choosing.withLock { state in
            state.chooser.candidates(request, route) { quote($0, for: request) }
        }
    }

    /// How long until one of a request's candidates may be tried, where all of them are failing.
    package func retryAfter(_ request: RoutedRequest, _ route: RoutePolicy) -> Duration? {
        let now = clock.moment()
        guard let time = choosing.withLock({ $0.chooser.opensAgain(request, route) }) else {
            return nil
        }
        return .microseconds(max(0, time.microseconds(since: now)))
    }

    /// Why nobody is left to be asked: all of them fail, or have no room; nil if there is nobody at all.
    package func refusal(_ request: RoutedRequest, _ route: RoutePolicy) -> LoadRefusal? {
        let all = candidates(request, route)
        guard !all.isEmpty else { return nil }
        if let time = retryAfter(request, route) { return .failing(retryAfter: time) }
        return refusal(of: request, among: all)
    }

    private func quote(_ candidate: RouteCandidate, for request: RoutedRequest) -> Double? {
        guard let price, let provider = providers[candidate.provider],
            let amount = price(request, candidate, provider.prices)
        else { return nil }
        return Double(amount.amount)
    }

    /// Whether a failed call may be made again, somewhere: a share of what is sent (20 % and some).
    package func mayRetry() -> Bool { choosing.withLock { $0.retries.withdraw() } }

    func chooserNotes(began candidate: RouteCandidate, for request: RoutedRequest) {
        let now = clock.moment()
        choosing.withLock { $0.chooser.began(candidate, for: request, at: now) }
    }

    func chooserNotes(
        ended candidate: RouteCandidate, for request: RoutedRequest, _ outcome: CallOutcome
    ) {
        let now = clock.moment()
        choosing.withLock { $0.chooser.ended(candidate, for: request, outcome, at: now) }
    }
}

// MARK: - Health

extension LoadManager {
    /// Asks providers whether they are well that have `health` in their file, if it is time to.
    ///
    /// To be called about once a second. One that had failed and is well again gets one request,
    /// which decides; of the others, requests try it as soon as its breaker lets them.
    ///
    /// - Parameter ask: whether a provider answers at the path of its health.
    package func checkHealth(
        asking ask: @escaping @Sendable (ModelProvider) async -> Bool
    ) async {
        let now = clock.moment()
        let due = choosing.withLock { $0.chooser.dueForHealth(at: now) }
        await withTaskGroup(of: Void.self) { group in
            for name in due {
                let provider = providers[name]
                group.addTask { [self] in
                    let isHealthy = if let provider { await ask(provider) } else { false }
                    let now = clock.moment()
                    choosing.withLock {
                        $0.chooser.checked(name, isHealthy: isHealthy, at: now)
                    }
                }
            }
        }
    }

    /// How each provider and key stands, for metrics and people.
    package func standings() -> [SeatStanding] {
        let now = clock.moment()
        return choosing.withLock { $0.chooser.standings(at: now) }
    }

    /// What prompts found in providers' caches, by whether their conversations stayed where they
    /// were.
    package var affinityCounts: AffinityCounts { choosing.withLock { $0.chooser.affinityCounts } }
}

/// What choosing changes.
struct ChoosingState: Sendable {
    var chooser: RouteChooser
    var retries = RetryBudget(RetryBudget.Policy())

    init(_ providers: ProviderSet, seed: UInt64) {
        chooser = RouteChooser(providers.all.map(RouteProvider.init), seed: seed)
    }
}

extension RouteProvider {
    /// As the file of providers describes it.
    package init(_ provider: ModelProvider) {
        self.init(
            name: provider.name, isAnthropic: provider.kind.dialect == .anthropic,
            aliases: provider.aliases,
            keys: provider.keys.map { key in
                Key(
                    name: key.name, isProvisioned: provider.isProvisioned || key.isProvisioned,
                    requestsPerMinute: key.requestsPerMinute, tokensPerMinute: key.tokensPerMinute)
            }, isProvisioned: provider.isProvisioned, checkedEvery: provider.health?.every)
    }
}
