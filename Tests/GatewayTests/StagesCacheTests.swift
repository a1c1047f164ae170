import CacheServing
import Caching
import Estimates
import EventStore
import Gateway
import HTTPTypes
import JSON
import LedgerModel
import NIOCore
import Prompts
import Routing
import Testing

@Suite("Stages that need no call", .timeLimit(.minutes(1)))
struct StagesCacheTests {
    private static let cached = StagesBench.route { $0.isCached = true }

    private static func answer(_ text: String = "hello") -> [UInt8] {
        Array(
            """
            {"id":"chatcmpl-1","object":"chat.completion","created":1764508800,\
            "model":"gpt-4o-mini","choices":[{"index":0,"message":{"role":"assistant",\
            "content":"\(text)"},"finish_reason":"stop"}],"usage":{"prompt_tokens":9,\
            "completion_tokens":3,"total_tokens":12}}
            """.utf8)
    }

    private static func fetched(
        _ request: GatewayRequest, _ text: String = "hello"
    ) -> FetchedAnswer {
        FetchedAnswer(
            answer(text), contentType: "application/json", provider: "openai",
            requestID: request.id)
    }

    private static func events(
        _ ledger: PostgresLedger, _ kind: EventKind
    ) async throws -> [Event] {
        try await ledger.events(after: 0, limit: 1_000).map(\.event).filter { $0.kind == kind }
    }

    @Test("the answer of a miss is kept, and given to the next in its own form")
    func missAndHit() async throws {
        try await StagesBench.withLedger { bench, ledger in
            let first = bench.request()
            let miss = try await bench.stages.lookup(first, Self.cached)
            #expect(miss.headers[.tallyCache] == "miss" && miss.wantsAnswer)
            await bench.stages.store(Self.fetched(first), for: miss)
            let streamed = StagesBench.chat.dropLast() + ",\"stream\":true}"
            let hit = try await bench.stages.lookup(
                bench.request(String(streamed)), Self.cached)
            guard case .answer(let found) = hit else {
                Issue.record("\(hit) is no hit")
                return
            }
            #expect(hit.headers[.tallyCache] == "hit" && !hit.wantsAnswer)
            #expect(hit.headers[.tallyCacheKey] == miss.headers[.tallyCacheKey])
            #expect(found.contentType == "text/event-stream" && found.refresh == nil)
            #expect(String(buffer: found.body).contains(#""content":"hello""#))
            let booked = try await Self.events(ledger, .cacheHit)
            #expect(booked.map(\.causeID) == [first.id])
        }
    }

    @Test("answers of fallbacks, errors and what broke off are not kept, and their turn ends")
    func notKept() async throws {
        try await StagesBench.withLedger { bench, _ in
            let changes: [(inout FetchedAnswer) -> Void] = [
                { $0.status = 500 }, { $0.isComplete = false }, { $0.isFallback = true },
            ]
            for change in changes {
                let request = bench.request()
                let step = try await bench.stages.lookup(request, Self.cached)
                #expect(step.headers[.tallyCache] == "miss" && step.wantsAnswer)
                var answer = Self.fetched(request)
                change(&answer)
                await bench.stages.store(answer, for: step)
            }
            let step = try await bench.stages.lookup(bench.request(), Self.cached)
            bench.stages.abandon(step)
            let again = try await bench.stages.lookup(bench.request(), Self.cached)
            #expect(again.wantsAnswer, "a turn that was given back is free")
        }
    }

    @Test("callers decide whether the cache is asked")
    func directives() async throws {
        try await StagesBench.withLedger { bench, _ in
            func step(_ words: String) async throws -> CacheStep {
                try await bench.stages.lookup(
                    bench.request(headers: [.tallyCache: words]), Self.cached)
            }
            let off = try await step("off")
            #expect(off.headers[.tallyCache] == "off" && !off.wantsAnswer)
            await #expect(throws: OnlyIfCached.self) { try await step("only") }
            await #expect(throws: CacheFault.self) { try await step("sometimes") }
            let unknown = try await bench.stages.lookup(
                bench.request(#"{"model":"m"}"#, .countTokens), Self.cached)
            #expect(unknown.headers[.tallyCache] == "off")
        }
    }

    @Test("an answer past its time is given, and fetched anew in the background by one")
    func stale() async throws {
        var rule = CacheRule(name: "short")
        (rule.seconds, rule.staleSeconds) = (60, 6_000)
        try await StagesBench.withLedger(rules: [rule]) { bench, _ in
            let first = bench.request()
            let miss = try await bench.stages.lookup(first, Self.cached)
            await bench.stages.store(Self.fetched(first), for: miss)
            bench.clock.advance(bySeconds: 600)
            let request = bench.request()
            let stale = try await bench.stages.lookup(request, Self.cached)
            let other = try await bench.stages.lookup(bench.request(), Self.cached)
            guard case .answer(let old) = stale, case .answer(let second) = other else {
                Issue.record("\(stale) and \(other) are no answers")
                return
            }
            #expect(stale.headers[.tallyCache] == "stale")
            #expect(old.refresh != nil && second.refresh == nil)
            bench.stages.refresh(old) { step in
                await bench.stages.store(Self.fetched(request, "news"), for: step)
            }
            bench.stages.refresh(second) { _ in Issue.record("two fetch the same answer") }
            await bench.stages.drain(within: .seconds(10))
            let fresh = try await bench.stages.lookup(bench.request(), Self.cached)
            guard case .answer(let new) = fresh else {
                Issue.record("\(fresh) is no answer")
                return
            }
            #expect(fresh.headers[.tallyCache] == "hit")
            #expect(String(buffer: new.body).contains("news"))
        }
    }

    @Test("who shares a call books a hit of the tier flight, and pays nothing")
    func flightHits() async throws {
        try await StagesBench.withLedger { bench, ledger in
            let route = StagesBench.route { $0.coalesces = true }
            let calls = HeldCalls()
            let (first, second) = (bench.request(), bench.request())
            let leader = try await bench.stages.shared(first, route, call: calls.stream)
            let follower = try await bench.stages.shared(second, route, call: calls.stream)
            calls.open()
            _ = try await (leader.answer.text(), follower.answer.text())
            let hits = try await Self.events(ledger, .cacheHit)
            #expect(hits.count == 1)
            let hit = try #require(hits.first)
            #expect(hit.detail?["tier"] == "flight" && hit.causeID == first.id)
            #expect(hit.usage.value(.outputTokens) == 20 && hit.dimensions[.team] == "growth")
            #expect(hit.dimensions[.model] == "gpt-4o-mini")
            let saved = try await Self.events(ledger, .savingRated)
            #expect(saved.count == 1)
            let charged = try await Self.events(ledger, .chargeRated)
            #expect(charged.isEmpty, "the leader's call books its own charge")
        }
    }

    // MARK: Prompts

    private static let table = #"{\n    \"rows\": [\n        1,\n        2\n    ]\n}"#
    private static var long: String {
        let text = "Add these up:\\n\\n" + String(repeating: table + "\\n\\n", count: 5)
        return #"{"model":"gpt-4o-mini","stop":["x"],"messages":[{"role":"user","content":""#
            + text + #""}]}"#
    }

    @Test("a route's stages make prompts shorter, say what that saves, and change nothing else")
    func optimize() async throws {
        let bench = try StagesBench()
        let route = StagesBench.route { $0.isOptimized = ["json-minify"] }
        var request = bench.request(Self.long)
        let before = request.body
        let event = try #require(try await bench.stages.optimize(&request, route))
        #expect(event.kind == .promptOptimized && event.causeID == request.id)
        #expect(request.body.count < before.count)
        let body = try JSONTree(parsing: request.body)
        #expect(body["stop"]?.items?.count == 1 && body == request.json)
        let text = try #require(body["messages"]?.items?.first?["content"]?.string)
        #expect(text.contains(#"{"rows":[1,2]}"#) && text.hasPrefix("Add these up:"))
        var short = bench.request()
        #expect(try await bench.stages.optimize(&short, route) == nil)
        #expect(short.body == Array(StagesBench.chat.utf8))
    }

    @Test("lossy stages need the route's word, and unknown ones are refused")
    func wishes() throws {
        func wish(_ names: String...) throws -> [String]? {
            try SavingStages.wish(of: StagesBench.route { $0.isOptimized = names })?.stages
        }
        #expect(try wish() == nil)
        #expect(try wish("whitespace", "json-minify") == ["whitespace", "json-minify"])
        #expect(throws: OptimizationRefusal.lossyNotAllowed(.html)) { try wish("html") }
        #expect(try wish("html", "lossy") == ["html"])
        #expect(throws: (any Error).self) { try wish("minify-json") }
    }
}
