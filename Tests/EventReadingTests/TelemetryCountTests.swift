import EventReading
import LedgerModel
import Testing

/// How the counts of a record are read where its source does not count as the conventions say.
@Suite("The counts of a span")
struct TelemetryCountTests {
    /// Input, cache reads, cache writes for five minutes and for an hour, output, reasoning.
    private static func counts(_ event: Event) -> [Int64?] {
        [
            event.usage[.inputTokens], event.usage[.cacheReadInputTokens],
            event.usage[.cacheWriteInputTokens], event.usage[.cacheWriteOneHourInputTokens],
            event.usage[.outputTokens], event.usage[.reasoningOutputTokens],
        ]
    }

    private static func span(
        _ provider: String, _ model: String, _ input: Int64?, _ output: Int64?,
        _ more: Attributes = [:]
    ) -> SpanSample {
        var attributes: Attributes = [
            "gen_ai.operation.name": "chat", "gen_ai.provider.name": .text(provider),
            "gen_ai.request.model": .text(model),
        ]
        if let input {
            attributes.pairs.append(("gen_ai.usage.input_tokens", .integer(input)))
        }
        if let output {
            attributes.pairs.append(("gen_ai.usage.output_tokens", .integer(output)))
        }
        attributes.pairs += more.pairs
        return SpanSample(attributes)
    }

    @Test("of the AI SDK 5 have cached tokens inside the input of OpenAI, beside that of Anthropic")
    func fifthVersion() throws {
        let cached: Attributes = ["ai.usage.cachedInputTokens": 2048]
        let openAI = try spanEvent(
            Self.span("openai.responses", "gpt-5-nano", 2224, 1469, cached), scope: "ai")
        #expect(Self.counts(openAI) == [2224, 2048, nil, nil, 1469, nil])

        let beside: Attributes = [
            "ai.usage.cachedInputTokens": 8000, "ai.usage.totalTokens": 1500,
        ]
        for provider in ["anthropic.messages", "amazon-bedrock"] {
            let event = try spanEvent(
                Self.span(provider, "claude-sonnet-4-5", 1000, 500, beside), scope: "ai")
            #expect(Self.counts(event) == [9000, 8000, nil, nil, 500, nil])
        }
        // Claude's counts are passed on by those who sell it; OpenRouter makes them inclusive.
        for (provider, input) in [
            ("google.vertex.anthropic.messages", 9000 as Int64), ("gateway", 9000),
        ] {
            let event = try spanEvent(
                Self.span(provider, "claude-sonnet-4-5", 1000, 500, beside), scope: "ai")
            #expect(Self.counts(event) == [input, 8000, nil, nil, 500, nil])
        }
        let router = try spanEvent(
            Self.span("openrouter", "anthropic/claude-sonnet-4.5", 9000, 500, cached), scope: "ai")
        #expect(Self.counts(router) == [9000, 2048, nil, nil, 500, nil])
        // Fewer cached tokens than input don't hide that they stand beside it.
        let fewer = try spanEvent(
            Self.span(
                "anthropic", "claude-sonnet-4-5", 1000, 500, ["ai.usage.cachedInputTokens": 200]),
            scope: "ai")
        #expect(Self.counts(fewer) == [1200, 200, nil, nil, 500, nil])
    }

    @Test("of the AI SDK 6 have every part inside")
    func sixthVersion() throws {
        let event = try spanEvent(
            Self.span(
                "anthropic.messages", "claude-sonnet-4-5", 10_000, 500,
                [
                    "ai.usage.cachedInputTokens": 8000,
                    "ai.usage.inputTokenDetails.noCacheTokens": 1000,
                    "ai.usage.inputTokenDetails.cacheReadTokens": 8000,
                    "ai.usage.inputTokenDetails.cacheWriteTokens": 1000,
                    "ai.usage.outputTokenDetails.reasoningTokens": 40,
                    "ai.usage.totalTokens": 10_500,
                ]), scope: "ai")
        #expect(Self.counts(event) == [10_000, 8000, 1000, nil, 500, 40])
    }

    @Test("of an embedding of the AI SDK stand under its own names")
    func embedding() throws {
        let event = try spanEvent(
            SpanSample([
                "ai.operationId": "ai.embed.doEmbed", "ai.model.provider": "openai.embedding",
                "ai.model.id": "text-embedding-3-small", "ai.usage.tokens": 28,
            ]), scope: "ai")
        #expect(event.dimensions[.provider] == "openai")
        #expect(event.dimensions[.operation] == "embeddings")
        #expect(event.usage == [.inputTokens: 28])
    }

    @Test("of Strands name cache writes in two ways, inside the input since it says so")
    func strands() throws {
        let event = try spanEvent(
            Self.span(
                "strands-agents", "global.anthropic.claude-sonnet-4-5", 22_086, 631,
                [
                    "gen_ai.usage.cache_write_input_tokens": 17_787,
                    "gen_ai.usage.total_tokens": 22_717,
                ]))
        #expect(Self.counts(event) == [22_086, nil, 17_787, nil, 631, nil])
        let before = try spanEvent(
            Self.span(
                "aws.bedrock", "anthropic.claude-sonnet-4-5", 4299, 631,
                [
                    "gen_ai.usage.cache_write_input_tokens": 17_787,
                    "gen_ai.usage.total_tokens": 22_717,
                ]))
        #expect(Self.counts(before) == [22_086, nil, 17_787, nil, 631, nil])
    }

    @Test(
        "have reasoning beside the output where their total says so",
        arguments: [
            ("x_ai", 10_120, 1499, 2809, 14_428), ("gcp.gemini", 15, 359, 661, 1035),
            ("gcp.vertex_ai", 20, 151, 82, 253), ("openai", 20, 151, 82, 253),
        ] as [(String, Int64, Int64, Int64, Int64)])
    func reasoning(
        _ provider: String, _ input: Int64, _ output: Int64, _ reasoning: Int64, _ total: Int64
    ) throws {
        let event = try spanEvent(
            Self.span(
                provider, "m", input, output,
                [
                    "gen_ai.usage.reasoning.output_tokens": .integer(reasoning),
                    "gen_ai.usage.total_tokens": .integer(total),
                ]))
        #expect(
            Self.counts(event) == [input, nil, nil, nil, output + reasoning, reasoning])
    }

    @Test("have thoughts that only Gemini's total tells")
    func rest() throws {
        let total: Attributes = ["gen_ai.usage.total_tokens": 553]
        let event = try spanEvent(Self.span("gcp.gemini", "gemini-2.5-flash", 20, 151, total))
        #expect(Self.counts(event) == [20, nil, nil, nil, 533, 382])
        // The total tells a count that is missing altogether.
        let output = try spanEvent(Self.span("openai", "gpt-4o", 20, nil, total))
        #expect(Self.counts(output) == [20, nil, nil, nil, 533, nil])
        let input = try spanEvent(Self.span("openai", "gpt-4o", nil, 151, total))
        #expect(Self.counts(input) == [402, nil, nil, nil, 151, nil])
        // What tools put into Gemini's prompt is input.
        let tools = try spanEvent(
            Self.span(
                "google", "gemini-2.5-flash", 20, 151,
                [
                    "gen_ai.usage.details.tool_use_prompt_tokens": 300,
                    "gen_ai.usage.details.thoughts_tokens": 82, "gen_ai.usage.total_tokens": 553,
                ]))
        #expect(Self.counts(tools) == [320, nil, nil, nil, 233, 82])
    }

    @Test("that fit no total are refused with what was tried and the setting that helps")
    func refusal() throws {
        let span = Self.span(
            "openai", "gpt-4o", 1200, 340,
            [
                "gen_ai.usage.cache_read.input_tokens": 200, "gen_ai.usage.total_tokens": 2000,
            ])
        #expect(
            try spanRefusal(span, scope: "my.openai") == """
                the counts do not add up to the total of 2000: input_tokens 1200, \
                cache_read_input_tokens 200, output_tokens 340; tried: everything inside (1540), \
                cache reads beside the input (1740); name my.openai in TALLY_OTLP_EXCLUSIVE or \
                TALLY_OTLP_INCLUSIVE to say which counts hold
                """)
        let inclusive = try TelemetrySettings(
            map: nil, ignore: nil, exclusive: nil, inclusive: "my.openai", logs: nil)
        #expect(
            Self.counts(try spanEvent(span, scope: "my.openai", inclusive))
                == [1200, 200, nil, nil, 340, nil])
        let exclusive = try telemetrySettings(exclusive: "my.openai")
        #expect(
            Self.counts(try spanEvent(span, scope: "my.openai", exclusive))
                == [1400, 200, nil, nil, 340, nil])
    }

    @Test("that fit a total in two ways are refused, unless the provider's own way is one of them")
    func ambiguity() throws {
        let more: Attributes = [
            "gen_ai.usage.cache_read.input_tokens": 100,
            "gen_ai.usage.reasoning.output_tokens": 100, "gen_ai.usage.total_tokens": 1640,
        ]
        let refusal = try spanRefusal(Self.span("openai", "gpt-4o", 1200, 340, more))
        #expect(refusal?.hasPrefix("the counts add up to the total of 1640 in more than") == true)
        let google = try spanEvent(Self.span("google", "gemini-2.5-pro", 1200, 340, more))
        #expect(Self.counts(google) == [1200, 100, nil, nil, 440, 100])
        let anthropic = try spanEvent(Self.span("anthropic", "claude-opus-5", 1200, 340, more))
        #expect(Self.counts(anthropic) == [1300, 100, nil, nil, 340, 100])
    }

    @Test("stand beside the input because the operator says so, if the total leaves them out")
    func plainTotal() throws {
        let span = Self.span(
            "anthropic", "claude-sonnet-4-5", 1000, 500,
            ["gen_ai.usage.cache_read.input_tokens": 200, "gen_ai.usage.total_tokens": 1500])
        #expect(Self.counts(try spanEvent(span)) == [1000, 200, nil, nil, 500, nil])
        let settings = try telemetrySettings(exclusive: "tests")
        #expect(Self.counts(try spanEvent(span, settings)) == [1200, 200, nil, nil, 500, nil])
    }

    @Test("may have reasoning beside the output because the operator says so")
    func exclusiveReasoning() throws {
        let span = Self.span(
            "x_ai", "grok-4", 10, 20, ["gen_ai.usage.reasoning.output_tokens": 30])
        #expect(
            try spanRefusal(span) == """
                reasoning_output_tokens is 30, more than the 20 output_tokens that include it; if \
                tests counts reasoning apart from the output, name tests:reasoning in \
                TALLY_OTLP_EXCLUSIVE
                """)
        let settings = try telemetrySettings(exclusive: "tests:reasoning")
        #expect(Self.counts(try spanEvent(span, settings)) == [10, nil, nil, nil, 50, 30])
        #expect(throws: ImportFault.self) {
            try TelemetrySettings(
                map: nil, ignore: nil, exclusive: "a", inclusive: "a", logs: nil)
        }
    }

    @Test("without a value are not there: Python sends None so")
    func missing() throws {
        let span = Self.span(
            "openai", "gpt-4o", 100, 20,
            ["gen_ai.usage.cache_creation.input_tokens": .none, "gen_ai.response.id": .none])
        let event = try spanEvent(span)
        #expect(Self.counts(event) == [100, nil, nil, nil, 20, nil])
        #expect(event.origin.responseID == nil)
    }

    @Test("of openlit hold Anthropic's cached tokens beside the input, of other scopes inside")
    func openlit() throws {
        let span = Self.span(
            "anthropic", "claude-sonnet-4-5", 100, 20,
            [
                "gen_ai.usage.cache_read.input_tokens": 50,
                "gen_ai.usage.cache_creation.input_tokens": 30,
            ])
        let event = try spanEvent(span, scope: "openlit.instrumentation.anthropic")
        #expect(Self.counts(event) == [180, 50, 30, nil, 20, nil])
        for scope in ["openlit.instrumentation.openai", "tests"] {
            #expect(Self.counts(try spanEvent(span, scope: scope)) == [100, 50, 30, nil, 20, nil])
        }
    }

    @Test("of Anthropic's own SDK tell hours, and compactions outside of all others")
    func anthropicSDK() throws {
        let event = try spanEvent(
            Self.span(
                "anthropic", "claude-opus-5-5", 4_150, 500,
                [
                    "gen_ai.usage.cache_write.input_tokens": 1500,
                    "gen_ai.usage.cache_read.input_tokens": 2000,
                    "anthropic.usage.cache_creation.ephemeral_5m_input_tokens": 500,
                    "anthropic.usage.cache_creation.ephemeral_1h_input_tokens": 1000,
                    "anthropic.usage.compaction.input_tokens": 5000,
                    "anthropic.usage.compaction.output_tokens": 700,
                    "anthropic.response.service_tier": "standard",
                    "anthropic.message.stop_reason": "end_turn",
                ]), scope: "com.anthropic.sdk.python")
        #expect(Self.counts(event) == [9_150, 2000, 500, 1000, 1200, nil])
        #expect(event.dimensions[.serviceTier] == "standard")
        #expect(event.labels?["finish_reason"] == "end_turn")
        let refusal = try spanRefusal(
            Self.span(
                "anthropic", "claude-opus-5-5", 4_150, 500,
                [
                    "gen_ai.usage.cache_write.input_tokens": 1500,
                    "anthropic.usage.cache_creation.ephemeral_5m_input_tokens": 600,
                    "anthropic.usage.cache_creation.ephemeral_1h_input_tokens": 1000,
                ]))
        #expect(refusal?.hasPrefix("the cache writes are 1500, but those for five") == true)
    }

    @Test("are those of the provider's own usage where a span has it")
    func rawUsage() throws {
        // The JSON of a test has no escapes, so only protobuf is sent.
        func event(_ more: Attributes) throws -> Event {
            let sample = TraceSample(
                spans: [Self.span("anthropic", "claude-sonnet-4-5", 4000, 300, more)])
            let result = try TelemetryResult(try sample.protobuf(), .traces, .protobuf)
            return try #require(result.items.first).result.get()
        }
        let usage = """
            {"input_tokens":500,"cache_read_input_tokens":2000,"cache_creation_input_tokens":1500,
            "cache_creation":{"ephemeral_5m_input_tokens":400,"ephemeral_1h_input_tokens":1100},
            "output_tokens":300}
            """
        let raw = try event(["gen_ai.usage.raw": .text(usage)])
        #expect(Self.counts(raw) == [4000, 2000, 400, 1100, 300, nil])
        let answer = try event([
            "llm.token_count.prompt_details.cache_read": 2000,
            "llm.token_count.prompt_details.cache_write": 1500,
            "output.value": .text(#"{"id":"msg_1","usage":\#(usage)}"#),
        ])
        #expect(Self.counts(answer) == [4000, 2000, 400, 1100, 300, nil])
        let metadata = try event([
            "ai.usage.cachedInputTokens": 2000,
            "ai.response.providerMetadata": .text(
                #"{"anthropic":{"cacheCreationInputTokens":1500}}"#),
        ])
        #expect(Self.counts(metadata) == [7500, 2000, 1500, nil, 300, nil])
        // Another answer's usage says nothing of this one.
        let other = try event([
            "gen_ai.usage.raw": #"{"input_tokens":9,"output_tokens":3}"#
        ])
        #expect(Self.counts(other) == [4000, nil, nil, nil, 300, nil])
    }
}

@Suite("What a span says in other words")
struct TelemetryWordTests {
    private func protobuf(_ span: SpanSample) throws -> TelemetryResult {
        try TelemetryResult(try TraceSample(spans: [span]).protobuf(), .traces, .protobuf)
    }

    @Test("finish reasons may be JSON text, and the words of other tools")
    func finishReasons() throws {
        for (name, value, word) in [
            ("gen_ai.response.finish_reasons", #"["stop"]"#, "stop"),
            ("gen_ai.response.finish_reasons", #"["tool_call","stop"]"#, "tool_call"),
            ("llm.finish_reason", "length", "length"),
            ("anthropic.message.stop_reason", "refusal", "refusal"),
            ("ai.response.finishReason", "tool-calls", "tool-calls"),
        ] {
            var more: Attributes = [:]
            more.pairs.append((name, .text(value)))
            let event = try protobuf(chat(more)).items.first?.result.get()
            #expect(event?.labels?["finish_reason"]?.string == word)
        }
    }

    @Test("a failed span may name its model only among the parameters")
    func parameters() throws {
        let span = SpanSample([
            "openinference.span.kind": "LLM", "llm.system": "openai",
            "llm.invocation_parameters": #"{"model": "gpt-4o", "max_tokens": 64}"#,
        ]).with { $0.status = 2 }
        let event = try #require(try protobuf(span).items.first).result.get()
        #expect(event.kind == .requestFailed && event.dimensions[.model] == "gpt-4o")
        #expect(event.labels?["max_tokens"] == "64")
    }

    @Test("team.name of the resource is the team")
    func team() throws {
        let sample = TraceSample(spans: [chat()], resource: ["team.name": "growth"])
        #expect(try telemetry(sample).items.first?.event?.dimensions[.team] == "growth")
    }

    @Test("embedding and embeddings are one operation")
    func operations() throws {
        for word in ["embedding", "embeddings", "Embedding"] {
            let span = chat(
                ["gen_ai.operation.name": .text(word)], without: ["gen_ai.operation.name"])
            #expect(try spanEvent(span).dimensions[.operation] == "embeddings")
        }
    }

    @Test("counting tokens is free, and a session is no call to a model")
    func free() throws {
        let named = chat(
            ["gen_ai.operation.name": "count_tokens"], without: ["gen_ai.operation.name"])
        let inference = SpanSample([
            "openinference.span.kind": "LLM", "llm.provider": "anthropic",
            "llm.model_name": "claude-sonnet-4-5", "llm.token_count.prompt": 50_000,
        ]).with { $0.name = "messages.count_tokens" }
        let session = SpanSample([
            "gen_ai.provider.name": "anthropic", "gen_ai.request.model": "claude-opus-5-5",
        ]).with { $0.name = "anthropic.sessions.create" }
        for span in [named, inference, session] {
            let result = try telemetry(
                TraceSample(spans: [span], scope: "com.anthropic.sdk.python"))
            #expect(result.items.isEmpty && result.tally.ignored == 1)
        }
    }
}
