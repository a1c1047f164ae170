import JSON
import LedgerModel

/// Why an event cannot be built: one sentence.
struct Refusal: Error {
    let reason: String

    init(_ reason: String) {
        self.reason = reason
    }
}

typealias Text = UnsafeBufferPointer<UInt8>

/// An event being built from fields in any order and any format.
///
/// Texts are pointers into the input, so a draft must not outlive its record.
struct EventDraft {
    private(set) var event = Event(
        id: EventID(high: 0, low: 0), kind: .requestCompleted,
        occurredAt: Timestamp(microseconds: 0))
    private var seen: UInt64 = 0
    private var kind: EventKind?
    private(set) var hasTime = false
    private(set) var id: Text?
    private(set) var source: Text?

    /// The prefix of field names in messages, such as `data.`.
    var prefix = ""

    /// Whether a time without a zone counts as UTC.
    var zoneIsOptional = false

    /// Notes that a field was given; each field may be given once.
    @inline(__always)
    mutating func see(_ field: EventField) throws(Refusal) {
        let bit = field.bit
        guard seen & bit == 0 else { throw Refusal("\(prefix)\(field.path) is given twice") }
        seen |= bit
    }

    /// Whether a single-valued field already has its value.
    func has(_ field: EventField) -> Bool {
        switch field {
        case .id: id != nil
        case .source: source != nil
        case .type: kind != nil
        case .occurredAt: hasTime
        case .dimension(let dimension): event.dimensions[dimension] != nil
        case .status: event.status != nil
        case .errorType: event.errorType != nil
        case .unit(let unit): event.usage.has(unit)
        case .latency: event.latency != nil
        case .timeToFirstToken: event.timeToFirstToken != nil
        case .requestID: event.causeID != nil
        case .contentHash: event.contentHash != nil
        case .requestHash: event.requestHash != nil
        case .labels: event.labels != nil
        case .detail: event.detail != nil
        case .usage: !event.usage.isEmpty
        case .tokensBefore: event.optimization.tokensBefore != nil
        case .tokensAfter: event.optimization.tokensAfter != nil
        case .usefulOutputTokens: event.optimization.usefulOutputTokens != nil
        case .quality: event.quality != nil
        case .stages: event.optimization.stages != nil
        case .lossyStages: event.optimization.lossyStages != nil
        case .traceID: event.origin.traceID != nil
        case .spanID: event.origin.spanID != nil
        case .parentSpanID: event.origin.parentSpanID != nil
        case .scope: event.origin.scope != nil
        case .responseID: event.origin.responseID != nil
        }
    }

    // MARK: Texts

    mutating func set(_ field: EventField, text: Text) throws(Refusal) {
        switch field {
        case .dimension(.operation):
            event.dimensions[.operation] = Name(
                OperationNames.name(String(decoding: text, as: UTF8.self)))
        case .dimension(let dimension): event.dimensions[dimension] = name(text)
        case .id: id = text
        case .source: source = text
        case .type: try set(kind: text)
        case .occurredAt: try set(time: text, field.path)
        case .errorType: event.errorType = name(text)
        case .traceID: event.origin.traceID = name(text)
        case .spanID: event.origin.spanID = name(text)
        case .parentSpanID: event.origin.parentSpanID = name(text)
        case .scope: event.origin.scope = name(text)
        case .responseID: event.origin.responseID = name(text)
        case .requestID:
            guard let cause = EventID(utf8: text), cause.isVersion7 else {
                throw Refusal(
                    "\(prefix)request_id \(quoted(text)) is not a UUID of version 7: expected the "
                        + "id of the request")
            }
            event.causeID = cause
        case .contentHash: event.contentHash = try digest(text, field)
        case .requestHash: event.requestHash = try digest(text, field)
        case .status, .unit, .latency, .timeToFirstToken, .tokensBefore, .tokensAfter,
            .usefulOutputTokens, .quality:
            try set(field, number: text)
        case .labels, .usage, .detail, .stages, .lossyStages:
            throw Refusal("\(prefix)\(field.path) is a string: expected an object")
        }
    }

    private func digest(_ text: Text, _ field: EventField) throws(Refusal) -> Digest {
        guard let digest = Digest(hexadecimal: String(decoding: text, as: UTF8.self)) else {
            throw Refusal(
                "\(prefix)\(field.path) \(quoted(text)) is not a SHA-256: expected 64 "
                    + "hexadecimal digits")
        }
        return digest
    }

    mutating func set(kind text: Text) throws(Refusal) {
        let kind = try reportedKind(text, prefix: prefix)
        if let known = self.kind, known != kind {
            throw Refusal("\(prefix)type is \(kind.name), but the event's type is \(known.name)")
        }
        self.kind = kind
    }

    mutating func set(time text: Text, _ field: String) throws(Refusal) {
        guard let time = Timestamp(rfc3339: text, zoneIsOptional: zoneIsOptional) else {
            let hasNoZone = Timestamp(rfc3339: text, zoneIsOptional: true) != nil
            throw Refusal(
                "\(prefix)\(field) \(quoted(text)) "
                    + (hasNoZone ? "has no time zone" : "is not a time")
                    + ": expected RFC 3339, such as 2026-11-23T17:10:00.123Z")
        }
        set(time: time)
    }

    mutating func set(time: Timestamp) {
        event.occurredAt = time
        hasTime = true
    }

    mutating func set(identity id: Text?, source: Text?) {
        self.id = id
        self.source = source
    }

    mutating func set(labels: Labels) { event.labels = labels }
    mutating func set(detail: Labels) { event.detail = detail }
    mutating func set(stages: StageSavings) { event.optimization.stages = stages }
    mutating func set(lossyStages: StageSavings) { event.optimization.lossyStages = lossyStages }

    // MARK: Numbers

    @inline(__always)
    mutating func set(unit: UsageUnit, count: Int64) { event.usage.set(unit, count) }

    mutating func set(_ field: EventField, number text: Text) throws(Refusal) {
        switch field {
        case .unit(let unit):
            let scale = unit.scale == 1 ? 0 : 6
            event.usage[unit] = try integer(text, field, scale: scale, .exact)
        case .latency: event.latency = try integer(text, field, scale: 3, .halfEven)
        case .timeToFirstToken:
            event.timeToFirstToken = try integer(text, field, scale: 3, .halfEven)
        case .status:
            let status = try integer(text, field, scale: 0, .exact)
            guard (0...999).contains(status), let status = Int32(exactly: status) else {
                throw Refusal("\(prefix)status is \(status): expected a code from 0 to 999")
            }
            event.status = status
        case .tokensBefore:
            event.optimization.tokensBefore = try integer(text, field, scale: 0, .exact)
        case .tokensAfter:
            event.optimization.tokensAfter = try integer(text, field, scale: 0, .exact)
        case .usefulOutputTokens:
            event.optimization.usefulOutputTokens = try integer(text, field, scale: 0, .exact)
        case .quality:
            let quality = try integer(text, field, scale: 6, .halfEven)
            guard let kept = Int32(exactly: quality), (0...Event.qualityMax).contains(kept) else {
                throw Refusal(
                    "\(prefix)quality is \(shortened(text)): expected a number from 0 to 1")
            }
            event.quality = kept
        default: throw Refusal("\(prefix)\(field.path) is a number: expected text")
        }
    }

    private func integer(
        _ text: Text, _ field: EventField, scale: Int, _ rounding: ExactDecimal.Rounding
    ) throws(Refusal) -> Int64 {
        let problem: String
        switch ExactDecimal.read(text, scale: scale, rounding: rounding) {
        case .value(let value): return Int64(value)
        case .notANumber:
            throw Refusal("\(prefix)\(field.path) \(quoted(text)) is not a number")
        case .tooFine:
            problem = scale == 0 ? "expected a whole number" : "at most 6 decimals are kept"
        case .tooLarge:
            if case .unit(let unit) = field {
                problem = "a count must lie between 0 and \(Usage.countMax / unit.scale)"
            } else {
                problem = "that is too large"
            }
        }
        throw Refusal("\(prefix)\(field.path) is \(shortened(text)): \(problem)")
    }

    // MARK: The event

    /// Builds and checks the event once all fields are in.
    mutating func finish(at now: Timestamp) throws(Refusal) -> Event {
        guard let kind else { throw Refusal("type is missing") }
        event.kind = kind
        guard hasTime else { throw Refusal("occurred_at is missing") }
        try identify()
        if kind.isRequest {
            if event.causeID != nil {
                throw Refusal("request_id does not apply to a \(kind.name): use its id")
            }
            if event.detail != nil {
                throw Refusal("detail does not apply to a \(kind.name): use labels")
            }
            if let operation = event.dimensions[.operation],
                OperationNames.isFree(operation.string)
            {
                throw Refusal(
                    "operation \(operation) counts tokens, which is free: leave the event out")
            }
        }
        do { try event.validate(at: now) } catch { throw Refusal(error.description) }
        return event
    }

    private mutating func identify() throws(Refusal) {
        guard let id else {
            throw Refusal("id is missing: send a UUID of version 7, or any id with a source")
        }
        if let source, source.isEmpty { throw Refusal("source is empty: leave it out instead") }
        if source == nil, let own = EventID(utf8: id), own.isVersion7 {
            event.id = own
            return
        }
        // Refuse an id of a few megabytes before copying and hashing it.
        for (text, field) in [(id, "id"), (source ?? id, "source")]
        where text.count > Event.externalIDBytesMax {
            let refusal = EventRefusal.tooLong(
                field: field, bytes: text.count, max: Event.externalIDBytesMax)
            throw Refusal(refusal.description)
        }
        let external = ExternalID(source: source.map(name) ?? "", id: name(id))
        if external.source.string.hasPrefix("tally/") {
            throw Refusal("source \(external.source) is the ledger's own: use another one")
        }
        event.externalID = external
        event.id = external.eventID(at: event.occurredAt)
    }

    /// The id for a report about a refused event.
    var idText: String? { id.map { shortened($0, max: Event.externalIDBytesMax) } }
}

/// The tokens that a stage saved: a whole number, possibly negative.
func savedTokens(
    _ text: Text, _ path: @autoclosure () -> String
) throws(Refusal) -> Int64 {
    guard case .value(let saved) = ExactDecimal.read(text, scale: 0) else {
        throw Refusal("\(path()) is \(shortened(text)): expected a whole number")
    }
    return Int64(saved)
}

/// The kind with this name, if applications may report it.
func reportedKind(_ text: Text, prefix: String) throws(Refusal) -> EventKind {
    guard let kind = kinds.value(of: text) else {
        throw Refusal("\(prefix)type \(quoted(text)) is unknown: expected one of \(reported)")
    }
    guard kind.isReported else {
        throw Refusal(
            "\(prefix)type \(kind.name) is booked by the ledger itself: expected one of "
                + reported)
    }
    return kind
}

private let kinds = KeyTable(EventKind.allCases.map { ($0.name, $0) })
private let reported = EventKind.allCases.filter(\.isReported).map(\.name)
    .joined(separator: ", ")

@inline(__always)
func name(_ text: Text) -> Name { Name(String(decoding: text, as: UTF8.self)) }

func shortened(_ text: Text, max: Int = 64) -> String {
    let isShort = text.count <= max
    let bytes = isShort ? text[...] : text[..<max]
    return String(decoding: bytes, as: UTF8.self) + (isShort ? "" : "…")
}

func quoted(_ text: Text) -> String { "\"\(shortened(text))\"" }
