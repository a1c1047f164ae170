import EventReading
import LedgerModel
import LedgerTesting
import Testing

@Suite("A native event")
struct NativeEventTests {
    @Test("the example of the contract is read field by field")
    func example() throws {
        let json = """
            {"id":"019ab1c5-0b40-7c3a-9f10-5b6f1c2d3e4f", "type":"request.completed",
             "occurred_at":"2025-11-23T17:10:00.123456Z",
             "app":"search", "team":"growth", "project":"web", "environment":"production",
             "feature":"rerank", "user":"u-1", "session":"s-9", "provider":"openai",
             "model":"gpt-4o-mini", "operation":"chat", "service_tier":"standard", "region":"eu",
             "status":200, "error_type":"none",
             "usage":{"input_tokens":1200,"cache_read_input_tokens":1024,"output_tokens":340,
                      "reasoning_output_tokens":128, "input_seconds": 1.25},
             "latency_ms":812.5, "time_to_first_token_ms":210, "labels":{"experiment":"b"},
             "content_hash":"\(String(repeating: "aB", count: 32))"}
            """
        let event = try event(json)
        #expect(event.id == EventID("019ab1c5-0b40-7c3a-9f10-5b6f1c2d3e4f"))
        #expect(event.externalID == nil)
        #expect(event.kind == .requestCompleted)
        #expect(event.occurredAt.description == "2025-11-23T17:10:00.123456Z")
        let expected: Dimensions = [
            .app: "search", .team: "growth", .project: "web", .environment: "production",
            .feature: "rerank", .user: "u-1", .session: "s-9", .provider: "openai",
            .model: "gpt-4o-mini", .operation: "chat", .serviceTier: "standard", .region: "eu",
        ]
        #expect(event.dimensions == expected)
        #expect(event.status == 200)
        #expect(event.errorType == "none")
        #expect(
            event.usage == [
                .inputTokens: 1_200, .cacheReadInputTokens: 1_024, .outputTokens: 340,
                .reasoningOutputTokens: 128, .inputSeconds: 1_250_000,
            ])
        #expect(event.latency == 812_500)
        #expect(event.timeToFirstToken == 210_000)
        #expect(event.labels == (try Labels([("experiment", "b")])))
        #expect(event.contentHash?.description == String(repeating: "ab", count: 32))
    }

    @Test("a cache event names its request and carries a detail")
    func cacheEvent() throws {
        let event = try event(
            nativeJSON([
                "type": "\"cache.hit\"", "provider": nil, "model": nil,
                "request_id": "\"019AB1C5-0B40-7C3A-9F10-5B6F1C2D3E40\"",
                "detail": "{\"policy\":\"lru\"}",
            ]))
        #expect(event.causeID == EventID("019ab1c5-0b40-7c3a-9f10-5b6f1c2d3e40"))
        #expect(event.detail == (try Labels([("policy", "lru")])))
    }

    @Test(
        "a bad field is refused with its name and what is expected",
        arguments: [
            ("app", "5", "app is a number: expected text"),
            ("user", "true", "user is a boolean: expected text"),
            ("model", "[\"a\"]", "model is an array: expected text"),
            ("team", "\"\"", "team is empty: leave it out instead"),
            ("team", "\"a\\u0000b\"", "team contains a NUL character"),
            ("team", "\"\\ud800\"", "team contains half a surrogate pair"),
            ("team", "\"\\udc00\\ud800\"", "team contains half a surrogate pair"),
            ("colour", "\"red\"", "colour is unknown: put your own fields in labels"),
            ("ledger", "\"b\"", "ledger is unknown: it is chosen beside the events, with ?ledger"),
            ("latencyms", "1", "latencyms is unknown: did you mean latency_ms?"),
            ("usage", "{\"input_token\":12}", "input_token is unknown: did you mean input_tokens?"),
            ("cost_usd", "1", "cost_usd is unknown"),
            ("type", "\"request.complete\"", "type \"request.complete\" is unknown"),
            ("type", "\"charge.rated\"", "type charge.rated is booked by the ledger itself"),
            ("type", "7", "type is a number: expected text"),
            ("occurred_at", "\"2025-11-23T17:10:00\"", "has no time zone"),
            ("occurred_at", "\"10000-01-01T00:00:00Z\"", "is not a time"),
            ("occurred_at", "\"2025-02-30T00:00:00Z\"", "is not a time"),
            ("occurred_at", "\"yesterday\"", "is not a time: expected RFC 3339"),
            ("occurred_at", "1763917800", "occurred_at is a number: expected text"),
            ("occurred_at", "\"9999-11-23T17:10:00Z\"", "more than a day after now"),
            ("occurred_at", "\"1999-11-23T17:10:00Z\"", "is before 2015-01-01"),
            (
                "usage", "{\"input_tokens\":\"12\"}",
                "usage.input_tokens is a string: expected a whole"
            ),
            ("usage", "{\"tokens\":12}", "usage.tokens is unknown: the units are input_tokens"),
            ("usage", "[1]", "usage is an array: expected an object"),
            ("usage", "\"1\"", "usage is a string: expected an object"),
            (
                "usage", "{\"input_tokens\":1.5}",
                "usage.input_tokens is 1.5: expected a whole number"
            ),
            ("usage", "{\"input_tokens\":-1}", "input_tokens is -1: a count must lie between 0"),
            (
                "usage", "{\"input_tokens\":9223372036854775808}",
                "usage.input_tokens is 9223372036854775808: a count must lie between 0 and"
            ),
            ("usage", "{\"input_tokens\":1e400}", "usage.input_tokens is 1e400: a count must lie"),
            ("usage", "{\"input_tokens\":1e999999999999999999999}", "a count must lie between"),
            ("usage", "{\"input_tokens\":1000000000000001}", "a count must lie between 0 and"),
            ("usage", "{\"input_seconds\":0.0000001}", "at most 6 decimals are kept"),
            (
                "usage", "{\"input_tokens\":1,\"input_tokens\":1}",
                "usage.input_tokens is given twice"
            ),
            (
                "usage", "{\"input_tokens\":5,\"cache_read_input_tokens\":6}",
                "cache_read_input_tokens is 6, more than the 5 input_tokens"
            ),
            ("latency_ms", "-1", "latency_ms is negative"),
            ("latency_ms", "\"12\"", "latency_ms is a string: expected a number"),
            ("latency_ms", "1e40", "latency_ms is 1e40: that is too large"),
            ("status", "200.5", "status is 200.5: expected a whole number"),
            ("status", "1000", "status is 1000: expected a code from 0 to 999"),
            ("labels", "[]", "labels is an array: expected an object of strings"),
            ("labels", "{\"a\":1}", "labels.a is a number: expected text"),
            ("labels", "{\"a\":{}}", "labels.a is an object: expected text"),
            ("labels", "{\"a\":\"1\",\"a\":\"2\"}", "labels has the key \"a\" twice"),
            ("labels", "{\"\":\"1\"}", "labels has an empty key"),
            ("labels", "{\"a\\u0000\":\"1\"}", "a key of labels contains a NUL character"),
            ("labels", "{\"a\":\"\\u0000\"}", "labels.a contains a NUL character"),
            (
                "labels", "{\"a\":\"\(String(repeating: "x", count: 1_024))\"}",
                "labels takes 1025 bytes"
            ),
            ("content_hash", "\"abc\"", "is not a SHA-256: expected 64 hexadecimal digits"),
            ("request_hash", "\"abc\"", "is not a SHA-256: expected 64 hexadecimal digits"),
            (
                "request_id", "\"019ab1c5-0b40-7c3a-9f10-5b6f1c2d3e40\"",
                "request_id does not apply to a request.completed"
            ),
            (
                "request_id", "\"019ab1c5-0b40-4c3a-9f10-5b6f1c2d3e40\"",
                "is not a UUID of version 7"
            ),
            ("detail", "{\"a\":\"b\"}", "detail does not apply to a request.completed: use labels"),
            ("id", "5", "id is a number: expected text"),
            ("id", "\"\"", "id is empty"),
            ("id", "\"01a20962-cebb-7c3a-9f10-5b6f1c2d3e4f\"", "more than a day from"),
            ("source", "\"\"", "source is empty: leave it out instead"),
            (
                "source", #""tally/holds""#,
                "source tally/holds is the ledger's own: use another one"
            ),
        ])
    func badField(_ field: String, _ json: String, _ reason: String) throws {
        let found = try refusal(nativeJSON(["\(field)": json]))
        #expect(found.contains(reason), "\(found)")
    }

    @Test(
        "a request without a required field is refused by its name",
        arguments: [
            ("type", "type is missing"), ("occurred_at", "occurred_at is missing"),
            ("id", "id is missing"), ("provider", "provider is required"),
            ("model", "model is required"),
        ])
    func missing(_ field: String, _ reason: String) throws {
        let found = try refusal(nativeJSON(["\(field)": nil]))
        #expect(found.contains(reason), "\(found)")
    }

    @Test("33 labels are refused, 32 are kept")
    func labelCount() throws {
        func labels(_ count: Int) -> String {
            "{" + (0..<count).map { "\"k\($0)\":\"v\"" }.joined(separator: ",") + "}"
        }
        #expect(try event(nativeJSON(["labels": labels(32)])).labels?.pairs.count == 32)
        #expect(try refusal(nativeJSON(["labels": labels(33)])).contains("labels has 33 entries"))
    }

    @Test("a duplicate key is refused, even with null")
    func duplicateKey() throws {
        let json = String(nativeJSON().dropLast()) + ",\"model\":null}"
        #expect(try refusal(json) == "model is given twice")
    }

    @Test("null is the same as leaving a field out")
    func null() throws {
        let plain = try event(nativeJSON())
        let nulls = try event(
            nativeJSON([
                "app": "null", "usage": "{\"input_tokens\":null}", "labels": "null",
                "status": "null", "source": "null", "latency_ms": "null",
            ]))
        #expect(plain == nulls)
    }

    @Test("composed and decomposed é are two apps")
    func composition() throws {
        let composed = try event(nativeJSON(["app": "\"caf\\u00e9\""]))
        let decomposed = try event(nativeJSON(["app": "\"cafe\\u0301\""]))
        #expect(composed.dimensions[.app] != decomposed.dimensions[.app])
        #expect(composed.dimensions[.app] == "caf\u{E9}")
    }

    @Test("an id that is not a UUIDv7, or comes with a source, is an external id")
    func identity() throws {
        let own = try event(nativeJSON(["id": "\"019AB1C5-0B40-7C3A-9F10-5B6F1C2D3E4F\""]))
        #expect(own.id == EventID("019ab1c5-0b40-7c3a-9f10-5b6f1c2d3e4f"))
        for id in ["chatcmpl-1", "019ab1c5-0b40-4c3a-9f10-5b6f1c2d3e4f"] {
            let event = try event(nativeJSON(["id": "\"\(id)\""]))
            let external = ExternalID(source: "", id: Name(id))
            #expect(event.externalID == external)
            #expect(event.id == external.eventID(at: event.occurredAt))
        }
        let sourced = try event(nativeJSON(["source": "\"/gateway\""]))
        #expect(
            sourced.externalID
                == ExternalID(
                    source: "/gateway", id: Name("019ab1c5-0b40-7c3a-9f10-5b6f1c2d3e4f")))
    }

    @Test("a refused event is reported with its id, wherever that is in the text")
    func rejectedID() throws {
        let items = try items("[{\"app\":1,\"id\":\"abc\"}, {\"app\":1,\"id\":5}, 7]")
        let ids = items.map { item -> String? in
            if case .failure(let rejection) = item.result { rejection.id } else { "accepted" }
        }
        #expect(ids == ["abc", nil, nil])
        #expect(items[2].reason == "an event must be an object, not a number")
    }

    @Test("numbers are read exactly, however they are written")
    func exactNumbers() throws {
        let cases: [(String, Int64)] = [
            ("1200.0", 1_200), ("1.2e3", 1_200), ("0.0012E+6", 1_200), ("12000000e-4", 1_200),
            ("0", 0), ("-0", 0), ("0e400", 0), ("1000000000000000", 1_000_000_000_000_000),
            ("1200.00000000000000000000000000000000000", 1_200),
        ]
        for (text, count) in cases {
            let event = try event(nativeJSON(["usage": "{\"input_tokens\":\(text)}"]))
            #expect(event.usage[.inputTokens] == count, "\(text)")
        }
        let latencies: [(String, Int64)] = [
            ("812.5", 812_500), ("0.0005", 0), ("0.0015", 2), ("0.00050001", 1),
            ("0.0004999999999999999999999", 0), ("1e-400", 0),
            ("9007199254740.993", 9_007_199_254_740_993),
        ]
        for (text, micros) in latencies {
            let event = try event(nativeJSON(["latency_ms": text]))
            #expect(event.latency == micros, "\(text)")
        }
        let seconds = try event(nativeJSON(["usage": "{\"input_seconds\":90071992.547409}"]))
        #expect(seconds.usage[.inputSeconds] == 90_071_992_547_409)
    }

    @Test("10,000 random events are read as they were written", arguments: [1, 2])
    func roundTrip(_ seed: UInt64) throws {
        var random = RandomEvents(seed: seed)
        var events: [Event] = []
        var json: [String] = []
        for _ in 0..<5_000 {
            let event = random.reported()
            events.append(event)
            json.append(random.json(event))
        }
        let array = try items("[" + json.joined(separator: " ,\n") + "]")
        try #require(array.count == events.count)
        for (item, event) in zip(array, events) {
            #expect(item.event == event, "seed \(seed), \(item.place): \(item.reason ?? "")")
        }
        let lines = try items(json.joined(separator: "\r\n"), .ndjson)
        #expect(lines.map(\.event) == events)
    }
}
