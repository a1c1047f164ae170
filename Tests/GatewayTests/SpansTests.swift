import Foundation
import Gateway
import HTTPTypes
import LedgerModel
import OTLPMessages
import Routing
import SwiftProtobuf
import Synchronization
import Testing

private typealias Message = Opentelemetry_Proto_Collector_Trace_V1_ExportTraceServiceRequest
private typealias Span = Opentelemetry_Proto_Trace_V1_Span

private let parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"

private func headers(_ fields: [(String, String)]) -> HTTPFields {
    var headers = HTTPFields()
    for (name, value) in fields {
        if let name = HTTPField.Name(name) { headers.append(HTTPField(name: name, value: value)) }
    }
    return headers
}

private func request(_ fields: [(String, String)] = [], low: UInt64 = 7) -> GatewayRequest {
    var dimensions = Dimensions()
    dimensions[.app] = "search"
    let time = Timestamp(year: 2026, month: 11, day: 30)
    return GatewayRequest(
        id: EventID(at: time, entropy: (5, low)), api: .chatCompletions,
        headers: headers(fields), body: [], json: nil, ledger: LedgerID(1), key: nil,
        dimensions: dimensions, labels: nil, arrivedAt: time)
}

@Suite("Trace context as W3C has it")
struct TraceContextTests {
    @Test(
        "a context is read as it is written, of later versions too",
        arguments: [
            ("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", 1),
            ("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00", 0),
            ("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-ff", 3),
            ("cc-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", 1),
            ("01-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-what-comes", 1),
        ] as [(String, UInt8)])
    func reads(_ text: String, _ flags: UInt8) throws {
        let read = try #require(GatewaySpans.context(of: headers([("traceparent", text)])))
        #expect("\(read.trace)" == "0af7651916cd43dd8448eb211c80319c")
        #expect(hexadecimal(read.span) == "b7ad6b7169203331")
        #expect(read.flags == flags)
        #expect(read.state == nil)
    }

    @Test(
        "what is not written so is as if it were not there",
        arguments: [
            "", "00", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331",
            "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
            "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01",
            "00-00000000000000000000000000000000-b7ad6b7169203331-01",
            "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
            "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-more",
            "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-0g",
            "00-0af7651916cd43dd8448eb211c80319c-b7ad6b716920333-01",
            "00_0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
            "01-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01.more",
        ])
    func ignores(_ text: String) {
        let fields = headers([("traceparent", text), ("tracestate", "a=1")])
        #expect(GatewaySpans.context(of: fields) == nil)
    }

    @Test("two contexts are none")
    func two() {
        let twice = headers([("traceparent", parent), ("traceparent", parent)])
        #expect(GatewaySpans.context(of: twice) == nil)
    }

    @Test(
        "a state passes as it came, or not at all",
        arguments: [
            (["congo=t61rcWkgMzE"], "congo=t61rcWkgMzE"),
            (["a=1 , b=2", "c=3"], "a=1,b=2,c=3"), (["a=1,,b=2"], "a=1,b=2"),
            (["tenant@system=x"], "tenant@system=x"), (["0a@b=x"], "0a@b=x"),
            (["a=1,a=2"], nil), (["A=1"], nil), (["a"], nil), (["a="], nil), (["a=x=y"], nil),
            (["1a=x"], nil), ([""], nil),
            ([(0..<33).map { "k\($0)=v" }.joined(separator: ",")], nil),
        ] as [([String], String?)])
    func state(_ lines: [String], _ expected: String?) {
        let fields = headers([("traceparent", parent)] + lines.map { ("tracestate", $0) })
        #expect(GatewaySpans.context(of: fields)?.state == expected)
    }

    @Test("a long state keeps its first members, and loses large ones first")
    func longState() throws {
        let large = "big=" + String(repeating: "x", count: 200)
        let small = (0..<8).map { "k\($0)=" + String(repeating: "y", count: 60) }
        let members = small.prefix(2) + [large] + small.dropFirst(2)
        let fields = headers([
            ("traceparent", parent), ("tracestate", members.joined(separator: ",")),
        ])
        let state = try #require(GatewaySpans.context(of: fields)?.state)
        #expect(state.utf8.count <= 512)
        #expect(!state.contains("big="))
        #expect(state.hasPrefix("k0="))
    }

    @Test("a request in a trace stays in it, each call to a provider with a span of its own")
    func contexts() throws {
        let request = request([("traceparent", parent), ("tracestate", "a=1")])
        let context = GatewaySpans.context(of: request)
        #expect(context == GatewaySpans.context(of: request))
        #expect(hexadecimal(try #require(context.parent)) == "b7ad6b7169203331")
        let first = context.headers(ofAttempt: 1)
        let second = context.headers(ofAttempt: 2)
        #expect(first.map(\.name) == ["traceparent", "tracestate"])
        #expect(first[1].value == "a=1")
        #expect(first[0].value != second[0].value)
        for told in [first, second] {
            let out = try #require(TraceParent(headers(told.map { ($0.name, $0.value) })))
            #expect(out.trace == context.trace)
            #expect(out.span != context.span)
            #expect(out.flags == 1)
        }
        #expect(context.origin.traceID == "0af7651916cd43dd8448eb211c80319c")
        #expect(context.origin.parentSpanID == "b7ad6b7169203331")
        #expect(context.origin.spanID == Name(hexadecimal(context.span)))
    }

    @Test("a request without a trace begins one by its id, and its event comes from nowhere")
    func roots() {
        let contexts = (0..<200).map { GatewaySpans.context(of: request(low: UInt64($0))) }
        #expect(Set(contexts.map(\.trace)).count == 200)
        #expect(Set(contexts.map(\.span)).count == 200)
        #expect(contexts.allSatisfy { $0.span != 0 && $0.parent == nil && $0.isSampled })
        #expect(contexts[0].origin.isTraceable == false)
    }
}

@Suite("Spans of the gateway's own")
struct SpansTests {
    private final class Collector: SpanSender {
        private let messages = Mutex<[[UInt8]]>([])
        private let takes: Bool

        init(takes: Bool = true) { self.takes = takes }

        func send(_ message: [UInt8], tries: Int) async -> Bool {
            if takes { messages.withLock { $0.append(message) } }
            return takes
        }

        func spans() throws -> [Span] {
            try messages.withLock { $0 }.flatMap { bytes in
                try Message(serializedBytes: bytes).resourceSpans.flatMap { resource in
                    resource.scopeSpans.flatMap(\.spans)
                }
            }
        }
    }

    private static func end() -> RequestEnd {
        var metered = MeteredAnswer(
            usage: [.inputTokens: 12, .outputTokens: 34], isReported: true, isComplete: true)
        metered.model = "gpt-4o-2024-08-06"
        metered.finishReason = "stop"
        var end = RequestEnd(metered: metered, status: 200, latency: .milliseconds(900))
        end.candidate = RouteCandidate(provider: "second", key: nil, model: "gpt-4o")
        end.timeToFirstToken = .milliseconds(400)
        end.stages = [
            ("route", .microseconds(12)), ("hold", .milliseconds(2)), ("call", .milliseconds(398)),
            ("relay", .milliseconds(500)),
        ]
        end.attempts = [
            FailedAttempt(
                RouteCandidate(provider: "first", key: nil, model: "gpt-4o"), status: 503,
                errorType: "overloaded", latency: .milliseconds(98))
        ]
        return end
    }

    @Test("one span around the request, one for each stage that took a while and each call")
    func spans() async throws {
        let collector = Collector()
        let spans = GatewaySpans(sending: collector)
        let request = request([("traceparent", parent)])
        spans.record(request, .standard, Self.end())
        #expect(await spans.sendBatch() == false)
        #expect(spans.counts == SpanCounts(sent: 1))
        let sent = try collector.spans()
        #expect(Set(sent.map(\.spanID)).count == sent.count)
        #expect(Set(sent.map(\.traceID)).count == 1)
        let server = try #require(sent.first { $0.kind == .server })
        #expect(server.name == "POST /v1/chat/completions")
        #expect(Self.hexadecimal(server.parentSpanID) == "b7ad6b7169203331")
        #expect(server.endTimeUnixNano - server.startTimeUnixNano == 900_000_000)
        #expect(server.startTimeUnixNano == UInt64(request.arrivedAt.unixMicroseconds) * 1_000)
        #expect(sent.filter { $0.kind != .server }.allSatisfy { $0.parentSpanID == server.spanID })
        // The route took 12 microseconds.
        #expect(sent.filter { $0.kind == .internal }.map(\.name) == ["hold", "call", "relay"])
        // Tokens are told once.
        #expect(!server.attributes.contains { $0.key.hasPrefix("gen_ai.") })
    }

    @Test("each call to a provider says who was asked, what came of it and what it used")
    func calls() async throws {
        let collector = Collector()
        let spans = GatewaySpans(sending: collector)
        let request = request([("traceparent", parent)])
        spans.record(request, .standard, Self.end())
        _ = await spans.sendBatch()
        let sent = try collector.spans()
        let server = try #require(sent.first { $0.kind == .server })
        let calls = sent.filter { $0.kind == .client }
        try #require(calls.count == 2)
        #expect(calls.map(\.name) == ["chat gpt-4o", "chat gpt-4o"])
        #expect(calls.map { Self.text($0, "gen_ai.provider.name") } == ["first", "second"])
        #expect(calls[0].status.code == .error)
        #expect(Self.text(calls[0], "error.type") == "overloaded")
        #expect(calls[1].status.code == .unset)
        #expect(Self.number(calls[1], "gen_ai.usage.input_tokens") == 12)
        #expect(Self.number(calls[1], "gen_ai.usage.output_tokens") == 34)
        #expect(Self.text(calls[1], "gen_ai.response.model") == "gpt-4o-2024-08-06")
        #expect(calls[1].startTimeUnixNano == calls[0].endTimeUnixNano)
        #expect(calls[1].endTimeUnixNano == server.endTimeUnixNano)
        // What a provider is told is the span of its call.
        let told = GatewaySpans.context(of: request).headers(ofAttempt: 2)
        let out = try #require(TraceParent(headers(told.map { ($0.name, $0.value) })))
        #expect(LedgerModel.hexadecimal(out.span) == Self.hexadecimal(calls[1].spanID))
    }

    @Test("what the caller did not sample, and what nobody collects, is not kept")
    func unsampled() async {
        let spans = GatewaySpans(sending: Collector())
        let unsampled = parent.dropLast() + "0"
        spans.record(request([("traceparent", String(unsampled))]), .standard, Self.end())
        #expect(await spans.sendBatch() == false)
        #expect(spans.counts == SpanCounts())
        let nobody = GatewaySpans(sending: nil)
        nobody.record(request(), .standard, Self.end())
        #expect(nobody.counts == SpanCounts())
    }

    @Test("a full queue and a collector that is away cost spans, which are counted")
    func dropped() async {
        let spans = GatewaySpans(sending: Collector(takes: false))
        for low in 0..<GatewaySpans.waitingMax + 10 {
            spans.record(request(low: UInt64(low)), .standard, Self.end())
        }
        #expect(spans.counts == SpanCounts(dropped: 10))
        while await spans.sendBatch() {}
        #expect(spans.counts == SpanCounts(dropped: GatewaySpans.waitingMax + 10))
    }

    @Test("a service that stops sends what waits, and gives up where nobody takes it")
    func finish() async throws {
        let collector = Collector()
        let spans = GatewaySpans(sending: collector)
        let count = 2 * GatewaySpans.batchMax + 5
        for low in 0..<count {
            spans.record(request(low: UInt64(low)), .standard, Self.end())
        }
        await spans.finish()
        #expect(spans.counts == SpanCounts(sent: count))
        #expect(try collector.spans().filter { $0.kind == .server }.count == count)
        let nobody = GatewaySpans(sending: Collector(takes: false))
        for low in 0..<count {
            nobody.record(request(low: UInt64(low)), .standard, Self.end())
        }
        await nobody.finish()
        #expect(nobody.counts == SpanCounts(dropped: count))
    }

    private static func text(_ span: Span, _ key: String) -> String? {
        span.attributes.first { $0.key == key }?.value.stringValue
    }

    private static func number(_ span: Span, _ key: String) -> Int64? {
        span.attributes.first { $0.key == key }?.value.intValue
    }

    private static func hexadecimal(_ data: Data) -> String {
        data.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
    }
}
