package import Calendars
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
        /// The name of its reporting zone.
        package let zone: String
    }

    /// A reporting zone that a ledger has or had.
    package struct ZoneChange: Hashable, Sendable {
        package let zone: String
        package let at: Timestamp
        package let by: String
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

    // MARK: Reporting zones

    /// The zone whose days and months a ledger is reported in.
    package func zone(of ledger: LedgerID) async throws -> CalendarZone {
        let name = try await pool.session { try $0.first(FindZone(ledger: ledger)) }
        guard let name else { return .utc }
        guard let zone = CalendarZone(named: name) else { throw ZoneRefusal.unknown(name) }
        return zone
    }

    /// The zones that a ledger has had, the oldest first; none if it was always UTC.
    package func zoneHistory(of ledger: LedgerID) async throws -> [ZoneChange] {
        try await pool.session { try $0.run(ListZones(ledger: ledger)) }
    }

    /// Gives a ledger another reporting zone, from now on.
    ///
    /// - Throws: `ZoneRefusal`.
    package func setZone(
        of ledger: LedgerID, to name: String, by author: String, at now: Timestamp
    ) async throws {
        let zone = try Self.reportingZone(name)
        if try await self.zone(of: ledger) == zone { return }
        let change = InsertZone(ledger: ledger, zone: zone.name, at: now, author: author)
        _ = try await pool.transaction { try $0.run(change) }
    }

    /// A zone that a ledger can have.
    package static func reportingZone(_ name: String) throws(ZoneRefusal) -> CalendarZone {
        guard let zone = CalendarZone(named: name) else { throw .unknown(name) }
        guard zone.hasWholeHours else { throw .betweenHours(name) }
        return zone
    }

    // MARK: Making

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
        SELECT ledger_id, name, created_at, position, block, hash, coalesce((
            SELECT zone FROM tally.ledger_zones AS zones
            WHERE zones.ledger_id = ledgers.ledger_id ORDER BY changed_at DESC LIMIT 1), 'UTC')
        FROM tally.ledgers JOIN tally.heads USING (ledger_id) ORDER BY ledger_id
        """
    static let columns = Columns(
        LedgerID.self, String.self, Timestamp.self, Int64.self, Int64.self, Digest.self,
        String.self)
    typealias Row = LedgerDirectory.Entry

    static func row(
        _ cells: (LedgerID, String, Timestamp, Int64, Int64, Digest, String)
    ) throws(PostgresError) -> LedgerDirectory.Entry {
        LedgerDirectory.Entry(
            id: cells.0, name: cells.1, createdAt: cells.2,
            head: Head(position: cells.3, block: cells.4, hash: cells.5), zone: cells.6)
    }
}

struct FindZone: Statement {
    static let sql = """
        SELECT zone FROM tally.ledger_zones WHERE ledger_id = $1
        ORDER BY changed_at DESC LIMIT 1
        """
    static let columns = Columns(String.self)
    let ledger: LedgerID
    var parameters: Parameters { Parameters(ledger) }
    typealias Row = String

    static func row(_ cell: String) throws(PostgresError) -> String { cell }
}

struct ListZones: Statement {
    static let sql = """
        SELECT zone, changed_at, changed_by FROM tally.ledger_zones WHERE ledger_id = $1
        ORDER BY changed_at
        """
    static let columns = Columns(String.self, Timestamp.self, String.self)
    let ledger: LedgerID
    var parameters: Parameters { Parameters(ledger) }
    typealias Row = LedgerDirectory.ZoneChange

    static func row(
        _ cells: (String, Timestamp, String)
    ) throws(PostgresError) -> LedgerDirectory.ZoneChange {
        LedgerDirectory.ZoneChange(zone: cells.0, at: cells.1, by: cells.2)
    }
}

/// A change is later than all before it, whatever the clocks of those who made them.
struct InsertZone: Statement {
    static let sql = """
        INSERT INTO tally.ledger_zones (ledger_id, changed_at, zone, changed_by)
        SELECT $1, greatest($3::timestamptz, max(changed_at) + interval '1 microsecond'), $2, $4
        FROM tally.ledger_zones WHERE ledger_id = $1
        """
    static let columns = Columns()
    let ledger: LedgerID
    let zone: String
    let at: Timestamp
    let author: String
    var parameters: Parameters { Parameters(ledger, zone, at, author) }
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
