package import LedgerModel
package import Postgres

// How the ledger's types travel: as the PostgreSQL types of their columns.

extension EventID: PostgresEncodable, PostgresDecodable {
    package static var postgresType: OID { PostgresUUID.postgresType }
    package static var postgresArrayType: OID { PostgresUUID.postgresArrayType }

    package func encode(into buffer: inout [UInt8]) {
        PostgresUUID(high: high, low: low).encode(into: &buffer)
    }

    package init(postgres bytes: UnsafeRawBufferPointer, type: OID) throws(PostgresError) {
        let uuid = try PostgresUUID(postgres: bytes, type: type)
        self.init(high: uuid.high, low: uuid.low)
    }
}

extension Timestamp: PostgresEncodable, PostgresDecodable {
    package static var postgresType: OID { PostgresTimestamp.postgresType }
    package static var postgresArrayType: OID { PostgresTimestamp.postgresArrayType }

    package func encode(into buffer: inout [UInt8]) {
        PostgresTimestamp(microseconds: microseconds).encode(into: &buffer)
    }

    package init(postgres bytes: UnsafeRawBufferPointer, type: OID) throws(PostgresError) {
        self.init(microseconds: try PostgresTimestamp(postgres: bytes, type: type).microseconds)
    }
}

extension Digest: PostgresEncodable, PostgresDecodable {
    package static var postgresType: OID { [UInt8].postgresType }
    package static var postgresArrayType: OID { [UInt8].postgresArrayType }

    package func encode(into buffer: inout [UInt8]) { bytes.encode(into: &buffer) }

    package init(postgres bytes: UnsafeRawBufferPointer, type: OID) throws(PostgresError) {
        guard let digest = Digest(bytes) else {
            throw PostgresError(.decoding, "a digest has 32 bytes, not \(bytes.count)")
        }
        self = digest
    }
}

extension LedgerID: PostgresEncodable, PostgresDecodable {
    package static var postgresType: OID { Int64.postgresType }
    package static var postgresArrayType: OID { Int64.postgresArrayType }

    package func encode(into buffer: inout [UInt8]) { number.encode(into: &buffer) }

    package init(postgres bytes: UnsafeRawBufferPointer, type: OID) throws(PostgresError) {
        self.init(try Int64(postgres: bytes, type: type))
    }
}

extension PicodollarSum: PostgresEncodable, PostgresDecodable {
    package static var postgresType: OID { PostgresNumeric.postgresType }
    package static var postgresArrayType: OID { PostgresNumeric.postgresArrayType }

    package func encode(into buffer: inout [UInt8]) {
        PostgresNumeric.encode(amount, into: &buffer)
    }

    package init(postgres bytes: UnsafeRawBufferPointer, type: OID) throws(PostgresError) {
        let numeric = try PostgresNumeric(postgres: bytes, type: type)
        guard let amount = numeric.integral else {
            throw PostgresError(.decoding, "\(numeric) is not a whole number of picodollars")
        }
        self.init(amount)
    }
}
