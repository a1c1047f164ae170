import Caching
import LedgerModel
import Testing

@Suite("Decisions about caching")
struct DecisionTests {
    private func request(
        _ body: String = #"{"model":"gpt-x","temperature":0}"#,
        _ dialect: RequestDialect = .chatCompletions
    ) throws -> CanonicalRequest {
        try CanonicalRequest(Array(body.utf8), dialect: dialect)
    }

    @Test("headers are read: words, values, quotation marks, spaces, several at once")
    func headers() throws {
        let both = try CacheDirectives(
            cacheControl: " Max-Age=\"60\" , no-cache,x-unknown=1", tallyCache: "ttl = 7, random")
        #expect(both.maxAge == 60 && both.skipsReading && !both.skipsStoring)
        #expect(both.secondsToLive == 7 && both.acceptsRandom)
        let none = try CacheDirectives(cacheControl: nil, tallyCache: "")
        #expect(none == CacheDirectives())
        let off = try CacheDirectives(cacheControl: "no-store", tallyCache: nil)
        #expect(off.skipsReading && off.skipsStoring)
        let long = try CacheDirectives(
            cacheControl: "max-age=99999999999999999999", tallyCache: nil)
        #expect(long.maxAge == TimeToLive.secondsMax, "as RFC 9111 has it")
    }

    @Test(
        "absurd times and unknown words are refused",
        arguments: [
            "ttl=0", "ttl=-1", "ttl=1e9", "ttl=99999999999999999999", "ttl", "ttl=", "tll=5",
        ])
    func refused(_ header: String) {
        #expect(throws: CacheFault.self) {
            try CacheDirectives(cacheControl: nil, tallyCache: header)
        }
        #expect(throws: CacheFault.self) {
            try CacheDirectives(cacheControl: "max-age=soon", tallyCache: nil)
        }
        #expect(throws: CacheFault.self) { try TimeToLive.Rule(seconds: 1 << 40) }
    }

    @Test("random and dependent requests are cached only when somebody asks for it")
    func decisions() throws {
        let random = try request(#"{"model":"m"}"#)
        let dependent = try request(#"{"temperature":0,"tools":[{"type":"mcp"}]}"#, .responses)
        var asked = CacheDirectives()
        #expect(CacheDecision(for: random, asked).reason == .random)
        #expect(CacheDecision(for: dependent, asked).reason == .dependsOn("mcp"))
        #expect(try CacheDecision(for: request(), asked).mayStore)
        #expect(try CacheDecision(for: request("{}", .embeddings), asked).mayRead)
        asked.acceptsRandom = true
        #expect(CacheDecision(for: random, asked).mayRead)
        var route = CacheDirectives()
        route.acceptsRandom = true
        #expect(CacheDecision(for: random, CacheDirectives(), route: route).mayStore)
        route.skipsStoring = true
        let decision = CacheDecision(for: random, asked, route: route)
        #expect(decision.mayRead && !decision.mayStore)
    }

    @Test("an answer older than the caller accepts is not for it")
    func age() throws {
        let start = Timestamp(year: 2026, month: 11, day: 30)
        let answer = CachedAnswer(body: [], check: .zero, storedAt: start, expiresAt: start)
        var asked = CacheDirectives()
        let later = start.advanced(byMicroseconds: 60_000_001)
        #expect(try CacheDecision(for: request(), asked).accepts(answer, at: later))
        asked.maxAge = 60
        let decision = try CacheDecision(for: request(), asked)
        #expect(decision.accepts(answer, at: start.advanced(byMicroseconds: 60_000_000)))
        #expect(!decision.accepts(answer, at: later))
    }

    @Test("the first rule that covers a request says how long its answer lives")
    func rules() throws {
        let times = TimeToLive(
            rules: [
                try .init(dialect: .messages, seconds: 5), try .init(model: "gpt-*", seconds: 6),
                try .init(model: "m", seconds: 7),
            ], standardSeconds: 8)
        #expect(try times.seconds(for: request()) == 6)
        #expect(try times.seconds(for: request(#"{"model":"gpt-x"}"#, .messages)) == 5)
        #expect(try times.seconds(for: request(#"{"model":"m"}"#)) == 7)
        #expect(try times.seconds(for: request(#"{"model":"mm"}"#)) == 8)
        #expect(try TimeToLive.standard.seconds(for: request("{}", .embeddings)) == 2_592_000)
    }

    @Test("jitter takes up to a tenth, the same for a key each time")
    func jitter() {
        let times = (0..<1_000).map {
            TimeToLive.jittered(10_000, for: CacheKey(number: UInt64($0)))
        }
        #expect(times.allSatisfy { (9_000...10_000).contains($0) })
        #expect(Set(times).count > 500)
        #expect(TimeToLive.jittered(1, for: CacheKey(number: 1)) == 1)
        #expect(
            times[7] == TimeToLive.jittered(10_000, for: CacheKey(number: 7)))
    }

    @Test("only what was answered in full, by the model that was asked, is kept")
    func storability() throws {
        let request = try request()
        let decision = CacheDecision(for: request, CacheDirectives())
        let key = CacheKey(number: 1)
        func verdict(_ change: (inout AnswerFacts) -> Void) -> Storability {
            var facts = AnswerFacts(status: 200, isComplete: true, finishReasons: ["stop"])
            change(&facts)
            return Storability.of(facts, to: request, decision, key: key)
        }
        #expect(verdict { _ in } == .store(seconds: TimeToLive.jittered(86_400, for: key)))
        #expect(verdict { $0.status = 500 } == .skip(.status(500)))
        #expect(verdict { $0.status = 206 } == .skip(.status(206)))
        #expect(verdict { $0.isComplete = false } == .skip(.aborted))
        #expect(verdict { $0.isFallback = true } == .skip(.fallback))
        #expect(verdict { $0.finishReasons = ["stop", "length"] } == .skip(.unfinished("length")))
        #expect(verdict { $0.finishReasons = ["refusal"] } == .skip(.unfinished("refusal")))
        #expect(verdict { $0.finishReasons = [] } == .skip(.unfinished("")))
        #expect(verdict { $0.cacheControl = "no-store" } == .skip(.forbidden))
        #expect(
            verdict { $0.cacheControl = "private, max-age=60" }
                == .store(seconds: TimeToLive.jittered(60, for: key)))
        let random = try self.request(#"{"model":"m"}"#)
        let skipped = Storability.of(
            AnswerFacts(status: 200, isComplete: true, finishReasons: ["stop"]), to: random,
            CacheDecision(for: random, CacheDirectives()), key: key)
        #expect(skipped == .skip(.notAsked))
    }
}
