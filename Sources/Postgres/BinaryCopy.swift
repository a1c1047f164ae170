// The binary COPY format: a header of 19 bytes, rows as a 16-bit count of fields and the fields
// with their lengths, and a trailer of −1. The writer and the reader work on plain buffers, since
// they handle hundreds of thousands of rows a second.

/// Gathers rows in the binary COPY format.
///
///     var buffer = BinaryCopyBuffer()
///     buffer.header()
///     buffer.row(fields: 2)
///     buffer.field(Int64(7))
///     buffer.null()
///     buffer.trailer()
package struct BinaryCopyBuffer: Sendable {
    package private(set) var bytes: [UInt8] = []

    package init(reservingCapacity capacity: Int = 0) {
        bytes.reserveCapacity(capacity)
    }

    package var count: Int { bytes.count }

    package mutating func removeAll() {
        bytes.removeAll(keepingCapacity: true)
    }

    /// Appends signature, flags and the length of a header extension; once, at the beginning.
    package mutating func header() {
        bytes.append(contentsOf: Self.headerBytes)
    }

    /// Appends the trailer; once, at the end.
    package mutating func trailer() {
        bytes.append(contentsOf: Self.trailerBytes)
    }

    @inline(__always)
    package mutating func row(fields: Int) {
        bytes.appendBigEndian(Int16(fields))
    }

    @inline(__always)
    package mutating func null() {
        bytes.appendBigEndian(Int32(-1))
    }

    @inline(__always)
    package mutating func field(_ value: some PostgresEncodable) {
        bytes.appendField(value)
    }

    /// By far the most frequent field: its length needn't be filled in later.
    @inline(__always)
    package mutating func field(_ value: Int64) {
        bytes.appendBigEndian(Int32(8))
        bytes.appendBigEndian(value)
    }

    @inline(__always)
    package mutating func field(_ value: Int64?) {
        if let value { field(value) } else { null() }
    }

    /// Appends a whole number as `numeric`.
    @inline(__always)
    package mutating func field(numeric value: Int128?) {
        guard let value else { return null() }
        let start = bytes.count
        bytes.appendBigEndian(Int32(0))
        PostgresNumeric.encode(value, into: &bytes)
        let length = Int32(bytes.count - start - 4).bigEndian
        bytes.withUnsafeMutableBytes {
            $0.storeBytes(of: length, toByteOffset: start, as: Int32.self)
        }
    }

    /// Appends an array of `bigint` without NULLs.
    package mutating func field(array values: some Collection<Int64>) {
        let header: Int32 = values.isEmpty ? 12 : 20
        bytes.appendBigEndian(header + Int32(values.count) * 12)
        bytes.appendBigEndian(Int32(values.isEmpty ? 0 : 1))
        bytes.appendBigEndian(Int32(0))
        bytes.appendBigEndian(Int64.postgresType.rawValue)
        if values.isEmpty { return }
        bytes.appendBigEndian(Int32(values.count))
        bytes.appendBigEndian(Int32(1))
        for value in values { field(value) }
    }

    /// Appends bytes already in PostgreSQL's format for their type: bytea, text in UTF-8, ….
    @inline(__always)
    package mutating func field(raw: UnsafeRawBufferPointer) {
        bytes.appendBigEndian(Int32(raw.count))
        bytes.append(contentsOf: raw)
    }

    @inline(__always)
    package mutating func field(_ text: String) {
        bytes.appendBigEndian(Int32(text.utf8.count))
        bytes.append(contentsOf: text.utf8)
    }

    /// Appends the rows of another buffer, without its header and trailer.
    package mutating func append(rows: BinaryCopyBuffer) {
        bytes.append(contentsOf: rows.bytes)
    }

    package static let headerBytes = signature + [0, 0, 0, 0, 0, 0, 0, 0]
    package static let trailerBytes: [UInt8] = [0xFF, 0xFF]

    static let signature: [UInt8] = [
        0x50, 0x47, 0x43, 0x4F, 0x50, 0x59, 0x0A, 0xFF, 0x0D, 0x0A, 0x00,
    ]
}

/// Reads the messages of a binary COPY OUT, which libpq returns row by row.
package struct BinaryCopyReader {
    private var isPastHeader = false

    package init() {}

    /// The fields of the row in the message; nil at the trailer.
    package mutating func fields(
        of message: UnsafeRawBufferPointer
    ) throws(PostgresError) -> BinaryCopyFields? {
        var reader = FieldReader(message)
        try skipHeader(of: message, &reader)
        // Without rows, the header may come alone.
        if reader.remaining == 0 { return nil }
        let count = Int(try reader.integer(Int16.self))
        return count < 0 ? nil : BinaryCopyFields(reader, count: count)
    }

    /// The bytes of the row in the message, from its count of fields on; nil at the trailer.
    package mutating func row(
        of message: UnsafeRawBufferPointer
    ) throws(PostgresError) -> UnsafeRawBufferPointer? {
        var reader = FieldReader(message)
        try skipHeader(of: message, &reader)
        let row = message.dropFirst(message.count - reader.remaining)
        return row.count > 2 ? UnsafeRawBufferPointer(rebasing: row) : nil
    }

    private mutating func skipHeader(
        of message: UnsafeRawBufferPointer, _ reader: inout FieldReader
    ) throws(PostgresError) {
        if isPastHeader { return }
        let signature = BinaryCopyBuffer.signature
        guard message.starts(with: signature) else {
            throw PostgresError(
                .decoding, "not a binary COPY; write COPY … TO STDOUT (FORMAT binary)")
        }
        try reader.skip(signature.count + 4)
        try reader.skip(Int(try reader.integer(Int32.self)))
        isPastHeader = true
    }
}

/// The fields of one row, to be taken in order.
///
/// Valid only while the message is lent.
package struct BinaryCopyFields {
    private var reader: FieldReader
    package let count: Int

    init(_ reader: FieldReader, count: Int) {
        self.reader = reader
        self.count = count
    }

    /// The next field without a copy; nil for NULL.
    @inline(__always)
    package mutating func next() throws(PostgresError) -> UnsafeRawBufferPointer? {
        try reader.field()
    }

    /// The next fields as received, each after its length: lets callers recognize equal fields
    /// without looking at each.
    @inline(__always)
    package mutating func block(of count: Int) throws(PostgresError) -> UnsafeRawBufferPointer {
        try reader.block(of: count)
    }

    /// The next field as a value.
    ///
    /// COPY carries no types: the caller knows the columns.
    @inline(__always)
    package mutating func next<Value: PostgresDecodable>(
        _: Value.Type
    ) throws(PostgresError) -> Value {
        guard let bytes = try reader.field() else { return try Value.postgresNull() }
        return try Value(postgres: bytes, type: Value.postgresType)
    }
}
