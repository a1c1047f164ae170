// Numbers, booleans, text and single bytes. Everything on the wire is big-endian.

extension Bool: PostgresEncodable, PostgresDecodable {
    package static var postgresType: OID { .bool }
    package static var postgresArrayType: OID { .boolArray }

    package func encode(into buffer: inout [UInt8]) {
        buffer.append(self ? 1 : 0)
    }

    package init(postgres bytes: UnsafeRawBufferPointer, type: OID) throws(PostgresError) {
        self = try UInt8(bigEndianBytes: bytes) != 0
    }
}

extension Int16: PostgresEncodable, PostgresDecodable {
    package static var postgresType: OID { .int2 }
    package static var postgresArrayType: OID { .int2Array }

    package func encode(into buffer: inout [UInt8]) {
        buffer.appendBigEndian(self)
    }

    package init(postgres bytes: UnsafeRawBufferPointer, type: OID) throws(PostgresError) {
        self = try Int16(bigEndianBytes: bytes)
    }
}

extension Int32: PostgresEncodable, PostgresDecodable {
    package static var postgresType: OID { .int4 }
    package static var postgresArrayType: OID { .int4Array }

    /// Narrower integers widen without loss.
    package static func accepts(_ type: OID) -> Bool { type == .int4 || type == .int2 }

    package func encode(into buffer: inout [UInt8]) {
        buffer.appendBigEndian(self)
    }

    package init(postgres bytes: UnsafeRawBufferPointer, type: OID) throws(PostgresError) {
        if bytes.count == 2 {
            self = Int32(try Int16(bigEndianBytes: bytes))
        } else {
            self = try Int32(bigEndianBytes: bytes)
        }
    }
}

extension Int64: PostgresEncodable, PostgresDecodable {
    package static var postgresType: OID { .int8 }
    package static var postgresArrayType: OID { .int8Array }

    /// Narrower integers widen without loss.
    package static func accepts(_ type: OID) -> Bool {
        type == .int8 || type == .int4 || type == .int2
    }

    package func encode(into buffer: inout [UInt8]) {
        buffer.appendBigEndian(self)
    }

    package init(postgres bytes: UnsafeRawBufferPointer, type: OID) throws(PostgresError) {
        switch bytes.count {
        case 8: self = try Int64(bigEndianBytes: bytes)
        case 4: self = Int64(try Int32(bigEndianBytes: bytes))
        default: self = Int64(try Int16(bigEndianBytes: bytes))
        }
    }
}

extension Double: PostgresEncodable, PostgresDecodable {
    package static var postgresType: OID { .float8 }
    package static var postgresArrayType: OID { .float8Array }

    package static func accepts(_ type: OID) -> Bool { type == .float8 || type == .float4 }

    package func encode(into buffer: inout [UInt8]) {
        buffer.appendBigEndian(bitPattern)
    }

    package init(postgres bytes: UnsafeRawBufferPointer, type: OID) throws(PostgresError) {
        if bytes.count == 4 {
            self = Double(Float(bitPattern: try UInt32(bigEndianBytes: bytes)))
        } else {
            self.init(bitPattern: try UInt64(bigEndianBytes: bytes))
        }
    }
}

extension OID: PostgresEncodable, PostgresDecodable {
    package static var postgresType: OID { .oid }
    package static var postgresArrayType: OID { OID(1028) }

    package func encode(into buffer: inout [UInt8]) {
        buffer.appendBigEndian(rawValue)
    }

    package init(postgres bytes: UnsafeRawBufferPointer, type: OID) throws(PostgresError) {
        self.init(try UInt32(bigEndianBytes: bytes))
    }
}

extension String: PostgresEncodable, PostgresDecodable {
    package static var postgresType: OID { .text }
    package static var postgresArrayType: OID { .textArray }

    package static func accepts(_ type: OID) -> Bool {
        switch type {
        case .text, .varchar, .bpchar, .name, .unknown: true
        default: false
        }
    }

    package static func acceptsArray(_ type: OID) -> Bool {
        switch type {
        case .textArray, .varcharArray, .bpcharArray, .nameArray: true
        default: false
        }
    }

    package func encode(into buffer: inout [UInt8]) {
        buffer.append(contentsOf: utf8)
    }

    package init(postgres bytes: UnsafeRawBufferPointer, type: OID) throws(PostgresError) {
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw PostgresError(.decoding, "text that isn't UTF-8; check client_encoding")
        }
        self = text
    }
}

/// A single byte is PostgreSQL's one-byte `"char"`; an array of bytes is `bytea`.
extension UInt8: PostgresEncodable, PostgresDecodable {
    package static var postgresType: OID { .char }
    package static var postgresArrayType: OID { .bytea }
    package static var postgresNestedArrayType: OID { .byteaArray }

    package func encode(into buffer: inout [UInt8]) {
        buffer.append(self)
    }

    package init(postgres bytes: UnsafeRawBufferPointer, type: OID) throws(PostgresError) {
        self = try UInt8(bigEndianBytes: bytes)
    }

    package static func encodeArray(_ elements: [UInt8], into buffer: inout [UInt8]) {
        buffer.append(contentsOf: elements)
    }

    package static func decodeArray(
        _ bytes: UnsafeRawBufferPointer, type: OID
    ) throws(PostgresError) -> [UInt8] {
        [UInt8](bytes)
    }
}

extension FixedWidthInteger {
    /// Reads exactly this many bytes, big-endian, from any alignment.
    package init(bigEndianBytes bytes: UnsafeRawBufferPointer) throws(PostgresError) {
        guard bytes.count == MemoryLayout<Self>.size else {
            throw PostgresError(
                .decoding,
                "a value of \(bytes.count) bytes where \(Self.self) needs "
                    + "\(MemoryLayout<Self>.size)")
        }
        self = Self(bigEndian: bytes.loadUnaligned(as: Self.self))
    }
}

extension [UInt8] {
    @inline(__always)
    package mutating func appendBigEndian(_ value: some FixedWidthInteger) {
        Swift.withUnsafeBytes(of: value.bigEndian) { append(contentsOf: $0) }
    }
}
