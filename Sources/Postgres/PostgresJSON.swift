/// A JSON text.
///
/// It is sent as `jsonb` and read from `json` and `jsonb`.
package struct PostgresJSON: Hashable, Sendable {
    package let text: String

    package init(text: String) {
        self.text = text
    }
}

extension PostgresJSON: PostgresEncodable, PostgresDecodable {
    package static var postgresType: OID { .jsonb }
    package static var postgresArrayType: OID { .jsonbArray }

    package static func accepts(_ type: OID) -> Bool { type == .jsonb || type == .json }
    package static func acceptsArray(_ type: OID) -> Bool {
        type == .jsonbArray || type == .jsonArray
    }

    /// The binary form of jsonb is a version byte and the text.
    private static let version: UInt8 = 1

    package func encode(into buffer: inout [UInt8]) {
        buffer.append(Self.version)
        buffer.append(contentsOf: text.utf8)
    }

    package init(postgres bytes: UnsafeRawBufferPointer, type: OID) throws(PostgresError) {
        guard type == .jsonb else {
            text = try String(postgres: bytes, type: .text)
            return
        }
        guard bytes.first == Self.version else {
            throw PostgresError(.decoding, "jsonb of a version other than \(Self.version)")
        }
        let rest = UnsafeRawBufferPointer(rebasing: bytes.dropFirst())
        text = try String(postgres: rest, type: .text)
    }
}
