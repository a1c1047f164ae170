import Foundation
import LedgerTesting
import Testing

/// History from other products, and exports to other tools.
@Suite("Exchange", .serialized)
struct ExchangeTests {
    private static func fixture(_ name: String) -> String {
        Workplace.package + "/Tests/EventReadingTests/Fixtures/" + name
    }

    private func importing(
        _ place: Place, _ file: String, _ options: String...
    ) async throws -> (exitCode: Int32, JSONValue) {
        let run = try await CommandRun.tally(
            ["import", file, "--json"] + options + place.arguments)
        return (run.exitCode, try run.json[0])
    }

    @Test(
        "exports of other products are imported once, valid rows in spite of bad ones",
        arguments: [
            ("openai-usage", "openai-usage-page.json", 8, 1, 1),
            ("openai-usage", "openai-usage-dashboard.csv", 2, 1, 1),
            ("litellm-spend", "litellm-spend.ndjson", 7, 2, 0),
            ("litellm-spend", "litellm-spend.csv", 7, 0, 0),
            ("langfuse", "langfuse-observations.json", 4, 2, 1),
            ("langfuse", "langfuse-blob.csv", 1, 0, 1),
            ("helicone", "helicone-requests.jsonl", 5, 1, 1),
            ("helicone", "helicone-requests.csv", 1, 0, 0),
        ])
    func products(
        _ format: String, _ name: String, _ good: Int, _ bad: Int, _ passedOver: Int
    ) async throws {
        try await withPlace { place in
            let file = Self.fixture(name)
            let (code, first) = try await importing(place, file, "--format", format)
            #expect(first.result.counts.items.map(\.integer) == [good, 0, 0, bad])
            #expect(code == (bad == 0 ? 0 : 65))
            #expect(
                first.passed_over.members.values.compactMap(\.integer).reduce(0, +) == passedOver)
            #expect(
                first.result.events.items.allSatisfy {
                    $0.line.integer != nil && $0.error.string != nil
                })
            let (_, second) = try await importing(place, file, "--format", format)
            #expect(second.result.counts.items.map(\.integer) == [0, good, 0, bad])
        }
    }

    @Test("a product's costs can be compared in SQL; a bucket that grew is a conflict")
    func comparison() async throws {
        try await withPlace { place in
            let file = Self.fixture("litellm-spend.ndjson")
            _ = try await importing(place, file, "--format", "litellm-spend")
            let answer = try await place.tally(
                "sql", "--csv",
                """
                SELECT model, cost_usd > 0 AS rated, (labels->>'recorded_cost_usd')::numeric AS theirs
                FROM audit.requests WHERE external_id IN ('chatcmpl-A1', 'img-1') ORDER BY 1
                """)
            #expect(answer.output.contains("dall-e-3,,0.04"), "\(answer.output)\(answer.errors)")
            #expect(answer.output.contains("gpt-4o,t,0.0017625"), "\(answer.output)")

            let usage = try String(
                contentsOfFile: Self.fixture("openai-usage-page.json"), encoding: .utf8)
            let grown = place.dataDirectory + "/grown.json"
            try usage.replacing("\"input_tokens\": 800000", with: "\"input_tokens\": 800001")
                .write(toFile: grown, atomically: true, encoding: .utf8)
            let page = Self.fixture("openai-usage-page.json")
            _ = try await importing(place, page, "--format", "openai-usage")
            let (code, again) = try await importing(place, grown, "--format", "openai-usage")
            #expect(again.result.counts == [0, 7, 1, 1])
            #expect(code == 65)
            let conflict = try #require(again.result.events.items.first { $0.status == "conflict" })
            #expect(conflict.line == 81)
        }
    }

    @Test("a killed import is finished by the next one: nothing lost, nothing duplicated")
    func killed() async throws {
        try await withPlace { place in
            let count = 60_000
            let file = place.dataDirectory + "/spend.ndjson"
            var text = ""
            for index in 0..<count {
                text += """
                    {"request_id":"chatcmpl-\(index)","call_type":"acompletion","spend":0.000\(index),\
                    "prompt_tokens":\(index % 900 + 1),"completion_tokens":\(index % 70),\
                    "startTime":"2025-11-20T09:\(10 + index / 1_000 % 50):00Z","model":"gpt-4o",\
                    "custom_llm_provider":"openai","metadata":{},"status":"success"}

                    """
            }
            try text.write(toFile: file, atomically: true, encoding: .utf8)
            let arguments = ["import", file, "--format", "litellm-spend"] + place.arguments
            let child = try Child(Workplace.program, arguments)
            defer { child.discard() }
            let position = "SELECT coalesce(max(position), 0) FROM tally.heads"
            try await poll("some rows are stored") {
                try await (Int(place.psql(position)) ?? 0) > 5_000
            }
            try await child.signal(SIGKILL)
            _ = try await child.exit(within: .seconds(20))
            // A block is complete or absent.
            let stored = """
                SELECT count(*) || ' ' || count(DISTINCT external_id) FROM tally.events
                WHERE kind = 1
                """
            let before = try await place.psql(stored).split(separator: " ").map { Int($0) ?? -1 }
            #expect(before[0] == before[1] && before[0] > 0)
            #expect(before[0] < count, "it was killed too late to tell anything")
            let (code, second) = try await importing(place, file, "--format", "litellm-spend")
            #expect(code == 0)
            #expect(
                second.result.counts.items.map(\.integer) == [count - before[0], before[0], 0, 0])
            #expect(try await place.psql(stored) == "\(count) \(count)")
            let tokens = (0..<count).reduce(0) { $0 + $1 % 900 + 1 }
            let sum = try await place.psql(
                "SELECT sum(input_tokens) FROM tally.events WHERE kind = 1")
            #expect(sum == String(tokens))
        }
    }

    @Test("native events go into another ledger and come out unchanged")
    func roundTrip() async throws {
        try await withPlace { place in
            for (name, format) in [
                ("litellm-spend.ndjson", "litellm-spend"),
                ("langfuse-observations.json", "langfuse"),
                ("helicone-requests.jsonl", "helicone"), ("openai-usage-page.json", "openai-usage"),
            ] {
                _ = try await importing(place, Self.fixture(name), "--format", format)
            }
            let first = place.dataDirectory + "/first.ndjson"
            let zipped = first + ".zst"
            let run = try await place.tally("export", "--out", zipped, "--json")
            let exported = try run.json
            #expect(exported.rows == 24)
            #expect(try await place.tally("export", "--out", first).exitCode == 0)
            #expect(try await place.tally("ledgers", "create", "copy").exitCode == 0)
            let (code, imported) = try await importing(place, zipped, "--ledger", "copy")
            #expect(code == 0)
            #expect(imported.result.counts == [24, 0, 0, 0])
            let (_, again) = try await importing(place, first, "--ledger", "copy")
            #expect(again.result.counts == [0, 24, 0, 0])
            let back = try await place.tally("export", "--ledger", "copy")
            #expect(back.errors.contains("exported 24 rows at position"))
            let text = try String(contentsOfFile: first, encoding: .utf8)
            #expect(
                back.output.split(separator: "\n").sorted() == text.split(separator: "\n").sorted())
            // Each event, and each charge, is in both ledgers alike.
            let lone = try await place.psql(
                """
                SELECT count(*) FROM (
                    SELECT event_id, kind, amount_pico, labels, input_tokens
                    FROM tally.events WHERE kind IN (1, 2, 10, 20)
                    GROUP BY 1, 2, 3, 4, 5 HAVING count(DISTINCT ledger_id) <> 2
                ) AS lone
                """)
            #expect(lone == "0")
        }
    }

    @Test("over HTTP the same position gives the bytes of the command, to callers who may read")
    func http() async throws {
        try await withPlace { place in
            let file = Self.fixture("litellm-spend.ndjson")
            _ = try await importing(place, file, "--format", "litellm-spend")
            try await withService(on: place) { service in
                let client = service.client()
                for format in ["native", "csv", "focus"] {
                    let answer = try await client.get("/api/v1/export?format=\(format)")
                    #expect(answer.status == 200)
                    let position = try #require(answer.header("x-tally-position"))
                    _ = try await client.ingest(array(goodEvents(3, prefix: format)))
                    let run = try await place.tally(
                        "export", "--format", format, "--position", position)
                    #expect(run.output == answer.text && !answer.text.isEmpty)
                    let again = try await client.get(
                        "/api/v1/export?format=\(format)&position=\(position)")
                    #expect(again.text == answer.text)
                }
                let bad = try await client.get("/api/v1/export?format=xml")
                #expect(bad.status == 400)
                #expect(try bad.failure.param == "format")
                let beyond = try await client.get("/api/v1/export?position=999999")
                #expect(beyond.status == 400)
                #expect(try beyond.failure.message.contains("does not exist yet"))
                let few = try await client.get("/api/v1/export?format=csv&app=search")
                #expect(few.text.split(separator: "\r\n").count == 11)
            }
        }
    }

    @Test("Python's csv module reads a FOCUS file that keeps the specification's rules")
    func focus() async throws {
        try await withPlace { place in
            for (name, format) in [
                ("litellm-spend.ndjson", "litellm-spend"),
                ("openai-usage-page.json", "openai-usage"),
            ] {
                _ = try await importing(place, Self.fixture(name), "--format", format)
            }
            let odd = EventText("odd").with("project", #""a \"quoted\", name\nof two lines""#)
                .with("team", #""=1+1""#)
            let file = place.dataDirectory + "/odd.json"
            try odd.text.write(toFile: file, atomically: true, encoding: .utf8)
            _ = try await importing(place, file)
            let out = place.dataDirectory + "/focus.csv"
            let run = try await place.tally("export", "--format", "focus", "--out", out)
            #expect(run.exitCode == 0, "\(run.errors)")
            #expect(run.errors.contains("without a price (unknown, not zero)"))
            let sum = try await place.psql(
                "SELECT trim_scale(charged_pico * 0.000000000001) FROM tally.heads")
            let check = try await CommandRun.run(
                "/usr/bin/env", ["python3", Workplace.client("focus_check.py"), out, sum])
            #expect(check.exitCode == 0, "\(check.output)\(check.errors)")
            #expect(check.output.contains("14 charges"), "\(check.output)")
        }
    }

    @Test("wrong options give one sentence and the right exit code")
    func options() async throws {
        try await withPlace { place in
            let map = try await place.tally(
                "import", Self.fixture("litellm-spend.csv"), "--format", "litellm-spend",
                "--map", "app=model")
            #expect(map.exitCode == 64)
            #expect(map.errors.contains("--map does not apply to litellm-spend"))
            _ = try await place.tally("ledgers", "create", "default")
            let beyond = try await place.tally("export", "--position", "99")
            #expect(beyond.exitCode == 65)
            #expect(beyond.errors.contains("position 99 does not exist yet"))
            #expect(try await place.tally("export", "--only", "colour=red").exitCode == 64)
            #expect(try await place.tally("export", "--since", "someday").exitCode == 64)
            #expect(try await place.tally("export", "--json").exitCode == 64)
            let unwritable = try await place.tally("export", "--out", "/proc/none/x.csv")
            #expect(unwritable.errors.contains("cannot be written"))
            #expect(unwritable.exitCode == 65)
        }
    }
}
