import FoundationEssentials
import LedgerModel
import OTLPMessages
import Resilience
import Routing
import SwiftProtobuf

private typealias Span = Opentelemetry_Proto_Trace_V1_Span
private typealias KeyValue = Opentelemetry_Proto_Common_V1_KeyValue

/// Spans as OTLP has them, with the names of OpenTelemetry's conventions for HTTP and for generative AI.
///
/// Only the calls to providers have `gen_ai` attributes: whoever counts tokens by them counts once.
enum SpanMessage {
    /// A stage that took less has no span of its own.
    static let stageMin = Duration.microseconds(100)

    static func bytes(of requests: [FinishedRequest]) -> [UInt8] {
        var scope = Opentelemetry_Proto_Trace_V1_ScopeSpans()
        scope.scope.name = GatewaySpans.scope
        scope.spans = requests.flatMap { spans(of: $0) }
        var resource = Opentelemetry_Proto_Trace_V1_ResourceSpans()
        resource.resource.attributes = [text("service.name", "tallystick")]
        resource.scopeSpans = [scope]
        var message = Opentelemetry_Proto_Collector_Trace_V1_ExportTraceServiceRequest()
        message.resourceSpans = [resource]
        do {
            return try message.serializedBytes()
        } catch {
            preconditionFailure("a message without required fields must encode: \(error)")
        }
    }

    private static func spans(of request: FinishedRequest) -> [Span] {
        let end = request.end
        let start = Int128(request.arrivedAt.unixMicroseconds) * 1_000
        var all = [server(request, start)]
        // Stages follow one another; the calls to providers are inside of the stage `call`.
        var offset = Duration.zero
        var callStart: Duration?
        for (number, stage) in end.stages.enumerated() {
            if stage.name == "call" { callStart = offset }
            if stage.time >= stageMin {
                var span = request.span(
                    request.context.span(ofStage: number), start, offset, stage.time)
                span.name = stage.name
                span.kind = .internal
                all.append(span)
            }
            offset += stage.time
        }
        all += calls(request, start, from: callStart ?? .zero)
        return all
    }

    private static func server(_ request: FinishedRequest, _ start: Int128) -> Span {
        let end = request.end
        var span = request.span(request.context.span, start, .zero, end.latency)
        span.parentSpanID = request.context.parent.map { data($0) } ?? Data()
        span.name = "\(request.method) \(request.api.path)"
        span.kind = .server
        span.attributes = [
            text("http.request.method", request.method), text("url.path", request.api.path),
            number("http.response.status_code", Int64(end.status)),
            text("tally.request.id", "\(request.id)"), text("tally.route", request.route.string),
            number("tally.attempts", Int64(end.attempts.count + (end.candidate == nil ? 0 : 1))),
        ]
        if let app = request.app { span.attributes.append(text("tally.app", app.string)) }
        if let first = end.timeToFirstToken {
            span.attributes.append(
                number("tally.time_to_first_token_us", first.wholeMicroseconds))
        }
        if end.isCallerGone { span.attributes.append(flag("tally.caller_gone")) }
        // A server's span has no error for what its caller did wrong.
        if end.status >= 500 || (end.errorType != nil && end.status < 400) {
            span.fail(end.errorType?.string ?? "\(end.status)")
        } else if let type = end.errorType {
            span.attributes.append(text("error.type", type.string))
        }
        return span
    }

    /// One span for each call to a provider, in order; the last is the one that answered.
    private static func calls(
        _ request: FinishedRequest, _ start: Int128, from callStart: Duration
    ) -> [Span] {
        let end = request.end
        var offset = callStart
        var spans: [Span] = []
        for (index, attempt) in end.attempts.enumerated() {
            var span = request.call(
                index + 1, start, offset, attempt.latency, attempt.candidate.provider,
                attempt.candidate.model)
            if let status = attempt.status {
                span.attributes.append(number("http.response.status_code", Int64(status)))
            }
            span.attributes += usage(attempt.metered)
            span.fail(attempt.errorType.string)
            spans.append(span)
            offset += attempt.latency
        }
        guard let candidate = end.candidate else { return spans }
        var span = request.call(
            end.attempts.count + 1, start, offset, max(.zero, end.latency - offset),
            candidate.provider, candidate.model)
        span.attributes.append(number("http.response.status_code", Int64(end.status)))
        span.attributes += usage(end.metered)
        if let type = end.errorType { span.fail(type.string) }
        return spans + [span]
    }

    private static func usage(_ metered: MeteredAnswer?) -> [KeyValue] {
        guard let metered else { return [] }
        var attributes: [KeyValue] = []
        for (key, unit) in usageKeys {
            if let count = metered.usage[unit] { attributes.append(number(key, count)) }
        }
        if let model = metered.model {
            attributes.append(text("gen_ai.response.model", model.string))
        }
        if let id = metered.responseID { attributes.append(text("gen_ai.response.id", id)) }
        if let reason = metered.finishReason {
            var list = KeyValue()
            list.key = "gen_ai.response.finish_reasons"
            list.value.arrayValue.values = [text("", reason).value]
            attributes.append(list)
        }
        if !metered.isReported { attributes.append(text("tally.usage", "estimated")) }
        return attributes
    }

    private static let usageKeys: [(key: String, unit: UsageUnit)] = [
        ("gen_ai.usage.input_tokens", .inputTokens),
        ("gen_ai.usage.output_tokens", .outputTokens),
        ("gen_ai.usage.cache_read.input_tokens", .cacheReadInputTokens),
        ("gen_ai.usage.cache_creation.input_tokens", .cacheWriteInputTokens),
    ]

    // MARK: Attributes

    fileprivate static func text(_ key: String, _ value: String) -> KeyValue {
        var pair = KeyValue()
        pair.key = key
        pair.value.stringValue = value
        return pair
    }

    fileprivate static func number(_ key: String, _ value: Int64) -> KeyValue {
        var pair = KeyValue()
        pair.key = key
        pair.value.intValue = value
        return pair
    }

    private static func flag(_ key: String) -> KeyValue {
        var pair = KeyValue()
        pair.key = key
        pair.value.boolValue = true
        return pair
    }

    fileprivate static func data(_ word: UInt64) -> Data {
        withUnsafeBytes(of: word.bigEndian) { Data($0) }
    }
}

extension FinishedRequest {
    /// A span within the request, below the gateway's own unless it is that one.
    fileprivate func span(
        _ id: UInt64, _ start: Int128, _ offset: Duration, _ time: Duration
    ) -> Span {
        var span = Span()
        span.traceID = SpanMessage.data(context.trace.high) + SpanMessage.data(context.trace.low)
        span.spanID = SpanMessage.data(id)
        span.parentSpanID = SpanMessage.data(context.span)
        span.traceState = context.state ?? ""
        span.flags = UInt32(context.flags)
        let from = start + Int128(offset.wholeMicroseconds) * 1_000
        span.startTimeUnixNano = UInt64(clamping: from)
        span.endTimeUnixNano = UInt64(clamping: from + Int128(time.wholeMicroseconds) * 1_000)
        return span
    }

    fileprivate func call(
        _ number: Int, _ start: Int128, _ offset: Duration, _ time: Duration, _ provider: String,
        _ model: String
    ) -> Span {
        var span = span(context.span(ofAttempt: number), start, offset, time)
        let operation = api.operation
        span.name = model.isEmpty ? operation : "\(operation) \(model)"
        span.kind = .client
        span.attributes = [
            SpanMessage.text("gen_ai.operation.name", operation),
            SpanMessage.text("gen_ai.provider.name", provider),
            SpanMessage.text("gen_ai.request.model", model),
            SpanMessage.number("tally.attempt", Int64(number)),
        ]
        return span
    }
}

extension GatewayAPI {
    /// The operation by OpenTelemetry's names.
    fileprivate var operation: String {
        switch self {
        case .chatCompletions, .responses, .messages: "chat"
        case .completions: "text_completion"
        case .embeddings: "embeddings"
        case .countTokens: "count_tokens"
        case .other: "call"
        }
    }
}

extension Span {
    fileprivate mutating func fail(_ type: String) {
        attributes.append(SpanMessage.text("error.type", type))
        status.code = .error
    }
}
