package import LedgerModel
import LedgerSQL
package import Postgres

/// Finds and makes the ledgers of a database, by name.
package struct LedgerDirectory: Sendable {
    private let pool: Pool

    package struct Entry: Hashable, Sendable {
        package let id: LedgerID
        package let name: String
        package let createdAt: Timestamp
        package let head: Head
    }

    package init(pool: Pool) {
        self.pool = pool
    }

    package func list() async throws -> [Entry] {
        try await pool.session { try $0.run(ListLedgers()) }
    }

    /// The names of the ledgers by their ids.
    package func names() async throws -> [LedgerID: String] {
        Dictionary(try await list().map { ($0.id, $0.name) }, uniquingKeysWith: { $1 })
    }

    /// The size of the whole database on disk.
    package func databaseBytes() async throws -> Int64 {
        try await pool.session { try $0.one(DatabaseSize()) }
    }

    package func find(_ name: String) async throws -> LedgerID? {
        try await pool.session { try $0.first(FindLedger(name: name)) }
    }

    /// Returns the ledger of this name; makes it if there is none.
    ///
    /// Names have 1 to 128 bytes without control characters.
    package func create(_ name: String) async throws -> LedgerID {
        guard !name.isEmpty, name.utf8.count <= 128, name.utf8.allSatisfy({ $0 >= 0x20 }) else {
            throw InvalidLedgerName(name: name)
        }
        return try await pool.transaction { session in
            _ = try session.run(InsertLedger(name: name))
            let id = try session.one(FindLedger(name: name))
            _ = try session.run(InsertHead(ledger: id))
            return id
        }
    }
}

package struct InvalidLedgerName: Fault {
    package var kind: FaultKind { .invalid }
    package var param: String? { "name" }

    package let name: String
    package var description: String {
        "\"\(name)\" is not a ledger name: use 1 to 128 bytes without control characters"
    }
}

struct ListLedgers: Statement {
    static let sql = """
        SELECT ledger_id, name, created_at, position, block, hash
        FROM tally.ledgers JOIN tally.heads USING (ledger_id) ORDER BY ledger_id
        """
    static let columns = Columns(
        LedgerID.self, String.self, Timestamp.self, Int64.self, Int64.self, Digest.self)
    typealias Row = LedgerDirectory.Entry

    static func row(
        _ cells: (LedgerID, String, Timestamp, Int64, Int64, Digest)
    ) throws(PostgresError) -> LedgerDirectory.Entry {
        LedgerDirectory.Entry(
            id: cells.0, name: cells.1, createdAt: cells.2,
            head: Head(position: cells.3, block: cells.4, hash: cells.5))
    }
}

struct DatabaseSize: Statement {
    static let sql = "SELECT pg_database_size(current_database())"
    static let columns = Columns(Int64.self)
    typealias Row = Int64

    static func row(_ cell: Int64) throws(PostgresError) -> Int64 { cell }
}

struct FindLedger: Statement {
    static let sql = "SELECT ledger_id FROM tally.ledgers WHERE name = $1"
    static let columns = Columns(LedgerID.self)
    let name: String
    var parameters: Parameters { Parameters(name) }
    typealias Row = LedgerID

    static func row(_ cell: LedgerID) throws(PostgresError) -> LedgerID { cell }
}

struct InsertLedger: Statement {
    static let sql = "INSERT INTO tally.ledgers (name) VALUES ($1) ON CONFLICT (name) DO NOTHING"
    static let columns = Columns()
    let name: String
    var parameters: Parameters { Parameters(name) }
}

/// The head of a ledger without events: it links to 32 zero bytes.
struct InsertHead: Statement {
    static let sql = """
        INSERT INTO tally.heads (
            ledger_id, block, position, first_position, prev_hash, hash, recorded_at, requests,
            charged_pico)
        VALUES ($1, 0, 0, 0, $2, $2, '2000-01-01T00:00:00Z', 0, 0)
        ON CONFLICT (ledger_id) DO NOTHING
        """
    static let columns = Columns()
    let ledger: LedgerID
    var parameters: Parameters { Parameters(ledger, Digest.zero) }
}
