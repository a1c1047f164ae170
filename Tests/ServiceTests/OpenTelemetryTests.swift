import Foundation
import LedgerTesting
import Testing

extension PythonEnvironment {
    /// OpenTelemetry's SDK, and instrumentations of the openai package in every generation.
    ///
    /// The newest shares modules with an older one, so it is in a folder that only its own run
    /// uses.
    static let telemetry = PythonEnvironment(
        "test-venv-otlp",
        [
            [
                "opentelemetry-sdk", "opentelemetry-exporter-otlp-proto-http", "openai<3", "httpx",
                "opentelemetry-instrumentation-openai-v2==2.4b0",
                "opentelemetry-util-genai==0.4b0", "opentelemetry-instrumentation-openai==0.62.4",
            ],
            [
                "--no-deps", "--target", "{}/head",
                "opentelemetry-instrumentation-genai-openai==1.3b0",
                "opentelemetry-util-genai==1.3b0",
            ],
        ],
        modules: [
            "openai", "opentelemetry.sdk.trace", "opentelemetry.instrumentation.openai",
            "opentelemetry.instrumentation.openai_v2",
            "opentelemetry.exporter.otlp.proto.http.trace_exporter",
        ])

    static let telemetryReason: Comment = """
        needs python3 with venv, and from PyPI openai, opentelemetry-sdk, \
        opentelemetry-exporter-otlp-proto-http and three instrumentations of openai; PyPI can't be \
        reached
        """
}

/// OTLP over HTTP against the running service, by hand and with the real exporters.
@Suite("OpenTelemetry", .serialized)
struct OpenTelemetryTests {
    /// A span with the given members instead of its own.
    private func span(_ id: Int, input: Int = 1200, cached: Int = 0) -> String {
        """
        {"traceId":"0af7651916cd43dd8448eb211c80319c","spanId":"000000000000000\(id)",\
        "name":"chat gpt-4o-mini","kind":3,"startTimeUnixNano":"1764003600123456789",\
        "endTimeUnixNano":"1764003600935956789","attributes":[\
        {"key":"gen_ai.operation.name","value":{"stringValue":"chat"}},\
        {"key":"gen_ai.provider.name","value":{"stringValue":"openai"}},\
        {"key":"gen_ai.request.model","value":{"stringValue":"gpt-4o-mini"}},\
        {"key":"gen_ai.usage.input_tokens","value":{"intValue":"\(input)"}},\
        {"key":"gen_ai.usage.cache_read.input_tokens","value":{"intValue":"\(cached)"}},\
        {"key":"gen_ai.usage.output_tokens","value":{"intValue":340}}]}
        """
    }

    private func request(_ spans: String...) -> String {
        """
        {"resourceSpans":[{"resource":{"attributes":[{"key":"service.name","value":\
        {"stringValue":"shop"}}]},"scopeSpans":[{"scope":{"name":"t"},"spans":[\
        \(spans.joined(separator: ","))]}]}]}
        """
    }

    @Test("a retry is a duplicate, a bad span is a partial success, and the good ones are priced")
    func partialSuccess() async throws {
        try await withPlace { place in
            try await withService(on: place) { service in
                let client = service.client()
                let agent = span(3).replacingOccurrences(of: "\"chat\"", with: "\"invoke_agent\"")
                let good = request(span(1), agent, span(2))
                for _ in 0..<2 {
                    let answer = try await client.post("/v1/traces", good)
                    #expect(answer.status == 200)
                    #expect(answer.text == "{}")
                }
                let mixed = request(span(4, input: 100, cached: 200), span(1, input: 9), span(5))
                let answer = try await client.post("/v1/traces", mixed)
                #expect(answer.status == 200)
                let partial = try answer.json.partialSuccess
                #expect(partial.rejectedSpans == "2")
                let trace = "0af7651916cd43dd8448eb211c80319c"
                #expect(
                    partial.errorMessage.string
                        == """
                        2 of 3 spans were rejected: \(trace)/0000000000000004: \
                        cache_read_input_tokens is 200, more than the 100 input_tokens that include \
                        it; if t counts cached tokens apart from the input, name it in \
                        TALLY_OTLP_EXCLUSIVE; \(trace)/0000000000000001: another event with \
                        this identity is at position 2
                        """)
                let run = try await place.tally(
                    "sql",
                    """
                    SELECT app, provider, model, count(*), sum(cost_usd) > 0 FROM audit.requests
                    GROUP BY 1, 2, 3
                    """, "--csv")
                #expect(run.output.contains("shop,openai,gpt-4o-mini,3,t"), "\(run.output)")
                let metrics = try await client.get("/metrics").text
                for line in [
                    #"tally_otlp_records_total{signal="traces",outcome="appended"} 3"#,
                    #"tally_otlp_records_total{signal="traces",outcome="duplicate"} 2"#,
                    #"tally_otlp_records_total{signal="traces",outcome="ignored"} 2"#,
                    #"tally_otlp_records_total{signal="traces",outcome="rejected"} 2"#,
                ] {
                    #expect(metrics.contains(line), "\(line)")
                }
            }
        }
    }

    @Test("a file of the collector's file exporter is imported, and a second time adds nothing")
    func file() async throws {
        try await withPlace { place in
            let file = place.dataDirectory + "/traces.jsonl"
            let agent = span(3).replacingOccurrences(of: "\"chat\"", with: "\"invoke_agent\"")
            let lines = [request(span(1), agent), request(span(2)), "{\"x\":1}"]
            try lines.joined(separator: "\n").write(
                toFile: file, atomically: true, encoding: .utf8)
            for counts in ["2 appended, 0 duplicates", "0 appended, 2 duplicates"] {
                let run = try await place.tally(
                    "import", file, "--format", "otlp-json",
                    environment: ["TALLY_OTLP_MAP": "team=service.name"])
                #expect(run.exitCode == 65)
                #expect(run.output.hasPrefix("\(file): \(counts), 0 conflicts, 1 rejected\n"))
                #expect(
                    run.output.hasSuffix(
                        """
                          1 record is not a call to a model
                          line 3: this is not an export request: expected resourceSpans, \
                        resourceLogs or resourceMetrics

                        """), "\(run.output)")
            }
            #expect(
                try await place.psql(
                    "SELECT DISTINCT app || '/' || team FROM tally.events WHERE kind = 1")
                    == "shop/shop")
            let wrong = try await place.tally(
                "import", file, "--format", "otlp-json", environment: ["TALLY_OTLP_MAP": "crew=x"])
            #expect(wrong.exitCode == 64)
            #expect(wrong.errors.contains("crew cannot be read from an attribute"))
        }
    }

    /// The reports of one generation of instrumentations for the same calls.
    private struct Generation {
        let name: String
        let package: String
        var environment: [String: String] = [:]
        /// Whether they report cached tokens at all.
        var reportsCached = true
    }

    private static let generations = [
        Generation(name: "first", package: "openai_v2", reportsCached: false),
        Generation(
            name: "second", package: "openai_v2",
            environment: ["OTEL_SEMCONV_STABILITY_OPT_IN": "gen_ai_latest_experimental"],
            reportsCached: false),
        Generation(name: "head", package: "genai.openai", environment: ["PYTHONPATH": "{}/head"]),
        Generation(name: "openllmetry", package: "openai"),
    ]

    @Test(
        "the exporters and instrumentations of PyPI are understood, sent twice, streaming or not",
        .enabled(PythonEnvironment.telemetryReason) { await PythonEnvironment.telemetry.isReady })
    func python() async throws {
        try await withPlace { place in
            let key = try await place.tally("keys", "create", "--scope", "ingest", "--json")
            let secret = try key.json.key.string
            let environment = ["TALLY_OTLP_MAP": "team=team.name"]
            try await withService(on: place, environment: environment) { service in
                for generation in Self.generations {
                    let variables = [
                        "OTEL_SERVICE_NAME": generation.name,
                        "OTEL_RESOURCE_ATTRIBUTES":
                            "team.name=growth,deployment.environment.name=staging",
                        "OTEL_EXPORTER_OTLP_HEADERS": "x-api-key=\(secret ?? "")",
                    ].merging(generation.environment) { $1 }
                    let run = try await PythonEnvironment.telemetry.run(
                        "opentelemetry_client.py", service.url, generation.package,
                        environment: variables)
                    #expect(run.exitCode == 0, "\(run.errors)")
                    #expect(
                        run.output == "spans first\tSUCCESS\nspans again\tSUCCESS\nmetrics\tTrue\n",
                        "\(generation.name): \(run.errors)")
                }
            }
            let spend = try await place.tally(
                "sql",
                """
                SELECT app, operation, kind, count(*) AS n, sum(input_tokens) AS input,
                    coalesce(sum(cache_read_input_tokens), 0) AS cached,
                    sum(output_tokens) AS output, trim_scale(sum(cost_usd)) AS usd,
                    min(latency_ms) > 0 AS timed
                FROM audit.requests
                WHERE provider = 'openai' AND team = 'growth' AND environment = 'staging'
                GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
                """, "--csv")
            let rows = spend.output.split(whereSeparator: \.isNewline).dropFirst().map(String.init)
            let expected = Self.generations.flatMap { generation in
                let cached = generation.reportsCached ? "2048" : "0"
                // 1,200 tokens at 0.15, or 176 at 0.15 and 1,024 at 0.075; 340 at 0.60, twice.
                let cost = generation.reportsCached ? "0.0006144" : "0.000768"
                return [
                    "\(generation.name),chat,request.completed,2,2400,\(cached),680,\(cost),t",
                    "\(generation.name),chat,request.failed,1,,0,,0,t",
                    "\(generation.name),embeddings,request.completed,1,8,0,,0.00000016,t",
                ]
            }
            #expect(rows.sorted() == expected.sorted(), "\(spend.errors)")
            let verified = try await place.tally("verify")
            #expect(verified.exitCode == 0)
        }
    }
}
