/// A Swift type that has a PostgreSQL type.
package protocol PostgresTyped: Sendable {
    /// The type of a parameter or column.
    static var postgresType: OID { get }
    /// The type of an array of these.
    static var postgresArrayType: OID { get }
    /// The type of an array of arrays of these; needed only for bytes, whose array is a value.
    static var postgresNestedArrayType: OID { get }
}

/// A Swift value that goes to PostgreSQL in its binary format.
package protocol PostgresEncodable: PostgresTyped {
    /// Appends the value without its length.
    func encode(into buffer: inout [UInt8])
    /// Whether the value is SQL NULL; then `encode` isn't called.
    var isPostgresNull: Bool { get }
    /// Appends an array of these; a customisation point for bytes.
    static func encodeArray(_ elements: [Self], into buffer: inout [UInt8])
}

/// A Swift value that comes from PostgreSQL in its binary format.
package protocol PostgresDecodable: PostgresTyped {
    /// Whether a column of this type can be read as `Self`.
    static func accepts(_ type: OID) -> Bool
    /// Whether an array of this type can be read as `[Self]`.
    static func acceptsArray(_ type: OID) -> Bool

    init(postgres bytes: UnsafeRawBufferPointer, type: OID) throws(PostgresError)
    /// The value for NULL; throws if there is none.
    static func postgresNull() throws(PostgresError) -> Self
    /// Reads an array of these; a customisation point for bytes.
    static func decodeArray(
        _ bytes: UnsafeRawBufferPointer, type: OID
    ) throws(PostgresError) -> [Self]
}

/// Both directions, which is what most wrapping types want.
package typealias PostgresValue = PostgresEncodable & PostgresDecodable

extension PostgresTyped {
    package static var postgresNestedArrayType: OID { .unspecified }
}

extension PostgresEncodable {
    package var isPostgresNull: Bool { false }
}

extension PostgresDecodable {
    package static func accepts(_ type: OID) -> Bool { type == postgresType }
    package static func acceptsArray(_ type: OID) -> Bool { type == postgresArrayType }

    package static func postgresNull() throws(PostgresError) -> Self {
        throw PostgresError(
            .decoding, "NULL where \(Self.self) was expected; read it as \(Self.self)?")
    }
}

extension Optional: PostgresTyped where Wrapped: PostgresTyped {
    package static var postgresType: OID { Wrapped.postgresType }
    package static var postgresArrayType: OID { Wrapped.postgresArrayType }
    package static var postgresNestedArrayType: OID { Wrapped.postgresNestedArrayType }
}

extension Optional: PostgresEncodable where Wrapped: PostgresEncodable {
    package func encode(into buffer: inout [UInt8]) {
        self?.encode(into: &buffer)
    }

    package var isPostgresNull: Bool {
        self?.isPostgresNull ?? true
    }
}

extension Optional: PostgresDecodable where Wrapped: PostgresDecodable {
    package static func accepts(_ type: OID) -> Bool { Wrapped.accepts(type) }
    package static func acceptsArray(_ type: OID) -> Bool { Wrapped.acceptsArray(type) }

    package init(postgres bytes: UnsafeRawBufferPointer, type: OID) throws(PostgresError) {
        self = .some(try Wrapped(postgres: bytes, type: type))
    }

    package static func postgresNull() throws(PostgresError) -> Self { nil }
}
