import LedgerModel
import LoadManagement
import Providers
import Resilience
import Routing
import Synchronization
import Testing

@Suite("The health of providers")
struct HealthTests {
    /// A clock that tests move.
    private final class Clock: Sendable {
        private let now = Mutex(Moment(microseconds: 1_000_000_000))

        func pass(_ time: Duration) { now.withLock { $0 = $0.advanced(by: time) } }

        var clock: LoadClock {
            LoadClock(
                moment: { [self] in now.withLock { $0 } },
                today: { Timestamp(microseconds: 0) })
        }
    }

    private static let file = """
        tally_providers: 1
        providers:
          openai:
            base_url: http://127.0.0.1:9/v1
            keys: {main: {env: KEY}, spare: {env: KEY}}
            health: {every: 5s}
          local:
            kind: compatible
            base_url: http://127.0.0.1:10/v1
            provisioned: true
        """

    private let clock = Clock()

    private func manager(price: LoadManager.PriceQuote? = nil) throws -> LoadManager {
        let set = ProviderSet.load(
            try ProviderFile.read(Self.file), environment: ["KEY": "secret"]
        ).set
        return LoadManager(
            policy: GatewayPolicy(), providers: set, clock: clock.clock, seed: 1, price: price)
    }

    private func request(_ model: String = "m") -> RoutedRequest {
        RoutedRequest(
            ledger: LedgerID(1), path: "/v1/chat/completions", isAnthropic: false, model: model,
            dimensions: [:])
    }

    private func route(_ providers: String..., choice: RoutePolicy.Choice = .order) -> RoutePolicy {
        var route = RoutePolicy(name: "test")
        route.providers = providers
        route.choice = choice
        return route
    }

    private func fail(_ load: LoadManager, _ candidate: RouteCandidate, times: Int = 5) {
        for _ in 0..<times {
            load.began(candidate, for: request())
            load.ended(candidate, for: request(), CallOutcome(failure: .unreachable))
        }
    }

    @Test("a provider that is provisioned is asked first, whatever the order of the route")
    func provisioned() throws {
        let load = try manager()
        let first = try #require(load.choose(request(), route("openai", "local"), tried: []))
        #expect(first.candidate.provider == "local" && first.candidate.key == nil)
        #expect(
            load.candidates(request(), route("openai", "local")).map(\.provider)
                == ["local", "openai", "openai"])
    }

    @Test("a provider that fails is asked for its health, and by a request only when it is well")
    func checks() async throws {
        let load = try manager()
        let route = route("openai")
        let candidate = try #require(load.choose(request(), route, tried: [])).candidate
        let asked = Mutex<[String]>([])
        func check(_ isHealthy: Bool) async {
            await load.checkHealth { provider in
                asked.withLock { $0.append(provider.name) }
                return isHealthy
            }
        }
        await check(true)
        #expect(asked.withLock { $0 } == ["openai"], "the other one has no health in its file")
        fail(load, candidate)
        #expect(load.choose(request(), route, tried: []) == nil)
        let wait = try #require(load.retryAfter(request(), route))
        #expect(wait > .zero && wait <= .seconds(1))
        #expect(load.refusal(request(), route)?.description.contains("has failed of late") == true)
        #expect(load.refusal(request(), self.route("nobody")) == nil)
        clock.pass(.seconds(1))
        await check(false)
        #expect(asked.withLock { $0.count } == 2)
        #expect(load.choose(request(), route, tried: []) == nil)
        clock.pass(.seconds(2))
        await check(true)
        #expect(asked.withLock { $0.count } == 3)
        let probe = try #require(load.choose(request(), route, tried: [])).candidate
        load.began(probe, for: request())
        #expect(load.choose(request(), route, tried: []) == nil, "one request at a time")
        load.ended(probe, for: request(), CallOutcome(status: 200))
        #expect(load.choose(request(), route, tried: []) != nil)
        #expect(load.standings().allSatisfy { $0.isClosed && $0.inFlight == 0 })
    }

    @Test("retries are a share of what is sent first")
    func retries() throws {
        let load = try manager()
        var retries = 0
        while load.mayRetry() { retries += 1 }
        #expect(retries == 10, "the advance")
        for _ in 0..<100 { _ = load.choose(request(), route("openai"), tried: []) }
        while load.mayRetry() { retries += 1 }
        #expect(
            (10 + 9...10 + 11).contains(retries), "the advance is made up for first: \(retries)")
    }

    @Test("a route that chooses by cost asks what each provider would take")
    func cost() throws {
        let load = try manager { _, candidate, prices in
            #expect(prices.string == candidate.provider || candidate.provider == "local")
            return candidate.provider == "openai" ? Picodollars(5) : Picodollars(7)
        }
        var route = route("openai", choice: .cost)
        route.fallbacks = [.init(provider: "local", model: "m")]
        #expect(load.choose(request(), route, tried: [])?.candidate.provider == "openai")
        #expect(load.choose(request(), route, tried: [])?.reason == .cost)
    }
}
