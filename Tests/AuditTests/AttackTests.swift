import Audit
import Postgres
import StoreTesting
import Testing

/// Every known attempt to get around the audit views.
///
/// All of them fail.
@Suite("Attacks on audit queries", .timeLimit(.minutes(3)))
struct AttackTests {
    static let insufficientPrivilege = "42501"
    static let syntaxError = "42601"
    static let readOnly = "25006"

    static let forbiddenFunctions = [
        "SELECT set_config('role', 'tally_owner', false)",
        "SELECT set_config('session_authorization', 'tally', false)",
        "SELECT set_config('transaction_read_only', 'off', true)",
        "SELECT set_config('statement_timeout', '0', false)",
        "SELECT query_to_xml('SELECT set_config(''role'', ''tally_owner'', false)', true, true, '')",
        "SELECT database_to_xml(true, true, '')",
        "SELECT table_to_xml('audit.events', true, true, '')",
        "SELECT cursor_to_xml('tally_audit', 1, true, true, '')",
        "SELECT ts_stat('SELECT to_tsvector(app) FROM audit.events')",
        "SELECT ts_rewrite('a'::tsquery, 'SELECT ''a''::tsquery, ''b''::tsquery')",
        "SELECT lo_from_bytea(0, 'x')", "SELECT lo_import('/etc/passwd')", "SELECT lo_create(0)",
        "SELECT lo_get(1)", "SELECT pg_advisory_lock(1)", "SELECT pg_advisory_xact_lock(1)",
        "SELECT pg_try_advisory_lock(1)", "SELECT pg_try_advisory_xact_lock_shared(1, 2)",
        "SELECT pg_sleep(60)", "SELECT pg_sleep_for('1 minute')",
        "SELECT pg_sleep_until('infinity')",
        "SELECT pg_notify('a', 'b')", "SELECT pg_logical_emit_message(true, 'a', 'b')",
        "SELECT txid_current()", "SELECT pg_current_xact_id()",
        "SELECT pg_catalog.pg_export_snapshot()",
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity",
        "SELECT pg_cancel_backend(pid) FROM pg_stat_activity",
        "SELECT pg_read_file('/etc/passwd')", "SELECT pg_read_binary_file('PG_VERSION')",
        "SELECT pg_ls_dir('.')", "SELECT pg_stat_file('PG_VERSION')",
        "SELECT * FROM pg_ls_logdir()",
        "SELECT pg_reload_conf()", "SELECT pg_switch_wal()",
        "SELECT current_setting('data_directory')",
        "SELECT pg_create_restore_point('a')", "SELECT * FROM pg_show_all_file_settings()",
    ]

    @Test("functions that change settings, lock, wait, write, signal or read files are refused")
    func functions() async throws {
        try await TwoLedgers.with { bench in
            for attack in Self.forbiddenFunctions {
                let refusal = try await bench.refusal(attack)
                #expect(refusal?.sqlState == Self.insufficientPrivilege, "\(attack)")
                #expect(
                    refusal.words.contains("permission denied")
                        || refusal.words.contains("must be superuser"), "\(attack)")
            }
            #expect(try await bench.queries.exposures() == [])
        }
    }

    @Test("tables, other schemas and secrets of the server cannot be read")
    func tables() async throws {
        try await TwoLedgers.with { bench in
            for attack in [
                "SELECT * FROM tally.events", "TABLE tally.audit_roles",
                "SELECT * FROM tally.api_keys",
                "SELECT * FROM tally.audit_scope",
                "SELECT tally.ensure_audit_role(1, repeat('x', 20))",
                "SELECT nextval('tally.ledgers_ledger_id_seq')", "SELECT * FROM pg_authid",
                "SELECT * FROM pg_shadow", "SELECT * FROM public.schema_migrations",
                "SELECT * FROM pg_largeobject", "SELECT * FROM pg_statistic",
                "SELECT * FROM tally.events_2026_11", "SELECT tally.end_audit_session(1)",
            ] {
                let refusal = try await bench.refusal(attack)
                #expect(refusal?.sqlState == Self.insufficientPrivilege, "\(attack)")
            }
            let passwords = try await bench.ask("SELECT DISTINCT rolpassword FROM pg_roles")
            #expect(passwords.rows == [["********"]])
            let statistics = try await bench.ask(
                "SELECT count(*) FROM pg_stats WHERE schemaname = 'tally'")
            #expect(statistics.rows == [["0"]])
        }
    }

    @Test("anything but one query is refused by the server itself")
    func statements() async throws {
        try await TwoLedgers.with { bench in
            for attack in [
                "SELECT 1; SELECT 2", "SELECT 1; DROP TABLE tally.events",
                "SELECT 1; COMMIT; SET ROLE tally_owner", "SET ROLE tally_owner", "RESET ROLE",
                "SET SESSION AUTHORIZATION tally", "COPY (SELECT 1) TO PROGRAM 'true'",
                "COPY audit.events TO STDOUT", "DO $$ BEGIN NULL; END $$",
                "CREATE TEMP TABLE t (a int)", "CREATE FUNCTION f() RETURNS int RETURN 1",
                "PREPARE TRANSACTION 'x'", "PREPARE p AS SELECT 1", "NOTIFY a", "LISTEN a",
                "LOCK TABLE audit.events", "EXPLAIN ANALYZE SELECT 1",
                "EXPLAIN ANALYZE DELETE FROM audit.events", "INSERT INTO audit.events VALUES (1)",
                "DELETE FROM audit.events", "TRUNCATE tally.events", "COMMIT", "ROLLBACK",
                "CALL f()", "LOAD 'x'", "VACUUM", "SHOW data_directory", "",
            ] {
                let refusal = try await bench.refusal(attack)
                #expect(refusal?.sqlState == Self.syntaxError, "\(attack): \(refusal.words)")
            }
            let into = try await bench.refusal("SELECT 1 AS a INTO t")
            #expect(into?.sqlState == "42P11" || into?.sqlState == "42601")
            for attack in [
                "WITH gone AS (DELETE FROM audit.events RETURNING *) SELECT * FROM gone",
                "SELECT * FROM audit.blocks FOR UPDATE",
            ] {
                #expect(try await bench.refusal(attack) != nil, "\(attack)")
            }
            #expect(try await bench.refusal("SELECT 1\0").words.contains("NUL"))
        }
    }

    @Test("even in a plain session, the login may not write, lock, create tables or run code")
    func loginAlone() async throws {
        try await TwoLedgers.with { bench in
            _ = try await bench.ask("SELECT 1")
            let login = try await bench.admin.session { session in
                try session.query(
                    "SELECT role_name, current_database() FROM tally.audit_roles"
                ).rows[0]
            }
            let server = try await bench.admin.session { session in
                try session.query("SHOW unix_socket_directories").rows[0][0] ?? ""
            }
            let connection = try await Connection.open(
                PostgresConfiguration(
                    url: "host=\(server) port=5432 dbname=\(login[1] ?? "") user=\(login[0] ?? "")")
            )
            for attack in [
                "SET ROLE tally_owner", "SET SESSION AUTHORIZATION tally",
                "SET temp_file_limit = -1",
                "BEGIN READ WRITE; CREATE TABLE public.t (a int)",
                "BEGIN READ WRITE; CREATE TABLE audit.t (a int)",
                "BEGIN READ WRITE; CREATE TEMP TABLE t (a int)",
                "BEGIN READ WRITE; DELETE FROM audit.events",
                "BEGIN READ WRITE; CREATE SCHEMA s", "DO $$ BEGIN NULL; END $$",
                "COPY (SELECT 1) TO PROGRAM 'true'", "COPY (SELECT 1) TO '/etc/x'",
                "BEGIN READ WRITE; PREPARE TRANSACTION 'x'",
                "BEGIN READ WRITE; CREATE FUNCTION audit.f() RETURNS int LANGUAGE sql AS 'SELECT 1'",
                "LOAD 'dblink'", "BEGIN READ WRITE; CREATE EXTENSION dblink",
                "ALTER ROLE CURRENT_USER SUPERUSER", "BEGIN; LOCK TABLE audit.events",
            ] {
                await #expect(throws: PostgresError.self, "\(attack)") {
                    try await connection.session { session in
                        defer { _ = try? session.execute("ROLLBACK") }
                        _ = try session.execute(attack)
                    }
                }
            }
            await connection.close()
        }
    }

    @Test("a function in a query never sees a row of another ledger")
    func leaks() async throws {
        try await TwoLedgers.with { bench in
            for attack in [
                "SELECT * FROM audit.events WHERE app::integer > 0",
                "SELECT * FROM audit.events WHERE ('x' || app)::numeric > 0",
                "SELECT * FROM audit.charges WHERE (app || provider)::date > now()",
                "SELECT * FROM audit.requests WHERE app::uuid IS NULL",
                "SELECT * FROM audit.spend_daily WHERE app::integer > 0",
                "SELECT * FROM audit.usage_daily WHERE \"user\"::integer > 0",
                "SELECT * FROM audit.providers_daily WHERE provider::integer > 0",
                "SELECT 1 FROM audit.events GROUP BY app HAVING app::integer > 0",
            ] {
                let refusal = try await bench.refusal(attack)
                #expect(refusal?.sqlState?.hasPrefix("22") == true, "\(attack)")
                #expect(!refusal.words.contains("secret"), "\(attack)")
            }
            let own = try await bench.ask("SELECT DISTINCT ledger, app FROM audit.events")
            #expect(own.rows == [["ours", "open"]])
            let counted = try await bench.ask(
                "SELECT count(*), count(DISTINCT ledger) FROM audit.requests")
            #expect(counted.rows == [["20", "1"]])
            for view in [
                "events", "requests", "charges", "unpriced", "spend_hourly", "spend_daily",
                "providers_daily", "usage_daily", "blocks",
            ] {
                let ledgers = try await bench.ask("SELECT DISTINCT ledger FROM audit.\(view)")
                #expect(Set(ledgers.rows).isSubset(of: [["ours"]]), "\(view)")
            }
            let all = try await bench.queries.run(
                "SELECT DISTINCT ledger FROM audit.events ORDER BY 1", as: .allLedgers)
            #expect(all.rows == [["ours"], ["theirs"]])
            let service = try await bench.pool.session { session in
                try session.query("SELECT count(*) FROM audit.events").rows
            }
            #expect(service == [["0"]], "who is not an auditor sees nothing here")
        }
    }

    @Test("endless queries are stopped by the watchdog, and their sessions end")
    func endless() async throws {
        try await TwoLedgers.with { bench in
            var limits = AuditLimits()
            limits.time = .milliseconds(300)
            for attack in [
                "SELECT count(*) FROM generate_series(1, 1000000) a, generate_series(1, 1000000) b",
                "WITH RECURSIVE r AS (SELECT 1 AS n UNION ALL SELECT 1 FROM r) SELECT max(n) FROM r",
                "SELECT regexp_replace(repeat('a', 100000), '(a*)*b', '', 'g')"
                    + " FROM generate_series(1, 1000000000)",
            ] {
                let refusal = try await bench.refusal(attack, limits: limits)
                guard case .tookTooLong = refusal else {
                    Issue.record("\(attack): \(refusal.words)")
                    continue
                }
            }
            // A session takes a moment to end.
            let deadline = ContinuousClock.now + .seconds(20)
            var left: [[String?]]
            repeat {
                left = try await bench.admin.session { session in
                    try session.query(
                        """
                        SELECT count(*) FROM pg_stat_activity WHERE usename LIKE 'tally_audit_%'
                            AND datname = current_database()
                        """
                    ).rows
                }
            } while left != [["0"]] && ContinuousClock.now < deadline
            #expect(left == [["0"]])
        }
    }

    @Test("a flood of temporary files is stopped by the server")
    func temporaryFiles() async throws {
        try await TwoLedgers.with { bench in
            _ = try await bench.ask("SELECT 1")
            // The real limit, a gigabyte, would make this a test of the disk.
            let role = try await bench.admin.session { session in
                try session.query("SELECT role_name FROM tally.audit_roles").rows[0][0] ?? ""
            }
            let limit = try await bench.ask("SELECT current_setting('temp_file_limit')")
            #expect(limit.rows == [["1GB"]])
            _ = try await bench.admin.session {
                try $0.execute("ALTER ROLE \(role) SET temp_file_limit = '8MB'")
            }
            let refusal = try await bench.refusal(
                "SELECT * FROM generate_series(1, 100000000) AS a ORDER BY a DESC")
            #expect(refusal?.sqlState == "53400")
            #expect(refusal.words.contains("temp_file_limit"))
        }
    }
}
