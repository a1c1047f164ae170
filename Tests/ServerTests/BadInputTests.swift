import LedgerTesting
import Testing

/// Errors of applications: each gets a clear sentence, and the good events beside it are stored.
@Suite("Bad input")
struct BadInputTests {
    @Test("malformed JSON is 400 with the place, and nothing of the body is stored")
    func malformed() async throws {
        try await InProcess.withClient { client in
            let good = EventText("a").text
            for body in ["[\(good),{\"type\":]", "[\(good)", "{\"a\":1", "", "nonsense", "[1,]"] {
                let answer = try await client.post("/api/v1/events", body)
                #expect(answer.status == 400)
                #expect(try answer.failure.type == "invalid_request_error")
                #expect(try answer.failure.message.contains("byte"))
            }
            #expect(try await client.storedIDs() == [])
        }
    }

    @Test("a wrong type deep in a batch of 10,000 rejects only that event")
    func wrongTypeInBatch() async throws {
        try await InProcess.withClient { client in
            var events = goodEvents(10_000)
            events[7_123] = EventText("bad").with("usage", #"{"input_tokens":"many"}"#)
            let report = try await client.ingest(array(events))
            #expect(report.counts == [9_999, 0, 0, 1])
            let line = report.events[0]
            #expect(report.events.items.count == 1)
            #expect(line.index == 7_123 && line.id == "bad" && line.status == "rejected")
            #expect(line.error.contains("usage.input_tokens is a string"))
            #expect(try await client.get("/api/v1/head").json == report.head)
        }
    }

    /// Calls with a NUL in a text that would reach an event, a label or a table.
    private static let zeros: [(path: String, body: String, names: String)] = [
        (
            "/api/v1/tokens/optimize",
            #"{"model":"gpt-4o","text":"a  b","record":{"app":"x\u0000y"}}"#, "record"
        ),
        ("/api/v1/tokens/optimize", #"{"model":"gpt\u00004o","text":"a","record":{}}"#, "model"),
        ("/api/v1/experiments/tone/stop", #"{"winner":"warm","reason":"a\u0000"}"#, "reason"),
        ("/api/v1/experiments/tone/stop", #"{"winner":"warm\u0000"}"#, "winner"),
        ("/api/v1/experiments/to%00ne/stop", #"{"winner":"warm"}"#, "name"),
        (
            "/api/v1/experiments",
            #"{"name":"to\u0000ne","arms":"a=1,b=1","unit":"user","metrics":"cost=5%"}"#, "name"
        ),
        ("/api/v1/keys", #"{"name":"a\u0000"}"#, "name"),
        ("/api/v1/keys", #"{"name":"a","ledger":"a\u0000"}"#, "ledger"),
        ("/api/v1/ledgers", #"{"name":"a\u0000"}"#, "name"),
        ("/api/v1/estimates", #"{"model":"a\u0000","input_tokens":1}"#, "model"),
        (
            "/api/v1/estimates",
            #"{"model":"a","input_tokens":1,"response_format":"a\u0000"}"#, "response_format"
        ),
        ("/api/v1/sql", #"{"query":"SELECT '\u0000'"}"#, "query"),
    ]

    @Test(
        "a NUL in a text is refused by the text's name, before it reaches anything",
        arguments: zeros)
    func zeroBytes(path: String, body: String, names: String) async throws {
        try await InProcess.withClient { client in
            let answer = try await client.post(path, body)
            #expect(answer.status == 400, "\(answer)")
            #expect(try answer.failure.param.string == names, "\(answer)")
            #expect(try answer.failure.message.contains("NUL"), "\(answer)")
            #expect(try await client.storedIDs() == [])
        }
    }

    /// Events that are refused, and the name that the reason must contain.
    static let refused: [(what: String, event: EventText, names: String)] =
        fields.map {
            ($0.what, EventText("b").with($0.field, $0.json), $0.names)
        } + [
            ("no identity", EventText("b").without("id"), "id"),
            ("no provider", EventText("b").without("provider"), "provider"),
            ("no model", EventText("b").without("model"), "model"),
            ("no type", EventText("b").without("type"), "type"),
            ("no time", EventText("b").without("occurred_at"), "occurred_at"),
        ]

    private static let fields: [(what: String, field: String, json: String, names: String)] = [
        ("a NUL character in a text", "app", #""a\u0000b""#, "app"),
        ("a NUL character in a label", "labels", #"{"k":"\u0000"}"#, "labels"),
        ("half a surrogate pair", "team", #""\ud800""#, "team"),
        ("year 10000", "occurred_at", #""10000-01-01T00:00:00Z""#, "occurred_at"),
        ("month 13", "occurred_at", #""2025-13-01T00:00:00Z""#, "occurred_at"),
        ("a time without zone", "occurred_at", #""2025-06-01T00:00:00""#, "zone"),
        ("the far future", "occurred_at", #""9999-01-01T00:00:00Z""#, "day after now"),
        ("a negative count", "usage", #"{"input_tokens":-1}"#, "input_tokens"),
        (
            "more cached than input", "usage", #"{"input_tokens":1,"cache_read_input_tokens":2}"#,
            "cache_read_input_tokens"
        ),
        (
            "more reasoning than output", "usage",
            #"{"output_tokens":1,"reasoning_output_tokens":2}"#,
            "reasoning_output_tokens"
        ),
        ("2^63 tokens", "usage", #"{"input_tokens":9223372036854775808}"#, "input_tokens"),
        ("1e400 tokens", "usage", #"{"input_tokens":1e400}"#, "input_tokens"),
        ("half a token", "usage", #"{"output_tokens":0.5}"#, "output_tokens"),
        ("an unknown kind", "type", #""request.dreamt""#, "request.dreamt"),
        ("a kind of the ledger's own", "type", #""charge.rated""#, "charge.rated"),
        ("an unknown unit", "usage", #"{"input_tokenz":1}"#, "input_tokenz"),
        ("an unknown field", "colour", #""red""#, "colour"),
        ("33 labels", "labels", labels(33), "33"),
        ("a label key twice", "labels", #"{"a":"1","a":"2"}"#, "twice"),
        ("labels that are numbers", "labels", #"{"a":1}"#, "labels.a"),
        ("a field twice", "app", #""x","app":"y""#, "twice"),
        ("an app of 513 bytes", "app", "\"\(repeating("x", 513))\"", "app"),
        ("an empty app", "app", #""""#, "app"),
        ("a status of 1000", "status", "1000", "status"),
        ("a negative latency", "latency_ms", "-1", "latency_ms"),
    ]

    @Test("one bad event between good ones is rejected with its reason, the good ones are stored")
    func refusals() async throws {
        try await InProcess.withClient { client in
            for (number, bad) in Self.refused.enumerated() {
                let before = EventText("before-\(number)"), after = EventText("after-\(number)")
                let report = try await client.ingest(array([before, bad.event, after]))
                #expect(report.counts == [2, 0, 0, 1], "\(bad.what)")
                #expect(report.events.each("index") == [1], "\(bad.what)")
                let reason = report.events[0].error
                #expect(reason.contains(bad.names), "\(bad.what): \(reason)")
            }
            #expect(try await client.storedIDs().count == 2 * Self.refused.count)
        }
    }

    @Test("elements that are not objects are rejected one by one")
    func wrongElements() async throws {
        try await InProcess.withClient { client in
            let body = "[1,null,[],\"x\",\(EventText("a").text),true]"
            let report = try await client.ingest(body)
            #expect(report.counts == [1, 0, 0, 5])
        }
    }

    @Test("raw NUL bytes and invalid UTF-8 are refused with the place")
    func rawBytes() async throws {
        try await InProcess.withClient { client in
            let good = EventText("a").text
            for broken: [UInt8] in [[0x00], [0xFF], [0xC0, 0x80], [0xED, 0xA0, 0x80]] {
                let text = Array(EventText("b").with("app", "\"x").text.utf8.dropLast())
                let body = Array("[\(good),".utf8) + text + broken + Array("\"}]".utf8)
                let answer = try await client.post("/api/v1/events", bytes: body)
                #expect(answer.status == 400)
                #expect(try answer.failure.message.string?.isEmpty == false)
            }
            #expect(try await client.storedIDs() == [])
            let lines = Array("\(good)\n".utf8) + [0xFF, 0x0A] + Array(EventText("c").text.utf8)
            let answer = try await client.post(
                "/api/v1/events", bytes: lines, type: "application/x-ndjson")
            let report = try answer.json
            #expect(report.counts == [2, 0, 0, 1])
            #expect(report.events[0].line == 2)
        }
    }

    @Test("composed and decomposed é are two apps")
    func normalisation() async throws {
        try await InProcess.withClient { client in
            let events = [
                EventText("composed").with("app", "\"caf\u{E9}\""),
                EventText("decomposed").with("app", "\"cafe\u{301}\""),
            ]
            #expect(try await client.ingest(array(events)).counts == [2, 0, 0, 0])
            let page = try await client.get("/api/v1/events?type=request.completed").json
            // Compared as bytes, since Swift treats the two texts as equal.
            let apps = page.events.each("app").map { Array(($0.string ?? "").utf8) }
            #expect(Set(apps).count == 2)
            // As labels, the two are two keys.
            let labels = "{\"\u{E9}\":\"1\",\"e\u{301}\":\"2\"}"
            let labelled = EventText("keys").with("labels", labels)
            #expect(try await client.ingest(labelled.text).counts == [1, 0, 0, 0])
        }
    }

    @Test("a bad line of NDJSON is rejected with its number")
    func ndjson() async throws {
        try await InProcess.withClient { client in
            let body = """
                \(EventText("a").text)

                {"type":
                \(EventText("b").text)
                \(EventText("c").with("usage", #"{"input_tokens":-5}"#).text)
                [\(EventText("d").text)]
                """
            let report = try await client.ingest(body, type: "application/x-ndjson")
            #expect(report.counts == [2, 0, 0, 3])
            #expect(report.events.each("line") == [3, 5, 6])
            #expect(report.events.each("error").allSatisfy { $0.string?.isEmpty == false })
        }
    }

    @Test("a duplicate is counted and a conflict is refused with the position of the first")
    func duplicatesAndConflicts() async throws {
        try await InProcess.withClient { client in
            let first = try await client.ingest(
                EventText("a").text, path: "/api/v1/events?verbose=1")
            #expect(first.counts == [1, 0, 0, 0])
            let position = first.events[0].position
            #expect(first.events[0].status == "appended" && position.integer != nil)

            let body = array([
                EventText("a"), EventText("a").with("app", "\"other\""), EventText("b"),
                EventText("b"),
            ])
            let report = try await client.ingest(body, path: "/api/v1/events?verbose=1")
            #expect(report.counts == [1, 2, 1, 0])
            let status: [JSONValue] = ["duplicate", "conflict", "appended", "duplicate"]
            #expect(report.events.each("status") == status)
            #expect(report.events[0].position == position)
            #expect(report.events[1].position == position)
            #expect(report.events[1].error.contains("position \(position.integer ?? 0)"))
            #expect(report.events[3].position == report.events[2].position)

            let quiet = try await client.ingest(body)
            #expect(quiet.counts == [0, 3, 1, 0])
            #expect(quiet.head == report.head)
        }
    }

    private static func labels(_ count: Int) -> String {
        "{" + (0..<count).map { "\"k\($0)\":\"v\"" }.joined(separator: ",") + "}"
    }

    private static func repeating(_ text: String, _ count: Int) -> String {
        String(repeating: text, count: count)
    }
}
