import FoundationEssentials
package import LedgerModel

/// Turns records into the lines that are spooled and sent: native events, docs/events.md.
///
/// What a ledger would refuse is refused here, by the ledger's own rules and in its words, while
/// the caller is still there to read it.
package struct RecordEncoder: Sendable {
    /// The longest line; every text at its limit and escaped at its longest fits.
    package static let recordBytesMax = 65_536

    private let defaults: Attribution

    package init(defaults: Attribution) {
        self.defaults = defaults
    }

    /// A line of the spool.
    package struct Line: Sendable {
        package let id: RecordID
        package let bytes: [UInt8]
    }

    package struct Refusal: Error {
        package let sentence: String
    }

    /// - Parameters:
    ///   - now: what a record without a time of its own gets, and what its time is checked against.
    ///   - entropy: what a UUID minted here is unique by.
    package func encode(
        _ record: UsageRecord, at now: Timestamp, entropy: (UInt64, UInt64)
    ) throws(Refusal) -> Line {
        let event = try event(of: record, at: now, entropy: entropy)
        var json = JSONLine()
        if let identity = record.identity {
            json.field("source", identity.source)
            json.field("id", identity.id)
        } else {
            json.field("id", event.id.description)
        }
        json.field("type", event.kind.name)
        json.field("occurred_at", event.occurredAt.description)
        for dimension in Dimension.allCases {
            if let value = event.dimensions[dimension] {
                json.field(dimension.name, value.string)
            }
        }
        if let status = event.status { json.field("status", raw: String(status)) }
        if let errorType = event.errorType { json.field("error_type", errorType.string) }
        for (name, value) in [
            ("latency_ms", event.latency), ("time_to_first_token_ms", event.timeToFirstToken),
        ] {
            if let value { json.field(name, raw: Self.decimal(value, scale: 1_000, digits: 3)) }
        }
        if !event.usage.isEmpty { json.field("usage", raw: Self.text(of: event.usage)) }
        if let labels = event.labels { json.field("labels", raw: labels.canonicalJSON) }
        json.end()
        guard json.bytes.count <= Self.recordBytesMax else {
            throw Refusal(sentence: "the record takes more than \(Self.recordBytesMax) bytes")
        }
        return Line(
            id: RecordID(description: record.identity?.id ?? event.id.description),
            bytes: json.bytes)
    }

    // MARK: Checks

    private func event(
        of record: UsageRecord, at now: Timestamp, entropy: (UInt64, UInt64)
    ) throws(Refusal) -> Event {
        let occurredAt = try record.occurredAt.map { date throws(Refusal) in
            try Self.timestamp(date)
        }
        let time = occurredAt ?? now
        let kind: EventKind
        var event: Event
        switch record.result {
        case .completed:
            kind = .requestCompleted
            event = Event(id: EventID(at: time, entropy: entropy), kind: kind, occurredAt: time)
        case .failed(let reason):
            kind = .requestFailed
            event = Event(id: EventID(at: time, entropy: entropy), kind: kind, occurredAt: time)
            event.errorType = Name(reason)
        }
        if let identity = record.identity {
            guard !identity.source.isEmpty else {
                throw Refusal(sentence: "source is empty: name who chose the id")
            }
            event.externalID = ExternalID(source: Name(identity.source), id: Name(identity.id))
        }
        setDimensions(of: record, in: &event)
        if let status = record.status {
            guard (0...999).contains(status) else {
                throw Refusal(sentence: "status is \(status): a number from 0 to 999 is expected")
            }
            event.status = Int32(status)
        }
        event.usage = record.usage.usage
        event.latency = record.latency?.microseconds
        event.timeToFirstToken = record.timeToFirstToken?.microseconds
        let labels = defaults.labels.merging(record.attribution.labels) { $1 }
        if !labels.isEmpty {
            do { event.labels = try Labels(labels.map { (Name($0), Name($1)) }) } catch {
                throw Refusal(sentence: error.description)
            }
        }
        do { try event.validate(at: now) } catch { throw Refusal(sentence: error.description) }
        return event
    }

    private func setDimensions(of record: UsageRecord, in event: inout Event) {
        let own = record.attribution
        let values: [(Dimension, String?)] = [
            (.app, own.app ?? defaults.app), (.team, own.team ?? defaults.team),
            (.project, own.project ?? defaults.project),
            (.environment, own.environment ?? defaults.environment),
            (.feature, own.feature ?? defaults.feature), (.user, own.user ?? defaults.user),
            (.session, own.session ?? defaults.session),
            (.region, own.region ?? defaults.region), (.provider, record.provider),
            (.model, record.model), (.operation, record.operation),
            (.serviceTier, record.serviceTier),
        ]
        for (dimension, value) in values { event.dimensions[dimension] = value.map { Name($0) } }
    }

    private static func timestamp(_ date: Date) throws(Refusal) -> Timestamp {
        let microseconds = (date.timeIntervalSince1970 * 1_000_000).rounded()
        guard let whole = Int64(exactly: microseconds), abs(whole) < 1 << 60 else {
            throw Refusal(sentence: "occurredAt is not a time: \(date.timeIntervalSince1970)")
        }
        return Timestamp(unixMicroseconds: whole)
    }

    // MARK: Numbers

    private static func text(of usage: Usage) -> String {
        let members = usage.units.map { unit in
            let count = usage.value(unit)
            let digits = unit.scale == 1 ? 0 : 6
            return "\"\(unit.name)\":" + decimal(count, scale: unit.scale, digits: digits)
        }
        return "{" + members.joined(separator: ",") + "}"
    }

    /// `count / scale` with exactly as many digits as it needs; never through floating point.
    private static func decimal(_ count: Int64, scale: Int64, digits: Int) -> String {
        let (whole, rest) = count.quotientAndRemainder(dividingBy: scale)
        guard rest != 0 else { return String(whole) }
        let fraction = String(rest)
        let padded = String(repeating: "0", count: digits - fraction.count) + fraction
        var end = padded.endIndex
        while padded[padded.index(before: end)] == "0" { end = padded.index(before: end) }
        return "\(whole).\(padded[..<end])"
    }
}

/// A JSON object on one line.
struct JSONLine {
    private(set) var bytes: [UInt8] = []

    init() {
        bytes.reserveCapacity(512)
    }

    mutating func field(_ name: String, _ text: String) {
        key(name)
        string(text)
    }

    mutating func field(_ name: String, raw json: String) {
        key(name)
        bytes.append(contentsOf: json.utf8)
    }

    mutating func field(_ name: String, raw json: some Sequence<UInt8>) {
        key(name)
        bytes.append(contentsOf: json)
    }

    mutating func end() { bytes.append(UInt8(ascii: "}")) }

    /// The names are ours: nothing in them needs an escape.
    private mutating func key(_ name: String) {
        bytes.append(UInt8(ascii: bytes.isEmpty ? "{" : ","))
        bytes.append(UInt8(ascii: "\""))
        bytes.append(contentsOf: name.utf8)
        bytes.append(contentsOf: "\":".utf8)
    }

    private mutating func string(_ text: String) {
        bytes.append(UInt8(ascii: "\""))
        if text.utf8.allSatisfy(Self.isPlain) {
            bytes.append(contentsOf: text.utf8)
        } else {
            for byte in text.utf8 { escape(byte) }
        }
        bytes.append(UInt8(ascii: "\""))
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        byte >= 0x20 && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\")
    }

    private mutating func escape(_ byte: UInt8) {
        if Self.isPlain(byte) {
            bytes.append(byte)
        } else if byte >= 0x20 {
            bytes.append(UInt8(ascii: "\\"))
            bytes.append(byte)
        } else {
            let digits = String(byte, radix: 16)
            let zeros = String(repeating: "0", count: 4 - digits.count)
            bytes.append(contentsOf: "\\u\(zeros)\(digits)".utf8)
        }
    }
}
