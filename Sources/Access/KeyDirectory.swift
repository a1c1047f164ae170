package import LedgerModel
import LedgerSQL
package import Postgres

/// What the holder of an API key may do.
package enum KeyScope: String, CaseIterable, Sendable {
    case ingest, read, gateway
    /// To administer the ledgers of the key: their prices, experiments, re-ratings and keys.
    case admin
    /// To read the metrics of the installation.
    case metrics
    /// To administer the installation: every ledger, and every key.
    case `operator`

    /// Whether it reaches beyond the ledgers of the key, so that only an operator may give it.
    package var isOfInstallation: Bool {
        switch self {
        case .ingest, .read, .gateway, .admin: false
        case .metrics, .operator: true
        }
    }
}

/// A ledger that an API key is for.
package struct KeyLedger: Hashable, Sendable {
    package let id: LedgerID
    package let name: String
}

/// The ledgers that somebody may see.
package enum KeyReach: Hashable, Sendable {
    case everyLedger
    case ledgers([KeyLedger])

    package func contains(_ ledger: LedgerID) -> Bool {
        ids?.contains(ledger) ?? true
    }

    /// nil for every ledger.
    var ids: [LedgerID]? {
        switch self {
        case .everyLedger: nil
        case .ledgers(let ledgers): ledgers.map(\.id)
        }
    }
}

/// The API keys of a database.
///
/// A key is shown once; only its SHA-256 is kept.
package struct KeyDirectory: Sendable {
    private let pool: Pool

    /// Ledgers of one key.
    package static let ledgersMax = 64

    package struct Entry: Sendable {
        package let id: EventID
        /// The first is the one that a request means if it names none.
        package let ledgers: [KeyLedger]
        package let name: String
        package let scopes: Set<KeyScope>
        package let createdAt: Timestamp
        package let revokedAt: Timestamp?
        /// When an upgrade made an operator of this key, which had administered every ledger.
        package let promotedAt: Timestamp?

        package var isUsable: Bool { revokedAt == nil }

        package var reach: KeyReach {
            scopes.contains(.operator) ? .everyLedger : .ledgers(ledgers)
        }
    }

    package init(pool: Pool) {
        self.pool = pool
    }

    /// Makes a key from 32 random bytes and returns its text, `tally_` and 64 hexadecimal digits.
    ///
    /// - Parameter ledgers: one or more; the first is the default.
    package func create(
        id: EventID, secret: Digest, name: String, ledgers: [LedgerID], scopes: Set<KeyScope>
    ) async throws -> String {
        let text = "tally_\(secret)"
        let insert = InsertKey(
            id: id, ledgers: ledgers, name: name, scopes: scopes.map(\.rawValue).sorted(),
            digest: Digest(hashing: text.utf8))
        _ = try await pool.session { try $0.run(insert) }
        return text
    }

    /// The keys that somebody with this reach administers: those that reach no further.
    package func list(within reach: KeyReach = .everyLedger) async throws -> [Entry] {
        try await pool.session { try $0.run(ListKeys(within: reach)) }
    }

    /// Finds the key with this text; nil if there is none or it was revoked.
    package func find(_ text: String) async throws -> Entry? {
        let digest = Digest(hashing: text.utf8)
        return try await pool.session { try $0.first(FindKey(digest: digest)) }
    }

    /// Revokes a key; false if there was no such key that somebody with this reach administers.
    package func revoke(_ id: EventID, within reach: KeyReach = .everyLedger) async throws -> Bool {
        try await pool.session { try !$0.run(RevokeKey(id: id, within: reach)).isEmpty }
    }
}

private typealias KeyCells = (
    EventID, [LedgerID], [String], String, [String], Timestamp, Timestamp?, Timestamp?
)

extension KeyDirectory.Entry {
    fileprivate init(_ cells: KeyCells) {
        self.init(
            id: cells.0, ledgers: zip(cells.1, cells.2).map { KeyLedger(id: $0, name: $1) },
            name: cells.3, scopes: Set(cells.4.compactMap(KeyScope.init)), createdAt: cells.5,
            revokedAt: cells.6, promotedAt: cells.7)
    }
}

struct InsertKey: Statement {
    static let sql = """
        INSERT INTO tally.api_keys (key_id, ledger_ids, name, scopes, digest)
        VALUES ($1, $2, $3, $4, $5)
        """
    static let columns = Columns()
    let id: EventID
    let ledgers: [LedgerID]
    let name: String
    let scopes: [String]
    let digest: Digest
    var parameters: Parameters { Parameters(id, ledgers, name, scopes, digest) }
}

/// The columns of `KeyDirectory.Entry`.
private let keyFields = """
    key_id, ledger_ids,
    ARRAY(SELECT coalesce(ledgers.name, own.ledger_id::text)
        FROM unnest(ledger_ids) WITH ORDINALITY AS own (ledger_id, place)
        LEFT JOIN tally.ledgers AS ledgers USING (ledger_id) ORDER BY own.place),
    name, scopes, created_at, revoked_at, promoted_at
    """

/// Whether a key reaches no further than the ledgers of a parameter, where NULL is every ledger.
private func reachesNoFurther(than ledgers: String) -> String {
    let further = KeyScope.allCases.filter(\.isOfInstallation).map { "'\($0.rawValue)'" }
    return "(\(ledgers)::bigint[] IS NULL OR ledger_ids <@ \(ledgers) "
        + "AND NOT scopes && ARRAY[\(further.joined(separator: ", "))])"
}

/// The keys that reach no further than some ledgers; NULL is every ledger.
struct ListKeys: Statement {
    static let sql = """
        SELECT \(keyFields)
        FROM tally.api_keys
        WHERE \(reachesNoFurther(than: "$1"))
        ORDER BY created_at, key_id
        """
    static let columns = Columns(
        EventID.self, [LedgerID].self, [String].self, String.self, [String].self, Timestamp.self,
        Timestamp?.self, Timestamp?.self)
    let within: KeyReach
    var parameters: Parameters { Parameters(within.ids) }
    typealias Row = KeyDirectory.Entry

    static func row(
        _ cells: (
            EventID, [LedgerID], [String], String, [String], Timestamp, Timestamp?, Timestamp?
        )
    ) throws(PostgresError) -> KeyDirectory.Entry { KeyDirectory.Entry(cells) }
}

struct FindKey: Statement {
    static let sql = """
        SELECT \(keyFields)
        FROM tally.api_keys WHERE digest = $1 AND revoked_at IS NULL
        """
    static let columns = ListKeys.columns
    let digest: Digest
    var parameters: Parameters { Parameters(digest) }
    typealias Row = KeyDirectory.Entry

    static func row(
        _ cells: (
            EventID, [LedgerID], [String], String, [String], Timestamp, Timestamp?, Timestamp?
        )
    ) throws(PostgresError) -> KeyDirectory.Entry { KeyDirectory.Entry(cells) }
}

struct RevokeKey: Statement {
    static let sql = """
        UPDATE tally.api_keys SET revoked_at = now()
        WHERE key_id = $1 AND revoked_at IS NULL AND \(reachesNoFurther(than: "$2"))
        RETURNING key_id
        """
    static let columns = Columns(EventID.self)
    let id: EventID
    let within: KeyReach
    var parameters: Parameters { Parameters(id, within.ids) }
}
