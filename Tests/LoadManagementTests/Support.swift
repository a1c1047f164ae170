import LedgerModel
import LoadManagement
import Providers
import Resilience
import Routing
import Synchronization

/// A load manager on a clock that stands still until a test moves it.
final class Stand: Sendable {
    let load: LoadManager
    private let clock: ManualClock

    static let start = Timestamp(year: 2026, month: 11, day: 30)

    init(_ policy: GatewayPolicy = GatewayPolicy(), _ providers: ProviderSet = .none) {
        let clock = ManualClock()
        self.clock = clock
        load = LoadManager(
            policy: policy, providers: providers,
            clock: LoadClock(
                moment: { Moment(microseconds: clock.microseconds) },
                today: { Self.start.advanced(byMicroseconds: clock.microseconds) }), seed: 1)
    }

    func wait(_ time: Duration) { clock.advance(by: time) }

    /// Two providers of OpenAI's dialect, one of whose keys has limits.
    static func providers() throws -> ProviderSet {
        let file = """
            tally_providers: 1
            providers:
              openai:
                base_url: "http://127.0.0.1:9/v1"
                keys:
                  small: {env: KEY, requests_per_minute: 60}
                  large: {env: KEY}
              own: {kind: compatible, base_url: "http://127.0.0.1:9/v1", prices: openai}

            """
        return ProviderSet.load(try ProviderFile.read(file), environment: ["KEY": "secret"]).set
    }

    static func request(
        priority: Name? = nil, team: Name? = nil, tokens: Int64 = 100
    ) -> RoutedRequest {
        var dimensions = Dimensions()
        dimensions[.team] = team
        var request = RoutedRequest(
            ledger: LedgerID(1), path: "/v1/chat/completions", isAnthropic: false,
            model: "gpt-4o-mini", dimensions: dimensions)
        request.priority = priority
        request.tokens = tokens
        return request
    }

    static func candidate(_ provider: String, _ key: String? = nil) -> RouteCandidate {
        RouteCandidate(provider: provider, key: key, model: "gpt-4o-mini")
    }

    /// A call that ends as soon as it begins.
    func call(_ candidate: RouteCandidate, _ outcome: CallOutcome) {
        load.began(candidate, for: Self.request())
        load.ended(candidate, for: Self.request(), outcome)
    }
}

final class ManualClock: Sendable {
    private let time = Atomic<Int64>(1_000_000)

    var microseconds: Int64 { time.load(ordering: .relaxed) }

    func advance(by duration: Duration) {
        time.add(duration.wholeMicroseconds, ordering: .relaxed)
    }
}
