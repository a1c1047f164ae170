/// One immutable fact, before it has a position in a ledger.
///
/// A flat, sparse record: fields that a kind does not use are nil and cost one bit in the table.
package struct Event: Hashable, Sendable {
    package var id: EventID
    package var kind: EventKind
    package var occurredAt: Timestamp
    /// The sender's identity for the event, if it is not the id itself.
    package var externalID: ExternalID?
    /// The request that a charge or a cache event belongs to.
    package var causeID: EventID?
    package var dimensions = Dimensions()
    package var status: Int32?
    package var errorType: Name?
    package var labels: Labels?
    package var usage = Usage()
    /// Microseconds from the request to the end of the answer.
    package var latency: Int64?
    /// Microseconds from the request to the first token of the answer.
    package var timeToFirstToken: Int64?
    /// SHA-256 of prompt and answer; the texts themselves are not stored.
    package var contentHash: Digest?
    /// The amount that a charge books; nil while `unpriced` says why there is no price.
    package var amount: Picodollars?
    package var unpriced: Name?
    /// The price book that a charge was rated with.
    package var bookID: EventID?
    /// The charge that an adjustment follows.
    package var previousID: EventID?
    /// Facts of the rarer kinds, as a canonical JSON object of texts.
    package var detail: Labels?
    package var optimization = PromptOptimization()
    /// How good an answer or an optimized prompt is, 0 to 1 in millionths.
    package var quality: Int32?
    /// The saving of an optimization at the prices in force; negative if the prompt grew.
    package var saved: Picodollars?
    /// Where the report of a request comes from.
    package var origin = CallOrigin()
    /// SHA-256 of what decides the answer: two requests of a ledger with one hash are the same.
    package var requestHash: Digest?

    package init(id: EventID, kind: EventKind, occurredAt: Timestamp) {
        self.id = id
        self.kind = kind
        self.occurredAt = occurredAt
    }
}

/// An event with its place in a ledger.
package struct RecordedEvent: Hashable, Sendable {
    package let position: Int64
    package let recordedAt: Timestamp
    package let event: Event

    package init(position: Int64, recordedAt: Timestamp, event: Event) {
        self.position = position
        self.recordedAt = recordedAt
        self.event = event
    }
}

/// Why an event may not enter a ledger, with what was found.
package enum EventRefusal: Error, Hashable, Sendable {
    case occurredTooEarly(Timestamp)
    case occurredInTheFuture(Timestamp, now: Timestamp)
    case notVersion7(EventID)
    case idFarFromTime(EventID, occurredAt: Timestamp)
    case missing(field: String, kind: EventKind)
    case empty(field: String)
    case tooLong(field: String, bytes: Int, max: Int)
    case zeroByte(field: String)
    case negative(field: String, Int64)
    case notPicodollars(field: String, Name)
    case usage(UsageContradiction)
    case optimization(OptimizationContradiction)
}

extension Event {
    /// What looking an answer up cost, in the `detail` of a hit.
    package static let overheadKey: Name = "overhead_pico"
    /// What storing an answer cost, in the `detail` of a stored one.
    package static let storingKey: Name = "write_pico"
    private static let costKeys = [overheadKey, storingKey]

    /// Longest `source` and external id, in bytes.
    package static let externalIDBytesMax = 1_024

    /// Checks whether an event is acceptable at `now`.
    package func validate(at now: Timestamp) throws(EventRefusal) {
        guard occurredAt <= now.advanced(byMicroseconds: Timestamp.dayMicroseconds) else {
            throw .occurredInTheFuture(occurredAt, now: now)
        }
        try validate()
    }

    /// Checks whether an event is acceptable at any time: everything except that it has happened.
    ///
    /// The id's own time must lie within a day of `occurredAt`, so an id's partition tells the
    /// month of its event.
    package func validate() throws(EventRefusal) {
        try validateTimes()
        if kind.isRequest {
            if dimensions[.provider] == nil { throw .missing(field: "provider", kind: kind) }
            if dimensions[.model] == nil { throw .missing(field: "model", kind: kind) }
        }
        if kind == .experimentObserved, quality == nil {
            throw .missing(field: "quality", kind: kind)
        }
        for dimension in Dimension.allCases {
            guard let value = dimensions[dimension] else { continue }
            try Self.validate(value, dimension.name, max: Dimensions.valueBytesMax)
        }
        if let errorType {
            try Self.validate(errorType, "error_type", max: Dimensions.valueBytesMax)
        }
        if let externalID {
            try Self.validate(externalID.id, "id", max: Self.externalIDBytesMax)
            if !externalID.source.string.isEmpty {
                try Self.validate(externalID.source, "source", max: Self.externalIDBytesMax)
            }
        }
        for (field, value) in origin.named {
            try Self.validate(value, field, max: CallOrigin.valueBytesMax)
        }
        for (field, facts) in [("labels", labels), ("detail", detail)] {
            for (key, value) in facts?.pairs ?? []
            where Self.hasZeroByte(key) || Self.hasZeroByte(value) {
                throw .zeroByte(field: field)
            }
        }
        if let unpriced, Self.hasZeroByte(unpriced) { throw .zeroByte(field: "unpriced") }
        for (field, value) in [
            ("latency_ms", latency), ("time_to_first_token_ms", timeToFirstToken),
        ] {
            if let value, value < 0 { throw .negative(field: field, value) }
        }
        for key in Self.costKeys where kind == .cacheHit || kind == .cacheStored {
            if let cost = detail?[key], detail?.count(key) == nil {
                throw .notPicodollars(field: "detail.\(key)", cost)
            }
        }
        do {
            // A repeated report has only the counts that its request lacks.
            if kind == .requestRepeated { try usage.validateCounts() } else { try usage.validate() }
        } catch { throw .usage(error) }
        do { try validateOptimization() } catch { throw .optimization(error) }
    }

    private func validateTimes() throws(EventRefusal) {
        guard occurredAt >= .earliest else { throw .occurredTooEarly(occurredAt) }
        guard id.isVersion7 else { throw .notVersion7(id) }
        guard abs(id.time.microseconds - occurredAt.microseconds) <= Timestamp.dayMicroseconds
        else { throw .idFarFromTime(id, occurredAt: occurredAt) }
    }

    private static func validate(
        _ value: Name, _ field: String, max: Int
    ) throws(EventRefusal) {
        let bytes = value.string.utf8.count
        if bytes == 0 { throw .empty(field: field) }
        if bytes > max { throw .tooLong(field: field, bytes: bytes, max: max) }
        if hasZeroByte(value) { throw .zeroByte(field: field) }
    }

    private static func hasZeroByte(_ value: Name) -> Bool { value.string.utf8.contains(0) }
}

extension EventRefusal: Fault {
    package var kind: FaultKind { .invalid }

    package var description: String {
        switch self {
        case .occurredTooEarly(let time):
            "occurred_at \(time) is before \(Timestamp.earliest)"
        case .occurredInTheFuture(let time, let now):
            "occurred_at \(time) is more than a day after now, \(now)"
        case .notVersion7(let id):
            "id \(id) is not a UUID of version 7: generate one, or send your own id with a source"
        case .idFarFromTime(let id, let time):
            "id \(id) was generated at \(id.time), more than a day from occurred_at \(time)"
        case .missing(let field, let kind): "\(field) is required for \(kind.name)"
        case .empty(let field): "\(field) is empty: leave it out instead"
        case .tooLong(let field, let bytes, let max):
            "\(field) takes \(bytes) bytes: the limit is \(max)"
        case .zeroByte(let field): "\(field) contains a NUL character"
        case .negative(let field, _): "\(field) is negative"
        case .notPicodollars(let field, let value):
            "\(field) is \"\(value.string.prefix(64))\": expected a whole number of picodollars "
                + "(1e-12 USD) of at most 15 digits"
        case .usage(let contradiction): contradiction.description
        case .optimization(let contradiction): contradiction.description
        }
    }
}
