/// A `timestamptz`: microseconds since 2000-01-01 00:00 UTC, as PostgreSQL counts them.
///
/// Never converted to Double, which would lose microseconds.
package struct PostgresTimestamp: Hashable, Sendable, Comparable {
    package let microseconds: Int64

    package init(microseconds: Int64) {
        self.microseconds = microseconds
    }

    /// PostgreSQL's epoch, counted from Unix's.
    package static let unixEpochOffset: Int64 = 946_684_800_000_000

    /// nil if the sum overflows Int64, which PostgreSQL's range never reaches.
    package init?(unixMicroseconds: Int64) {
        let (value, overflow) = unixMicroseconds.subtractingReportingOverflow(Self.unixEpochOffset)
        if overflow { return nil }
        microseconds = value
    }

    package var unixMicroseconds: Int64? {
        let (value, overflow) = microseconds.addingReportingOverflow(Self.unixEpochOffset)
        return overflow ? nil : value
    }

    package static let infinity = PostgresTimestamp(microseconds: .max)
    package static let minusInfinity = PostgresTimestamp(microseconds: .min)

    package static func < (left: PostgresTimestamp, right: PostgresTimestamp) -> Bool {
        left.microseconds < right.microseconds
    }
}

extension PostgresTimestamp: PostgresEncodable, PostgresDecodable {
    package static var postgresType: OID { .timestamptz }
    package static var postgresArrayType: OID { .timestamptzArray }

    package func encode(into buffer: inout [UInt8]) {
        buffer.appendBigEndian(microseconds)
    }

    package init(postgres bytes: UnsafeRawBufferPointer, type: OID) throws(PostgresError) {
        microseconds = try Int64(bigEndianBytes: bytes)
    }
}
