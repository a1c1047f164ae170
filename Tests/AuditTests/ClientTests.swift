import Access
import Audit
import LedgerModel
import Migrations
import Postgres
import PostgresTesting
import StoreTesting
import Testing

/// What Metabase, Grafana, DBeaver, DuckDB and the like ask before they show a first row.
@Suite("Other programs", .timeLimit(.minutes(3)))
struct ClientTests {
    @Test("other programs find the views through an audit login")
    func questions() async throws {
        try await TwoLedgers.with { bench in
            let directory = AuditLoginDirectory(pool: bench.pool)
            try await Self.withLogin(
                in: directory, of: bench.ours, on: bench.configuration
            ) { login in
                for question in ClientQuery.all {
                    let answer = await Self.ask(question, as: login)
                    guard let hasRows = question.hasRows else {
                        #expect(answer == .refused("42501"), "\(question.client)")
                        continue
                    }
                    #expect(
                        answer == .rows || (!hasRows && answer == .empty), "\(question.client)")
                    // And through a cursor, as tally sql does.
                    let refusal = try await bench.refusal(question.sql)
                    #expect(refusal == nil, "\(question.client): \(refusal.words)")
                }
            }
        }
    }

    @Test("format of texts answers as the built-in function, and makes no long text of a short one")
    func format() async throws {
        try await TwoLedgers.with { bench in
            for query in [
                "format('plain')", "format('%s', 'a')", "format('%s-%I', 'a', 'B c')",
                "format('%L', NULL)", "format('%s', NULL)", "format(NULL, 'a')",
                "format('100%%')", "format('%2$s %1$s', 'a', 'b')", "format('%-5s|', 'ab')",
                "format('%s%s%s%s%s%s%s%s', '1', '2', '3', '4', '5', '6', '7', '8')",
                "format('%s * %s', 'a'::name, 'b'::varchar)",
            ] {
                let own = try await bench.ask("SELECT \(query)")
                let builtIn = try await bench.admin.session {
                    try $0.query("SELECT \(query)").rows
                }
                #expect(own.rows == builtIn, "\(query)")
            }
            for query in [
                "format('%1000s', 'x')", "format('%-1000000000s', 'x')", "format('%*s', '9', 'x')",
                "format('%1$*2$s', 'x', '9')", "format('%0000000999999s', 'x')",
                "format(repeat('%1$s', 1000), repeat('y', 1000000))",
                "format(repeat('%999s', 200000), 'x')",
            ] {
                let refusal = try await bench.refusal("SELECT length(\(query))")
                #expect(refusal?.sqlState == "54000", "\(query): \(refusal.words)")
            }
        }
    }

    @Test("they do where the installer is no superuser, who is told what stays open")
    func withoutSuperuser() async throws {
        try await Self.withoutSuperuser { configuration, admin in
            let service = Pool(
                configuration.loggedIn(as: "tally_service", password: nil), size: 2)
            let ledger = try await LedgerDirectory(pool: service).create("ours")
            try await Self.withLogin(
                in: AuditLoginDirectory(pool: service), of: ledger, on: configuration
            ) { login in
                // The ledger is empty, and so is what asks for events.
                for question in ClientQuery.all {
                    let answer = await Self.ask(question, as: login)
                    #expect(answer == .rows || answer == .empty, "\(question.client): \(answer)")
                }
            }
            func exposed(_ condition: String) async throws -> String? {
                try await admin.session { session in
                    try session.query(
                        "SELECT count(*) > 0 FROM tally.audit_exposed() AS name WHERE \(condition)"
                    ).rows[0][0]
                }
            }
            #expect(try await exposed("name LIKE 'strpos(%'") == "t")
            #expect(try await exposed("name LIKE 'language %'") == "t")
            let own = try await Connection.open(configuration)
            #expect(try await Self.revoke(by: own) == "f", "it says that it could not")
            await own.close()
            let superuser = try await admin.session { session in
                try session.query("SELECT tally.revoke_forbidden()").rows[0][0]
            }
            #expect(superuser == "t")
            #expect(try await exposed("true") == "f", "languages too")
            await service.close()
        }
    }

    @Test("who owns a language closes it, whoever owns the functions")
    func ownedLanguage() async throws {
        try await Self.withoutSuperuser { configuration, admin in
            _ = try await admin.session {
                try $0.execute("ALTER LANGUAGE plpgsql OWNER TO \(Self.installer)")
            }
            let own = try await Connection.open(configuration)
            #expect(try await Self.revoke(by: own) == "f", "functions stay open")
            await own.close()
            let open = try await admin.session { session in
                try session.query(
                    "SELECT name FROM tally.audit_exposed() AS name WHERE name ~ '^language [a-z]+$'"
                ).rows
            }
            #expect(open == [["language sql"]])
        }
    }

    // MARK: Asking

    private enum Outcome: Equatable {
        case rows
        case empty
        case refused(String?)
    }

    private static func ask(_ question: ClientQuery, as login: Connection) async -> Outcome {
        do {
            let rows = try await login.session { session in
                try session.query(question.sql, rowsMax: 1_000_000).rows
            }
            return rows.isEmpty ? .empty : .rows
        } catch {
            return .refused((error as? PostgresError)?.sqlState)
        }
    }

    private static func revoke(by connection: Connection) async throws -> String? {
        try await connection.session { session in
            try session.query("SELECT tally.revoke_forbidden()").rows[0][0]
        }
    }

    /// Lends a session of a new login, whose role goes away with the server.
    private static func withLogin(
        in directory: AuditLoginDirectory, of ledger: LedgerID,
        on configuration: PostgresConfiguration, _ body: (Connection) async throws -> Void
    ) async throws {
        let name = "client-\(uniqueID())".lowercased().filter { $0 != "-" }
        let role = try await directory.create(
            name, of: .ledger(ledger), password: "a password of a test")
        let login = try await Connection.open(configuration.loggedIn(as: role, password: nil))
        try await body(login)
        await login.close()
    }

    // MARK: Without a superuser

    /// Made once; the server goes away with the tests.
    private static let installer = "tally_installer"

    /// A database whose owner migrated it and may make roles, but is no superuser; and a pool of
    /// somebody who is.
    private static func withoutSuperuser(
        _ body: (PostgresConfiguration, Pool) async throws -> Void
    ) async throws {
        // The roles that it makes are there already, as after an earlier installation.
        _ = try await LedgerDatabase.withScratch { database in
            _ = try await database.execute(
                """
                DO $$ BEGIN
                    PERFORM pg_advisory_xact_lock(35);
                    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '\(installer)') THEN
                        CREATE ROLE \(installer) LOGIN CREATEROLE;
                        GRANT tally_owner, tally_service, tally_functions TO \(installer)
                            WITH ADMIN OPTION;
                    END IF;
                END $$
                """)
        }
        try await TestServer.shared().withScratchDatabase { configuration in
            let admin = Pool(configuration, size: 2)
            _ = try await admin.session { session in
                let name = try session.query("SELECT current_database()").rows[0][0] ?? ""
                try session.execute("ALTER DATABASE \(name) OWNER TO \(installer)")
            }
            let own = configuration.loggedIn(as: installer, password: nil)
            let connection = try await Connection.open(own)
            _ = try await ledgerSchema.migrate(on: connection)
            await connection.close()
            try await body(own, admin)
            await admin.close()
        }
    }
}
