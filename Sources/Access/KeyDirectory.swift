package import LedgerModel
import LedgerSQL
package import Postgres

/// What the holder of an API key may do.
package enum KeyScope: String, CaseIterable, Sendable {
    case ingest, read, gateway, admin
}

/// The API keys of a database.
///
/// A key is shown once; only its SHA-256 is kept.
package struct KeyDirectory: Sendable {
    private let pool: Pool

    package struct Entry: Sendable {
        package let id: EventID
        package let ledger: LedgerID
        package let name: String
        package let scopes: Set<KeyScope>
        package let createdAt: Timestamp
        package let revokedAt: Timestamp?
    }

    package init(pool: Pool) {
        self.pool = pool
    }

    /// Makes a key from 32 random bytes and returns its text, `tally_` and 64 hexadecimal digits.
    package func create(
        id: EventID, secret: Digest, name: String, ledger: LedgerID, scopes: Set<KeyScope>
    ) async throws -> String {
        let text = "tally_\(secret)"
        let insert = InsertKey(
            id: id, ledger: ledger, name: name, scopes: scopes.map(\.rawValue).sorted(),
            digest: Digest(hashing: text.utf8))
        _ = try await pool.session { try $0.run(insert) }
        return text
    }

    package func list() async throws -> [Entry] {
        try await pool.session { try $0.run(ListKeys()) }
    }

    /// Whether there is a key that was not revoked.
    package func hasUsableKey() async throws -> Bool {
        try await list().contains { $0.revokedAt == nil }
    }

    /// Finds the key with this text; nil if there is none or it was revoked.
    package func find(_ text: String) async throws -> Entry? {
        let digest = Digest(hashing: text.utf8)
        return try await pool.session { try $0.first(FindKey(digest: digest)) }
    }

    /// Revokes a key; false if there was no such key.
    package func revoke(_ id: EventID) async throws -> Bool {
        try await pool.session { try !$0.run(RevokeKey(id: id)).isEmpty }
    }
}

private typealias KeyCells = (
    EventID, LedgerID, String, [String], Timestamp, Timestamp?
)

extension KeyDirectory.Entry {
    fileprivate init(_ cells: KeyCells) {
        self.init(
            id: cells.0, ledger: cells.1, name: cells.2,
            scopes: Set(cells.3.compactMap(KeyScope.init)), createdAt: cells.4,
            revokedAt: cells.5)
    }
}

struct InsertKey: Statement {
    static let sql = """
        INSERT INTO tally.api_keys (key_id, ledger_id, name, scopes, digest)
        VALUES ($1, $2, $3, $4, $5)
        """
    static let columns = Columns()
    let id: EventID
    let ledger: LedgerID
    let name: String
    let scopes: [String]
    let digest: Digest
    var parameters: Parameters { Parameters(id, ledger, name, scopes, digest) }
}

struct ListKeys: Statement {
    static let sql = """
        SELECT key_id, ledger_id, name, scopes, created_at, revoked_at
        FROM tally.api_keys ORDER BY created_at, key_id
        """
    static let columns = Columns(
        EventID.self, LedgerID.self, String.self, [String].self, Timestamp.self, Timestamp?.self)
    typealias Row = KeyDirectory.Entry

    static func row(
        _ cells: (EventID, LedgerID, String, [String], Timestamp, Timestamp?)
    ) throws(PostgresError) -> KeyDirectory.Entry { KeyDirectory.Entry(cells) }
}

struct FindKey: Statement {
    static let sql = """
        SELECT key_id, ledger_id, name, scopes, created_at, revoked_at
        FROM tally.api_keys WHERE digest = $1 AND revoked_at IS NULL
        """
    static let columns = ListKeys.columns
    let digest: Digest
    var parameters: Parameters { Parameters(digest) }
    typealias Row = KeyDirectory.Entry

    static func row(
        _ cells: (EventID, LedgerID, String, [String], Timestamp, Timestamp?)
    ) throws(PostgresError) -> KeyDirectory.Entry { KeyDirectory.Entry(cells) }
}

struct RevokeKey: Statement {
    static let sql = """
        UPDATE tally.api_keys SET revoked_at = now()
        WHERE key_id = $1 AND revoked_at IS NULL RETURNING key_id
        """
    static let columns = Columns(EventID.self)
    let id: EventID
    var parameters: Parameters { Parameters(id) }
}
