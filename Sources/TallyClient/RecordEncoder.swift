import FoundationEssentials
import JSON
package import LedgerModel
import Spooling

/// Turns records into the lines that are spooled and sent: native events as in docs/events.md.
///
/// A record that a ledger would refuse is refused here, by the ledger's rules and with its
/// messages, while the caller can still react.
package struct RecordEncoder: Sendable {
    /// The longest line; every text at its limit and escaped at its longest fits.
    package static let recordBytesMax = Segment.recordBytesMax

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
    ///   - now: the time of a record that has none, and the time against which its time is checked.
    ///   - entropy: the random bits of a new UUID.
    package func encode(
        _ record: UsageRecord, at now: Timestamp, entropy: (UInt64, UInt64)
    ) throws(Refusal) -> Line {
        let event = try event(of: record, at: now, entropy: entropy)
        var json = JSONWriter(capacity: 512)
        json.object { json in write(event, record.identity, to: &json) }
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
                throw Refusal(sentence: "source is empty: name the source of the id")
            }
            event.externalID = ExternalID(source: Name(identity.source), id: Name(identity.id))
        }
        setDimensions(of: record, in: &event)
        if let status = record.status {
            guard (0...999).contains(status) else {
                throw Refusal(sentence: "status is \(status): expected a number from 0 to 999")
            }
            event.status = Int32(status)
        }
        event.usage = record.usage.usage
        event.latency = record.latency?.microseconds
        event.timeToFirstToken = record.timeToFirstToken?.microseconds
        if let hash = record.requestHash {
            guard let digest = Digest(hexadecimal: hash) else {
                throw Refusal(
                    sentence: "requestHash is not a SHA-256: expected 64 hexadecimal digits")
            }
            event.requestHash = digest
        }
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
            (.serviceTier, record.serviceTier), (.agent, own.agent ?? defaults.agent),
            (.parentAgent, own.parentAgent ?? defaults.parentAgent),
            (.attempt, own.attempt ?? defaults.attempt),
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

    // MARK: Writing

    private func write(
        _ event: Event, _ identity: UsageRecord.Identity?, to json: inout JSONWriter
    ) {
        if let identity {
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
        if let status = event.status { json.field("status", status) }
        if let errorType = event.errorType { json.field("error_type", errorType.string) }
        for (name, value) in [
            ("latency_ms", event.latency), ("time_to_first_token_ms", event.timeToFirstToken),
        ] {
            if let value { json.field(name, raw: decimal(Int128(value), scale: 3)) }
        }
        if !event.usage.isEmpty {
            json.key("usage")
            json.object { json in
                for unit in event.usage.units {
                    let count = Int128(event.usage.value(unit))
                    json.field(unit.name, raw: decimal(count, scale: unit.scale == 1 ? 0 : 6))
                }
            }
        }
        if let labels = event.labels { json.field("labels", raw: labels.canonicalJSON) }
        if let hash = event.requestHash { json.field("request_hash", hash.description) }
    }
}
