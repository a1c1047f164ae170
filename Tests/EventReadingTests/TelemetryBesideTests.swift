import EventReading
import OTLPMessages
import SwiftProtobuf
import Testing

/// What a sender is told of calls that two instrumentations report without anything in common.
@Suite("Calls that may be booked twice")
struct TelemetryBesideTests {
    private func span(_ number: UInt8, in parent: [UInt8] = []) -> SpanSample {
        var span = SpanSample([
            "gen_ai.operation.name": "chat", "gen_ai.provider.name": "openai",
            "gen_ai.request.model": "gpt-4o", "gen_ai.usage.input_tokens": 100,
            "gen_ai.usage.output_tokens": 20,
        ])
        span.trace = [UInt8](repeating: number, count: 16)
        span.span = [UInt8](repeating: number, count: 8)
        span.parent = parent
        return span
    }

    private func remark(_ samples: TraceSample...) throws -> String? {
        var request = samples[0].message
        for sample in samples.dropFirst() {
            request.resourceSpans += sample.message.resourceSpans
        }
        let bytes: [UInt8] = try request.serializedBytes()
        return try TelemetryResult(bytes, .traces, .protobuf).tally.remark
    }

    @Test("langfuse.openai beside another one, outside of any span, is answered with a warning")
    func warned() throws {
        let langfuse = TraceSample(spans: [span(1)], scope: "langfuse-sdk")
        let other = TraceSample(spans: [span(2)], scope: "opentelemetry.instrumentation.openai.v1")
        for remark in [try remark(langfuse, other), try remark(other, langfuse)] {
            #expect(
                remark?.hasPrefix(
                    "1 call is probably booked twice: langfuse-sdk and "
                        + "opentelemetry.instrumentation.openai.v1 reported") == true)
        }
    }

    @Test("one instrumentation alone, others, and calls in a span are answered without")
    func silent() throws {
        let langfuse = TraceSample(spans: [span(1)], scope: "langfuse-sdk")
        #expect(try remark(langfuse) == nil)
        let more = TraceSample(spans: [span(1), span(2)], scope: "langfuse-sdk")
        #expect(try remark(more) == nil)
        let (a, b) = (TraceSample(spans: [span(1)], scope: "a"), TraceSample(spans: [span(2)]))
        #expect(try remark(a, b) == nil)
        let inner = TraceSample(spans: [span(2, in: [UInt8](repeating: 9, count: 8))])
        #expect(try remark(langfuse, inner) == nil)
    }
}
