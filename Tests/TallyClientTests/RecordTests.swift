import Foundation
import LedgerModel
import TallyClient
import Testing

/// How a record is encoded for the ledger, and which records are refused at once.
@Suite("Records")
struct RecordTests {
    private func text(_ record: UsageRecord, defaults: Attribution = .init()) throws -> String {
        String(decoding: try RecordEncoder.line(record, defaults: defaults).bytes, as: UTF8.self)
    }

    private func refusal(_ record: UsageRecord) -> String? {
        do throws(RecordEncoder.Refusal) {
            _ = try RecordEncoder(defaults: Attribution()).encode(
                record, at: RecordEncoder.now, entropy: (1, 2))
            return nil
        } catch {
            return error.sentence
        }
    }

    @Test("a complete record is a native event with exact numbers")
    func whole() throws {
        var usage = UsageCounts(
            inputTokens: 1_200, cacheReadInputTokens: 1_024, outputTokens: 340,
            reasoningOutputTokens: 128)
        usage.inputTime = .milliseconds(12_345) + .microseconds(678)
        usage.webSearches = 2
        let record = UsageRecord(
            provider: "openai", model: "gpt-4o-mini", usage: usage,
            attribution: Attribution(
                team: "growth", feature: "re\"rank\\\n", user: "ü", labels: ["b": "2"]),
            result: .failed("timeout"), occurredAt: Date(timeIntervalSince1970: 1_795_000_000.25),
            latency: .microseconds(812_500), timeToFirstToken: .milliseconds(210),
            operation: "chat", serviceTier: "flex", status: 504)
        let defaults = Attribution(app: "search", team: "nobody", labels: ["a": "1", "b": "1"])
        #expect(
            try text(record, defaults: defaults) == """
                {"id":"01a1ee56-5efa-7001-8000-000000000001","type":"request.failed",\
                "occurred_at":"2026-11-18T11:06:40.250000Z","app":"search","team":"growth",\
                "feature":"re\\"rank\\\\\\u000a","user":"ü","provider":"openai",\
                "model":"gpt-4o-mini","operation":"chat","service_tier":"flex","status":504,\
                "error_type":"timeout","latency_ms":812.5,"time_to_first_token_ms":210,\
                "usage":{"input_tokens":1200,"cache_read_input_tokens":1024,\
                "output_tokens":340,"reasoning_output_tokens":128,"input_seconds":12.345678,\
                "web_searches":2},"labels":{"a":"1","b":"2"}}
                """)
    }

    @Test("a record's own identity is sent as source and id, and names the record")
    func identity() throws {
        var record = UsageRecord.numbered(1)
        record.identity = .init(source: "queue", id: "chatcmpl-1")
        #expect(try text(record).hasPrefix(#"{"source":"queue","id":"chatcmpl-1","type":"#))
        #expect(try RecordEncoder.line(record).id.description == "chatcmpl-1")
    }

    @Test("a record that no ledger would accept is refused at once, with the ledger's message")
    func refused() {
        let good = UsageRecord.numbered(1)
        let cases: [(String, (inout UsageRecord) -> Void)] = [
            ("provider is empty", { $0.provider = "" }),
            ("model takes 513 bytes", { $0.model = String(repeating: "m", count: 513) }),
            ("app contains a NUL", { $0.attribution.app = "a\0b" }),
            (
                "more than the 100 input_tokens",
                {
                    $0.usage = UsageCounts(inputTokens: 100, cacheReadInputTokens: 101)
                }
            ),
            ("input_tokens is -1", { $0.usage = UsageCounts(inputTokens: -1) }),
            ("latency_ms is negative", { $0.latency = .milliseconds(-1) }),
            ("status is 1000", { $0.status = 1_000 }),
            ("labels has an empty key", { $0.attribution.labels = ["": "x"] }),
            (
                "labels has 33 entries",
                {
                    $0.attribution.labels = .init(
                        uniqueKeysWithValues: (0..<33).map { ("k\($0)", "v") })
                }
            ),
            ("is before 2015", { $0.occurredAt = Date(timeIntervalSince1970: 0) }),
            ("a day after now", { $0.occurredAt = Date(timeIntervalSince1970: 1_900_000_000) }),
            ("occurredAt is not a time", { $0.occurredAt = Date(timeIntervalSince1970: .nan) }),
            ("source is empty", { $0.identity = .init(source: "", id: "1") }),
            (
                "id takes 1025 bytes",
                {
                    $0.identity = .init(source: "s", id: String(repeating: "i", count: 1_025))
                }
            ),
        ]
        #expect(refusal(good) == nil)
        for (sentence, spoil) in cases {
            var record = good
            spoil(&record)
            let refusal = refusal(record)
            #expect(refusal?.contains(sentence) == true, "\(sentence): \(refusal ?? "taken")")
        }
    }

    @Test("the largest record that a ledger accepts fits a frame")
    func largest() throws {
        let long = String(repeating: "\u{1}", count: 512)
        let attribution = Attribution(
            app: long, team: long, project: long, environment: long, feature: long, user: long,
            session: long, region: long,
            labels: ["k": String(repeating: "\u{1}", count: 1_023)])
        let record = UsageRecord(
            provider: long, model: long, attribution: attribution, result: .failed(long),
            operation: long, serviceTier: long,
            identity: .init(
                source: String(repeating: "\u{1}", count: 1_024),
                id: String(repeating: "\u{1}", count: 1_024)))
        let bytes = try RecordEncoder.line(record).bytes
        #expect(bytes.count > 50_000 && bytes.count <= RecordEncoder.recordBytesMax)
    }
}
