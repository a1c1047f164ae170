import LedgerModel
import LedgerTesting
import Testing

@Suite("What an optimization counts")
struct OptimizationTests {
    private static let now = Timestamp(year: 2026, month: 11, day: 24)

    private func event(
        before: Int64? = 18_661, after: Int64? = 11_575,
        _ stages: [(stage: Name, saved: Int64)] = [("json_minify", 6_986)],
        lossy: [(stage: Name, saved: Int64)] = [("extract", 100)]
    ) throws -> Event {
        let time = EncodingTests.request.occurredAt
        var event = Event(id: EncodingTests.request.id, kind: .promptOptimized, occurredAt: time)
        event.causeID = EncodingTests.request.id
        event.dimensions = [.app: "search", .provider: "openai", .model: "gpt-4o-mini"]
        event.optimization.tokensBefore = before
        event.optimization.tokensAfter = after
        event.optimization.usefulOutputTokens = 340
        event.quality = 998_000
        if !stages.isEmpty { event.optimization.stages = try StageSavings(stages) }
        if !lossy.isEmpty { event.optimization.lossyStages = try StageSavings(lossy) }
        return event
    }

    private func leaf(_ event: Event) -> String? {
        var image = EventImage()
        image.append(event)
        var hasher = LeafHasher()
        return hasher.leaf(of: image.buffer)?.description
    }

    @Test("the new fields hash to golden leaves, computed from docs/encoding.md elsewhere")
    func golden() throws {
        #expect(
            leaf(try event())
                == "1c505e7a438502d12ed5e28ee27c8f4ef466e410f666fb54335110a7240a46b9")
        var saving = Event(
            id: EncodingTests.request.id, kind: .savingRated,
            occurredAt: EncodingTests.request.occurredAt)
        saving.causeID = saving.id
        saving.bookID = saving.id
        saving.saved = Picodollars(1_062_900_000)
        #expect(
            leaf(saving) == "11f003d40b76f7519cbc3dbc4eb2a72838de9bab4ec16b160fa723655d86abf3")
    }

    private func refusal(_ event: Event) -> String? {
        do {
            try event.validate(at: Self.now)
            return nil
        } catch {
            return error.description
        }
    }

    @Test("counts that contradict each other are refused with both numbers")
    func contradictions() throws {
        #expect(refusal(try event()) == nil)
        #expect(
            refusal(try event(after: 11_000))
                == "the stages save 7086 tokens in all, but tokens_before - tokens_after is 7661"
        )
        #expect(refusal(try event(after: nil))?.hasPrefix("send both tokens_before") == true)
        #expect(
            refusal(try event([("extract", 6_986)]))
                == "extract is in both stages and lossy_stages: a stage is one or the other")
        #expect(refusal(try event(before: -1))?.hasPrefix("tokens_before is -1") == true)
        var useful = try event()
        useful.usage = [.outputTokens: 339]
        #expect(refusal(useful) == "useful_output_tokens is 340, more than the 339 output_tokens")
        var request = try event()
        request.kind = .requestCompleted
        #expect(refusal(request)?.contains("do not apply to a request.completed") == true)
        request.optimization = PromptOptimization()
        #expect(refusal(request) == nil, "a request may be judged")
        request.quality = 1_000_001
        #expect(refusal(request) == "quality is 1.000001: expected a number from 0 to 1")
        request.kind = .cacheHit
        #expect(refusal(request)?.hasPrefix("quality does not apply to a cache.hit") == true)
    }

    @Test("stages read back from their canonical form, and from no other")
    func stages() throws {
        let stages = try StageSavings([("z\"", -3), ("a", 12)])
        #expect(stages.canonicalJSON == #"{"a":12,"z\"":-3}"#)
        #expect(StageSavings(canonicalJSON: stages.canonicalJSON) == stages)
        for other in [
            #"{"z":1,"a":2}"#, #"{"a":01}"#, #"{"a":-0}"#, #"{"a":1 }"#, #"{"a":"1"}"#, "{}", "[]",
            #"{"a":1,"a":1}"#, #"{"a":}"#, #"{"a":99999999999999999999}"#,
        ] {
            #expect(StageSavings(canonicalJSON: other) == nil, "\(other)")
        }
        #expect(throws: StageSavings.Refusal.twice("a")) {
            try StageSavings([("a", 1), ("a", 2)])
        }
    }

    @Test("the numbers of an optimizer's result make a valid event")
    func fromResult() throws {
        let counts = try PromptOptimization(
            tokensBefore: 1_000, tokensAfter: 400,
            stages: [("minify", 100, true), ("extract", 450, false), ("minify", 50, true)])
        #expect(counts.stages == (try StageSavings([("minify", 150)])))
        #expect(counts.isLossless == false && counts.tokensSaved == 600)
        let event = Event(
            optimized: counts, id: EncodingTests.request.id,
            at: EncodingTests.request.occurredAt, dimensions: [.app: "search"])
        #expect(refusal(event) == nil)
    }
}
