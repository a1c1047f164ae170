import Foundation
import LedgerTesting
import Testing

/// Estimates before a call, and calibration and advice after it.
@Suite("Estimates and advice by the program", .serialized)
struct EstimateTests {
    private struct Estimate: Decodable {
        struct Input: Decodable {
            let tokens: Int
            let lower: Int
            let upper: Int
            let shape: String
        }
        struct Output: Decodable {
            let median: Int
            let lower: Int
            let upper: Int
            let holdTokens: Int
            let calibratedOn: String?
            let observations: Int
        }
        struct Cost: Decodable {
            let input: String?
            let lower: String?
            let expected: String?
            let upper: String?
            let hold: String?
            let limit: String?
        }
        let input: Input
        let output: Output
        let costUsd: Cost
        let unpriced: String?
        let bookId: String?
        let position: Int
    }

    private static let trace = Workplace.data("azure-llm-2023-code.csv")

    @Test(
        "the history of a real trace predicts its answers, and the costs are exact",
        .enabled(
            if: FileManager.default.fileExists(atPath: trace),
            "needs azure-llm-2023-code.csv in the directory TALLY_TEST_DATA"))
    func history() async throws {
        try await withPlace { place in
            let run = try await place.tally(
                "import", Self.trace, "--format", "csv", "--map", "occurred_at=TIMESTAMP",
                "--map", "input_tokens=ContextTokens", "--map", "output_tokens=GeneratedTokens",
                "--set", "type=request.completed", "--set", "provider=openai",
                "--set", "model=gpt-4o", "--set", "app=code")
            #expect(run.exitCode == 0, "\(run.errors)")
            let asked = try await place.tally(
                "estimate", "--model", "gpt-4o", "--provider", "openai", "--app", "code",
                "--input-tokens", "2000", "--max-tokens", "4096", "--at", "2023-11-16T20:00:00Z",
                "--json")
            #expect(asked.exitCode == 0, "\(asked.errors)")
            let estimate = try asked.decoded(Estimate.self)
            #expect(estimate.output.observations == 8_819)
            #expect(estimate.output.calibratedOn == nil, "the trace is of one day")
            #expect(estimate.input.shape == "1024 to 2047 tokens")
            #expect((9...18).contains(estimate.output.median))
            #expect((4...8).contains(estimate.output.lower))
            #expect((50...200).contains(estimate.output.upper))
            #expect(estimate.output.holdTokens > estimate.output.upper)
            // 2.50 and 10.00 USD a million.
            func cost(_ output: Int) -> Decimal {
                (Decimal(2_000 * 25) + Decimal(output * 100)) / 10_000_000
            }
            for (usd, output) in [
                (estimate.costUsd.input, 0), (estimate.costUsd.lower, estimate.output.lower),
                (estimate.costUsd.upper, estimate.output.upper),
                (estimate.costUsd.hold, estimate.output.holdTokens),
                (estimate.costUsd.limit, 4_096),
            ] {
                #expect(Decimal(string: usd ?? "") == cost(output))
            }
            // The model answers with at most 16,384 tokens, whatever the limit.
            for more in [[], ["--max-tokens", "1000000"]] {
                let run = try await CommandRun.tally(
                    ["estimate", "--model", "gpt-4o", "--input-tokens", "2000", "--json"] + more
                        + place.arguments)
                let limit = try run.decoded(Estimate.self).costUsd.limit
                #expect(Decimal(string: limit ?? "") == cost(16_384))
            }
            try await withService(on: place) { service in
                let answer = try await service.client().post(
                    "/api/v1/estimates",
                    """
                    {"model":"gpt-4o","provider":"openai","app":"code","input_tokens":2000,
                     "max_tokens":4096,"at":"2023-11-16T20:00:00Z"}
                    """)
                #expect(answer.status == 200)
                #expect(answer.text == asked.output.trimmingCharacters(in: .newlines))
            }
            let words = try await place.tally(
                "estimate", "--model", "gpt-4o", "--app", "code", "--input-tokens", "2000", "--at",
                "2023-11-16T20:00:00Z")
            #expect(words.output.contains("8,819 of the feature"), "\(words.output)")
        }
    }

    @Test("without a price an estimate is unpriced, and without history it says so")
    func unknown() async throws {
        try await withPlace { place in
            #expect(try await place.tally("ledgers", "create", "default").exitCode == 0)
            let run = try await place.tally(
                "estimate", "--model", "nobody-knows-1", "--provider", "openai",
                "--input-tokens", "10", "--json")
            #expect(run.exitCode == 0, "\(run.errors)")
            let estimate = try run.decoded(Estimate.self)
            #expect(estimate.costUsd.input == nil && estimate.costUsd.upper == nil)
            #expect(estimate.unpriced?.contains("nobody-knows-1") == true)
            #expect(estimate.bookId != nil)
            #expect(estimate.output.observations == 0)
            let words = try await place.tally(
                "estimate", "--model", "nobody-knows-1", "--input-tokens", "10")
            #expect(words.output.contains("unpriced: "), "\(words.output)")
            #expect(words.output.contains("evidence none"), "\(words.output)")
            for wrong in [
                ["--input-tokens", "-1"], ["--input-tokens", "5", "--coverage", "1"],
                ["--input-tokens", "5", "--estimated-with", "o200k_base"],
                ["--input-tokens", "5", "--chat"], ["--input-tokens", "5", "a.txt"],
                ["a.txt", "b.txt"], ["--estimated-with", "x", "--provider", "openai", "a.txt"],
                ["--input-tokens", "5", "--max-tokens", "99999999999"],
                ["--input-tokens", "5", "--at", "soon"], ["--input-tokens", "5", "--app", ""],
            ] {
                let run = try await CommandRun.tally(
                    ["estimate", "--model", "gpt-4o"] + wrong + place.arguments)
                #expect(run.exitCode == 64, "\(wrong): \(run.errors)")
            }
        }
    }

    @Test("a prompt in a file is counted as by its model, and a chat with its settings")
    func files() async throws {
        try await withPlace { place in
            #expect(try await place.tally("ledgers", "create", "default").exitCode == 0)
            let arguments = ["estimate", "--json", "--provider"] + ["openai", "--model", "gpt-4o"]
            let prompt = place.dataDirectory + "/prompt.txt"
            try "hello world".write(toFile: prompt, atomically: true, encoding: .utf8)
            let text = try await CommandRun.tally(arguments + place.arguments, input: prompt)
            try #require(text.exitCode == 0, "\(text.errors)")
            let estimate = try text.decoded(Estimate.self)
            #expect(estimate.input.tokens == 2 && estimate.input.upper == 2)
            #expect(Decimal(string: estimate.costUsd.input ?? "") == Decimal(string: "0.000005"))
            let path = place.dataDirectory + "/chat.json"
            let body = """
                {"model":"gpt-4o","messages":[{"role":"user","content":"hello world"}],
                 "response_format":{"type":"json_schema","json_schema":{"name":"x","schema":{}}},
                 "tools":[{"type":"function","function":{"name":"f","parameters":{}}}]}
                """
            try body.write(toFile: path, atomically: true, encoding: .utf8)
            let chat = try await CommandRun.tally(arguments + ["--chat", path] + place.arguments)
            #expect(chat.exitCode == 0, "\(chat.errors)")
            #expect(try chat.decoded(Estimate.self).input.tokens > 9)
            #expect(try chat.decoded(Estimate.self).input.shape.contains("tools"))
            let claude = try await place.tally(
                "estimate", "--model", "claude-sonnet-4-5", "--chat", path, "--json")
            #expect(claude.exitCode == 0, "\(claude.errors)")
            let band = try claude.decoded(Estimate.self).input
            #expect(band.lower < band.tokens && band.tokens < band.upper)
            for wrong in [["--model", "nobody-knows-1", path], ["--model", "gpt-4o", "/no/file"]] {
                let run = try await CommandRun.tally(["estimate"] + wrong + place.arguments)
                #expect(run.exitCode == 65, "\(wrong): \(run.errors)")
            }
        }
    }

    // MARK: Calibration

    @Test("bills of estimated prompts correct the next estimate, and the audit view shows both")
    func calibration() async throws {
        try await withPlace { place in
            try await withService(on: place) { service in
                let client = service.client()
                let events = (0..<60).map { index in
                    request("c-\(index)")
                        .with("provider", "\"anthropic\"")
                        .with("model", "\"claude-sonnet-4-5-2025092\(index % 2)\"")
                        .with("usage", "{\"input_tokens\":1200,\"output_tokens\":10}")
                        .with(
                            "labels",
                            "{\"estimated_input_tokens\":\"1000\",\"estimated_with\":\"o200k_base\"}"
                        )
                }
                #expect(try await client.ingest(array(events)).counts == [60, 0, 0, 0])
                var learnt = JSONValue.missing
                try await poll("the bills are folded") {
                    learnt = try await client.get("/api/v1/tokens/calibration").json.rows[0]
                    return learnt.observations == 60
                }
                #expect(learnt.provider == "anthropic" && learnt.family == "claude-sonnet-4-5")
                #expect(learnt.estimated_with == "o200k_base" && learnt.basis == "family")
                #expect(learnt.ratio == 1.2 && learnt.band.double ?? 1 < 0.001)
            }
            let view = try await place.tally(
                "sql", "--csv",
                """
                SELECT model, requests, estimated_tokens, billed_tokens, ratio_p50
                FROM audit.token_estimates ORDER BY model
                """)
            #expect(
                view.output.split(whereSeparator: \.isNewline).dropFirst() == [
                    "claude-sonnet-4-5-20250920,30,30000,36000,1.200",
                    "claude-sonnet-4-5-20250921,30,30000,36000,1.200",
                ])
            let estimate = try await place.tally(
                "estimate", "--model", "claude-sonnet-4-5", "--provider", "anthropic",
                "--input-tokens", "5000", "--estimated-with", "o200k_base", "--json"
            ).decoded(Estimate.self)
            #expect(estimate.input.tokens == 6_000)
            #expect((5_990...5_999).contains(estimate.input.lower))
            #expect((6_001...6_010).contains(estimate.input.upper))
            // 3.00 and 15.00 USD a million, from the least to the most of input and output.
            for (usd, input, output) in [
                (estimate.costUsd.lower, estimate.input.lower, estimate.output.lower),
                (estimate.costUsd.upper, estimate.input.upper, estimate.output.upper),
            ] {
                let cost = Decimal(input * 3 + output * 15) / 1_000_000
                #expect(Decimal(string: usd ?? "") == cost)
            }
        }
    }

    // MARK: Advice

    private struct Answers: Decodable {
        struct Row: Decodable {
            let app: String?
            let requests: Int
            let finishedRequests: Int
            let cutOffRequests: Int
            let usefulAnswerUsdMin: String?
            let usefulAnswerUsdMax: String?
            let suggestedMaxTokens: Int?
        }
        struct Advice: Decodable {
            let kind: String
            let app: String?
            let costUsdPerDay: String?
        }
        let rows: [Row]
        let advice: [Advice]
    }

    @Test("cut-off, verbose and unknown answers are found, with their cost per day")
    func advice() async throws {
        try await withPlace { place in
            let events = answers()
            let path = place.dataDirectory + "/events.json"
            try array(events).write(toFile: path, atomically: true, encoding: .utf8)
            #expect(try await place.tally("import", path, "--format", "native").exitCode == 0)
            let run = try await place.tally("advise", "--json")
            #expect(run.exitCode == 0, "\(run.errors)")
            let report = try run.decoded(Answers.self)
            let cut = try #require(report.rows.first { $0.app == "cut" })
            #expect(cut.requests == 150 && cut.finishedRequests == 120 && cut.cutOffRequests == 30)
            // 150 × 0.0035 USD for 120 useful answers.
            #expect(cut.usefulAnswerUsdMin == "0.004375" && cut.usefulAnswerUsdMax == "0.004375")
            #expect(cut.suggestedMaxTokens == 128)
            let untold = try #require(report.rows.first { $0.app == "untold" })
            #expect(untold.usefulAnswerUsdMin == "0.0035" && untold.usefulAnswerUsdMax == nil)
            // 99 % of its answers fit into 695 tokens; a fifth more, in steps of 64.
            let wordy = report.rows.first { $0.app == "wordy" }
            #expect(wordy?.suggestedMaxTokens == 896)
            let found = report.advice.map {
                "\($0.app ?? "") \($0.kind) \($0.costUsdPerDay ?? "?")"
            }
            // A fifth of 0.525 USD. 110 answers of 700 tokens, which count as 695, the middle of
            // their bucket, where others have 100, at 10 USD a million. Unknown costs come last.
            #expect(
                found == [
                    "wordy verbose 0.6545", "cut limit_too_low 0.105",
                    "untold outcome_unknown ?",
                ])
            try await withService(on: place) { service in
                let client = service.client()
                let answer = try await client.get("/api/v1/answers")
                #expect(answer.text == run.output.trimmingCharacters(in: .newlines))
                #expect(try await client.get("/api/v1/answers?from=soon").status == 400)
            }
            let words = try await place.tally("advise")
            #expect(words.output.contains("20 % of the answers of cut with gpt-4o end at"))
            let told = try await place.tally("recommend").output
            #expect(told.contains("20 % of the answers of cut with gpt-4o end at"))
            #expect(!told.contains("untold"))
            let wrong = try await place.tally(
                "advise", "--since", "2026-02-01", "--until", "2026-01-01")
            #expect(wrong.exitCode == 64)
        }
    }

    /// Today's requests: some of `cut` at their limit, some of `wordy` long, all of `untold`
    /// without an outcome.
    private func answers() -> [EventText] {
        let stop = "{\"finish_reason\":\"stop\"}"
        let cut = (0..<150).map { index in
            request("cut-\(index)").with("app", "\"cut\"")
                .with("labels", index < 30 ? "{\"finish_reason\":\"length\"}" : stop)
        }
        let wordy = (0..<110).map { index in
            request("wordy-\(index)").with("app", "\"wordy\"").with("labels", stop)
                .with("usage", "{\"input_tokens\":1000,\"output_tokens\":700}")
        }
        let untold = (0..<100).map { request("untold-\($0)").with("app", "\"untold\"") }
        return cut + wordy + untold
    }

    private func request(_ id: String) -> EventText {
        EventText(id).with("occurred_at", "\"\(Self.today)\"")
    }

    private static let today = ISO8601DateFormatter().string(from: Date())
}
