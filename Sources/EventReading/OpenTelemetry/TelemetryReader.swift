package import LedgerModel
import Pricing
import SIMDJSON

/// How an export request is encoded.
package enum TelemetryEncoding: String, Sendable {
    case protobuf = "application/x-protobuf"
    case json = "application/json"

    /// The encoding that a Content-Type header announces; nil for any other type.
    package init?(contentType: String?) {
        let type = (contentType ?? "").prefix { $0 != ";" }.filter { !$0.isWhitespace }
        switch type.lowercased() {
        case "application/x-protobuf", "application/protobuf",
            "application/vnd.google.protobuf":
            self = .protobuf
        case "application/json", "text/json": self = .json
        default: return nil
        }
    }
}

/// How many records were ignored, and why.
package struct TelemetryTally: Sendable {
    /// Records that are not calls to a model, in the items of their signal.
    package private(set) var ignored = 0
    private var reasons: [TelemetryMapper.Ignored: (count: Int, example: String)] = [:]
    /// Calls that succeeded and tell no usage.
    private var uncounted: (count: Int, example: String)?
    /// Reports without a span around them: those of instrumentations that lie beside others, and
    /// the rest; as many as are compared.
    private var alone: (beside: [Event], others: [Event]) = ([], [])

    private static let comparedMax = 64

    mutating func ignore(_ record: TelemetryRecord, _ reason: TelemetryMapper.Ignored) {
        ignored += record.count
        let known = reasons[reason] ?? (0, record.shownName)
        reasons[reason] = (known.count + record.count, known.example)
    }

    mutating func take(_ event: Event, of record: TelemetryRecord) {
        if event.origin.parentSpanID == nil {
            if ReportedCall.liesBeside(event) {
                if alone.beside.count < Self.comparedMax { alone.beside.append(event) }
            } else if alone.others.count < Self.comparedMax {
                alone.others.append(event)
            }
        }
        guard event.kind == .requestCompleted, event.usage.isEmpty else { return }
        let known = uncounted ?? (0, record.shownName)
        uncounted = (known.count + 1, known.example)
    }

    /// Why a call has no price, and how its usage comes to be reported.
    package static let uncountedAdvice =
        "no usage is reported, so there is no price unless another report of the call has it; "
        + UnpricedReason.usageAdvice

    /// The reasons with a case of each, in a fixed order.
    package var ignoredReasons: [(sentence: String, count: Int, example: String)] {
        TelemetryMapper.Ignored.allCases.compactMap { reason in
            reasons[reason].map { (reason.sentence, $0.count, $0.example) }
        }
    }

    /// Calls without usage, with one of them.
    package var uncountedCalls: (count: Int, example: String)? { uncounted }

    /// What a sender should know about records that look like spending; nil for nothing.
    package var remark: String? {
        var remarks: [String] = []
        let twice = alone.beside.compactMap { report in
            alone.others.first { ReportedCall.mayBeOne(report, $0) }
        }
        if let other = twice.first?.origin.scope, let scope = alone.beside.first?.origin.scope {
            remarks.append(
                "\(twice.count) call\(twice.count == 1 ? " is" : "s are") probably booked twice: "
                    + "\(scope) and \(other) reported the same numbers at the same time, in "
                    + "traces of their own; make calls inside a span (@observe), which tells that "
                    + "they are one, or name one of the scopes in TALLY_OTLP_IGNORE")
        }
        if let (count, _) = uncounted {
            let calls = count == 1 ? "call" : "calls"
            remarks.append("\(count) \(calls) without a price: \(Self.uncountedAdvice)")
        }
        if let count = reasons[.logOfSpan]?.count {
            remarks.append(
                (count == 1
                    ? "1 log record with usage belongs to a span and was"
                    : "\(count) log records with usage belong to spans and were")
                    + " not booked, because the span reports the same usage; set "
                    + "TALLY_OTLP_LOGS=all if no spans are sent")
        }
        if let count = reasons[.serverSide]?.count {
            remarks.append(
                (count == 1 ? "1 span describes a call" : "\(count) spans describe calls")
                    + " from the server's side and \(count == 1 ? "was" : "were") not booked; the "
                    + "callers' spans are booked")
        }
        if let count = reasons[.aggregate]?.count {
            remarks.append(
                "\(count) data point\(count == 1 ? " of gen_ai metrics was" : "s of gen_ai metrics were")"
                    + " not booked: a total over calls has no price; send traces")
        }
        return remarks.isEmpty ? nil : remarks.joined(separator: ". ")
    }
}

/// The records of one export request, one after another.
struct TelemetryRequest {
    private enum Walk {
        case json(JSONTelemetry)
        case protobuf(ProtobufTelemetry)
    }

    private let signal: TelemetrySignal
    private var walk: Walk

    init(
        json: JSONValue, _ signal: TelemetrySignal, _ mapper: TelemetryMapper
    ) throws(BodyFault) {
        self.signal = signal
        walk = .json(try JSONTelemetry(json, signal, mapper.table))
    }

    init(
        protobuf: UnsafeRawBufferPointer, _ signal: TelemetrySignal, _ mapper: TelemetryMapper
    ) throws(BodyFault) {
        self.signal = signal
        walk = .protobuf(try ProtobufTelemetry(protobuf, signal, mapper.table))
    }

    /// Returns the next event or why a call was refused; nil at the end.
    ///
    /// Counts other records in the tally.
    mutating func next(
        _ mapper: TelemetryMapper, at now: Timestamp, _ tally: inout TelemetryTally
    ) -> (result: Result<Event, Rejection>, span: SpanName?)? {
        while let record = nextRecord() {
            switch mapper.map(record, of: signal, at: now) {
            case .event(let event):
                tally.take(event, of: record)
                return (.success(event), record.spanName)
            case .refused(let rejection): return (.failure(rejection), record.spanName)
            case .ignored(let reason): tally.ignore(record, reason)
            }
        }
        return nil
    }

    private mutating func nextRecord() -> TelemetryRecord? {
        switch walk {
        case .json(var json):
            defer { walk = .json(json) }
            return json.next()
        case .protobuf(var protobuf):
            defer { walk = .protobuf(protobuf) }
            return protobuf.next()
        }
    }
}

/// Reads the events of one OTLP body.
///
/// A broken structure is found before the first event is returned; a broken record costs only
/// itself.
package struct TelemetryReader: ~Copyable {
    package let signal: TelemetrySignal
    package private(set) var tally = TelemetryTally()
    private let mapper: TelemetryMapper
    private let now: Timestamp
    private let body: ByteStorage
    private var tape = JSONTape()
    private var request: TelemetryRequest
    private var index = 0

    /// Bytes of an export request, even after expansion; the collector's own limit is 20 MiB.
    package static let telemetryBytesMax = 32 << 20

    /// The most records of an export request.
    package static let recordsMax = 500_000

    package init(
        _ body: [UInt8], _ signal: TelemetrySignal, _ encoding: TelemetryEncoding,
        settings: TelemetrySettings, now: Timestamp
    ) throws(BodyFault) {
        try self.init(
            ByteStorage(copying: body), signal, encoding, settings: settings, now: now)
    }

    /// - Parameter storage: the body; nothing is added to it from now on.
    package init(
        _ storage: ByteStorage, _ signal: TelemetrySignal, _ encoding: TelemetryEncoding,
        settings: TelemetrySettings, now: Timestamp
    ) throws(BodyFault) {
        let mapper = TelemetryMapper(settings)
        var tape = JSONTape()
        switch encoding {
        case .protobuf:
            request = try TelemetryRequest(protobuf: storage.bytes, signal, mapper)
        case .json:
            let value = try tape.document(storage.bytes.dropByteOrderMark)
            request = try TelemetryRequest(json: value, signal, mapper)
        }
        self.body = storage
        self.tape = tape
        self.signal = signal
        self.mapper = mapper
        self.now = now
    }

    /// Returns the next event or why a call was refused; nil at the end.
    package mutating func next() -> ReadItem? {
        guard let (result, span) = request.next(mapper, at: now, &tally) else { return nil }
        defer { index += 1 }
        return ReadItem(index: index, line: nil, result: result, span: span)
    }
}

extension JSONTape {
    /// Reads the only value of a text.
    mutating func document(_ bytes: UnsafeRawBufferPointer) throws(BodyFault) -> JSONValue {
        let root: Root
        do { root = try open(bytes) } catch { throw BodyFault(error) }
        guard root == .object, let value = next() else {
            throw .malformed(reason: "an export request must be an object", offset: 0)
        }
        return value
    }
}
