import Foundation
import LedgerTesting
import Testing

extension PythonEnvironment {
    /// Clients of models as applications use them.
    static let modelClients = PythonEnvironment(
        "test-venv-model-clients",
        [
            [
                "anthropic==2.14.0", "openai==3.57.0", "langchain-openai==1.7.4",
                "langchain-anthropic==1.7.10", "pydantic-ai-slim[anthropic,openai]==2.68.0",
                "httpx<1",
            ]
        ],
        modules: ["anthropic", "openai", "langchain_openai", "langchain_anthropic", "pydantic_ai"])

    static let modelClientsReason: Comment = """
        needs python3 with venv, and from PyPI the SDKs of anthropic and openai, LangChain and \
        Pydantic AI; PyPI can't be reached
        """
}

/// Each client is its own process, with nothing changed but its base URL and its key.
@Suite("The gateway and the clients that people use", .serialized)
struct GatewayClientTests {
    @Test(
        "unchanged clients get what they ask for, and each answer has one charge",
        .enabled(PythonEnvironment.modelClientsReason) {
            await PythonEnvironment.modelClients.isReady
        },
        arguments: ["openai", "anthropic", "langchain"]
            + (isSoaking ? ["pydantic-ai", "agent"] : []))
    func client(_ name: String) async throws {
        try await answersAreCharged(name) { environment in
            try await PythonEnvironment.modelClients.run(
                "gateway_clients.py", environment: environment)
        }
    }

    @Test(
        "LiteLLM as a client gets what it asks for, and each answer has one charge",
        .enabled(if: isSoaking, "needs TALLY_SOAK=1"),
        .enabled("needs python3 with venv, and LiteLLM from PyPI, which can't be reached") {
            await RecipePython.liteLLM.isReady
        })
    func liteLLM() async throws {
        try await answersAreCharged("litellm") { environment in
            try await RecipePython.liteLLM.run(
                path: Workplace.client("gateway_clients.py"), environment: environment)
        }
    }

    private func answersAreCharged(
        _ name: String, _ run: ([String: String]) async throws -> CommandRun
    ) async throws {
        try await GatewayHouse.with(#"{"output_tokens": 24}"#) { house in
            try await house.withService { service, caller in
                let run = try await run([
                    "GATEWAY_URL": service.url, "GATEWAY_KEY": caller.client.key ?? "",
                    "GATEWAY_UPSTREAM": house.upstreams[0].url, "GATEWAY_CLIENT": name,
                ])
                try #require(run.exitCode == 0, "\(run.errors.suffix(3_000))")
                let counts = try run.json
                let answers = try #require(counts.answers.integer)
                let calls = try await house.upstreams[0].calls()
                #expect(calls.count { $0.status.integer == 200 } == answers)

                var rows: [[String]] = []
                try await poll("all answers are charged", evidence: { "\(rows) \(answers)" }) {
                    rows = try await house.rows(Self.books(name))
                    return rows.first.flatMap { Int($0[0]) } ?? 0 >= answers
                }
                let row = try #require(rows.first)
                #expect(Array(row[0...3]) == [answers, answers, answers, 0].map(String.init))
                if let tokens = counts.output_tokens.integer { #expect(row[4] == "\(tokens)") }
                try await house.budgetsAreExact()
                #expect(try await house.place.tally("verify").exitCode == 0)
                #expect(!service.log.contains(GatewayHouse.secret))
                print("\(name): \(run.output.suffix(200))")
            }
        }
    }

    /// Answered requests with a usage, their charges, how many of them have one, how many no price,
    /// and their output.
    private static func books(_ app: String) -> String {
        """
        SELECT count(*), sum(charges), count(*) FILTER (WHERE charges = 1),
            count(*) FILTER (WHERE cost_usd IS NULL), sum(coalesce(output_tokens, 0))
        FROM audit.requests
        WHERE app = '\(app)' AND kind = 'request.completed' AND input_tokens > 0
        """
    }

    @Test(
        "endpoints that nobody knows pass byte for byte, with all but credentials",
        .enabled(if: isSoaking, "needs TALLY_SOAK=1"))
    func unknownEndpoints() async throws {
        try await GatewayHouse.with("{}") { house in
            try await house.withService { _, caller in
                let body = "{\"a\": [1.0,  1e3],\n \"\\u00fc\": \"ü\"}"
                let answer = try await caller.client.post(
                    "/v1/echo/things?x=1&y=%20&x=2", body,
                    headers: [
                        ("x-stainless-os", "Linux"), ("openai-beta", "assistants=v2"),
                        ("cookie", "a=b"), ("x-tally-team", "growth"), ("x-something", "kept"),
                        ("x-answer-x-thing", "comes back"),
                    ])
                #expect(answer.status == 200, "\(answer.text)")
                let echo = try answer.json
                #expect(echo.body.string == body)
                #expect(echo.path.string == "/v1/echo/things")
                #expect(echo.query.string == "x=1&y=%20&x=2")
                #expect(echo.key.string == GatewayHouse.secret)
                var names = Set(echo.headers.items.compactMap { $0[0].string?.lowercased() })
                #expect(names.isDisjoint(with: ["cookie", "x-tally-team"]))
                names.formIntersection(["x-stainless-os", "openai-beta", "x-something"])
                #expect(names.count == 3)
                #expect(answer.header("x-thing") == "comes back")
                #expect(answer.header("x-request-id")?.hasPrefix("req_") == true)
            }
        }
    }

    @Test(
        "a budget that is used up answers 402 in each dialect, and nobody is asked",
        .enabled(if: isSoaking, "needs TALLY_SOAK=1"))
    func budgetRefusal() async throws {
        try await GatewayHouse.with("{}") { house in
            try await house.withService { _, caller in
                let set = try await house.place.tally(
                    "budgets", "set", "tiny", "--usd", "0.000000001", "--window", "total")
                #expect(set.exitCode == 0, "\(set.errors)")
                let chat = try await caller.chat()
                #expect(chat.status == 402, "\(chat.text)")
                #expect(chat.header("x-should-retry") == "false")
                #expect(try chat.failure.message.string?.contains("tiny") == true)
                let message = try await caller.message()
                #expect(message.status == 402, "\(message.text)")
                #expect(message.header("x-should-retry") == "false")
                #expect(try message.json.type.string == "error")
                #expect(try message.json.error.message.string?.contains("tiny") == true)
                #expect(try await house.upstreams[0].calls().isEmpty)
                try await house.budgetsAreExact()
            }
        }
    }

    @Test(
        "a repeated Idempotency-Key gets the first answer again, and no second charge",
        .enabled(if: isSoaking, "needs TALLY_SOAK=1"))
    func idempotency() async throws {
        try await GatewayHouse.with("{}") { house in
            try await house.withService { _, caller in
                func ask(_ text: String) async throws -> Answer {
                    try await caller.client.post(
                        "/v1/chat/completions", GatewayCaller.chat(text),
                        headers: [("idempotency-key", "one"), ("x-tally-app", "again")])
                }
                let first = try await ask("Say something")
                let second = try await ask("Say something")
                #expect(first.status == 200 && second.status == 200, "\(second.text)")
                #expect(first.body == second.body)
                #expect(try await ask("Say another thing").status == 422)
                #expect(try await house.upstreams[0].calls().count == 1)
                #expect(try await house.booked(where: "app = 'again'").charges == 1)
                try await house.budgetsAreExact()
            }
        }
    }
}
