import EventReading
import LedgerModel
import Testing

/// How spans of each convention are mapped to events.
///
/// The attributes of the first three and of OpenLLMetry
/// are those that the packages from PyPI sent; see Tests/ServiceTests/OpenTelemetryTests.swift.
@Suite("A span of a call to a model")
struct TelemetryMappingTests {
    /// Tokens by name: input, cached, output, reasoning.
    private static func counts(_ event: Event) -> [Int64?] {
        [
            event.usage[.inputTokens], event.usage[.cacheReadInputTokens],
            event.usage[.outputTokens], event.usage[.reasoningOutputTokens],
        ]
    }

    @Test("is read with the attributes of v1.36 and before")
    func first() throws {
        let event = try spanEvent(
            SpanSample([
                "gen_ai.operation.name": "chat", "gen_ai.request.model": "gpt-4o-mini",
                "gen_ai.system": "openai", "server.address": "api.openai.com", "server.port": 443,
                "gen_ai.response.model": "gpt-4o-mini-2024-07-18",
                "gen_ai.response.finish_reasons": ["stop"], "gen_ai.response.id": "chatcmpl-1",
                "gen_ai.openai.response.service_tier": "flex",
                "gen_ai.usage.input_tokens": 1200, "gen_ai.usage.output_tokens": 340,
            ]))
        #expect(event.kind == .requestCompleted)
        #expect(event.dimensions[.provider] == "openai")
        #expect(event.dimensions[.model] == "gpt-4o-mini-2024-07-18")
        #expect(event.dimensions[.operation] == "chat")
        #expect(event.dimensions[.serviceTier] == "flex")
        #expect(event.dimensions[.app] == "shop")
        #expect(Self.counts(event) == [1200, nil, 340, nil])
        #expect(event.latency == 812_500)
        #expect(event.occurredAt.description == "2025-11-24T17:00:00.123456Z")
        #expect(event.externalID == nil)
        #expect(event.labels?.canonicalJSON == #"{"finish_reason":"stop"}"#)

        let older: Attributes = [
            "gen_ai.system": "Anthropic", "gen_ai.request.model": "claude-3-opus",
            "llm.request.type": "chat", "gen_ai.usage.prompt_tokens": 10,
            "gen_ai.usage.completion_tokens": 5, "llm.usage.total_tokens": 15,
        ]
        let old = try spanEvent(SpanSample(older))
        #expect(old.dimensions[.provider] == "anthropic")
        #expect(Self.counts(old) == [10, nil, 5, nil])
    }

    @Test("is read with the attributes of v1.37 to v1.41")
    func second() throws {
        let event = try spanEvent(
            SpanSample([
                "gen_ai.operation.name": "chat", "gen_ai.request.model": "gpt-4o-mini",
                "gen_ai.provider.name": "openai", "gen_ai.response.model": "gpt-4o-mini",
                "gen_ai.usage.input_tokens": 1200, "gen_ai.usage.output_tokens": 340,
                "gen_ai.usage.cache_read.input_tokens": 1024,
                "gen_ai.usage.cache_creation.input_tokens": 100,
                "openai.response.service_tier": "default",
                "gen_ai.conversation.id": "conv_5j66",
            ]))
        #expect(Self.counts(event) == [1200, 1024, 340, nil])
        #expect(event.usage[.cacheWriteInputTokens] == 100)
        #expect(event.dimensions[.serviceTier] == "standard")
        #expect(event.dimensions[.session] == "conv_5j66")
    }

    @Test("is read with the attributes of the unreleased head")
    func third() throws {
        let event = try spanEvent(
            SpanSample([
                "gen_ai.operation.name": "chat", "gen_ai.provider.name": "openai",
                "gen_ai.request.model": "gpt-4o-audio-preview", "gen_ai.request.stream": true,
                "gen_ai.usage.input_tokens": 1200, "gen_ai.usage.output_tokens": 340,
                "gen_ai.usage.cache_read.input_tokens": 1024,
                "gen_ai.usage.cache_write.input_tokens": 50,
                "gen_ai.usage.reasoning.output_tokens": 128,
                "gen_ai.usage.text.input_tokens": 700, "gen_ai.usage.audio.input_tokens": 500,
                "gen_ai.usage.audio.cache_read.input_tokens": 400,
                "gen_ai.usage.image.input_tokens": 0, "gen_ai.usage.audio.output_tokens": 200,
                "gen_ai.response.time_to_first_chunk": 0.0443870,
            ]))
        #expect(Self.counts(event) == [1200, 1024, 340, 128])
        #expect(event.usage[.cacheWriteInputTokens] == 50)
        #expect(event.usage[.inputAudioTokens] == 500)
        #expect(event.usage[.cacheReadAudioTokens] == 400)
        #expect(event.usage[.outputAudioTokens] == 200)
        #expect(event.timeToFirstToken == 44_387)
    }

    @Test("is read with the attributes of OpenLLMetry")
    func openLLMetry() throws {
        let event = try spanEvent(
            chat([
                "gen_ai.is_streaming": true, "gen_ai.usage.total_tokens": 1540,
                "gen_ai.usage.cache_read_input_tokens": 1024, "gen_ai.usage.reasoning_tokens": 128,
                "gen_ai.input.messages": "[{...}]",
            ]).with {
                $0.events = [
                    "gen_ai.content.completion.chunk": 250_000_000,
                    "gen_ai.content.completion.chunk": 300_000_000,
                ]
                $0.status = 1
            })
        #expect(Self.counts(event) == [1200, 1024, 340, 128])
        #expect(event.timeToFirstToken == 250_000)
        #expect(event.kind == .requestCompleted)
    }

    @Test("is read with the attributes of OpenInference")
    func openInference() throws {
        let event = try spanEvent(
            SpanSample([
                "openinference.span.kind": "LLM", "llm.provider": "azure", "llm.system": "openai",
                "llm.model_name": "gpt-4o", "llm.token_count.prompt": 229,
                "llm.token_count.completion": 21, "llm.token_count.total": 250,
                "llm.token_count.prompt_details.cache_read": 128,
                "llm.token_count.completion_details.reasoning": 7, "session.id": "s-1",
                "user.id": "u-1", "input.value": "…",
            ]))
        #expect(event.dimensions[.provider] == "azure")
        #expect(event.dimensions[.model] == "gpt-4o")
        #expect(event.dimensions[.operation] == "chat")
        #expect(event.dimensions[.session] == "s-1")
        #expect(event.dimensions[.user] == "u-1")
        #expect(Self.counts(event) == [229, 128, 21, 7])

        let embedding = try spanEvent(
            SpanSample([
                "openinference.span.kind": "EMBEDDING", "llm.provider": "openai",
                "embedding.model_name": "text-embedding-3-small", "llm.token_count.prompt": 8,
            ]))
        #expect(embedding.dimensions[.operation] == "embeddings")
        #expect(embedding.dimensions[.model] == "text-embedding-3-small")
    }

    @Test(
        "is booked under the provider's name in price books",
        arguments: [
            ("az.ai.openai", nil, "azure"), ("azure.ai.inference", nil, "azure"),
            ("gcp.vertex_ai", nil, "google"), ("gcp.gemini", nil, "google"),
            ("vertex_ai", nil, "google"), ("aws.bedrock", nil, "aws"),
            ("mistral_ai", nil, "mistral"), ("x_ai", nil, "x-ai"), ("xai", nil, "x-ai"),
            ("moonshot_ai", nil, "moonshotai"), ("ibm.watsonx.ai", nil, "watsonx"),
            ("OpenAI", nil, "openai"), ("anthropic.messages", nil, "anthropic"),
            ("azure-openai.chat", nil, "azure"), ("acme.ai", nil, "acme.ai"),
            ("openai", "shop.openai.azure.com", "azure"),
            ("openai", "api.deepseek.com", "deepseek"), ("openai", "llm.intern", "openai"),
            ("openai", "notapi.deepseek.com", "openai"),
            ("anthropic", "api.openai.com", "anthropic"),
        ] as [(String, String?, String)])
    func providers(_ told: String, _ host: String?, _ expected: String) throws {
        var more: Attributes = ["gen_ai.provider.name": .text(told)]
        if let host { more.pairs.append(("server.address", .text(host))) }
        let event = try spanEvent(chat(more, without: ["gen_ai.provider.name"]))
        #expect(event.dimensions[.provider] == Name(expected))
    }

    @Test("that failed is a failed request, and keeps its usage")
    func failures() throws {
        let typed = try spanEvent(chat(["error.type": "RateLimitError"]))
        #expect(typed.kind == .requestFailed)
        #expect(typed.errorType == "RateLimitError")
        #expect(typed.status == nil)
        #expect(typed.usage[.inputTokens] == 1200)

        let numbered = try spanEvent(chat(["error.type": "429"]).with { $0.status = 2 })
        #expect(numbered.status == 429)

        let thrown = try spanEvent(
            chat(without: ["gen_ai.usage.input_tokens", "gen_ai.usage.output_tokens"]).with {
                $0.status = 2
                $0.exceptionType = "openai.InternalServerError"
            })
        #expect(thrown.kind == .requestFailed)
        #expect(thrown.errorType == "openai.InternalServerError")
        #expect(thrown.usage.isEmpty)
    }

    @Test("has an id that only its trace, span and start decide")
    func identity() throws {
        let event = try spanEvent(chat())
        #expect(event.id.isVersion7)
        #expect(event.id.time.description == "2025-11-24T17:00:00.123000Z")
        let again = try spanEvent(chat(["gen_ai.response.id": "x"]), scope: "another")
        #expect(again.id == event.id)
        let others = [
            chat().with { $0.span[7] ^= 1 }, chat().with { $0.trace[15] ^= 1 },
            chat().with { $0.trace[0] ^= 1 },
        ]
        let ids = try others.map { try spanEvent($0).id }
        #expect(Set(ids + [event.id]).count == 4)
    }

    @Test("whose input excludes cached tokens is corrected if that is certain")
    func exclusive() throws {
        let anthropic: Attributes = [
            "gen_ai.usage.cache_read.input_tokens": 3000,
            "gen_ai.usage.cache_creation.input_tokens": 500,
        ]
        // Its own total adds up only that way: 1200 + 3000 + 500 + 340.
        var total = anthropic
        total.pairs.append(("gen_ai.usage.total_tokens", 5040))
        #expect(Self.counts(try spanEvent(chat(total))) == [4700, 3000, 340, nil])

        // The operator knows the instrumentation.
        let settings = try telemetrySettings(exclusive: "other, my.anthropic")
        let known = try spanEvent(chat(anthropic), scope: "my.anthropic", settings)
        #expect(Self.counts(known) == [4700, 3000, 340, nil])

        // A total that includes the cached tokens changes nothing.
        let inclusive = try spanEvent(
            chat(["gen_ai.usage.cache_read.input_tokens": 200, "gen_ai.usage.total_tokens": 1540]))
        #expect(Self.counts(inclusive) == [1200, 200, 340, nil])

        let refusal = try spanRefusal(chat(anthropic), scope: "my.anthropic")
        #expect(
            refusal == """
                cache_read_input_tokens + cache_write_input_tokens is 3500, more than the 1200 \
                input_tokens that include it; if my.anthropic counts cached tokens apart from the \
                input, name it in TALLY_OTLP_EXCLUSIVE
                """)
    }

    @Test("that contradicts itself is refused with both numbers")
    func contradictions() throws {
        #expect(
            try spanRefusal(chat(["gen_ai.usage.prompt_tokens": 1100]))
                == "gen_ai.usage.prompt_tokens is 1100, but gen_ai.usage.input_tokens is 1200")
        #expect(try spanRefusal(chat(["gen_ai.usage.prompt_tokens": 1200])) == nil)
        #expect(
            try spanRefusal(chat(["gen_ai.usage.reasoning.output_tokens": 341]))
                == """
                reasoning_output_tokens is 341, more than the 340 output_tokens that include it; \
                if tests counts reasoning apart from the output, name tests:reasoning in \
                TALLY_OTLP_EXCLUSIVE
                """)
        #expect(
            try spanRefusal(chat(["llm.token_count.completion": -1]))
                == "llm.token_count.completion is -1, but gen_ai.usage.output_tokens is 340")
    }

    @Test("whose counts are not whole numbers is refused, however they are written")
    func counts() throws {
        let without: Set = ["gen_ai.usage.input_tokens"]
        func input(_ value: SampleValue) -> SpanSample {
            chat(["gen_ai.usage.input_tokens": value], without: without)
        }
        #expect(Self.counts(try spanEvent(input("1200")))[0] == 1200)
        #expect(Self.counts(try spanEvent(input(1200.0)))[0] == 1200)
        let expected = "expected a whole number"
        for (value, text) in [
            (1200.5, "1200.5"), ("many", "\"many\""), ([1], "a list, a map or bytes"),
            (true, "true"),
        ] as [(SampleValue, String)] {
            #expect(
                try spanRefusal(input(value)) == "gen_ai.usage.input_tokens is \(text): \(expected)"
            )
        }
        #expect(
            try spanRefusal(input(-5)) == """
                input_tokens is -5: a count must lie between 0 and 1000000000000000
                """)
    }

    @Test("that lacks a required field is refused with the name of the field")
    func missing() throws {
        #expect(
            try spanRefusal(chat(without: ["gen_ai.provider.name"])) == """
                its provider is missing: expected gen_ai.provider.name (before v1.37 \
                gen_ai.system)
                """)
        #expect(
            try spanRefusal(chat(without: ["gen_ai.request.model"])) == """
                its model is missing: expected gen_ai.response.model or gen_ai.request.model
                """)
        let neither: Set = ["gen_ai.request.model", "gen_ai.operation.name"]
        #expect(try spanRefusal(chat(without: neither))?.hasPrefix("its model is missing") == true)
        #expect(try spanRefusal(chat().with { $0.start = 0 }) == "it has no start time")
        #expect(
            try spanRefusal(chat().with { $0.nanoseconds = 0 &- 5 }) == "it ends before it starts")
        #expect(
            try spanRefusal(chat().with { $0.span = [UInt8](repeating: 0, count: 8) })
                == "its trace id or span id is missing or zero")
        #expect(
            try spanRefusal(chat().with { $0.trace = [] })
                == "its trace id or span id is missing or zero")
        #expect(
            try spanRefusal(chat().with { $0.trace = [1, 2, 3] })
                == "the trace id has 3 bytes: expected 16")
        let future = try spanRefusal(chat().with { $0.start = .max - 1_000_000_000 })
        #expect(future?.contains("more than a day after now") == true)
        let long = String(repeating: "m", count: 600)
        #expect(
            try spanRefusal(chat(["gen_ai.response.model": .text(long)]))
                == "model takes 600 bytes: the limit is 512")
    }
}

@Suite("A span that is not a call to a model")
struct TelemetryIgnoredTests {
    @Test(
        "is counted and passed over, whatever usage it sums up",
        arguments: [
            ["gen_ai.operation.name": "invoke_agent"],
            ["gen_ai.operation.name": "execute_tool"], ["gen_ai.operation.name": "create_agent"],
            ["gen_ai.operation.name": "fetch_response"],
            ["gen_ai.operation.name": "invoke_workflow"],
            ["openinference.span.kind": "AGENT"], ["openinference.span.kind": "CHAIN"],
            ["openinference.span.kind": "TOOL"], ["traceloop.span.kind": "workflow"],
        ] as [[String: String]])
    func surrounding(_ words: [String: String]) throws {
        var more: Attributes = ["gen_ai.usage.cache_read.input_tokens": 5]
        for (key, value) in words { more.pairs.append((key, .text(value))) }
        let span = chat(more, without: ["gen_ai.operation.name"])
        let result = try telemetry(TraceSample(spans: [span, chat()]))
        #expect(result.items.count == 1)
        #expect(result.tally.ignored == 1)
        #expect(result.tally.remark == nil)
    }

    @Test("is any span without attributes of a convention, and never refused")
    func others() throws {
        let spans = [
            SpanSample(["http.request.method": "POST", "server.address": "api.openai.com"]),
            SpanSample(["gen_ai.operation.name": "search_memory"]),
            SpanSample(["gen_ai.operation.name": "own.thing", "gen_ai.provider.name": "x"]),
            SpanSample([:]).with { $0.start = 0 },
        ]
        let result = try telemetry(TraceSample(spans: spans))
        #expect(result.items.isEmpty)
        #expect(result.tally.ignored == 4)
    }

    @Test("is a call as reported by its server, which gives a warning")
    func server() throws {
        let result = try telemetry(TraceSample(spans: [chat().with { $0.kind = 2 }]))
        #expect(result.items.isEmpty)
        #expect(
            result.tally.remark == """
                1 span describes a call from the server's side and was not booked; the callers' \
                spans are booked
                """)
    }

    @Test("is a span of an instrumentation that the operator ignores")
    func scope() throws {
        let settings = try telemetrySettings(ignore: "langchain,tests")
        let result = try telemetry(TraceSample(spans: [chat()]), settings)
        #expect(result.items.isEmpty)
        #expect(result.tally.ignored == 1)
    }

    @Test("but one with an unknown operation counts if it has usage")
    func ownOperation() throws {
        let span = chat(["gen_ai.operation.name": "moderate"], without: ["gen_ai.operation.name"])
        #expect(try spanEvent(span).dimensions[.operation] == "moderate")
        let nameless = chat(without: ["gen_ai.operation.name"])
        #expect(try spanEvent(nameless).dimensions[.operation] == nil)
    }
}

@Suite("The mapping of attributes")
struct TelemetryMapTests {
    private func event(
        _ resource: Attributes, _ more: Attributes = [:], map: String? = nil
    ) throws -> Event {
        let sample = TraceSample(spans: [chat(more)], resource: resource)
        let result = try telemetry(sample, try telemetrySettings(map: map))
        try #require(result.items.count == 1)
        return try result.items[0].result.get()
    }

    @Test("takes app and environment from the resource")
    func usual() throws {
        let event = try event([
            "service.name": "shop", "deployment.environment": "old",
            "deployment.environment.name": "staging", "host.name": "a",
        ])
        #expect(event.dimensions[.app] == "shop")
        #expect(event.dimensions[.environment] == "staging")
        #expect(try self.event(["deployment.environment": "old"]).dimensions[.environment] == "old")
        #expect(try self.event(["service.name": ""]).dimensions[.app] == nil)
    }

    @Test("can be extended and changed, and a span's attribute comes before its resource's")
    func own() throws {
        let map = "team=team.name, app=app.id,labels.tenant=tenant.id,labels.host=host.name"
        let event = try event(
            ["service.name": "shop", "team.name": "growth", "host.name": "a"],
            ["team.name": "search", "tenant.id": 42], map: map)
        #expect(event.dimensions[.team] == "search")
        #expect(event.dimensions[.app] == nil)
        #expect(event.labels?.canonicalJSON == #"{"host":"a","tenant":"42"}"#)
        let two = try self.event(
            ["b": "second", "a": "first"], map: "team=a,team=b,feature=service.name")
        #expect(two.dimensions[.team] == "first")
    }

    @Test("refuses an attribute that is not text, and labels beyond their limits")
    func refusals() throws {
        let settings = try telemetrySettings(map: "labels.x=x")
        #expect(
            try spanRefusal(chat(["x": ["a", "b"]]), settings)
                == "x is a list, a map or bytes: expected text")
        let long = SampleValue.text(String(repeating: "x", count: 1_100))
        #expect(try spanRefusal(chat(["x": long]), settings)?.contains("the limit is 1024") == true)
    }

    @Test(
        "that is not a mapping is refused with the reason",
        arguments: [
            ("team", "TALLY_OTLP_MAP: team is not FIELD=ATTRIBUTE"),
            ("team=", "TALLY_OTLP_MAP: team= is not FIELD=ATTRIBUTE"),
            (
                "crew=a",
                """
                TALLY_OTLP_MAP: crew cannot be read from an attribute; these can: app, team, \
                project, environment, feature, user, session, provider, model, operation, \
                service_tier, region, agent, parent_agent, attempt and labels.NAME
                """
            ),
        ])
    func faults(_ map: String, _ message: String) throws {
        #expect(throws: ImportFault.mapping(message)) { try telemetrySettings(map: map) }
    }

    @Test("knows two ways to treat log records")
    func logs() throws {
        #expect(throws: ImportFault.mapping("TALLY_OTLP_LOGS is some: expected alone or all")) {
            try telemetrySettings(logs: "some")
        }
    }
}
