import Access
import Booking
import LedgerTesting
import Testing

/// What did not become an event is counted by its reason, and listed with an example.
@Suite("Rejections")
struct RejectionTests {
    private static func span(_ id: Int, _ attributes: String) -> String {
        """
        {"traceId":"0af7651916cd43dd8448eb211c80319c","spanId":"000000000000000\(id)",\
        "name":"chat","kind":3,"startTimeUnixNano":"1764003600123456789",\
        "endTimeUnixNano":"1764003600935956789","attributes":[\(attributes)]}
        """
    }

    private static func attribute(_ key: String, _ value: String) -> String {
        "{\"key\":\"\(key)\",\"value\":\(value)}"
    }

    private static let call = [
        attribute("gen_ai.operation.name", #"{"stringValue":"chat"}"#),
        attribute("gen_ai.provider.name", #"{"stringValue":"openai"}"#),
        attribute("gen_ai.request.model", #"{"stringValue":"gpt-4o"}"#),
    ]

    private static func cached(_ count: Int, of input: Int) -> String {
        (call + [
            attribute("gen_ai.usage.input_tokens", "{\"intValue\":\"\(input)\"}"),
            attribute("gen_ai.usage.cache_read.input_tokens", "{\"intValue\":\"\(count)\"}"),
        ]).joined(separator: ",")
    }

    @Test("numbers and quoted texts of a reason are left out, numbers in names stay")
    func sentences() {
        #expect(
            IntakeJournal.reason(of: "cache_write_1h_input_tokens of \"a7\" is 20, more than 10")
                == "cache_write_1h_input_tokens of \"…\" is N, more than N")
        #expect(IntakeJournal.reason(of: "gpt4 at 2026-11-29") == "gpt4 at N-N-N")
    }

    @Test("each reason is one row, whatever its numbers, with the last case as an example")
    func reasons() async throws {
        try await InProcess.withClient { client in
            let spans = [
                Self.span(1, Self.cached(20, of: 10)), Self.span(2, Self.cached(300, of: 200)),
                Self.span(3, Self.call.joined(separator: ",")), Self.span(4, ""),
            ]
            let answer = try await client.post(
                "/v1/traces",
                """
                {"resourceSpans":[{"scopeSpans":[{"scope":{"name":"t"},"spans":[\
                \(spans.joined(separator: ","))]}]}]}
                """)
            #expect(answer.text.contains("include_usage"))
            _ = try await client.post("/api/v1/events", #"{"type":"nonsense"}"#)
            let rows = try await client.get("/api/v1/rejections").json.reasons.items
            let found = rows.map { row in
                "\(row.source.string ?? "") \(row.outcome.string ?? "") \(row.count.integer ?? 0)"
            }
            #expect(
                found.sorted() == [
                    "events rejected 1", "traces ignored 1", "traces rejected 2",
                    "traces unpriced 1",
                ])
            let rejected = try #require(rows.first { $0.count.integer == 2 })
            #expect(rejected.reason.string?.hasPrefix("cache_read_input_tokens is N, more") == true)
            #expect(rejected.example.string?.contains("is 300, more than the 200") == true)
            #expect(rejected.example.string?.contains("/0000000000000002: ") == true)
        }
    }
}
