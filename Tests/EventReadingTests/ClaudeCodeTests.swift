import EventReading
import LedgerModel
import OTLPMessages
import SwiftProtobuf
import Testing

/// Claude Code's telemetry over OTLP, with the attributes that Anthropic documents.
@Suite("Telemetry of Claude Code")
struct ClaudeCodeTests {
    private static let call: Attributes = [
        "event.name": "api_request", "event.sequence": 3, "session.id": "s-1", "user.id": "u-1",
        "model": "claude-opus-4-6", "input_tokens": "12", "output_tokens": "1200",
        "cache_read_tokens": "84562", "cache_creation_tokens": "7096", "cost_usd": "0.01",
        "duration_ms": "1521.5", "request_id": "req_1",
    ]

    private func logs(
        _ attributes: Attributes, scope: String = "com.anthropic.claude_code.events",
        span: [UInt8] = []
    ) throws -> TelemetryResult {
        var sample = SpanSample(attributes)
        sample.trace = span.isEmpty ? [] : sample.trace
        sample.span = span
        let traces = TraceSample(spans: [sample], scope: scope)
        // The event's name is an attribute here, not a field.
        var request = try Opentelemetry_Proto_Collector_Logs_V1_ExportLogsServiceRequest(
            serializedBytes: try traces.logs())
        request.resourceLogs[0].scopeLogs[0].logRecords[0].eventName = ""
        return try TelemetryResult(try request.serializedBytes(), .logs, .protobuf)
    }

    @Test("an api_request is a request whose cached tokens are part of its input")
    func event() throws {
        let result = try logs(Self.call)
        let event = try #require(result.items.first).result.get()
        #expect(event.kind == .requestCompleted)
        #expect(event.dimensions[.provider] == "anthropic")
        #expect(event.dimensions[.model] == "claude-opus-4-6")
        #expect(event.dimensions[.operation] == "chat")
        #expect(event.dimensions[.session] == "s-1" && event.dimensions[.user] == "u-1")
        #expect(event.usage[.inputTokens] == 91_670, "12 + 84,562 + 7,096")
        #expect(event.usage[.cacheReadInputTokens] == 84_562)
        #expect(event.usage[.cacheWriteInputTokens] == 7_096)
        #expect(event.usage[.outputTokens] == 1_200)
        #expect(event.latency == 1_521_500)
        #expect(event.dimensions[.serviceTier] == nil)
        let again = try logs(Self.call).items.first?.result.get()
        #expect(again?.id == event.id)
    }

    @Test("two calls that differ only in their number are two requests")
    func sequence() throws {
        var next = Self.call
        next.pairs.removeAll { $0.key == "event.sequence" }
        next.pairs.append((key: "event.sequence", value: 4))
        let (one, two) = (
            try logs(Self.call).items.first?.result.get(), try logs(next).items.first?.result.get()
        )
        #expect(one?.id != two?.id && one != nil)
    }

    @Test("fast mode is a service tier")
    func speed() throws {
        for (speed, tier) in [("fast", "fast" as Name?), ("normal", nil)] {
            var attributes = Self.call
            attributes.pairs.append((key: "speed", value: .text(speed)))
            let event = try logs(attributes).items.first?.result.get()
            #expect(event?.dimensions[.serviceTier] == tier && event != nil)
        }
    }

    @Test("the same plain names from another source are ignored")
    func others() throws {
        #expect(try logs(Self.call, scope: "shop").items.isEmpty)
        var error = Self.call
        error.pairs.removeAll { $0.key == "event.name" }
        error.pairs.append((key: "event.name", value: "api_error"))
        #expect(try logs(error).items.isEmpty)
        var named = Self.call
        named.pairs.removeAll { $0.key == "event.name" }
        named.pairs.append((key: "event.name", value: "claude_code.api_request"))
        #expect(try logs(named, scope: "collector").items.count == 1)
        var plain = Self.call
        plain.pairs.removeAll { $0.key == "event.name" }
        #expect(try telemetry(TraceSample(spans: [SpanSample(plain)])).items.isEmpty)
    }

    @Test("inside a span it is passed over, because the span reports the same")
    func span() throws {
        let inside = try logs(Self.call, span: [1, 2, 3, 4, 5, 6, 7, 8])
        #expect(inside.items.isEmpty && inside.tally.remark != nil)
        var attributes: Attributes = [
            "span.type": "llm_request", "gen_ai.system": "anthropic",
            "gen_ai.request.model": "claude-opus-4-6", "ttft_ms": 640,
        ]
        attributes.pairs += Self.call.pairs.filter { $0.key != "event.name" }
        var sample = SpanSample(attributes)
        sample.name = "claude_code.llm_request"
        let event = try spanEvent(sample, scope: "com.anthropic.claude_code.tracing")
        #expect(event.usage[.inputTokens] == 91_670, "12 + 84,562 + 7,096")
        #expect(event.timeToFirstToken == 640_000)
        #expect(event.latency == 812_500)
        #expect(event.dimensions[.operation] == "chat")
    }
}
