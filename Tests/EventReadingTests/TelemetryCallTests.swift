import EventReading
import LedgerModel
import Testing

/// By what other reports of the same call are recognized, and where no usage is told.
@Suite("Where a report of a call comes from")
struct TelemetryCallTests {
    private static let chat: Attributes = [
        "gen_ai.operation.name": "chat", "gen_ai.provider.name": "openai",
        "gen_ai.request.model": "gpt-4o", "gen_ai.response.id": "chatcmpl-1",
        "gen_ai.usage.input_tokens": 12, "gen_ai.usage.output_tokens": 3,
    ]

    @Test("a span keeps its trace, its id, its parent, its scope and the id of the answer")
    func span() throws {
        let child = SpanSample(Self.chat).with { $0.parent = [1, 2, 3, 4, 5, 6, 7, 8] }
        let event = try spanEvent(child, scope: "an.instrumentation")
        #expect(event.origin.traceID == "0af7651916cd43dd8448eb211c80319c")
        #expect(event.origin.spanID == "b7ad6b7169203331")
        #expect(event.origin.parentSpanID == "0102030405060708")
        #expect(event.origin.scope == "an.instrumentation")
        #expect(event.origin.responseID == "chatcmpl-1")
        #expect(try spanEvent(SpanSample(Self.chat)).origin.parentSpanID == nil)
    }

    @Test("an id too long to keep is left out, and the call is kept")
    func longID() throws {
        var attributes = Self.chat
        attributes.pairs[3].value = .text(String(repeating: "x", count: 600))
        #expect(try spanEvent(SpanSample(attributes)).origin.responseID == nil)
    }

    @Test("a log record lies in its span")
    func log() throws {
        let sample = TraceSample(spans: [SpanSample(Self.chat)])
        let settings = try TelemetrySettings(map: nil, ignore: nil, exclusive: nil, logs: "all")
        let event = try #require(
            try TelemetryResult(sample.logs(), .logs, .protobuf, settings).items.first?.event)
        #expect(event.origin.spanID == nil)
        #expect(event.origin.parentSpanID == "b7ad6b7169203331")
    }

    @Test("OpenInference names the answer's id only in the answer")
    func openInference() throws {
        let answer: Attributes = [
            "openinference.span.kind": "LLM", "llm.provider": "openai",
            "llm.model_name": "gpt-4o", "llm.token_count.prompt": 12,
            "llm.token_count.completion": 3,
            "output.value": #"{"id":"chatcmpl-1","object":"chat.completion"}"#,
        ]
        let scope = "openinference.instrumentation.openai"
        #expect(try spanEvent(SpanSample(answer), scope: scope).origin.responseID == "chatcmpl-1")
        #expect(try spanEvent(SpanSample(answer), scope: "another").origin.responseID == nil)
    }

    @Test("a count of tokens before the call is no call")
    func countTokens() throws {
        var attributes = Self.chat
        attributes.pairs[0].value = "count_tokens"
        #expect(try telemetry(TraceSample(spans: [SpanSample(attributes)])).tally.ignored == 1)
    }

    @Test("the anthropic SDK's own span of a count of tokens has a name, and no operation")
    func countTokensByName() throws {
        let span = SpanSample([
            "gen_ai.provider.name": "anthropic", "gen_ai.request.model": "claude-sonnet-4-5",
        ]).with { $0.name = "anthropic.messages.count_tokens" }
        #expect(try telemetry(TraceSample(spans: [span])).tally.ignored == 1)
    }

    @Test("a stream of logfire is one call, from when it began, and one that failed is kept")
    func logfire() throws {
        var begun = Self.chat
        begun.pairs.removeLast(3)
        begun.pairs.append((key: "logfire.span_type", value: "span"))
        var ended = Self.chat
        ended.pairs += [
            (key: "logfire.span_type", value: "log"), (key: "duration", value: 0.5),
        ]
        let spans = [
            SpanSample(begun),
            SpanSample(ended).with {
                $0.span[7] += 1
                $0.nanoseconds = 0
            },
        ]
        let read = try telemetry(TraceSample(spans: spans, scope: "logfire.openai"))
        #expect(read.tally.ignored == 1)
        let event = try #require(read.items.first?.event)
        #expect(event.occurredAt.description == "2025-11-24T16:59:59.623456Z")
        #expect(event.latency == 500_000)
        let failed = try spanEvent(
            SpanSample(begun).with { $0.status = 2 }, scope: "logfire.openai")
        #expect(failed.kind == .requestFailed)
    }

    // MARK: Langfuse

    private func observation(_ usage: String, model: String = "gpt-4o") -> SpanSample {
        SpanSample([
            "langfuse.observation.type": "generation",
            "langfuse.observation.model.name": .text(model),
            "langfuse.observation.usage_details": .text(usage),
            "langfuse.environment": "production", "langfuse.trace.name": "answer",
            "user.id": "u", "session.id": "s",
            "langfuse.observation.completion_start_time": "\"2025-11-24T17:00:00.323456Z\"",
        ])
    }

    @Test("a generation of Langfuse's SDK is a call, and its other observations are not")
    func langfuse() throws {
        let usage = #"{"input":12,"output":3,"total":15}"#
        let event = try spanEvent(observation(usage), scope: "langfuse-sdk")
        #expect(event.dimensions[.provider] == "openai")
        #expect(event.dimensions[.model] == "gpt-4o")
        #expect(event.dimensions[.operation] == "chat")
        #expect(event.dimensions[.environment] == "production")
        #expect(event.dimensions[.feature] == "answer")
        #expect(event.dimensions[.user] == "u")
        #expect(event.dimensions[.session] == "s")
        #expect(event.timeToFirstToken == 199_999)
        #expect(event.usage == [.inputTokens: 12, .outputTokens: 3])
        let failed = observation("{}", model: "claude-sonnet-4-5").with {
            $0.attributes.pairs.append((key: "langfuse.observation.level", value: "ERROR"))
        }
        let failure = try spanEvent(failed, scope: "langfuse-sdk")
        #expect(failure.kind == .requestFailed)
        #expect(failure.dimensions[.provider] == "anthropic")
        for kind in ["span", "agent", "tool", "event"] {
            let other = observation(usage).with { $0.attributes.pairs[0].value = .text(kind) }
            #expect(
                try telemetry(TraceSample(spans: [other], scope: "langfuse-sdk")).tally.ignored == 1
            )
        }
    }

    @Test(
        "its counts are read in the ways in which they come",
        arguments: [
            // Its own names exclude each other.
            (#"{"input":100,"input_cached_tokens":900,"output":50}"#, [1_000, 900, 50, nil]),
            (
                #"{"input":100,"input_cached_tokens":900,"output":50,"total":1050}"#,
                [1_000, 900, 50, nil]
            ),
            // A total shows that the parts are included.
            (
                #"{"input":1000,"input_cached_tokens":900,"output":50,"total":1050}"#,
                [1_000, 900, 50, nil]
            ),
            // What OpenAI's client returned.
            (
                """
                {"prompt_tokens":1000,"completion_tokens":50,"total_tokens":1050,\
                "prompt_tokens_details":{"cached_tokens":900,"audio_tokens":0},\
                "completion_tokens_details":{"reasoning_tokens":20}}
                """, [1_000, 900, 50, 20]
            ),
            // What Anthropic's client returned.
            (
                #"{"input_tokens":100,"output_tokens":50,"cache_read_input_tokens":900}"#,
                [1_000, 900, 50, nil]
            ),
            ("{}", [nil, nil, nil, nil]), ("no JSON", [nil, nil, nil, nil]),
        ] as [(String, [Int64?])])
    func counts(usage: String, expected: [Int64?]) throws {
        let event = try spanEvent(observation(usage), scope: "langfuse-sdk")
        let units: [UsageUnit] = [
            .inputTokens, .cacheReadInputTokens, .outputTokens, .reasoningOutputTokens,
        ]
        #expect(units.map { event.usage[$0] } == expected)
    }
}
