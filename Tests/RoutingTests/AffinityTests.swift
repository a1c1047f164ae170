import LedgerModel
import LedgerTesting
import Resilience
import Routing
import Testing

@Suite("Where conversations stay")
struct AffinityTests {
    private func places(
        _ names: [String], _ sessions: [Name], weights: [String: Double] = [:]
    ) -> [String] {
        let driver = Driver(
            names.map { RouteProvider(name: $0) }, choice: weights.isEmpty ? .load : .weights)
        driver.route.weights = weights
        return sessions.compactMap { driver.provider(Driver.request($0)) }
    }

    @Test("only the conversations of a provider that is removed move, and those are its share")
    func removal() {
        let seed = testSeed()
        var random = SeededGenerator(seed: seed)
        for _ in 0..<8 {
            let names = (0..<Int.random(in: 2...8, using: &random)).map { "provider-\($0)" }
            let sessions = (0..<2_000).map { _ in
                Name("s-\(UInt64.random(in: 0...UInt64.max, using: &random))")
            }
            let removed = names[Int.random(in: names.indices, using: &random)]
            let before = places(names, sessions)
            let after = places(names.filter { $0 != removed }, sessions)
            for (old, new) in zip(before, after) where old != removed { #expect(old == new) }
            let share = Double(before.count { $0 == removed }) / 2_000
            let expected = 1 / Double(names.count)
            let deviation = (expected * (1 - expected) / 2_000).squareRoot()
            #expect(abs(share - expected) < 5 * deviation, "\(names.count) providers: \(share)")
        }
    }

    @Test("weights count for conversations as well")
    func weights() {
        let sessions = (0..<10_000).map { Name("s-\($0)") }
        let counts = places(["a", "b"], sessions, weights: ["a": 3, "b": 1])
        #expect(abs(counts.count { $0 == "a" } - 7_500) < 217)
    }

    @Test("two instances choose the same place, whatever their seeds")
    func instances() {
        let one = Driver("a", "b", "c", seed: 1, choice: .load)
        let two = Driver("a", "b", "c", seed: 2, choice: .load)
        for number in 0..<200 {
            let request = Driver.request(Name("s-\(number)"))
            #expect(one.provider(request) == two.provider(request))
        }
    }

    @Test("a conversation moves from a provider that fails, and stays where it moved to")
    func pinning() throws {
        let driver = Driver("a", "b", "c", choice: .load)
        let sessions = (0..<60).map { Driver.request(Name("s-\($0)")) }
        let homes = sessions.map { driver.provider($0) }
        driver.fail("a", .broken, times: 5)
        let moved = sessions.map { driver.provider($0) }
        for (home, now) in zip(homes, moved) {
            #expect(home == "a" ? now != "a" : now == home)
        }
        driver.pass(.seconds(1))
        let probe = RouteCandidate(provider: "a", key: nil, model: "m")
        driver.call(probe, Driver.success(.zero))
        #expect(driver.chooser.standings(at: driver.now).allSatisfy { $0.isClosed })
        #expect(sessions.map { driver.provider($0) } == moved, "their caches are warm there")
        driver.pass(.seconds(3_601))
        #expect(sessions.map { driver.provider($0) } == homes, "no cache keeps them that long")
    }

    @Test("a session goes before the cache key, that before the beginning, that before the API key")
    func hints() {
        func conversation(_ change: (inout RoutedRequest) -> Void) -> UInt64? {
            var request = Driver.request()
            change(&request)
            return request.conversation
        }
        #expect(conversation { _ in } == nil)
        let key = conversation { $0.dimensions[.apiKey] = "k" }
        let prefix = conversation { request in
            request.dimensions[.apiKey] = "k"
            request.affinity.prefix = 7
        }
        let cacheKey = conversation { request in
            request.affinity.prefix = 7
            request.affinity.promptCacheKey = "c"
        }
        let session = conversation { request in
            request.affinity.promptCacheKey = "c"
            request.affinity.session = "s"
        }
        #expect(key != nil && prefix != nil && cacheKey != nil && session != nil)
        #expect(Set([key, prefix, cacheKey, session]).count == 4)
        #expect(session == conversation { $0.affinity.session = "s" })
        #expect(cacheKey == conversation { $0.affinity.promptCacheKey = "c" })
        #expect(prefix == conversation { $0.affinity.prefix = 7 })
        #expect(Driver.request("s", model: "other").conversation != session)
        var embedding = RoutedRequest(
            ledger: LedgerID(1), path: "/v1/embeddings", isAnthropic: false, model: "m",
            dimensions: [.apiKey: "k"])
        embedding.affinity.prefix = 7
        #expect(embedding.conversation == nil, "nothing of it is cached")
    }

    @Test("what was read from caches is counted by whether conversations stayed")
    func counts() throws {
        let driver = Driver("a", "b", choice: .load)
        let request = Driver.request("s")
        func answer(_ input: Int64, _ cached: Int64, _ request: RoutedRequest) throws {
            let candidate = try #require(driver.choose(request)).candidate
            driver.call(
                candidate, for: request, Driver.success(.zero, input: input, cached: cached))
        }
        try answer(1_000, 0, request)
        try answer(2_000, 1_500, request)
        let home = try #require(driver.provider(request))
        driver.fail(home, .broken, times: 5)
        try answer(3_000, 0, request)
        try answer(500, 250, Driver.request())
        let counts = driver.chooser.affinityCounts
        #expect(counts.first.input == 1_000 && counts.first.share == 0)
        #expect(counts.kept.input == 2_000 && counts.kept.share == 0.75)
        #expect(counts.moved.input == 3_000 && counts.moved.cached == 0)
        #expect(counts.unkeyed.calls == 1 && counts.unkeyed.share == 0.5)
    }

    @Test("a route without affinity spreads conversations, and memory is bounded")
    func bounds() {
        let driver = Driver("a", "b", choice: .load)
        driver.route.hasAffinity = false
        var seen: Set<String> = []
        for _ in 0..<100 { seen.insert(driver.provider(Driver.request("s")) ?? "") }
        #expect(seen == ["a", "b"] && driver.chooser.conversationsKnown == 0)
        var small = RouteChooser(
            [RouteProvider(name: "a"), RouteProvider(name: "b")], seed: 1, conversationsMax: 50)
        var route = RoutePolicy(name: "test")
        route.providers = ["a", "b"]
        route.choice = .load
        for number in 0..<1_000 {
            _ = small.choose(
                Driver.request(Name("s-\(number)")), route, at: Moment(microseconds: 1))
            #expect(small.conversationsKnown <= 100)
        }
    }
}
