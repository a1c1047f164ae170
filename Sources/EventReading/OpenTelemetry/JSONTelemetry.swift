import LedgerModel
import SIMDJSON

/// Walks through an OTLP export request in JSON: camelCase keys, hexadecimal ids, 64-bit numbers as
/// texts or numbers; skips unknown keys.
struct JSONTelemetry {
    private let signal: TelemetrySignal
    private let table: AttributeTable
    private var resources: JSONElements
    private var scopes: JSONElements?
    private var records: JSONElements?
    private var attributes: AttributeSet
    private var scope = ""
    private var groups = 0

    /// Checks the structure down to the records, as for protobuf.
    ///
    /// - Parameter request: must stay readable while records are read.
    init(
        _ request: JSONValue, _ signal: TelemetrySignal, _ table: AttributeTable
    ) throws(BodyFault) {
        self.signal = signal
        self.table = table
        attributes = AttributeSet(table)
        guard request.kind == .object else {
            throw .malformed(reason: "an export request must be an object", offset: 0)
        }
        var records = 0
        do throws(Refusal) {
            resources = try Self.array(signal.members.resources, of: request)
            var check = self
            while try check.step() != nil, records <= TelemetryReader.recordsMax { records += 1 }
        } catch {
            throw .malformed(reason: error.reason, offset: 0)
        }
        if records > TelemetryReader.recordsMax {
            throw .tooManyEvents(max: TelemetryReader.recordsMax)
        }
    }

    /// The signal in a request, by its first known key; nil for anything else.
    static func signal(of request: JSONValue) -> TelemetrySignal? {
        guard request.kind == .object else { return nil }
        for (key, _) in request.members {
            let found = TelemetrySignal.allCases.first {
                key.text.elementsEqual($0.members.resources.utf8)
            }
            if let found { return found }
        }
        return nil
    }

    /// Returns the next record; nil at the end.
    mutating func next() -> TelemetryRecord? {
        guard let value = try? step() else { return nil }
        var record = TelemetryRecord(scope: scope, attributes: attributes)
        guard value.kind == .object else {
            record.fail("it is \(value.kindName): expected an object")
            return record
        }
        switch signal {
        case .traces, .logs: read(value, into: &record)
        case .metrics: readMetric(value, into: &record)
        }
        return record
    }

    private mutating func step() throws(Refusal) -> JSONValue? {
        while true {
            if let record = records?.next() { return record }
            if let group = scopes?.next() {
                try count()
                records = try Self.array(signal.members.records, of: group)
                scope = group.member("scope")?.member("name")?.string ?? ""
                continue
            }
            guard let group = resources.next() else { return nil }
            try count()
            scopes = try Self.array(signal.members.scopes, of: group)
            records = nil
            attributes = AttributeSet(table)
            note(group.member("resource")?.member("attributes"), in: &attributes, ofResource: true)
        }
    }

    private mutating func count() throws(Refusal) {
        groups += 1
        if groups > TelemetryReader.recordsMax {
            throw Refusal("it has more than \(TelemetryReader.recordsMax) groups")
        }
    }

    /// The elements of a member that is an array, missing or null.
    private static func array(
        _ name: String, of group: JSONValue
    ) throws(Refusal) -> JSONElements {
        guard group.kind == .object else {
            throw Refusal("a group is \(group.kindName): expected an object with \(name)")
        }
        let value = group.member(name)
        if let value, value.kind != .array, value.kind != .null {
            throw Refusal("\(name) is \(value.kindName): expected an array")
        }
        return JSONElements(of: value)
    }

    // MARK: Records

    private enum Key: String, CaseIterable {
        case name, eventName, traceId, spanId, parentSpanId, kind, attributes, events, status
        case startTimeUnixNano, endTimeUnixNano, timeUnixNano, observedTimeUnixNano
    }

    private static let keys = KeyTable(Key.allCases.map { ($0.rawValue, $0) })

    private func read(_ value: JSONValue, into record: inout TelemetryRecord) {
        var ids: (trace: [UInt8], span: [UInt8]) = ([], [])
        var observed: UInt64 = 0
        for (key, value) in value.members where value.kind != .null {
            switch Self.keys.value(of: key.text) {
            case .name, .eventName: record.name = value.string ?? record.name
            case .traceId: ids.trace = bytes(value, "traceId", &record)
            case .spanId: ids.span = bytes(value, "spanId", &record)
            case .parentSpanId:
                if let bytes = hexadecimalBytes(value.text) { record.identify(parent: bytes) }
            case .kind:
                let kinds = ["2", "5", "SPAN_KIND_SERVER", "SPAN_KIND_CONSUMER"]
                record.isServerSide = kinds.contains { value.text.elementsEqual($0.utf8) }
            case .status:
                let code = value.member("code")?.text
                record.isError = ["2", "STATUS_CODE_ERROR"].contains {
                    code?.elementsEqual($0.utf8) == true
                }
            case .startTimeUnixNano, .timeUnixNano: record.start = time(value, key, &record)
            case .endTimeUnixNano: record.end = time(value, key, &record)
            case .observedTimeUnixNano: observed = time(value, key, &record)
            case .attributes: note(value, in: &record.attributes)
            case .events: readEvents(value, into: &record)
            case nil: break
            }
        }
        if record.start == 0 { record.start = observed }
        record.identify(trace: ids.trace, span: ids.span)
    }

    private func readEvents(_ events: JSONValue, into record: inout TelemetryRecord) {
        for event in JSONElements(of: events) {
            guard let name = event.member("name")?.string else { continue }
            if TelemetryFact.firstTokenEvents.contains(name),
                let time = event.member("timeUnixNano")?.nanoseconds
            {
                record.happened(name, at: time)
            }
            guard name == "exception" else { continue }
            for pair in JSONElements(of: event.member("attributes"))
            where pair.member("key")?.string == "exception.type" {
                record.exceptionType = pair.member("value").flatMap { value($0)?.text }
            }
        }
    }

    private func readMetric(_ metric: JSONValue, into record: inout TelemetryRecord) {
        record.name = metric.member("name")?.string ?? ""
        record.count = 0
        for (_, value) in metric.members where value.kind == .object {
            for _ in JSONElements(of: value.member("dataPoints")) { record.count += 1 }
        }
    }

    private func bytes(
        _ value: JSONValue, _ name: String, _ record: inout TelemetryRecord
    ) -> [UInt8] {
        guard value.kind == .string, let bytes = hexadecimalBytes(value.text) else {
            record.fail("\(name) \(quoted(value.text)) is not hexadecimal")
            return []
        }
        return bytes
    }

    private func time(
        _ value: JSONValue, _ key: JSONValue, _ record: inout TelemetryRecord
    ) -> UInt64 {
        if let time = value.nanoseconds { return time }
        record.fail(
            "\(shortened(key.text)) \(quoted(value.text)) is not a time: expected nanoseconds "
                + "since 1970")
        return 0
    }

    // MARK: Attributes

    private func note(
        _ pairs: JSONValue?, in set: inout AttributeSet, ofResource: Bool = false
    ) {
        for pair in JSONElements(of: pairs) {
            guard let name = pair.member("key")?.string else { continue }
            set.note(
                name, pair.member("value").flatMap(value), in: table, ofResource: ofResource)
        }
    }

    /// Nil for an attribute that is there without a value: `{}` or null.
    private func value(_ value: JSONValue) -> AttributeValue? {
        guard value.kind == .object else { return value.kind == .null ? nil : .other }
        for (key, value) in value.members where value.kind != .null {
            switch Self.valueKeys.value(of: key.text) {
            case .stringValue: return value.string.map { .text($0) } ?? .other
            case .intValue:
                if value.kind == .integer { return .integer(value.integer) }
                return Int64(value.numeral).map { .integer($0) } ?? .text(value.numeral)
            case .doubleValue: return Double(value.numeral).map { .double($0) } ?? .other
            case .boolValue: return .boolean(value.isTrue)
            case .arrayValue:
                let values = value.kind == .object ? value.member("values") : nil
                var elements = JSONElements(of: values)
                let first = elements.next()?.member("stringValue")?.string
                return first.map { .list(first: $0) } ?? .other
            case nil: return .other
            }
        }
        return nil
    }

    private enum ValueKey: String, CaseIterable {
        case stringValue, intValue, doubleValue, boolValue, arrayValue
    }

    private static let valueKeys = KeyTable(ValueKey.allCases.map { ($0.rawValue, $0) })
}

extension TelemetrySignal {
    /// The keys of the three levels of a request.
    fileprivate var members: (resources: String, scopes: String, records: String) {
        switch self {
        case .traces: ("resourceSpans", "scopeSpans", "spans")
        case .logs: ("resourceLogs", "scopeLogs", "logRecords")
        case .metrics: ("resourceMetrics", "scopeMetrics", "metrics")
        }
    }
}

extension JSONValue {
    /// The text of a valid string.
    fileprivate var string: String? {
        kind == .string ? String(decoding: text, as: UTF8.self) : nil
    }

    /// A number as written, in quotation marks or not.
    fileprivate var numeral: String {
        switch kind {
        case .integer, .number, .string: String(decoding: text, as: UTF8.self)
        default: ""
        }
    }

    fileprivate var nanoseconds: UInt64? { UInt64(numeral) }
}

/// The bytes of hexadecimal digits of either case; nil for anything else.
private func hexadecimalBytes(_ text: Text) -> [UInt8]? {
    guard text.count.isMultiple(of: 2) else { return nil }
    var bytes: [UInt8] = []
    for index in stride(from: 0, to: text.count, by: 2) {
        guard let high = hexadecimalValue(of: text[index]),
            let low = hexadecimalValue(of: text[index + 1])
        else { return nil }
        bytes.append(high << 4 | low)
    }
    return bytes
}
