import Audit
import Postgres
import StoreTesting
import Testing

@Suite("Audit queries", .timeLimit(.minutes(3)))
struct AuditQueryTests {
    @Test("a result has named and typed columns and rows of text")
    func result() async throws {
        try await TwoLedgers.with { bench in
            let result = try await bench.ask(
                "SELECT 1 AS a, 0.50::numeric AS b, NULL::text AS c, '2026-11-23'::date AS d -- so")
            #expect(
                result.columns.map { "\($0.name) \($0.type)" } == [
                    "a int4", "b numeric", "c text", "d date",
                ])
            #expect(result.rows == [["1", "0.50", nil, "2026-11-23"]])
            #expect(!result.isTruncated)
            let empty = try await bench.ask("SELECT 1 AS a WHERE false")
            #expect(empty.columns.count == 1 && empty.rows.isEmpty)
            #expect(try await bench.ask("VALUES (1), (2);").rows == [["1"], ["2"]])
            #expect(try await bench.ask("SELECT count(*) FROM events").rows == [["40"]])
        }
    }

    @Test("results are truncated at the limit of rows and of bytes, and say so")
    func limits() async throws {
        try await TwoLedgers.with { bench in
            var limits = AuditLimits()
            limits.rows = 100
            let query = "SELECT generate_series(1, 100000000)"
            let cut = try await bench.ask(query, limits: limits)
            #expect(cut.rows.count == 100 && cut.isTruncated)
            #expect(cut.rows.last == ["100"])
            let exact = try await bench.ask("SELECT * FROM generate_series(1, 100)", limits: limits)
            #expect(exact.rows.count == 100 && !exact.isTruncated)
            limits.rows = 1_000_000
            limits.bytes = 1 << 20
            let heavy = try await bench.ask(
                "SELECT repeat('x', 100000) FROM generate_series(1, 100000)", limits: limits)
            #expect(heavy.rows.count == 10 && heavy.isTruncated)
            let many = try await bench.ask(
                "SELECT a FROM generate_series(1, 30000) AS a", limits: limits)
            #expect(many.rows.count == 30_000 && !many.isTruncated)
            let columns = (1...100).map { "NULL AS a_long_name_\($0)" }
            let wide = try await bench.ask(
                "SELECT \(columns.joined(separator: ", ")) FROM generate_series(1, 30000)",
                limits: limits)
            #expect((400...600).contains(wide.rows.count) && wide.isTruncated)
        }
    }

    @Test("an error is one sentence with the place in the query")
    func errors() async throws {
        try await TwoLedgers.with { bench in
            guard
                case .query(let message, let state, let position) = try await bench.refusal(
                    "SELECT nonsense FROM audit.events")
            else {
                Issue.record("it was not refused")
                return
            }
            #expect(message == "column \"nonsense\" does not exist")
            #expect(state == "42703" && position == 8)
            let near = try await bench.refusal("SELECT modle FROM audit.requests")
            #expect(near.words.hasPrefix("column \"modle\" does not exist: did you mean "))
            #expect(near.words.contains("requests.model? (at character 8)"), "\(near.words)")
            let table = try await bench.refusal("SELECT * FROM audit.everything")
            #expect(
                table.words
                    == "relation \"audit.everything\" does not exist; a query may only read views "
                    + "in the audit schema and call plain functions (at character 15) "
                    + "[SQLSTATE 42P01]")
            let long = try await bench.refusal(String(repeating: " ", count: 70_000) + "SELECT 1")
            #expect(long.words.contains("the limit is 65536"))
        }
    }

    @Test("an error of the consumer stops the query and is thrown as it is")
    func consumer() async throws {
        struct Enough: Error {}
        try await TwoLedgers.with { bench in
            await #expect(throws: Enough.self) {
                try await bench.queries.run(
                    "SELECT * FROM generate_series(1, 1000000)", as: .ledger(bench.ours)
                ) { piece in
                    if case .rows = piece { throw Enough() }
                }
            }
        }
    }

    @Test("a role that was dropped or has another password is repaired")
    func mending() async throws {
        try await TwoLedgers.with { bench in
            _ = try await bench.ask("SELECT 1")
            let role = try await bench.admin.session { session in
                try session.query("SELECT role_name FROM tally.audit_roles").rows[0][0] ?? ""
            }
            _ = try await bench.admin.session { session in
                try session.execute("DROP OWNED BY \(role); DROP ROLE \(role)")
            }
            #expect(try await bench.ask("SELECT count(*) FROM audit.blocks").rows == [["1"]])
            let settings = try await bench.ask(
                """
                SELECT session_user = '\(role)', current_setting('transaction_read_only'),
                    (SELECT count(*) FROM pg_auth_members JOIN pg_roles ON oid = member
                        WHERE rolname = session_user)
                """)
            #expect(settings.rows == [["t", "on", "0"]])
            _ = try await bench.admin.session { session in
                try session.execute("GRANT tally_owner TO \(role); ALTER ROLE \(role) NOLOGIN")
            }
            guard case nil = try? await bench.ask("SELECT 1") else {
                Issue.record("a role with rights was accepted")
                return
            }
            _ = try await bench.admin.session { try $0.execute("REVOKE tally_owner FROM \(role)") }
            #expect(try await bench.ask("SELECT 1").rows == [["1"]])
        }
    }

    @Test("the server is told verifiers of passwords, never passwords")
    func verifiers() async throws {
        try await TwoLedgers.with { bench in
            _ = try await bench.ask("SELECT 1")
            let name = "v\(uniqueID())"
            let logins = AuditLoginDirectory(pool: bench.pool)
            let role = try await logins.create(
                name, of: .allLedgers, password: "a password of a test")
            func stored() async throws -> [[String?]] {
                try await bench.admin.session { session in
                    try session.query(
                        """
                        SELECT rolname, rolpassword FROM pg_authid
                        WHERE rolname IN (SELECT role_name FROM tally.audit_roles)
                        """
                    ).rows
                }
            }
            let before = try await stored()
            #expect(before.count == 2)
            #expect(before.allSatisfy { $0[1]?.hasPrefix("SCRAM-SHA-256$") == true })
            _ = try await logins.rotate(name, password: "another password of a test")
            let after = try await stored()
            #expect(Set(before).subtracting(after).map { $0[0] } == [role])
            let service = try await bench.admin.session { session in
                try session.query(
                    """
                    SELECT verifier = rolpassword, password LIKE 'secret-of-a-test-%'
                    FROM tally.audit_roles JOIN pg_authid ON rolname = role_name WHERE login IS NULL
                    """
                ).rows
            }
            #expect(service == [["t", "t"]])
            try await logins.revoke(name)
        }
    }
}
