import Foundation
import LedgerTesting
import Testing

extension PythonEnvironment {
    /// SDKs and everything that traces their calls.
    static let instrumented = PythonEnvironment(
        "test-venv-calls",
        [
            [
                "anthropic==2.14.0", "openai==3.57.0", "opentelemetry-sdk",
                "opentelemetry-exporter-otlp-proto-http",
                "opentelemetry-instrumentation-anthropic==0.62.4",
                "opentelemetry-instrumentation-openai==0.62.4",
                "openinference-instrumentation-anthropic==3.1.0",
                "openinference-instrumentation-openai==0.1.66", "langfuse==5.0.4",
                "pydantic-ai-slim[anthropic,openai]==2.68.0", "logfire==5.4.0",
            ]
        ],
        modules: [
            "anthropic", "openai", "langfuse", "logfire", "pydantic_ai",
            "opentelemetry.instrumentation.anthropic", "opentelemetry.instrumentation.openai",
            "openinference.instrumentation.anthropic", "openinference.instrumentation.openai",
            "opentelemetry.exporter.otlp.proto.http.trace_exporter",
        ])

    static let instrumentedReason: Comment = """
        needs python3 with venv, and from PyPI the SDKs of anthropic and openai and what traces \
        them; PyPI can't be reached
        """

    /// openlit, which needs older SDKs, and OpenLLMetry; all of one release of OpenTelemetry, since
    /// pip tries thousands of combinations otherwise.
    static let openlit = PythonEnvironment(
        "test-venv-openlit",
        [
            [
                "openlit==1.45.0", "openai==2.54.0", "anthropic>=0.42,<1",
                "opentelemetry-api==1.45.1", "opentelemetry-sdk==1.45.1",
                "opentelemetry-exporter-otlp==1.45.1", "opentelemetry-instrumentation==0.66b1",
                "opentelemetry-semantic-conventions==0.66b1",
                "opentelemetry-instrumentation-openai==0.62.4",
            ]
                + [
                    "aiohttp-client", "asgi", "django", "falcon", "fastapi", "flask", "httpx",
                    "pyramid", "requests", "starlette", "tornado", "urllib", "urllib3",
                ].map { "opentelemetry-instrumentation-\($0)==0.66b1" }
        ],
        modules: [
            "openlit", "anthropic", "openai", "opentelemetry.instrumentation.openai",
            "opentelemetry.exporter.otlp.proto.http.trace_exporter",
        ])

    static let openlitReason: Comment = """
        needs python3 with venv, and from PyPI openlit with its dependencies; PyPI can't be reached
        """
}

/// One call that several instrumentations report is one request of the running service.
@Suite("One call, one request", .serialized)
struct OneCallTests {
    /// A span of a trace, from and to in milliseconds.
    private struct Span {
        var id: String
        var parent = ""
        var trace = "0af7651916cd43dd8448eb211c80319c"
        var from = 0
        var to = 800
        var operation = "chat"
        var model = "gpt-4o-mini"
        var answer: String?
        var usage: [String: Int] = [:]

        var json: String {
            let start = 1_764_003_600_000
            var attributes = [
                "gen_ai.operation.name": #"{"stringValue":"\#(operation)"}"#,
                "gen_ai.provider.name": #"{"stringValue":"openai"}"#,
                "gen_ai.request.model": #"{"stringValue":"\#(model)"}"#,
            ]
            if let answer { attributes["gen_ai.response.id"] = #"{"stringValue":"\#(answer)"}"# }
            for (name, count) in usage {
                attributes["gen_ai.usage.\(name)"] = #"{"intValue":"\#(count)"}"#
            }
            let pairs = attributes.map { #"{"key":"\#($0)","value":\#($1)}"# }
            return """
                {"traceId":"\(trace)","spanId":"\(id)","parentSpanId":"\(parent)","name":"x",\
                "kind":3,"startTimeUnixNano":"\(start + from)000000",\
                "endTimeUnixNano":"\(start + to)000000",\
                "attributes":[\(pairs.joined(separator: ","))]}
                """
        }
    }

    private func request(_ scopes: [(String, [Span])]) -> String {
        let groups = scopes.map { name, spans in
            #"{"scope":{"name":"\#(name)"},"spans":[\#(spans.map(\.json).joined(separator: ","))]}"#
        }
        return #"{"resourceSpans":[{"scopeSpans":[\#(groups.joined(separator: ","))]}]}"#
    }

    private static let summary = """
        SELECT count(*), sum(input_tokens), sum(output_tokens), trim_scale(sum(cost_usd)),
            sum(repeats) FROM audit.requests
        """

    @Test("the outer and inner span of one embedding are one request (langfuse#16409)")
    func embedding() async throws {
        try await withPlace { place in
            try await withService(on: place) { service in
                let usage = ["input_tokens": 28]
                let spans = [
                    Span(
                        id: "00000000000000a1", from: 0, to: 900, operation: "embeddings",
                        model: "text-embedding-3-small", usage: usage),
                    Span(
                        id: "00000000000000a2", parent: "00000000000000a1", from: 10, to: 890,
                        operation: "embeddings", model: "text-embedding-3-small", usage: usage),
                ]
                let body = request([("gen_ai", spans)])
                for _ in 0..<2 {
                    let answer = try await service.client().post("/v1/traces", body)
                    #expect(answer.text == "{}")
                }
                let metrics = try await service.client().get("/metrics").text
                #expect(
                    metrics.contains(
                        #"tally_otlp_records_total{signal="traces",outcome="same_call"} 2"#))
            }
            let run = try await place.tally("sql", Self.summary, "--csv")
            #expect(run.output.contains("1,28,,0.00000056,1"), "\(run.output)")
        }
    }

    @Test("a stream's usage comes with a later report, in an export of its own, and is paid once")
    func completion() async throws {
        try await withPlace { place in
            try await withService(on: place) { service in
                let client = service.client()
                let half = Span(id: "00000000000000b1", to: 300, answer: "chatcmpl-7")
                let full = Span(
                    id: "00000000000000b2", trace: "1af7651916cd43dd8448eb211c80319c", from: -5,
                    to: 810, answer: "chatcmpl-7",
                    usage: ["input_tokens": 1_000, "output_tokens": 100])
                let first = try await client.post("/v1/traces", request([("inner", [half])]))
                #expect(first.text.contains("include_usage"))
                _ = try await client.post("/v1/traces", request([("outer", [full])]))
                // 1,000 at 0.15 and 100 at 0.60 a million.
                try await poll("the charge is adjusted") {
                    try await place.tally("sql", Self.summary, "--csv").output
                        .contains("1,1000,100,0.00021,1")
                }
                let found = try await place.tally(
                    "sql",
                    """
                    SELECT kind, cause_id IS NULL FROM audit.events
                    WHERE response_id = 'chatcmpl-7' ORDER BY position
                    """, "--csv")
                #expect(found.output.contains("request.completed,t"))
                #expect(found.output.contains("request.repeated,f"))
            }
            // What was completed stays so under the same prices.
            let rerated = try await place.tally("rerate")
            #expect(rerated.exitCode == 0, "\(rerated.output)\(rerated.errors)")
            let run = try await place.tally("sql", Self.summary, "--csv")
            #expect(run.output.contains("1,1000,100,0.00021,1"), "\(run.output)")
            let verified = try await place.tally("verify")
            #expect(verified.exitCode == 0)
        }
    }

    @Test("retries, loops and a provider that repeats its ids stay as many requests as calls")
    func apart() async throws {
        try await withPlace { place in
            try await withService(on: place) { service in
                let usage = ["input_tokens": 10, "output_tokens": 5]
                let turns = (1...3).map { turn in
                    Span(
                        id: "00000000000000c\(turn)", parent: "00000000000000cf",
                        from: turn * 1_000, to: turn * 1_000 + 900, usage: usage)
                }
                let repeating = (4...6).map { call in
                    Span(
                        id: "00000000000000c\(call)",
                        trace: "\(call)af7651916cd43dd8448eb211c80319c", answer: "chatcmpl-0",
                        usage: usage)
                }
                let around = Span(
                    id: "00000000000000cf", from: 900, to: 4_000,
                    usage: [
                        "input_tokens": 30, "output_tokens": 15,
                    ])
                let body = request([("client", turns + repeating), ("framework", [around])])
                let answer = try await service.client().post("/v1/traces", body)
                #expect(answer.text == "{}")
            }
            let run = try await place.tally("sql", Self.summary, "--csv")
            #expect(run.output.contains("6,60,30,"), "\(run.output)")
        }
    }

    private static let instrumentations = [
        "anthropic", "anthropic+openllmetry", "anthropic+openinference",
        "anthropic+openllmetry+openinference", "anthropic+pydantic_ai", "anthropic+logfire",
        "openai+openllmetry", "openai+openinference", "openai+openllmetry+openinference",
        "openai+pydantic_ai", "openai+pydantic_ai+openllmetry", "openai+logfire",
        "openai+langfuse", "openai+langfuse+openllmetry", "openai+langfuse+openinference",
    ]

    @Test(
        "real SDKs under up to three instrumentations: as many requests as calls reached the provider",
        .enabled(PythonEnvironment.instrumentedReason) {
            await PythonEnvironment.instrumented.isReady
        })
    func python() async throws {
        try await check(Self.instrumentations, with: .instrumented)
    }

    @Test(
        "openlit reports each call once, alone and beside another, with Anthropic's cached input",
        .enabled(PythonEnvironment.openlitReason) { await PythonEnvironment.openlit.isReady })
    func openlit() async throws {
        try await check(
            ["anthropic+openlit", "openai+openlit", "openai+openlit+openllmetry"], with: .openlit)
    }

    /// Makes calls under each of some instrumentations, and compares the ledger with them.
    private func check(
        _ instrumentations: [String], with python: PythonEnvironment
    ) async throws {
        try await withPlace { place in
            let made = try await place.tally("keys", "create", "--scope", "ingest", "--json")
            let key = try #require(try made.json.key.string)
            var calls: [String: Int] = [:]
            try await withService(on: place) { service in
                let run = try await python.run(
                    "one_call_client.py", arguments: [service.url, key] + instrumentations)
                #expect(run.exitCode == 0, "\(run.errors)")
                for line in run.output.split(separator: "\n") {
                    let words = line.split(separator: " ")
                    calls[String(words[0]), default: 0] += try #require(Int(words[1]))
                }
                #expect(calls.count == instrumentations.count)
                // What a later report completed is priced a moment afterwards.
                try await poll("every request has a price") {
                    let waiting = try await place.tally(
                        "sql", "SELECT count(*) FROM audit.requests WHERE price_state <> 'priced'",
                        "--csv")
                    return waiting.output.split(whereSeparator: \.isNewline).last == "0"
                }
            }
            let found = try await place.tally(
                "sql",
                """
                SELECT app, count(*), count(*) FILTER (WHERE price_state = 'priced'),
                    sum(input_tokens) FILTER (WHERE operation = 'chat')
                        / count(*) FILTER (WHERE operation = 'chat'),
                    min(output_tokens), max(output_tokens)
                FROM audit.requests GROUP BY 1 ORDER BY 1
                """, "--csv")
            let rows = found.output.split(whereSeparator: \.isNewline).dropFirst().map(String.init)
            let expected = calls.sorted { $0.key < $1.key }.map { name, count in
                "\(name),\(count),\(count),150.0000000000000000,20,20"
            }
            #expect(rows == expected, "\(found.errors)")
        }
    }
}
