import LedgerModel
import LedgerTesting
import Resilience
import Routing
import Testing

@Suite("Who is asked")
struct ChooserTests {
    private func keyed(_ name: String, _ keys: String...) -> RouteProvider {
        RouteProvider(name: name, keys: keys.map { .init(name: $0) })
    }

    // MARK: Candidates

    @Test(
        "without a list those are asked that know the model, or the first that speaks the dialect")
    func knowing() {
        let providers = [
            RouteProvider(name: "a"), RouteProvider(name: "claude", isAnthropic: true),
            RouteProvider(name: "b", aliases: ["big": "big-1"]),
            RouteProvider(name: "c", aliases: ["big": "big-2"]),
        ]
        let driver = Driver(providers)
        driver.route.providers = []
        func names(_ request: RoutedRequest) -> [String] {
            driver.chooser.candidates(request, driver.route).map { "\($0.provider)/\($0.model)" }
        }
        #expect(names(Driver.request(model: "big")) == ["b/big-1", "c/big-2"])
        #expect(names(Driver.request(model: "small")) == ["a/small"])
        let message = RoutedRequest(
            ledger: LedgerID(1), path: "/v1/messages", isAnthropic: true, model: "big",
            dimensions: [:])
        #expect(names(message) == ["claude/big"])
        var asked = Driver.request(model: "big")
        asked.provider = "a"
        #expect(driver.choose(asked)?.candidate.provider == "a")
        #expect(driver.choose(asked)?.reason == .asked)
        asked.provider = "claude"
        #expect(driver.choose(asked) == nil, "it speaks another dialect")
        asked.provider = "nobody"
        #expect(driver.choose(asked) == nil)
    }

    @Test("the order of a route, then other models, then once more whoever failed by chance")
    func order() throws {
        let driver = Driver("a", "b", "c")
        driver.route.providers = ["b", "a"]
        driver.route.fallbacks = [.init(provider: "c", model: "small")]
        let first = try #require(driver.choose())
        #expect(first.candidate.provider == "b" && first.reason == .order)
        driver.fail(first.candidate, .broken)
        let second = try #require(driver.choose(tried: [first.candidate]))
        #expect(second.candidate.provider == "a" && second.reason == .fallback)
        driver.fail(second.candidate, .lost)
        let both = [first.candidate, second.candidate]
        let third = try #require(driver.choose(tried: both))
        #expect(third.candidate.model == "small" && third.candidate.isFallback)
        driver.fail(third.candidate, .broken)
        let again = try #require(driver.choose(tried: both + [third.candidate]))
        #expect(again.candidate == first.candidate, "once more, from the beginning")
        #expect(driver.choose(tried: both + [third.candidate], mayRepeat: false) == nil)
    }

    @Test("what is the request's own fault is not tried again")
    func refused() throws {
        let driver = Driver("a")
        let first = try #require(driver.choose())
        driver.fail(first.candidate, .refused, status: 400)
        #expect(driver.choose(tried: [first.candidate]) == nil)
        #expect(driver.choose() != nil, "another request may go there")
    }

    @Test("after a failure of a provider its other keys come last")
    func otherKeys() throws {
        let driver = Driver([keyed("a", "k1", "k2"), RouteProvider(name: "b")])
        let first = try #require(driver.choose())
        #expect(first.candidate.provider == "a")
        driver.fail(first.candidate, .broken, status: 500)
        let second = try #require(driver.choose(tried: [first.candidate]))
        #expect(second.candidate.provider == "b")
        let third = try #require(driver.choose(tried: [first.candidate, second.candidate]))
        #expect(third.candidate.provider == "a" && third.candidate.key != first.candidate.key)
    }

    // MARK: Pauses, keys, provisioned throughput

    @Test("a key that was told to wait is left alone for that time, its neighbour is not")
    func pauses() throws {
        let driver = Driver([keyed("a", "k1", "k2")])
        let first = try #require(driver.choose())
        driver.fail(first.candidate, .limited, status: 429, retryAfter: .seconds(30))
        let other = try #require(driver.choose(tried: [first.candidate])).candidate
        #expect(other.provider == "a" && other.key != first.candidate.key)
        for _ in 0..<20 { #expect(driver.choose()?.candidate == other) }
        driver.fail(other, .limited, status: 429, retryAfter: .seconds(30))
        #expect(driver.choose() != nil, "a fresh request asks all the same, and hears it itself")
        #expect(driver.choose(tried: [other]) == nil, "one that failed already doesn't")
        driver.pass(.seconds(31))
        var seen: Set<RouteCandidate> = []
        for _ in 0..<60 { if let next = driver.choose() { seen.insert(next.candidate) } }
        #expect(seen.count == 2)
    }

    @Test("provisioned throughput is taken first, and others while it has none")
    func provisioned() throws {
        let driver = Driver([
            RouteProvider(name: "list"),
            RouteProvider(
                name: "azure",
                keys: [.init(name: "ptu", isProvisioned: true), .init(name: "paid")]),
        ])
        let first = try #require(driver.choose())
        #expect(first.candidate.key == "ptu" && first.reason == .order)
        driver.fail(first.candidate, .limited, status: 429, retryAfter: .seconds(5))
        let spilled = try #require(driver.choose())
        #expect(spilled.candidate.provider == "list" && spilled.reason == .fallback)
        driver.pass(.seconds(6))
        #expect(driver.choose()?.candidate.key == "ptu")
        driver.surroundings.hasRoom = { $0.key != "ptu" }
        #expect(driver.choose()?.candidate.provider == "list", "its limit is reached")
        driver.surroundings.hasRoom = { _ in false }
        #expect(driver.choose() == nil)
    }

    @Test("a key that is refused is left alone, whatever its provider does")
    func deniedKeys() throws {
        let driver = Driver([keyed("a", "k1", "k2")])
        let key = RouteCandidate(provider: "a", key: "k1", model: "m")
        driver.fail(key, .denied, status: 401, times: 3)
        for _ in 0..<20 { #expect(driver.choose()?.candidate.key == "k2") }
        let standings = driver.chooser.standings(at: driver.now)
        #expect(standings.map(\.isKeyClosed) == [false, true])
        #expect(standings.allSatisfy { $0.isClosed }, "the provider itself is well")
        driver.fail(
            RouteCandidate(provider: "a", key: "k2", model: "m"), .denied, status: 404, times: 9)
        #expect(driver.choose() != nil, "that a model is missing says nothing of a key")
    }

    @Test("keys are taken by what is left of their limits")
    func room() {
        let keys = [
            RouteProvider.Key(name: "small", tokensPerMinute: 10_000),
            RouteProvider.Key(name: "large", tokensPerMinute: 90_000),
        ]
        let driver = Driver([RouteProvider(name: "a", keys: keys)], seed: testSeed())
        var counts: [String: Int] = [:]
        var request = Driver.request()
        request.tokens = 100
        for _ in 0..<1_000 {
            guard let candidate = driver.choose(request)?.candidate else { continue }
            counts[candidate.key ?? "", default: 0] += 1
            driver.call(candidate, for: request, Driver.success(.milliseconds(100)))
            driver.pass(.milliseconds(100))
        }
        #expect(counts["large", default: 0] > 3 * counts["small", default: 0], "\(counts)")
        #expect(counts["small", default: 0] > 20, "\(counts)")
    }

    // MARK: Breakers

    @Test("a provider that fails is left alone, then tried by one request, which decides")
    func breaker() throws {
        let driver = Driver("a", "b")
        driver.fail("a", .broken, times: 5)
        #expect(driver.provider() == "b")
        #expect(driver.chooser.standings(at: driver.now).map(\.isClosed) == [false, true])
        #expect(driver.chooser.standings(at: driver.now).map(\.openings) == [1, 0])
        driver.pass(.seconds(1))
        let probe = try #require(driver.choose())
        #expect(probe.candidate.provider == "a")
        driver.chooser.began(probe.candidate, for: Driver.request(), at: driver.now)
        #expect(driver.provider() == "b", "one at a time")
        driver.chooser.ended(
            probe.candidate, for: Driver.request(), Driver.success(.zero), at: driver.now)
        #expect(driver.provider() == "a")
    }

    @Test("a call from before the outage doesn't end it, and a failed probe makes it longer")
    func oldCalls() throws {
        let driver = Driver("a")
        let candidate = try #require(driver.choose()).candidate
        let request = Driver.request()
        driver.chooser.began(candidate, for: request, at: driver.now)
        driver.pass(.seconds(20))
        driver.fail("a", .broken, times: 5)
        #expect(driver.choose() == nil)
        let opening = try #require(driver.chooser.opensAgain(request, driver.route))
        #expect(opening > driver.now)
        driver.pass(.seconds(1))
        driver.chooser.began(candidate, for: request, at: driver.now)
        driver.chooser.ended(candidate, for: request, Driver.success(.seconds(21)), at: driver.now)
        #expect(driver.choose() == nil, "the probe is still under way")
        var outcome = CallOutcome(failure: .broken)
        outcome.latency = .zero
        driver.chooser.ended(candidate, for: request, outcome, at: driver.now)
        driver.pass(.seconds(1))
        #expect(driver.choose() == nil, "the second time is longer")
        driver.pass(.seconds(1))
        #expect(driver.choose() != nil)
    }

    @Test("with checks of health no request has to try a provider that fails")
    func checks() throws {
        let driver = Driver([
            RouteProvider(name: "a", checkedEvery: .seconds(10)), RouteProvider(name: "b"),
        ])
        #expect(driver.chooser.dueForHealth(at: driver.now) == ["a"])
        #expect(driver.chooser.dueForHealth(at: driver.now) == [], "one check at a time")
        driver.chooser.checked("a", isHealthy: true, at: driver.now)
        driver.fail("a", .unreachable, times: 5)
        driver.pass(.seconds(1))
        #expect(driver.provider() == "b")
        #expect(driver.chooser.dueForHealth(at: driver.now) == ["a"])
        driver.chooser.checked("a", isHealthy: false, at: driver.now)
        driver.pass(.seconds(1))
        #expect(driver.chooser.dueForHealth(at: driver.now) == [], "it waits for longer")
        driver.pass(.seconds(1))
        #expect(driver.chooser.dueForHealth(at: driver.now) == ["a"])
        driver.chooser.checked("a", isHealthy: true, at: driver.now)
        #expect(driver.provider() == "a", "one request may try it now")
    }

    @Test("a silent provider is found by its checks before a request finds it")
    func silent() {
        let driver = Driver([
            RouteProvider(name: "a", checkedEvery: .seconds(10)), RouteProvider(name: "b"),
        ])
        for _ in 0..<2 {
            #expect(driver.provider() == "a")
            #expect(driver.chooser.dueForHealth(at: driver.now) == ["a"])
            driver.chooser.checked("a", isHealthy: false, at: driver.now)
            driver.pass(.seconds(10))
        }
        #expect(driver.provider() == "b")
    }

    // MARK: Policies

    @Test("by cost, latency and quality the best is asked, and the next if it fails")
    func policies() throws {
        let driver = Driver("a", "b", "c", choice: .cost)
        let costs = ["a": 3.0, "b": 1, "c": 2]
        driver.surroundings.cost = { costs[$0.provider] }
        let cheapest = try #require(driver.choose())
        #expect(cheapest.candidate.provider == "b" && cheapest.reason == .cost)
        driver.fail(cheapest.candidate, .broken)
        #expect(driver.choose(tried: [cheapest.candidate])?.candidate.provider == "c")
        driver.route.choice = .quality
        driver.route.qualities = ["a": 0.2, "c": 0.9]
        #expect(driver.choose()?.candidate.provider == "c")
        #expect(driver.choose()?.reason == .quality)
        driver.route.choice = .latency
        for (name, time) in [("a", 300), ("b", 200), ("c", 100)] {
            driver.call(
                RouteCandidate(provider: name, key: nil, model: "m"),
                Driver.success(.milliseconds(time)))
        }
        #expect(driver.choose()?.candidate.provider == "c")
        #expect(driver.choose()?.reason == .latency)
        driver.call(
            RouteCandidate(provider: "c", key: nil, model: "m"), Driver.success(.seconds(60)))
        #expect(driver.choose()?.candidate.provider == "b", "it became slow")
    }

    @Test("requests are shared in the proportion of weights")
    func weights() {
        let seed = testSeed()
        let driver = Driver("a", "b", "c", seed: seed, choice: .weights)
        driver.route.weights = ["a": 3, "b": 1]
        var counts: [String: Int] = [:]
        for _ in 0..<10_000 { counts[driver.provider() ?? "", default: 0] += 1 }
        // Five standard deviations.
        #expect(abs(counts["a", default: 0] - 7_500) < 217, "\(counts)")
        #expect(counts["c"] == nil, "a provider without a weight is not asked")
        driver.fail("a", .broken, times: 5)
        #expect(driver.provider() == "b")
    }

    @Test("the power of two choices is faster than chance where providers differ")
    func ofTwo() {
        let seed = testSeed()
        func mean(_ choice: RoutePolicy.Choice) -> Double {
            let driver = Driver("a", "b", "c", "d", seed: seed, choice: choice)
            driver.route.weights = ["a": 1, "b": 1, "c": 1, "d": 1]
            var random = SeededGenerator(seed: seed)
            var simulation = LoadSimulation(service: ["a": 100, "b": 100, "c": 100, "d": 400])
            for _ in 0..<4_000 {
                simulation.request(driver, after: Double.random(in: 0..<80, using: &random))
            }
            return simulation.meanLatency
        }
        let (byTwo, byChance) = (mean(.load), mean(.weights))
        #expect(byTwo < 0.8 * byChance, "\(byTwo) ms against \(byChance) ms")
    }
}

/// Providers that become slower with every call that they have under way.
private struct LoadSimulation {
    /// The time of a call that is alone, in milliseconds.
    let service: [String: Double]
    private var running: [(end: Moment, candidate: RouteCandidate, latency: Duration)] = []
    private var inFlight: [String: Int] = [:]
    private var (sum, count) = (0.0, 0.0)

    init(service: [String: Double]) { self.service = service }

    var meanLatency: Double { sum / count }

    mutating func request(_ driver: Driver, after milliseconds: Double) {
        driver.pass(.microseconds(Int64(milliseconds * 1_000)))
        running.sort { $0.end > $1.end }
        while let last = running.last, last.end <= driver.now {
            running.removeLast()
            inFlight[last.candidate.provider, default: 0] -= 1
            driver.chooser.ended(
                last.candidate, for: Driver.request(), Driver.success(last.latency), at: last.end)
        }
        guard let candidate = driver.choose()?.candidate else { return }
        driver.chooser.began(candidate, for: Driver.request(), at: driver.now)
        let others = inFlight[candidate.provider, default: 0]
        let latency = service[candidate.provider, default: 0] * Double(others + 1)
        inFlight[candidate.provider] = others + 1
        let time = Duration.microseconds(Int64(latency * 1_000))
        running.append((driver.now.advanced(by: time), candidate, time))
        sum += latency
        count += 1
    }
}
