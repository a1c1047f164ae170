import Foundation
import Testing

/// The pages of docs/recipes, run exactly as they are printed.
@Suite("Recipes", .serialized)
struct RecipeTests {
    /// The blocks of a language on a page, in order.
    private func blocks(_ page: String, language: String = "python") throws -> [String] {
        let path = Workplace.package + "/docs/recipes/" + page
        let text = try String(contentsOfFile: path, encoding: .utf8)
        return text.components(separatedBy: "```\(language)\n").dropFirst().map {
            $0.components(separatedBy: "\n```")[0] + "\n"
        }
    }

    /// Writes programs to files and runs the last one.
    private func run(
        _ programs: [(name: String, text: String)], with python: RecipePython,
        against service: TallyProcess, environment: [String: String] = [:]
    ) async throws -> CommandRun {
        try await withScratchDirectory { directory in
            var path = ""
            for (name, text) in programs {
                path = directory + "/" + name
                try text.write(toFile: path, atomically: true, encoding: .utf8)
            }
            let settings = ["TALLY_URL": service.url, "PYTHONDONTWRITEBYTECODE": "1"]
            return try await python.run(
                path: path, environment: settings.merging(environment) { $1 })
        }
    }

    @Test(
        "Python with CloudEvents: the page's program books its call once",
        .enabled("needs requests from PyPI") { await RecipePython.requests.isReady })
    func cloudEvents() async throws {
        try await withPlace { place in
            try await withService(on: place) { service in
                let block = try #require(try blocks("python-cloudevents.md").first)
                let run = try await run(
                    [("recipe.py", block)], with: .requests, against: service)
                #expect(run.exitCode == 0, "\(run.errors)")
                #expect(run.output.hasPrefix("recorded "))
                let rows = try await place.psql(
                    """
                    SELECT kind, source, app, team, model, input_tokens, cache_read_input_tokens,
                        output_tokens, reasoning_output_tokens, labels
                    FROM tally.events WHERE kind IN (1, 2)
                    """)
                #expect(
                    rows == """
                        1|https://example.org/checkout|checkout|growth|gpt-4o-mini-2024-07-18|1200|\
                        1024|340|0|{"experiment":"b"}
                        """)
            }
        }
    }

    @Test(
        "LiteLLM: the page's logger books calls, streams and failures of the real package",
        .enabled("needs litellm==1.109.1 from PyPI") { await RecipePython.liteLLM.isReady })
    func liteLLM() async throws {
        try await withPlace { place in
            try await withService(on: place) { service in
                let blocks = try blocks("litellm.md")
                try #require(blocks.count == 2)
                // Reports each success a second time, as if LiteLLM's own cache had answered.
                let again = """

                    class Again(CustomLogger):
                        def log_success_event(self, kwargs, response_obj, start_time, end_time):
                            payload = dict(kwargs["standard_logging_object"])
                            payload.update(
                                cache_hit=True,
                                litellm_call_id="cached " + payload["litellm_call_id"])
                            logger.enqueue({"standard_logging_object": payload})

                    litellm.callbacks.append(Again())

                    """
                let more = """

                    for piece in litellm.completion(
                        model="gpt-4o-mini", messages=[{"role": "user", "content": "Why?"}],
                        stream=True, mock_response="So."):
                        pass
                    try:
                        litellm.completion(
                            model="anthropic/claude-sonnet-4-5", mock_response=Exception("no"),
                            messages=[{"role": "user", "content": "Why?"}])
                    except litellm.exceptions.InternalServerError:
                        pass

                    """
                let run = try await run(
                    [("tallystick_logger.py", blocks[0] + again), ("app.py", blocks[1] + more)],
                    with: .liteLLM, against: service,
                    environment: ["LITELLM_LOCAL_MODEL_COST_MAP": "True", "TALLY_APP": "proxy"])
                #expect(run.exitCode == 0, "\(run.errors)")
                #expect(run.output.hasPrefix("Because of Rayleigh scattering."))
                #expect(!run.output.contains("tallystick:"), "\(run.output)")
                let rows = try await place.psql(
                    """
                    SELECT kind, source, app, provider, model, operation, error_type,
                        input_tokens > 0 AND output_tokens > 0, labels
                    FROM tally.events WHERE kind IN (1, 2) ORDER BY event_id
                    """)
                #expect(
                    Set(rows.split(separator: "\n")) == [
                        #"1|litellm|proxy|openai|gpt-4o-mini|chat||t|{"tags":"recipe"}"#,
                        "1|litellm|proxy|openai|gpt-4o-mini|chat||t|",
                        """
                        2|litellm|proxy|anthropic|claude-sonnet-4-5|chat|InternalServerError||
                        """,
                    ], "\(rows)")
                #expect(rows.split(separator: "\n").count == 3)
                // The two calls as if LiteLLM's own cache had answered them.
                let hits = try await place.psql(
                    """
                    SELECT kind, app, model, input_tokens FROM tally.events WHERE kind = 20
                    """)
                #expect(hits == "20|proxy|gpt-4o-mini|\n20|proxy|gpt-4o-mini|")
            }
        }
    }

    @Test(
        "Python with OpenTelemetry: the page's span becomes one event",
        .enabled(
            """
            needs POST /v1/traces, and opentelemetry-sdk with opentelemetry-exporter-otlp-proto-http \
            from PyPI
            """
        ) {
            guard await OTLPDoor.isOpen() else { return false }
            return await RecipePython.openTelemetry.isReady
        })
    func openTelemetry() async throws {
        try await withPlace { place in
            try await withService(on: place) { service in
                let block = try #require(try blocks("python-opentelemetry.md").first)
                let run = try await run(
                    [("recipe.py", block)], with: .openTelemetry, against: service)
                #expect(run.exitCode == 0 && run.errors.isEmpty, "\(run.errors)")
                let rows = try await place.psql(
                    """
                    SELECT kind, app, environment, provider, model, operation, input_tokens,
                        cache_read_input_tokens, output_tokens
                    FROM tally.events WHERE kind IN (1, 2)
                    """)
                #expect(
                    rows == """
                        1|checkout|production|openai|gpt-4o-mini-2024-07-18|chat|1200|1024|340
                        """)
            }
        }
    }
}

/// Whether the service under test accepts OpenTelemetry's spans.
private enum OTLPDoor {
    static func isOpen() async -> Bool {
        let answer = try? await withClient { client in
            try await client.post("/v1/traces", #"{"resourceSpans":[]}"#)
        }
        return answer?.status == 200
    }
}
