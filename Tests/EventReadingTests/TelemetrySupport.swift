import EventReading
import FoundationEssentials
import LedgerModel
import OTLPMessages
import SwiftProtobuf
import Testing

/// An attribute's value in a sample.
enum SampleValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral,
    ExpressibleByFloatLiteral, ExpressibleByBooleanLiteral, ExpressibleByArrayLiteral
{
    case text(String)
    case integer(Int64)
    case double(Double)
    case boolean(Bool)
    case list([SampleValue])
    /// An attribute without a value.
    case none

    init(stringLiteral text: String) { self = .text(text) }
    init(integerLiteral integer: Int64) { self = .integer(integer) }
    init(floatLiteral double: Double) { self = .double(double) }
    init(booleanLiteral flag: Bool) { self = .boolean(flag) }
    init(arrayLiteral elements: SampleValue...) { self = .list(elements) }

    var json: String {
        switch self {
        case .text(let text):
            // The texts of these tests need no other escapes.
            "{\"stringValue\":\"\(text.replacing("\"", with: "\\\""))\"}"
        // 64-bit integers are texts in OTLP's JSON.
        case .integer(let integer): "{\"intValue\":\"\(integer)\"}"
        case .double(let double): "{\"doubleValue\":\(double)}"
        case .boolean(let flag): "{\"boolValue\":\(flag)}"
        case .list(let values):
            "{\"arrayValue\":{\"values\":[\(values.map(\.json).joined(separator: ","))]}}"
        case .none: "{}"
        }
    }

    var message: Opentelemetry_Proto_Common_V1_AnyValue {
        var message = Opentelemetry_Proto_Common_V1_AnyValue()
        switch self {
        case .text(let text): message.stringValue = text
        case .integer(let integer): message.intValue = integer
        case .double(let double): message.doubleValue = double
        case .boolean(let flag): message.boolValue = flag
        case .list(let values): message.arrayValue.values = values.map(\.message)
        case .none: break
        }
        return message
    }
}

/// Attributes in order; a key may occur twice.
struct Attributes: ExpressibleByDictionaryLiteral {
    var pairs: [(key: String, value: SampleValue)]

    init(dictionaryLiteral elements: (String, SampleValue)...) {
        pairs = elements.map { (key: $0, value: $1) }
    }

    var json: String {
        let members = pairs.map { "{\"key\":\"\($0.key)\",\"value\":\($0.value.json)}" }
        return "[\(members.joined(separator: ","))]"
    }

    var messages: [Opentelemetry_Proto_Common_V1_KeyValue] {
        pairs.map { key, value in
            var pair = Opentelemetry_Proto_Common_V1_KeyValue()
            pair.key = key
            pair.value = value.message
            return pair
        }
    }
}

/// A span of a test, which can be sent in either encoding.
struct SpanSample {
    var attributes: Attributes
    var trace: [UInt8] = [
        0x0A, 0xF7, 0x65, 0x19, 0x16, 0xCD, 0x43, 0xDD, 0x84, 0x48, 0xEB, 0x21, 0x1C, 0x80, 0x31,
        0x9C,
    ]
    var span: [UInt8] = [0xB7, 0xAD, 0x6B, 0x71, 0x69, 0x20, 0x33, 0x31]
    var parent: [UInt8] = []
    /// 123,456,789 ns after 17:00 on 2025-11-24.
    var start: UInt64 = 1_764_003_600_123_456_789
    var nanoseconds: UInt64 = 812_500_000
    /// 3 is a client, 2 a server.
    var kind = 3
    var name = "a span"
    /// 2 is an error.
    var status = 0
    /// Names and nanoseconds after the start.
    var events: KeyValuePairs<String, UInt64> = [:]
    var exceptionType: String?

    init(_ attributes: Attributes) { self.attributes = attributes }

    func with(_ change: (inout SpanSample) -> Void) -> SpanSample {
        var changed = self
        change(&changed)
        return changed
    }

    var end: UInt64 { start &+ nanoseconds }

    var json: String {
        let happened = events.map { "{\"name\":\"\($0)\",\"timeUnixNano\":\"\(start + $1)\"}" }
        let thrown = exceptionType.map { type in
            let attributes: Attributes = ["exception.type": .text(type)]
            return "{\"name\":\"exception\",\"attributes\":\(attributes.json)}"
        }
        let all = (happened + [thrown].compactMap { $0 }).joined(separator: ",")
        return """
            {"traceId":"\(hexadecimal(trace))","spanId":"\(hexadecimal(span))",\
            "parentSpanId":"\(hexadecimal(parent))","name":"\(name)",\
            "kind":\(kind),"startTimeUnixNano":"\(start)","endTimeUnixNano":"\(end)",\
            "attributes":\(attributes.json),"events":[\(all)],"status":{"code":\(status)},\
            "flags":257,"droppedAttributesCount":0,"notInTheProtocol":{"a":[1]}}
            """
    }

    var message: Opentelemetry_Proto_Trace_V1_Span {
        var message = Opentelemetry_Proto_Trace_V1_Span()
        message.traceID = Data(trace)
        message.spanID = Data(span)
        message.parentSpanID = Data(parent)
        message.name = name
        message.kind = Opentelemetry_Proto_Trace_V1_Span.SpanKind(rawValue: kind) ?? .client
        message.startTimeUnixNano = start
        message.endTimeUnixNano = end
        message.attributes = attributes.messages
        message.status.code =
            Opentelemetry_Proto_Trace_V1_Status.StatusCode(rawValue: status) ?? .unset
        message.events = events.map { name, offset in
            var event = Opentelemetry_Proto_Trace_V1_Span.Event()
            event.name = name
            event.timeUnixNano = start + offset
            return event
        }
        if let exceptionType {
            var event = Opentelemetry_Proto_Trace_V1_Span.Event()
            event.name = "exception"
            event.attributes = (["exception.type": .text(exceptionType)] as Attributes).messages
            message.events.append(event)
        }
        return message
    }

    private func hexadecimal(_ bytes: [UInt8]) -> String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}

/// An export request of spans under one resource and scope.
struct TraceSample {
    var spans: [SpanSample]
    var resource: Attributes = ["service.name": "shop"]
    var scope = "tests"

    var json: String {
        """
        {"resourceSpans":[{"resource":{"attributes":\(resource.json)},"scopeSpans":[{\
        "scope":{"name":"\(scope)","version":"1"},"spans":[\
        \(spans.map(\.json).joined(separator: ","))],"schemaUrl":"x"}]}]}
        """
    }

    var message: Opentelemetry_Proto_Collector_Trace_V1_ExportTraceServiceRequest {
        var scoped = Opentelemetry_Proto_Trace_V1_ScopeSpans()
        scoped.scope.name = scope
        scoped.spans = spans.map(\.message)
        var group = Opentelemetry_Proto_Trace_V1_ResourceSpans()
        group.resource.attributes = resource.messages
        group.scopeSpans = [scoped]
        var request = Opentelemetry_Proto_Collector_Trace_V1_ExportTraceServiceRequest()
        request.resourceSpans = [group]
        return request
    }

    func protobuf() throws -> [UInt8] { try message.serializedBytes() }

    /// A log record with the attributes and ids of the one span.
    func logs(time: UInt64 = 1_764_003_600_000_000_000) throws -> [UInt8] {
        var scoped = Opentelemetry_Proto_Logs_V1_ScopeLogs()
        scoped.scope.name = scope
        scoped.logRecords = spans.map { span in
            var log = Opentelemetry_Proto_Logs_V1_LogRecord()
            log.eventName = "gen_ai.client.inference.operation.details"
            log.timeUnixNano = time
            log.traceID = Data(span.trace)
            log.spanID = Data(span.span)
            log.attributes = span.attributes.messages
            return log
        }
        var group = Opentelemetry_Proto_Logs_V1_ResourceLogs()
        group.resource.attributes = resource.messages
        group.scopeLogs = [scoped]
        var request = Opentelemetry_Proto_Collector_Logs_V1_ExportLogsServiceRequest()
        request.resourceLogs = [group]
        return try request.serializedBytes()
    }
}

/// The result of a body: events, refusals, and records passed over.
struct TelemetryResult {
    var items: [ReadItem] = []
    let tally: TelemetryTally

    init(
        _ body: [UInt8], _ signal: TelemetrySignal = .traces, _ encoding: TelemetryEncoding,
        _ settings: TelemetrySettings = .standard
    ) throws {
        var reader = try TelemetryReader(body, signal, encoding, settings: settings, now: now)
        while let item = reader.next() { items.append(item) }
        tally = reader.tally
    }
}

/// Reads a request in both encodings, which must mean the same.
func telemetry(
    _ sample: TraceSample, _ settings: TelemetrySettings = .standard
) throws -> TelemetryResult {
    let protobuf = try TelemetryResult(try sample.protobuf(), .traces, .protobuf, settings)
    let json = try TelemetryResult(Array(sample.json.utf8), .traces, .json, settings)
    #expect(json.items.map(\.event) == protobuf.items.map(\.event))
    #expect(json.items.map(\.reason) == protobuf.items.map(\.reason))
    #expect(json.tally.ignored == protobuf.tally.ignored)
    return protobuf
}

/// The one event of a span.
func spanEvent(
    _ span: SpanSample, scope: String = "tests", _ settings: TelemetrySettings = .standard
) throws -> Event {
    let result = try telemetry(TraceSample(spans: [span], scope: scope), settings)
    try #require(result.items.count == 1)
    return try result.items[0].result.get()
}

/// Why a span is refused; nil if it is not.
func spanRefusal(
    _ span: SpanSample, scope: String = "tests", _ settings: TelemetrySettings = .standard
) throws -> String? {
    let result = try telemetry(TraceSample(spans: [span], scope: scope), settings)
    return result.items.first?.reason
}

func telemetrySettings(
    map: String? = nil, ignore: String? = nil, exclusive: String? = nil, logs: String? = nil
) throws -> TelemetrySettings {
    try TelemetrySettings(map: map, ignore: ignore, exclusive: exclusive, logs: logs)
}

/// A call as v1.37 and later describe it; tests leave out or add attributes.
let chatAttributes: Attributes = [
    "gen_ai.operation.name": "chat", "gen_ai.provider.name": "openai",
    "gen_ai.request.model": "gpt-4o-mini", "gen_ai.usage.input_tokens": 1200,
    "gen_ai.usage.output_tokens": 340,
]

func chat(_ more: Attributes = [:], without names: Set<String> = []) -> SpanSample {
    var attributes = chatAttributes
    attributes.pairs.removeAll { names.contains($0.key) }
    attributes.pairs += more.pairs
    return SpanSample(attributes)
}
