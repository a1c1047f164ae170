import EventReading
import LedgerTesting
import Server
import Testing

/// What a request may cost: each reading and each answer has a bound in bytes beside its input's.
@Suite("Bounds")
struct BoundTests {
    @Test("a body that would go beyond the memory of all requests is 429, and holds nothing after")
    func budget() async throws {
        var limits = ServerLimits()
        limits.memoryBytesMax = 1 << 20
        try await InProcess.with(limits: limits) { service in
            let spaces = String(repeating: " ", count: 300 << 10)
            for path in ["/api/v1/events", "/api/v1/prices", "/api/v1/tokens/count"] {
                let answer = try await service.client.post(path, spaces + "[]")
                #expect(answer.status == 429, "\(path): \(answer)")
                #expect(answer.header("retry-after") == "1")
                #expect(try answer.failure.code == "busy")
            }
            #expect(service.parts.memory.bytesHeld == 0)
            #expect(try await service.client.ingest(EventText("a").text).counts == [1, 0, 0, 0])
        }
    }

    @Test("many tiny lines, elements or records are 413 before any of them is read")
    func manyEvents() async throws {
        try await InProcess.withClient { client in
            let count = EventReader.eventsMax + 1
            let lines = [UInt8](Array(repeating: Array("1\n".utf8), count: count).joined())
            let elements =
                Array("[1".utf8) + Array(repeating: Array(",1".utf8), count: count - 1).joined()
                + Array("]".utf8)
            let scopes =
                Array(#"{"resourceSpans":[{"scopeSpans":[{"spans":[1"#.utf8)
                + Array(repeating: Array(", 1 ".utf8), count: count - 1).joined()
                + Array("]}]}]}".utf8)
            for (path, body, type) in [
                ("/api/v1/events", lines, "application/x-ndjson"),
                ("/api/v1/events", elements, "application/json"),
                ("/v1/traces", scopes, "application/json"),
            ] {
                let answer = try await client.post(path, bytes: body, type: type)
                #expect(answer.status == 413, "\(type): \(answer)")
                #expect(answer.text.contains("500000"), "\(answer)")
            }
            #expect(try await client.storedIDs() == [])
        }
    }

    @Test(
        "a body of hardly anything but punctuation is 413: its places would take four times its size",
        arguments: ["[],", "[[[]]],", "{},", ",", "]", ":"])
    func punctuation(_ unit: String) async throws {
        try await InProcess.withClient { client in
            let text = "[" + String(repeating: unit, count: (2 << 20) / unit.utf8.count) + "1]"
            for (path, type) in [
                ("/api/v1/events", "application/json"), ("/v1/logs", "application/json"),
                ("/api/v1/events", "application/cloudevents-batch+json"),
            ] {
                let answer = try await client.post(path, text, type: type)
                #expect(answer.status == 413, "\(path) \(type): \(answer)")
            }
        }
    }

    @Test("one event with too many values is refused, and of NDJSON only its line")
    func manyValues() async throws {
        try await InProcess.withClient { client in
            let members = (0..<70_000).map { "\"k\($0)\":\"value\"" }.joined(separator: ",")
            let fat = EventText("fat").with("labels", "{\(members)}").text
            #expect(try await client.post("/api/v1/events", "[\(fat)]").status == 413)
            let report = try await client.ingest(
                "\(EventText("a").text)\n\(fat)\n\(EventText("b").text)",
                type: "application/x-ndjson")
            #expect(report.counts == [2, 0, 0, 1])
            #expect(report.events[0].error.contains("more than 65536 values"))
        }
    }

    @Test("a report lists at most 10,000 events and counts the rest, whatever became of them")
    func longReports() async throws {
        try await InProcess.withClient { client in
            let bad = String(repeating: "1\n", count: 12_000)
            let refused = try await client.ingest(bad, type: "application/x-ndjson")
            #expect(refused.counts == [0, 0, 0, 12_000])
            #expect(refused.events.items.count == 10_000 && refused.unlisted == 2_000)
            let good = array(goodEvents(10_500))
            let path = "/api/v1/events?verbose=1"
            let verbose = try await client.ingest(good, path: path)
            #expect(verbose.counts == [10_500, 0, 0, 0])
            #expect(verbose.events.items.count == 10_000 && verbose.unlisted == 500)
            let again = try await client.ingest(good)
            #expect(again.counts == [0, 10_500, 0, 0])
            #expect(again.events.items.count == 10_000 && again.unlisted == 500)
            let few = try await client.ingest(EventText("one").text)
            #expect(few.unlisted == .missing)
            // All are counted by their reason, too.
            let reasons = try await client.get("/api/v1/rejections").json.reasons
            let count = reasons.items.reduce(0) { $0 + ($1.count.integer ?? 0) }
            #expect(count == 12_000)
        }
    }

    @Test("a query's names and NULLs count towards the limit of its result")
    func wideResults() async throws {
        try await InProcess.withClient { client in
            let columns = (1...800).map { "NULL AS a_rather_long_name_of_a_column_\($0)" }
            let query =
                "SELECT \(columns.joined(separator: ", ")) FROM generate_series(1, 40000)"
            let answer = try await client.post(
                "/api/v1/sql", #"{"query":"\#(query)","limit":40000}"#)
            #expect(answer.status == 200)
            #expect(answer.text.utf8.count <= 33 << 20)
            #expect(answer.text.hasSuffix("\"truncated\":true}"))
        }
    }

    @Test("an object with too many values is 413 before it becomes a tree")
    func bigObjects() async throws {
        try await InProcess.withClient { client in
            let ids = String(repeating: "1,", count: 600_000) + "1"
            let answer = try await client.post(
                "/api/v1/tokens/decode", #"{"model":"gpt-4o","ids":[\#(ids)]}"#)
            #expect(answer.status == 413)
            // Marks within a text are none.
            let text = String(repeating: ",[{", count: 400_000)
            let counted = try await client.post(
                "/api/v1/tokens/count", #"{"model":"gpt-4o","text":"\#(text)"}"#)
            #expect(counted.status == 200)
        }
    }

    @Test("a key longer than any key is unknown, and not remembered at its length")
    func longKeys() async throws {
        try await InProcess.with { service in
            let client = service.client.with(key: "tally_" + String(repeating: "x", count: 60_000))
            let answer = try await client.get("/api/v1/head")
            #expect(answer.status == 401)
        }
    }
}
