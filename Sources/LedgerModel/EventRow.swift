/// An event as stored and sent bytes: the only reader of rows.
///
/// It borrows the bytes of an image, or of a COPY message with some of its columns, finds the
/// fields in one pass and reads them on demand. It copies and allocates nothing, so one row serves
/// millions of events; its values are valid as long as the bytes.
package struct EventRow {
    package var position: Int64 = 0
    package var recordedAt = Timestamp(microseconds: 0)
    /// The recorded start of the leaf.
    package var leafPrefix: Int64 = 0
    /// Whether the event was asked for, or was only read beside those that were.
    package var isAsked = true

    /// Bit n is set if the field with the number n + 1 is present.
    package private(set) var present: UInt64 = 0
    package private(set) var bytes = UnsafeRawBufferPointer(start: nil, count: 0)
    /// Where the bytes of each present field begin; their length is right before them.
    package private(set) var starts = InlineArray<64, Int32>(repeating: 0)

    package init() {}

    /// The event of an image; nil if the bytes are not one.
    package init?(image: UnsafeRawBufferPointer) {
        guard find(Field.all, in: image) else { return nil }
    }

    /// Finds some fields, consecutive from `offset` to the end.
    ///
    /// - Returns: false if there are more or fewer, or if a length runs past the end.
    package mutating func find(
        _ fields: [Field], in bytes: UnsafeRawBufferPointer, from offset: Int = 0
    ) -> Bool {
        self.bytes = bytes
        present = 0
        guard let base = bytes.baseAddress else { return false }
        let count = bytes.count
        return fields.withUnsafeBufferPointer { fields in
            var (read, found) = (offset, UInt64(0))
            for field in fields {
                guard read + 4 <= count else { return false }
                let length = Int(
                    Int32(bigEndian: base.loadUnaligned(fromByteOffset: read, as: Int32.self)))
                read += 4
                // The length of an absent field is −1.
                guard length >= 0 else { continue }
                let index = Int(field.rawValue) - 1
                starts[index] = Int32(truncatingIfNeeded: read)
                found |= 1 << UInt64(index)
                read += length
            }
            present = found
            return read == count
        }
    }

    /// Treats a field as absent.
    mutating func forget(_ field: Field) { present &= ~(1 << UInt64(field.rawValue - 1)) }

    // MARK: Fields

    @inlinable
    package func has(_ field: Field) -> Bool { present >> UInt64(field.rawValue - 1) & 1 == 1 }

    /// The bytes of a field, a text as UTF-8; nil if absent.
    @inlinable
    package func text(_ field: Field) -> UnsafeRawBufferPointer? {
        guard has(field), let base = bytes.baseAddress else { return nil }
        let start = Int(starts[Int(field.rawValue) - 1])
        let length = base.loadUnaligned(fromByteOffset: start - 4, as: Int32.self)
        return UnsafeRawBufferPointer(start: base + start, count: Int(Int32(bigEndian: length)))
    }

    @inlinable
    package func integer<I: FixedWidthInteger>(_ field: Field, as _: I.Type) -> I? {
        guard let bytes = text(field), bytes.count == MemoryLayout<I>.size else { return nil }
        return I(bigEndian: bytes.loadUnaligned(as: I.self))
    }

    @inlinable
    package func int64(_ field: Field) -> Int64? { integer(field, as: Int64.self) }

    @inlinable
    package func int32(_ field: Field) -> Int32? { integer(field, as: Int32.self) }

    @inlinable
    package func id(_ field: Field) -> EventID? {
        guard let bytes = text(field), bytes.count == 16 else { return nil }
        return EventID(
            high: UInt64(bigEndian: bytes.loadUnaligned(as: UInt64.self)),
            low: UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self)))
    }

    /// The event's own id; zeros if it is not among the columns.
    package var eventID: EventID { id(.id) ?? EventID(high: 0, low: 0) }

    /// nil for a kind that this version does not know.
    package var kind: EventKind? {
        integer(.kind, as: Int16.self).flatMap { EventKind(rawValue: $0) }
    }

    package var occurredAt: Timestamp { Timestamp(microseconds: int64(.occurredAt) ?? 0) }

    package var amount: Picodollars? { int64(.amount).map { Picodollars($0) } }

    package var usage: Usage {
        var usage = Usage()
        let (first, end) = (Field.inputTokens.rawValue - 1, Field.requests.rawValue)
        var rest = present >> UInt64(first) & (1 << UInt64(end - first) - 1)
        while rest != 0 {
            let index = rest.trailingZeroBitCount
            rest &= rest - 1
            guard let unit = UsageUnit(rawValue: UInt8(index)) else { continue }
            usage.set(unit, int64(unit.field))
        }
        return usage
    }
}

extension UsageUnit {
    /// The usage fields are in the order of the units.
    package var field: Field { Field.numbered(Field.inputTokens.rawValue + rawValue) }
}

extension Dimension {
    package var field: Field {
        rawValue < Self.earlyCount
            ? Field.numbered(Field.app.rawValue + rawValue)
            : Field.numbered(Field.agent.rawValue + rawValue - UInt8(Self.earlyCount))
    }
}

extension Field {
    /// All fields, in image order.
    package static let all = allCases

    fileprivate static func numbered(_ number: UInt8) -> Field {
        guard let field = Field(rawValue: number) else {
            preconditionFailure("there is no field \(number)")
        }
        return field
    }
}

// MARK: - The whole event

extension Event {
    /// Decodes an image; nil if the bytes are not one or its kind is unknown to this version.
    package init?(image: UnsafeRawBufferPointer) {
        guard let row = EventRow(image: image) else { return nil }
        self.init(row)
    }

    /// Decodes a row that has all fields.
    package init?(_ row: EventRow) {
        guard let id = row.id(.id), let kind = row.kind, row.has(.occurredAt) else { return nil }
        self.init(id: id, kind: kind, occurredAt: row.occurredAt)
        var reader = FieldDecoder(row: row)
        let source = reader.name(.source)
        if let external = reader.name(.externalID) {
            externalID = ExternalID(source: source ?? "", id: external)
        }
        causeID = reader.id(.causeID)
        for dimension in Dimension.allCases { dimensions[dimension] = reader.name(dimension.field) }
        status = reader.integer(.status)
        errorType = reader.name(.errorType)
        labels = reader.json(.labels) { Labels(canonicalJSON: $0) }
        for unit in UsageUnit.allCases { usage[unit] = reader.integer(unit.field) }
        latency = reader.integer(.latency)
        timeToFirstToken = reader.integer(.timeToFirstToken)
        contentHash = reader.digest(.contentHash)
        amount = reader.integer(.amount).map { Picodollars($0) }
        unpriced = reader.name(.unpriced)
        bookID = reader.id(.bookID)
        previousID = reader.id(.previousID)
        detail = reader.json(.detail) { Labels(canonicalJSON: $0) }
        optimization.tokensBefore = reader.integer(.tokensBefore)
        optimization.tokensAfter = reader.integer(.tokensAfter)
        optimization.usefulOutputTokens = reader.integer(.usefulOutputTokens)
        quality = reader.integer(.quality)
        optimization.stages = reader.json(.stages) { StageSavings(canonicalJSON: $0) }
        optimization.lossyStages = reader.json(.lossyStages) { StageSavings(canonicalJSON: $0) }
        saved = reader.integer(.saved).map { Picodollars($0) }
        origin.traceID = reader.name(.traceID)
        origin.spanID = reader.name(.spanID)
        origin.parentSpanID = reader.name(.parentSpanID)
        origin.scope = reader.name(.scope)
        origin.responseID = reader.name(.responseID)
        requestHash = reader.digest(.requestHash)
        if reader.isBroken { return nil }
    }
}

/// Reads fields and notes any that are present but have the wrong type.
private struct FieldDecoder {
    let row: EventRow
    var isBroken = false

    private mutating func noted<Value>(_ value: Value?, _ field: Field) -> Value? {
        if value == nil, row.has(field) { isBroken = true }
        return value
    }

    mutating func integer<I: FixedWidthInteger>(_ field: Field) -> I? {
        noted(row.integer(field, as: I.self), field)
    }

    mutating func id(_ field: Field) -> EventID? { noted(row.id(field), field) }

    mutating func digest(_ field: Field) -> Digest? {
        noted(row.text(field).flatMap { Digest($0) }, field)
    }

    mutating func name(_ field: Field) -> Name? { noted(string(field).map { Name($0) }, field) }

    mutating func json<Value>(_ field: Field, _ read: (String) -> Value?) -> Value? {
        noted(string(field).flatMap(read), field)
    }

    private func string(_ field: Field) -> String? {
        row.text(field).flatMap {
            String(validating: $0.bindMemory(to: UInt8.self), as: UTF8.self)
        }
    }
}
