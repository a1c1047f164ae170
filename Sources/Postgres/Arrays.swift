// One-dimensional arrays, with or without NULL elements. Wire form: dimensions, a flag for NULLs,
// the element type, then for each dimension its length and lower bound, then elements, each with
// its length (-1 for NULL).

extension Array: PostgresTyped where Element: PostgresTyped {
    package static var postgresType: OID { Element.postgresArrayType }
    package static var postgresArrayType: OID { Element.postgresNestedArrayType }
}

extension Array: PostgresEncodable where Element: PostgresEncodable {
    package func encode(into buffer: inout [UInt8]) {
        Element.encodeArray(self, into: &buffer)
    }
}

extension Array: PostgresDecodable where Element: PostgresDecodable {
    package static func accepts(_ type: OID) -> Bool { Element.acceptsArray(type) }

    package init(postgres bytes: UnsafeRawBufferPointer, type: OID) throws(PostgresError) {
        self = try Element.decodeArray(bytes, type: type)
    }
}

extension PostgresEncodable {
    package static func encodeArray(_ elements: [Self], into buffer: inout [UInt8]) {
        precondition(postgresType != .unspecified, "\(Self.self) can't be an array's element")
        let hasNulls = elements.contains { $0.isPostgresNull }
        buffer.appendBigEndian(Int32(elements.isEmpty ? 0 : 1))
        buffer.appendBigEndian(Int32(hasNulls ? 1 : 0))
        buffer.appendBigEndian(postgresType.rawValue)
        guard !elements.isEmpty else { return }
        buffer.appendBigEndian(Int32(elements.count))
        buffer.appendBigEndian(Int32(1))
        for element in elements {
            buffer.appendField(element)
        }
    }
}

extension PostgresDecodable {
    package static func decodeArray(
        _ bytes: UnsafeRawBufferPointer, type: OID
    ) throws(PostgresError) -> [Self] {
        var reader = FieldReader(bytes)
        let dimensions = try reader.integer(Int32.self)
        _ = try reader.integer(Int32.self)
        let elementType = OID(try reader.integer(UInt32.self))
        if dimensions == 0 { return [] }
        guard dimensions == 1 else {
            throw PostgresError(
                .decoding, "an array of \(dimensions) dimensions; only one is supported")
        }
        guard accepts(elementType) else {
            throw PostgresError(
                .decoding, "an array of \(elementType) where one of \(Self.self) was expected")
        }
        let count = Int(try reader.integer(Int32.self))
        _ = try reader.integer(Int32.self)
        // Each element takes at least its length field: a larger count means a broken message.
        guard count >= 0, count <= reader.remaining / 4 else {
            throw PostgresError(.decoding, "an array that says it has \(count) elements")
        }
        var elements: [Self] = []
        elements.reserveCapacity(count)
        for _ in 0..<count {
            if let field = try reader.field() {
                elements.append(try Self(postgres: field, type: elementType))
            } else {
                elements.append(try postgresNull())
            }
        }
        return elements
    }
}

extension [UInt8] {
    /// Appends a value after its length, or -1 for NULL: the form of arrays, rows and COPY.
    @inline(__always)
    package mutating func appendField(_ value: some PostgresEncodable) {
        if value.isPostgresNull {
            appendBigEndian(Int32(-1))
            return
        }
        let start = count
        appendBigEndian(Int32(0))
        value.encode(into: &self)
        let length = Int32(count - start - 4).bigEndian
        withUnsafeMutableBytes { $0.storeBytes(of: length, toByteOffset: start, as: Int32.self) }
    }
}

/// Reads length-prefixed fields from a message, checking every length against the bytes left.
struct FieldReader {
    private let bytes: UnsafeRawBufferPointer
    private var offset = 0

    init(_ bytes: UnsafeRawBufferPointer) {
        self.bytes = bytes
    }

    var remaining: Int { bytes.count - offset }

    @inline(__always)
    mutating func integer<I: FixedWidthInteger>(_: I.Type) throws(PostgresError) -> I {
        guard remaining >= MemoryLayout<I>.size else { throw Self.truncated }
        let value = bytes.loadUnaligned(fromByteOffset: offset, as: I.self)
        offset += MemoryLayout<I>.size
        return I(bigEndian: value)
    }

    /// The next field without a copy; nil for NULL.
    @inline(__always)
    mutating func field() throws(PostgresError) -> UnsafeRawBufferPointer? {
        let length = Int(try integer(Int32.self))
        if length == -1 { return nil }
        guard length >= 0, length <= remaining else { throw Self.truncated }
        defer { offset += length }
        return UnsafeRawBufferPointer(rebasing: bytes[offset..<(offset + length)])
    }

    /// The next fields with their lengths.
    @inline(__always)
    mutating func block(of count: Int) throws(PostgresError) -> UnsafeRawBufferPointer {
        let start = offset
        for _ in 0..<count {
            let length = Int(try integer(Int32.self))
            if length > 0 { try skip(length) }
        }
        return UnsafeRawBufferPointer(rebasing: bytes[start..<offset])
    }

    mutating func skip(_ count: Int) throws(PostgresError) {
        guard count >= 0, count <= remaining else { throw Self.truncated }
        offset += count
    }

    private static var truncated: PostgresError {
        PostgresError(.decoding, "a message that ends in the middle of a field")
    }
}
