/// A `uuid`: 16 bytes as two big-endian halves, so integer order is PostgreSQL's order.
package struct PostgresUUID: Hashable, Sendable, Comparable, CustomStringConvertible {
    package let high: UInt64
    package let low: UInt64

    package init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    package static func < (left: PostgresUUID, right: PostgresUUID) -> Bool {
        (left.high, left.low) < (right.high, right.low)
    }

    package var description: String {
        var text = ""
        text.reserveCapacity(36)
        let digits = Array("0123456789abcdef")
        for index in 0..<16 {
            if index == 4 || index == 6 || index == 8 || index == 10 { text.append("-") }
            let half = index < 8 ? high : low
            let byte = Int(truncatingIfNeeded: half >> UInt64(56 - (index % 8) * 8)) & 0xFF
            text.append(digits[byte >> 4])
            text.append(digits[byte & 15])
        }
        return text
    }
}

extension PostgresUUID: PostgresEncodable, PostgresDecodable {
    package static var postgresType: OID { .uuid }
    package static var postgresArrayType: OID { .uuidArray }

    package func encode(into buffer: inout [UInt8]) {
        buffer.appendBigEndian(high)
        buffer.appendBigEndian(low)
    }

    package init(postgres bytes: UnsafeRawBufferPointer, type: OID) throws(PostgresError) {
        var reader = FieldReader(bytes)
        high = try reader.integer(UInt64.self)
        low = try reader.integer(UInt64.self)
        guard reader.remaining == 0 else {
            throw PostgresError(.decoding, "a uuid of \(bytes.count) bytes")
        }
    }
}
