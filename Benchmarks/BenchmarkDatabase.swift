import Access
import EventStore
import LedgerModel
import LedgerSQL
import Postgres

/// A database that exists for one benchmark, on the configured server.
struct BenchmarkDatabase {
    let configuration: PostgresConfiguration
    let pool: Pool

    /// Connections for the callers of a benchmark and for the writer.
    private static let poolSize = 4

    /// Lends a new, migrated database and drops it afterwards.
    static func withScratch<T>(
        on server: PostgresConfiguration, _ schema: Migrator,
        _ body: (BenchmarkDatabase) async throws -> T
    ) async throws -> T {
        let name = "tally_bench_\(UInt64.random(in: 0...UInt64.max))"
        // The name is ours: letters and digits.
        try await administer(server, "CREATE DATABASE \(name)")
        let configuration = server.connecting(to: name)
        do {
            let connection = try await Connection.open(configuration)
            _ = try await schema.migrate(on: connection)
            await connection.close()
            let pool = Pool(configuration, size: poolSize)
            let value = try await body(
                BenchmarkDatabase(configuration: configuration, pool: pool))
            await pool.close()
            try await administer(server, "DROP DATABASE \(name) WITH (FORCE)")
            return value
        } catch {
            // The benchmark's own error matters more.
            try? await administer(server, "DROP DATABASE \(name) WITH (FORCE)")
            throw error
        }
    }

    private static func administer(_ server: PostgresConfiguration, _ sql: String) async throws {
        let connection = try await Connection.open(server)
        _ = try await connection.session { try $0.execute(sql) }
        await connection.close()
    }

    /// A new ledger.
    func ledgerID(named name: String) async throws -> LedgerID {
        try await LedgerDirectory(pool: pool).create(name)
    }

    /// A new ledger with its writer.
    func ledger(named name: String) async throws -> PostgresLedger {
        let id = try await ledgerID(named: name)
        return PostgresLedger(id: id, pool: pool) {
            EventID(
                high: UInt64.random(in: 0...UInt64.max), low: UInt64.random(in: 0...UInt64.max))
        }
    }

    /// Writes out the dirty pages of earlier work, so that later measurements do not pay for it.
    func settle() async throws {
        _ = try await pool.session { session in
            try session.execute("CHECKPOINT")
            try session.execute("VACUUM (ANALYZE) tally.events")
        }
    }

    // MARK: The limits

    private static let columns = RowFrame.columns.joined(separator: ", ")

    /// Seconds for copying all rows of the ledgers out, without using them.
    func copyOutSeconds() async throws -> Double {
        try await pool.session { session in
            let start = ContinuousClock.now
            var bytes = 0
            try session.copyOut(Self.copyOut) { bytes &+= $0.count }
            return seconds(since: start)
        }
    }

    /// All rows as COPY returns them, in pieces of about a megabyte.
    func rows() async throws -> [[UInt8]] {
        try await pool.session { session in
            var pieces: [[UInt8]] = []
            var piece: [UInt8] = []
            try session.copyOut(Self.copyOut) { message in
                piece.append(contentsOf: message)
                if piece.count >= 1 << 20 {
                    pieces.append(piece)
                    piece = []
                }
            }
            return pieces + [piece]
        }
    }

    private static let copyOut =
        "COPY (SELECT \(columns) FROM tally.events) TO STDOUT (FORMAT binary)"

    /// Seconds for copying the rows into an empty table of the same shape, durably.
    static func copyInSeconds(
        _ rows: [[UInt8]], months: [Timestamp], on server: PostgresConfiguration,
        _ schema: Migrator
    ) async throws -> Double {
        try await withScratch(on: server, schema) { database in
            for month in months {
                _ = try await database.pool.session {
                    try $0.run(EnsureBenchmarkMonth(month: month))
                }
            }
            try await database.settle()
            let start = ContinuousClock.now
            try await database.pool.transaction { session in
                _ = try session.copyIn(
                    "COPY tally.events (\(columns)) FROM STDIN (FORMAT binary)", rows)
            }
            return seconds(since: start)
        }
    }

    /// Bytes of all partitions with their indexes, per event.
    func bytesPerEvent(_ events: Int64) async throws -> Double {
        Double(try await pool.session { try $0.one(EventsSize()) }) / Double(events)
    }

    /// Bytes of all tables, read models and indexes included, per event.
    func allBytesPerEvent(_ events: Int64) async throws -> Double {
        Double(try await pool.session { try $0.one(ProgramSize()) }) / Double(events)
    }

    /// Events in all ledgers.
    func storedEvents() async throws -> Int64 {
        try await pool.session { try $0.one(StoredEvents()) }
    }

    func machine() async throws -> Machine {
        let (version, date) = try await pool.session { try $0.one(ServerFacts()) }
        return Machine(postgresql: version, date: date)
    }
}

extension PostgresConfiguration {
    /// The same server with another database: in a libpq string, the last value of a key counts.
    func connecting(to database: String) -> PostgresConfiguration {
        var configuration = self
        let isURI = url.hasPrefix("postgresql://") || url.hasPrefix("postgres://")
        let separator = !isURI ? " " : url.contains("?") ? "&" : "?"
        configuration.url += "\(separator)dbname=\(database)"
        return configuration
    }
}

func seconds(since start: ContinuousClock.Instant) -> Double {
    seconds(start.duration(to: .now))
}

func seconds(_ duration: Duration) -> Double {
    let (seconds, attoseconds) = duration.components
    return Double(seconds) + Double(attoseconds) / 1e18
}

private struct EnsureBenchmarkMonth: Statement {
    static let sql = "SELECT tally.ensure_month(($1::timestamptz AT TIME ZONE 'UTC')::date)::text"
    static let columns = Columns(String?.self)
    let month: Timestamp
    var parameters: Parameters { Parameters(month) }
}

private struct EventsSize: Statement {
    static let sql = """
        SELECT coalesce(sum(pg_total_relation_size(inhrelid)), 0)::bigint
        FROM pg_inherits WHERE inhparent = 'tally.events'::regclass
        """
    static let columns = Columns(Int64.self)
    typealias Row = Int64

    static func row(_ cell: Int64) throws(PostgresError) -> Int64 { cell }
}

private struct ProgramSize: Statement {
    static let sql = """
        SELECT coalesce(sum(pg_total_relation_size(oid)), 0)::bigint
        FROM pg_class WHERE relnamespace = 'tally'::regnamespace AND relkind IN ('r', 'm')
        """
    static let columns = Columns(Int64.self)
    typealias Row = Int64

    static func row(_ cell: Int64) throws(PostgresError) -> Int64 { cell }
}

private struct StoredEvents: Statement {
    static let sql = "SELECT coalesce(sum(position), 0)::bigint FROM tally.heads"
    static let columns = Columns(Int64.self)
    typealias Row = Int64

    static func row(_ cell: Int64) throws(PostgresError) -> Int64 { cell }
}

private struct ServerFacts: Statement {
    static let sql = """
        SELECT current_setting('server_version'),
            to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')
        """
    static let columns = Columns(String.self, String.self)
}
