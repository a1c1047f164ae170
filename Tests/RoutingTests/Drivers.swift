import LedgerModel
import Resilience
import Routing

/// A chooser with a clock, for tests.
final class Driver {
    var chooser: RouteChooser
    var now = Moment(microseconds: 1_000_000_000)
    var route = RoutePolicy(name: "test")
    var surroundings = RouteChooser.Surroundings()

    init(_ providers: [RouteProvider], seed: UInt64 = 1, choice: RoutePolicy.Choice = .order) {
        chooser = RouteChooser(providers, seed: seed)
        route.providers = providers.map(\.name)
        route.choice = choice
    }

    convenience init(
        _ names: String..., seed: UInt64 = 1, choice: RoutePolicy.Choice = .order
    ) {
        self.init(names.map { RouteProvider(name: $0) }, seed: seed, choice: choice)
    }

    static func request(_ session: Name? = nil, model: String = "m") -> RoutedRequest {
        var request = RoutedRequest(
            ledger: LedgerID(1), path: "/v1/chat/completions", isAnthropic: false, model: model,
            dimensions: [:])
        request.affinity.session = session
        return request
    }

    func choose(
        _ request: RoutedRequest = Driver.request(), tried: [RouteCandidate] = [],
        mayRepeat: Bool = true
    ) -> (candidate: RouteCandidate, reason: ChoiceReason)? {
        chooser.choose(
            request, route, tried: tried, mayRepeat: mayRepeat, at: now, in: surroundings)
    }

    func provider(_ request: RoutedRequest = Driver.request()) -> String? {
        choose(request)?.candidate.provider
    }

    /// A call that begins and ends at once.
    func call(
        _ candidate: RouteCandidate, for request: RoutedRequest = Driver.request(),
        _ outcome: CallOutcome
    ) {
        chooser.began(candidate, for: request, at: now)
        chooser.ended(candidate, for: request, outcome, at: now)
    }

    func fail(
        _ candidate: RouteCandidate, _ failure: ErrorClass, status: Int? = nil, times: Int = 1,
        retryAfter: Duration? = nil
    ) {
        var outcome = CallOutcome(failure: failure, status: status)
        outcome.retryAfter = retryAfter
        outcome.latency = .zero
        for _ in 0..<times { call(candidate, outcome) }
    }

    func fail(_ provider: String, _ failure: ErrorClass, times: Int = 1) {
        fail(
            RouteCandidate(provider: provider, key: nil, model: "m"), failure, times: times)
    }

    func pass(_ time: Duration) { now = now.advanced(by: time) }

    static func success(_ latency: Duration, input: Int64 = 0, cached: Int64 = 0) -> CallOutcome {
        var outcome = CallOutcome(status: 200)
        outcome.latency = latency
        outcome.timeToFirstToken = latency
        outcome.inputTokens = input
        outcome.cachedTokens = cached
        return outcome
    }
}
