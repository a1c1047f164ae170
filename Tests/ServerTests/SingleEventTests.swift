import LedgerTesting
import Testing

/// Answers to a body of one event, and what they say of it.
@Suite("One event in a body")
struct SingleEventTests {
    private static let path = "/api/v1/events"

    @Test("a stored event is answered with its position and cost; sent twice, it is a duplicate")
    func stored() async throws {
        try await InProcess.withClient { client in
            let event = EventText("a").text
            let first = try await client.ingest(event)
            #expect(first.counts == [1, 0, 0, 0])
            let line = first.events[0]
            #expect(line.id == "a" && line.status == "appended" && line.position == 2)
            // 1000 × 2.50 and 100 × 10.00 USD per million.
            #expect(line.cost_usd == "0.0035" && line.unpriced == .missing)
            let again = try await client.ingest(event)
            #expect(again.counts == [0, 1, 0, 0])
            #expect(again.events[0].status == "duplicate")
            #expect(again.events[0].position == line.position)
            #expect(again.events[0].cost_usd == "0.0035")
        }
    }

    @Test("an event without a price says why, and what is not charged has no cost")
    func unpriced() async throws {
        try await InProcess.withClient { client in
            let unknown = EventText("a").with("model", "\"no-such-model\"").text
            for _ in 0..<2 {
                let line = try await client.ingest(unknown).events[0]
                #expect(line.unpriced.contains("no price for model no-such-model"))
                #expect(line.cost_usd == .missing)
            }
            let hit = EventText("b").with("type", "\"cache.hit\"").without("usage").text
            let line = try await client.ingest(hit).events[0]
            #expect(line.status == "appended")
            #expect(line.cost_usd == .missing && line.unpriced == .missing)
        }
    }

    @Test("a rejected event is 422, with an error that clients parse and the report")
    func rejected() async throws {
        try await InProcess.withClient { client in
            let bad = EventText("a").with("usage", #"{"input_tokens":-1}"#).text
            let answer = try await client.post(Self.path, bad)
            #expect(answer.status == 422)
            #expect(try answer.json.counts == [0, 0, 0, 1])
            #expect(try answer.failure.code == "invalid")
            #expect(try answer.failure.message == answer.json.events[0].error)
            #expect(try answer.failure.message.contains("input_tokens"))
            // A batch of one is a batch.
            #expect(try await client.ingest("[\(bad)]").counts == [0, 0, 0, 1])
            let line = try await client.ingest(bad, type: "application/x-ndjson")
            #expect(line.counts == [0, 0, 0, 1])
        }
    }

    @Test("a conflict is 409 and names the fields that differ, with both values")
    func conflict() async throws {
        try await InProcess.withClient { client in
            let long = String(repeating: "é", count: 250)
            let event = EventText("a").with("labels", #"{"k":"v","w":"1"}"#)
            _ = try await client.ingest(event.text)
            let other = event.with("app", "\"\(long)\"").with("labels", #"{"k":"v"}"#)
                .with("usage", #"{"input_tokens":1001,"output_tokens":100}"#)
                .with("latency_ms", "1.5")
            let answer = try await client.post(Self.path, other.text)
            #expect(answer.status == 409)
            #expect(try answer.failure.type == "conflict")
            #expect(try answer.failure.message.contains("usage.input_tokens"))
            let line = try answer.json.events[0]
            #expect(line.status == "conflict" && line.position == 2)
            let differs = line.differs
            #expect(
                differs.each("field") == ["app", "usage.input_tokens", "labels.w", "latency_ms"])
            #expect(differs[0].stored == "search")
            #expect(differs[0].sent.string?.utf8.count ?? 999 < 210)
            #expect(differs[1].stored == 1000 && differs[1].sent == 1001)
            #expect(differs[2].stored == "1" && differs[2].sent == nil)
            #expect(differs[3].stored == nil && differs[3].sent == 1.5)
            // Nothing was changed, and in a batch the same is listed with status 200.
            #expect(try await client.ingest(event.text).counts == [0, 1, 0, 0])
            let batch = try await client.ingest(array([EventText("b"), other]))
            #expect(batch.counts == [1, 0, 1, 0])
            #expect(batch.events[0].differs == differs)
        }
    }

    @Test("another time is a difference too, and events of one body are compared with each other")
    func times() async throws {
        try await InProcess.withClient { client in
            let later = EventText("a").with("occurred_at", "\"2025-06-01T12:00:01Z\"")
            let report = try await client.ingest(array([EventText("a"), later]))
            #expect(report.counts == [1, 0, 1, 0])
            #expect(report.events[0].differs.each("field") == ["occurred_at"])
            let stored = report.events[0].differs[0].stored.string
            #expect(stored?.hasPrefix("2025-06-01T12:00:00") == true)
        }
    }

    @Test("with verbose, every event of a batch has its position and cost")
    func verbose() async throws {
        try await InProcess.withClient { client in
            let unknown = EventText("u").with("model", "\"no-such-model\"")
            let body = array([EventText("a"), unknown])
            #expect(try await client.ingest(body).events == [])
            let report = try await client.ingest(body, path: Self.path + "?verbose=1")
            #expect(report.events.each("status") == ["duplicate", "duplicate"])
            #expect(report.events[0].cost_usd == "0.0035")
            #expect(report.events[1].unpriced.contains("no-such-model"))
        }
    }

    @Test(
        "an event is found by its trace, by the provider's id of the answer, and by its sender's id"
    )
    func marks() async throws {
        try await InProcess.withClient { client in
            let trace = #""4bf92f3577b34da6a3ce929d0e0e4736""#
            _ = try await client.ingest(
                EventText("a").with("trace_id", trace).with("span_id", #""00f067aa0ba902b7""#).text)
            _ = try await client.ingest(EventText("b").with("response_id", #""chatcmpl-7""#).text)
            _ = try await client.ingest(EventText("c").text)
            func found(_ query: String) async throws -> [String?] {
                try await client.get(Self.path + "?" + query).json.events.items.map(\.id.string)
            }
            let source =
                try await client.get(Self.path + "?type=request.completed")
                .json.events[0].source.string ?? ""
            #expect(try await found("trace_id=4bf92f3577b34da6a3ce929d0e0e4736") == ["a"])
            #expect(try await found("response_id=chatcmpl-7") == ["b"])
            #expect(try await found("source=\(source)&id=c") == ["c"])
            #expect(try await found("response_id=chatcmpl-8").isEmpty)
            for query in ["source=x", "trace_id=a&response_id=b", "trace_id=a&type=cache.hit"] {
                #expect(try await client.get(Self.path + "?" + query).status == 400)
            }
        }
    }
}
