import FoundationEssentials
import OTLPMessages
import SwiftProtobuf

private typealias SpanMessage = Opentelemetry_Proto_Trace_V1_Span
private typealias LogMessage = Opentelemetry_Proto_Logs_V1_LogRecord
private typealias MetricMessage = Opentelemetry_Proto_Metrics_V1_Metric
private typealias ResourceMessage = Opentelemetry_Proto_Resource_V1_Resource
private typealias ScopeMessage = Opentelemetry_Proto_Common_V1_InstrumentationScope
private typealias KeyValueMessage = Opentelemetry_Proto_Common_V1_KeyValue

/// Walks through an export request in protobuf.
///
/// All three signals nest alike: a request holds groups by resource (field 1); each has a resource
/// (1) and groups by scope (2); each of these has a scope (1) and the records (2).
struct ProtobufTelemetry {
    private let signal: TelemetrySignal
    private let table: AttributeTable
    private var resources: WireFields
    private var scopes: WireFields?
    private var records: WireFields?
    private var attributes: AttributeSet
    private var scope = ""
    private var groups = 0

    /// The longest span, log record, metric or resource, in bytes.
    static let telemetryRecordBytesMax = 4 << 20

    /// Checks the structure of the whole request, to refuse a broken one before taking any of it.
    init(
        _ body: UnsafeRawBufferPointer, _ signal: TelemetrySignal, _ table: AttributeTable
    ) throws(BodyFault) {
        self.signal = signal
        self.table = table
        attributes = AttributeSet(table)
        resources = WireFields(body)
        var records = 0
        do throws(WireFields.Fault) {
            var check = self
            while try check.step() != nil, records <= TelemetryReader.recordsMax { records += 1 }
        } catch {
            let offset = error.address - UInt(bitPattern: body.baseAddress)
            throw .malformed(reason: error.reason, offset: Int(offset))
        }
        if records > TelemetryReader.recordsMax {
            throw .tooManyEvents(max: TelemetryReader.recordsMax)
        }
    }

    /// Returns the next record; nil at the end.
    mutating func next() -> TelemetryRecord? {
        // The structure was checked, so there are no faults left.
        guard let bytes = try? step() else { return nil }
        var record = TelemetryRecord(scope: scope, attributes: attributes)
        guard bytes.count <= Self.telemetryRecordBytesMax else {
            record.fail("it is longer than \(Self.telemetryRecordBytesMax) bytes")
            return record
        }
        if bytes.isEmpty, signal != .metrics { return record }
        do {
            switch signal {
            case .traces: read(try SpanMessage(serializedBytes: Array(bytes)), into: &record)
            case .logs: read(try LogMessage(serializedBytes: Array(bytes)), into: &record)
            case .metrics: read(try MetricMessage(serializedBytes: Array(bytes)), into: &record)
            }
        } catch {
            record.fail("it cannot be decoded as protobuf: \(error)")
        }
        return record
    }

    private mutating func step() throws(WireFields.Fault) -> UnsafeRawBufferPointer? {
        while true {
            if let record = try records?.next(2) { return record }
            if let bytes = try scopes?.next(2) {
                try count(bytes)
                records = WireFields(bytes)
                scope = try scopeName(in: bytes)
                continue
            }
            guard let bytes = try resources.next(1) else { return nil }
            try count(bytes)
            scopes = WireFields(bytes)
            records = nil
            attributes = try resourceAttributes(in: bytes)
        }
    }

    // MARK: Groups

    private mutating func count(
        _ group: UnsafeRawBufferPointer
    ) throws(WireFields.Fault) {
        groups += 1
        if groups > TelemetryReader.recordsMax {
            throw WireFields.Fault(
                "it has more than \(TelemetryReader.recordsMax) groups", at: group)
        }
    }

    private func resourceAttributes(
        in group: UnsafeRawBufferPointer
    ) throws(WireFields.Fault) -> AttributeSet {
        var set = AttributeSet(table)
        var fields = WireFields(group)
        while let bytes = try fields.next(1) {
            guard let resource: ResourceMessage = decoded(bytes) else {
                throw WireFields.Fault("a resource cannot be read", at: bytes)
            }
            for pair in resource.attributes {
                set.note(pair.key, value(pair), in: table, ofResource: true)
            }
        }
        return set
    }

    private func scopeName(
        in group: UnsafeRawBufferPointer
    ) throws(WireFields.Fault) -> String {
        var name = ""
        var fields = WireFields(group)
        while let bytes = try fields.next(1) {
            guard let scope: ScopeMessage = decoded(bytes) else {
                throw WireFields.Fault("a scope cannot be read", at: bytes)
            }
            name = scope.name
        }
        return name
    }

    private func decoded<M: Message>(_ bytes: UnsafeRawBufferPointer) -> M? {
        guard bytes.count <= Self.telemetryRecordBytesMax else { return nil }
        return try? M(serializedBytes: Array(bytes))
    }

    // MARK: Records

    private func read(_ span: SpanMessage, into record: inout TelemetryRecord) {
        record.name = span.name
        record.identify(trace: span.traceID, span: span.spanID)
        record.identify(parent: span.parentSpanID)
        record.start = span.startTimeUnixNano
        record.end = span.endTimeUnixNano
        record.isServerSide = span.kind == .server || span.kind == .consumer
        record.isError = span.status.code == .error
        note(span.attributes, in: &record)
        for event in span.events {
            record.happened(event.name, at: event.timeUnixNano)
            guard event.name == "exception" else { continue }
            let type = event.attributes.first { $0.key == "exception.type" }
            record.exceptionType = type.flatMap { value($0)?.text } ?? record.exceptionType
        }
    }

    private func read(_ log: LogMessage, into record: inout TelemetryRecord) {
        record.name = log.eventName
        record.identify(trace: log.traceID, span: log.spanID)
        record.start = log.timeUnixNano == 0 ? log.observedTimeUnixNano : log.timeUnixNano
        note(log.attributes, in: &record)
    }

    private func read(_ metric: MetricMessage, into record: inout TelemetryRecord) {
        record.name = metric.name
        record.count =
            switch metric.data {
            case .gauge(let data): data.dataPoints.count
            case .sum(let data): data.dataPoints.count
            case .histogram(let data): data.dataPoints.count
            case .exponentialHistogram(let data): data.dataPoints.count
            case .summary(let data): data.dataPoints.count
            case nil: 0
            }
    }

    private func note(_ pairs: [KeyValueMessage], in record: inout TelemetryRecord) {
        for pair in pairs {
            record.attributes.note(pair.key, value(pair), in: table)
        }
    }

    /// Nil for an attribute that is there without a value, as Python's `None` is sent.
    private func value(_ pair: KeyValueMessage) -> AttributeValue? {
        switch pair.value.value {
        case nil: nil
        case .stringValue(let text): .text(text)
        case .intValue(let integer): .integer(integer)
        case .doubleValue(let double): .double(double)
        case .boolValue(let flag): .boolean(flag)
        case .arrayValue(let list):
            if case .stringValue(let first)? = list.values.first?.value {
                .list(first: first)
            } else {
                .other
            }
        default: .other
        }
    }
}
