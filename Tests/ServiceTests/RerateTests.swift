import Foundation
import LedgerTesting
import Testing

/// Re-rating as users see it: the command, the calls, and the service, which does it automatically.
@Suite("Re-rating by the program", .serialized)
struct RerateTests {
    private static let frontier = """
        tally_prices: 1
        name: acme
        providers:
          acme:
            models:
              frontier-9: {input_mtok: 3, output_mtok: 15}

        """

    private static func corrected(_ input: String) -> String {
        """
        tally_prices: 1
        name: corrected
        providers:
          openai:
            models:
              gpt-4o: {input_mtok: \(input), output_mtok: 10}

        """
    }

    private func unknownModel(_ id: String) -> EventText {
        EventText(id).with("provider", "\"acme\"").with("model", "\"frontier-9\"")
    }

    /// The cost and price state of a model's requests, as an auditor sees them.
    private func prices(_ model: String, on place: Place) async throws -> String {
        let run = try await place.tally(
            "sql", "--csv",
            """
            SELECT price_state, count(*), sum(cost_usd)::text AS usd FROM audit.requests
            WHERE model = '\(model)' GROUP BY 1 ORDER BY 1
            """)
        #expect(run.exitCode == 0, "\(run.errors)")
        return run.output.split(whereSeparator: \.isNewline).dropFirst()
            .joined(separator: "; ").replacingOccurrences(of: "\"", with: "")
    }

    private func write(_ text: String, _ name: String, _ place: Place) throws -> String {
        let path = place.dataDirectory + "/" + name
        try text.write(toFile: path, atomically: true, encoding: .utf8)
        return path
    }

    @Test("a request without a price gets one when a book that covers it is published")
    func reactor() async throws {
        try await withPlace { place in
            try await withService(on: place) { service in
                let client = service.client()
                let events = array([unknownModel("1"), unknownModel("2"), EventText("3")])
                #expect(try await client.ingest(events).counts == [3, 0, 0, 0])
                #expect(try await prices("frontier-9", on: place) == "unpriced,2,")
                let known = try await prices("gpt-4o", on: place)
                let answer = try await client.post(
                    "/api/v1/prices", Self.frontier, type: "application/yaml")
                #expect(answer.status == 201, "\(answer.text)")
                try await poll("both are priced", within: .seconds(10)) {
                    try await client.get("/api/v1/head").text.contains("\"position\":10")
                }
                #expect(try await prices("frontier-9", on: place) == "priced,2,0.009000000000")
                // The new book does not have it, but it already has a price.
                #expect(try await prices("gpt-4o", on: place) == known)
                try await poll("the read model follows") {
                    try await place.tally("sql", "SELECT count(*) FROM audit.unpriced", "--csv")
                        .output.contains("\n0")
                }
                #expect(try await place.tally("verify").exitCode == 0)
            }
        }
    }

    @Test("prices imported while no service ran are applied at its next start")
    func takenUp() async throws {
        try await withPlace { place in
            let path = try write(unknownModel("1").text + "\n", "events.ndjson", place)
            #expect(try await place.tally("import", path, "--format", "native").exitCode == 0)
            let book = try write(Self.frontier, "book.yaml", place)
            #expect(try await place.tally("prices", "import", "--replace", book).exitCode == 0)
            #expect(try await prices("frontier-9", on: place) == "unpriced,1,")
            try await withService(on: place) { service in
                try await poll("it is priced", within: .seconds(10)) {
                    try await service.client().get("/api/v1/head").text
                        .contains("\"position\":5")
                }
            }
            #expect(try await prices("frontier-9", on: place) == "priced,1,0.004500000000")
        }
    }

    @Test("tally rerate books a corrected price once, and shows before and after")
    func command() async throws {
        try await withPlace { place in
            let path = try write(array(goodEvents(40)), "events.json", place)
            #expect(try await place.tally("import", path, "--format", "native").exitCode == 0)
            let book = try write(Self.corrected("5"), "book.yaml", place)
            #expect(try await place.tally("prices", "import", "--replace", book).exitCode == 0)
            // 1,000 × 2.50 + 100 × 10 and 1,000 × 5 + 100 × 10 USD a million, 40 times.
            for arguments in [["--dry-run"], []] {
                let run = try await CommandRun.tally(
                    ["rerate", "--json"] + arguments + place.arguments)
                #expect(run.exitCode == 0, "\(run.errors)")
                let totals = try run.json
                #expect(totals.requests == 40 && totals.adjusted == 40)
                #expect(totals.before_usd == "0.14" && totals.after_usd == "0.24")
                #expect(totals.difference_usd == "0.1")
            }
            let again = try await place.tally("rerate", "--json").json
            #expect(again.adjusted == 0 && again.before_usd == "0.24")
            let words = try await place.tally("rerate")
            #expect(words.output.contains("requests compared"), "\(words.output)")
            let runs = "SELECT count(*) FROM tally.runs WHERE kind = 'rerate' AND state = 'done'"
            #expect(try await place.psql(runs) == "4", "each was a run")
            #expect(try await prices("gpt-4o", on: place) == "priced,40,0.240000000000")
            #expect(try await place.tally("verify").exitCode == 0)
            // Back to the prices of the built-in book, for a part of the history.
            let part = try await place.tally(
                "rerate", "--book", "default", "--since", "2025-06-01", "--only", "app=search",
                "--json")
            #expect(try part.json.after_usd == "0.14", "\(part.errors)")
        }
    }

    @Test("rerate refuses invalid input in one sentence")
    func refusals() async throws {
        try await withPlace { place in
            for wrong in [["--since", "tuesday"], ["--only", "colour=red"], ["--only", "app"]] {
                let run = try await CommandRun.tally(["rerate"] + wrong + place.arguments)
                #expect(run.exitCode == 64, "\(wrong): \(run.errors)")
            }
            let unknown = try await place.tally("rerate", "--book", "ffffffff")
            #expect(unknown.exitCode == 65 && unknown.errors.contains("tally prices list"))
        }
    }

    @Test("a re-rating over HTTP is accepted, executed, and answers with its report")
    func calls() async throws {
        try await withPlace { place in
            try await withService(on: place) { service in
                let client = service.client()
                _ = try await client.ingest(array(goodEvents(10) + [unknownModel("x")]))
                let published = try await client.post(
                    "/api/v1/prices", Self.corrected("5"), type: "application/yaml")
                #expect(published.status == 201)
                let accepted = try await client.post(
                    "/api/v1/rerates", "{\"only\":{\"app\":\"search\"},\"since\":\"2025-01-01\"}")
                #expect(accepted.status == 202, "\(accepted.text)")
                let path = try #require(accepted.header("location"))
                var run: JSONValue?
                try await poll("the run ends") {
                    run = try await client.get(path).json
                    return run?.state == "done" || run?.state == "failed"
                }
                let result = try #require(run?.result)
                #expect(result.requests == 11 && result.unpriced_after == 1)
                #expect(result.after_usd == "0.06")
                #expect(try await client.delete(path).status == 200)
            }
        }
    }
}
