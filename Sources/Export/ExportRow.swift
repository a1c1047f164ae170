import LedgerModel
import Postgres

/// One row as COPY lends it: fields are bytes in PostgreSQL's format, valid until the next row.
struct ExportRow {
    let position: Int64
    let recordedAt: Timestamp
    private var fields = InlineArray<54, UnsafeRawBufferPointer?>(repeating: nil)

    init(_ copy: inout BinaryCopyFields) throws(PostgresError) {
        precondition(Field.allCases.count == fields.count)
        guard copy.count == fields.count + 2 else {
            throw PostgresError(.decoding, "a row of \(copy.count) fields")
        }
        position = try copy.next(Int64.self)
        recordedAt = Timestamp(microseconds: try copy.next(Int64.self))
        for index in 0..<fields.count { fields[index] = try copy.next() }
    }

    /// The bytes of a text; nil is NULL.
    func text(_ field: Field) -> UnsafeRawBufferPointer? { fields[Int(field.rawValue) - 1] }

    func int64(_ field: Field) -> Int64? { integer(field) }

    func int32(_ field: Field) -> Int32? { integer(field) }

    func id(_ field: Field) -> EventID? {
        guard let bytes = text(field), bytes.count == 16 else { return nil }
        return EventID(
            high: UInt64(bigEndian: bytes.loadUnaligned(as: UInt64.self)),
            low: UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self)))
    }

    var kind: EventKind? {
        let number: Int16? = integer(.kind)
        return number.flatMap { EventKind(rawValue: $0) }
    }

    var occurredAt: Timestamp { Timestamp(microseconds: int64(.occurredAt) ?? 0) }

    /// The stored count of a unit.
    func count(_ unit: UsageUnit) -> Int64? { int64(unit.field) }

    private func integer<I: FixedWidthInteger>(_ field: Field) -> I? {
        guard let bytes = text(field), bytes.count == MemoryLayout<I>.size else { return nil }
        return I(bigEndian: bytes.loadUnaligned(as: I.self))
    }
}

extension UsageUnit {
    /// The usage fields stand in the order of the units.
    var field: Field { Field.allCases[Int(Field.inputTokens.rawValue) - 1 + Int(rawValue)] }
}

extension Dimension {
    var field: Field { Field.allCases[Int(Field.app.rawValue) - 1 + Int(rawValue)] }
}
