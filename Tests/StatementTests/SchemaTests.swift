import Foundation
import LedgerModel
import Migrations
import Postgres
import PostgresTesting
import Testing

@Suite("The schema")
struct SchemaTests {
    @Test("the program has every file of the folder, each under its name")
    func files() throws {
        #expect(
            try Self.read("migrations")
                == Dictionary(
                    uniqueKeysWithValues: ledgerSchema.files.map { ($0.fileName, $0.sql) }))
        var listed = Dictionary(uniqueKeysWithValues: Self.objects.map { ($0.fileName, $0.sql) })
        listed["tally.event_kinds.sql"] = nil
        #expect(try Self.read("migrations/views") == listed)
    }

    @Test("a database from before views had files gets the same schema as a new one")
    func upgrades() async throws {
        let server = try await TestServer.shared()
        try await server.withScratchDatabase { configuration in
            let old = Array(ledgerSchema.files.prefix(11))
            _ = try await Self.migrate(Migrator(files: old), configuration)
            let before = try await Self.query(Self.columns, configuration)
            try await server.withScratchDatabase { fresh in
                #expect(try await Self.migrate(ledgerSchema, fresh) == ledgerSchema.files)
                let rest = Array(ledgerSchema.files.dropFirst(11))
                #expect(try await Self.migrate(ledgerSchema, configuration) == rest)
                let columns = try await Self.query(Self.columns, configuration)
                #expect(try await Self.query(Self.columns, fresh) == columns)
                // The columns that people query keep their names and types.
                #expect(Set(before.map { $0.prefix(3) }).isSubset(of: columns.map { $0.prefix(3) }))
            }
        }
    }

    @Test("everybody may read each view of the schema audit, and each column has a comment")
    func described() async throws {
        try await TestServer.shared().withScratchDatabase { configuration in
            _ = try await Self.migrate(ledgerSchema, configuration)
            let columns = try await Self.query(Self.columns, configuration)
            #expect(columns.count > 500)
            #expect(columns.filter { $0[3] == nil || $0[4] == nil || $0[5] != "t" } == [])
        }
    }

    @Test("the database knows every kind of event, and views ask for kinds by name")
    func kinds() async throws {
        let named = try #require(Self.objects.first { $0.name == "audit.cache_events" }).sql
        #expect(named.contains("'cache.hit'"))
        for object in Self.objects where object.name != "tally.event_kinds" {
            #expect(
                !object.sql.contains(/\bkind\s*(=|<>|IN|BETWEEN)\s*\(?\d|CASE kind/),
                "\(object.name)")
        }
        try await TestServer.shared().withScratchDatabase { configuration in
            _ = try await Self.migrate(ledgerSchema, configuration)
            let kinds = try await Self.query(
                "SELECT number, name FROM tally.event_kinds ORDER BY number", configuration)
            #expect(kinds == EventKind.allCases.map { ["\($0.rawValue)", $0.name] })
            // The planner evaluates the numbers, so it uses the index of rare kinds.
            let plan = try await Self.query(
                """
                EXPLAIN SELECT position FROM tally.events WHERE ledger_id = 1
                    AND kind = ANY (tally.kinds('prices.published')) ORDER BY position
                """, after: "SELECT tally.ensure_month('2026-01-01'); SET enable_seqscan = off",
                configuration)
            #expect("\(plan)".contains("events_2026_01_ledger_id_position_idx1"), "\(plan)")
            await #expect(throws: PostgresError.self) {
                try await Self.query("SELECT tally.kinds('cache.hit', 'no.kind')", configuration)
            }
        }
    }

    @Test("adjustments are found by their requests, also in a month that was filled just now")
    func lookups() async throws {
        let (first, end) = (
            "'00000000-0000-0000-0000-000000000000'", "tally.first_event_id('2027-01-01')"
        )
        let statements = StatementTests.lists.flatMap(\.statements).map { type(of: $0) }
        try await TestServer.shared().withScratchDatabase { configuration in
            _ = try await Self.migrate(ledgerSchema, configuration)
            // Nobody has analyzed them: a re-rating books them faster than autovacuum comes by.
            let filled = """
                SELECT tally.ensure_month('2026-01-01');
                INSERT INTO tally.events (ledger_id, position, recorded_at, leaf_prefix,
                    occurred_at, kind, event_id, cause_id)
                SELECT 1, number, now(), 0, '2026-01-02', CASE number % 2 WHEN 0 THEN 11 ELSE 3 END,
                    (left(tally.first_event_id('2026-01-02')::text, 24)
                        || lpad(to_hex(number), 12, '0'))::uuid,
                    (left(tally.first_event_id('2026-01-02')::text, 24)
                        || lpad(to_hex(number + 1), 12, '0'))::uuid
                FROM generate_series(1, 40000) AS number;
                SET plan_cache_mode = force_generic_plan;
                """
            let statement = try #require(statements.first { "\($0)" == "ListAdjustments" })
            let plan = try await Self.query(
                "EXPLAIN EXECUTE adjustments(1, '{}', \(first), \(end))",
                after: "\(filled) PREPARE adjustments AS \(statement.sql)", configuration
            ).compactMap { $0[0] }
            let conditions = plan.filter { $0.contains("Index Cond") }
            #expect(conditions.count == 1 && conditions[0].contains("cause_id = "), "\(plan)")
        }
    }

    @Test("docs/architecture.md names the owner of every table and view of the schema tally")
    func owners() async throws {
        let text = try String(
            contentsOf: Self.root.appending(path: "docs/architecture.md"), encoding: .utf8)
        let section = try #require(text.firstMatch(of: #/## Tables\n(?s:.*?)\n## /#)).output
        let named = section.matches(of: #/^\| (`.*?) \|/#.anchorsMatchLineEndings())
            .flatMap { $0.1.matches(of: #/`(\w+)`/#).map { String($0.1) } }
        #expect(named.count == Set(named).count, "each once")
        try await TestServer.shared().withScratchDatabase { configuration in
            _ = try await Self.migrate(ledgerSchema, configuration)
            let there = try await Self.query(
                """
                SELECT relname FROM pg_class WHERE relnamespace = 'tally'::regnamespace
                    AND relkind IN ('r', 'p', 'v') AND NOT relispartition
                """, configuration)
            #expect(Set(there.compactMap { $0[0] }) == Set(named))
        }
    }

    private static let objects = ledgerSchema.objects?.objects ?? []

    /// View, column, type, comment of the column, comment of the view, whether everybody may read.
    private static let columns = """
        SELECT views.oid::regclass, columns.attname, format_type(columns.atttypid, NULL),
            col_description(views.oid, columns.attnum), obj_description(views.oid, 'pg_class'),
            EXISTS (SELECT FROM aclexplode(views.relacl)
                WHERE grantee = 0 AND privilege_type = 'SELECT')
        FROM pg_class AS views
        JOIN pg_attribute AS columns ON columns.attrelid = views.oid AND columns.attnum > 0
        WHERE views.relnamespace = 'audit'::regnamespace
        ORDER BY views.oid::regclass::text COLLATE "C", columns.attnum
        """

    private static func migrate(
        _ migrator: Migrator, _ configuration: PostgresConfiguration
    ) async throws -> [Migration] {
        let connection = try await Connection.open(configuration)
        defer { Task { await connection.close() } }
        return try await migrator.migrate(on: connection)
    }

    @discardableResult
    private static func query(
        _ sql: String, after preparation: String = "", _ configuration: PostgresConfiguration
    ) async throws -> [[String?]] {
        let connection = try await Connection.open(configuration)
        defer { Task { await connection.close() } }
        return try await connection.session { session in
            try session.execute(preparation)
            return try session.query(sql).rows
        }
    }

    private static let root = URL(filePath: "\(#filePath)").deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    private static func read(_ folder: String) throws -> [String: String] {
        let files = try FileManager.default
            .contentsOfDirectory(
                at: root.appending(path: folder), includingPropertiesForKeys: nil
            )
            .filter { $0.pathExtension == "sql" }
        return try Dictionary(
            uniqueKeysWithValues: files.map {
                ($0.lastPathComponent, try String(contentsOf: $0, encoding: .utf8))
            })
    }
}
