import Audit
import EventStore
import LedgerModel
import LedgerTesting
import Postgres
import PostgresTesting
import StoreTesting
import Testing

/// Statements that ran for minutes deaf to every cancel, or took gigabytes, and their kind.
@Suite("Hostile audit queries", .timeLimit(.minutes(3)))
struct HostileTests {
    /// Those of the issue, and what else takes time that grows with the product of two sizes.
    static let deaf = [
        "SELECT length(translate(repeat('a', 10000000), repeat('b', 10000000), ''))",
        "SELECT length(translate(repeat('a', 1000000), repeat('b', 1000000), ''))",
        "SELECT strpos(repeat('a', 1000000), 'b' || repeat('a', 500000))",
        "SELECT position('b' || repeat('a', 500000) IN repeat('a', 1000000))",
        "SELECT replace(repeat('a', 1000000), 'b' || repeat('a', 500000), '')",
        "SELECT split_part(repeat('a', 1000000), 'b' || repeat('a', 500000), 1)",
        "SELECT string_to_array(repeat('a', 1000000), 'b' || repeat('a', 500000))",
        "SELECT string_to_table(repeat('a', 1000000), 'b' || repeat('a', 500000))",
        "SELECT btrim(repeat('a', 1000000), repeat('b', 1000000) || 'a')",
        "SELECT trim(BOTH repeat('b', 1000000) || 'a' FROM repeat('a', 1000000))",
        "SELECT repeat('a', 1000000) LIKE '%' || repeat('a', 30000) || 'b%'",
        "SELECT repeat('a', 1000000) NOT ILIKE '%' || repeat('a', 30000) || 'b%'",
        "SELECT repeat('a', 1000000) OPERATOR(pg_catalog.~~) '%ab%'",
        "SELECT ARRAY(SELECT generate_series(1, 100000)) && ARRAY(SELECT -generate_series(1, 100000))",
        "SELECT ARRAY(SELECT generate_series(1, 100000)) @> ARRAY(SELECT generate_series(1, 100000))",
        """
        SELECT (SELECT jsonb_agg(g) FROM generate_series(1, 100000) AS g)
            @> (SELECT jsonb_agg(g) FROM generate_series(1, 100000) AS g)
        """,
        "SELECT '{}'::jsonb ?| ARRAY(SELECT g::text FROM generate_series(1, 100000) AS g)",
        "SELECT jsonb_agg(g) - ARRAY(SELECT generate_series(1, 9)::text) FROM generate_series(1, 9) AS g",
        "SELECT xpath_exists('//a', '<a/>')", "SELECT xpath('//a', '<a/>')",
        "SELECT '<a/>'::text::xml", "SELECT format('%1000000000s', 'x')",
        "SELECT normalize(repeat(U&'\\0316\\0300', 100000))",
        "SELECT array_fill(1, ARRAY[100000000])", "SELECT factorial(30000)",
        "SELECT repeat('x', 100000000)", "SELECT lpad('x', 100000000)",
        "SELECT rpad('x', 100000000, 'y')", "SELECT pg_catalog.repeat('x', 1)",
        "SELECT array_agg(repeat('x', 100000000) || g) FROM generate_series(1, 30) AS g",
        "SELECT to_tsvector(repeat('a ', 1000))", "SELECT polygon(1000000, '<(0,0),1>'::circle)",
        "SELECT count(*) FROM pg_stat_activity",
    ]

    @Test("what cannot be stopped is refused before it begins", arguments: deaf)
    func refused(query: String) async throws {
        try await TwoLedgers.with { bench in
            let refusal = try await bench.refusal(query)
            // Not allowed, too much, or no such function; never a time-out.
            #expect(["42501", "54000"].contains(refusal?.sqlState), "\(refusal.words)")
        }
    }

    @Test("what grows slowly is stopped at its time limit")
    func stopped() async throws {
        try await TwoLedgers.with { bench in
            var limits = AuditLimits()
            limits.time = .milliseconds(300)
            for query in [
                "SELECT repeat('a', 60000) ~ ('(' || repeat('a?', 1000) || ')b')",
                """
                WITH RECURSIVE r (t, n) AS (
                    SELECT 'aaaaaaaa', 0 UNION ALL SELECT t || t, n + 1 FROM r WHERE n < 22)
                SELECT max(length(md5(upper(a.t)))) FROM r AS a, r AS b
                """,
                """
                SELECT count(*) FROM generate_series(1, 100000) AS a, generate_series(1, 100000) AS b
                WHERE a::text LIKE '%' || b::text || '%'
                """,
            ] {
                let refusal = try await bench.refusal(query, limits: limits)
                guard case .tookTooLong = refusal else {
                    Issue.record("\(query): \(refusal.words)")
                    continue
                }
            }
            try await eventually("their sessions have ended") {
                try await bench.sessions() == 0
            }
        }
    }

    @Test("a ledger is appended to while another's queries are refused and stopped")
    func besideIngest() async throws {
        try await TestLedger.with("ours") { fixture in
            let queries = AuditQueries(server: fixture.database.configuration, pool: fixture.pool) {
                "secret-of-a-test-\(uniqueID())"
            }
            let theirs = try await fixture.anotherLedger("theirs")
            var limits = AuditLimits()
            limits.time = .milliseconds(200)
            let (brief, id) = (limits, theirs.id)
            let attack = Task {
                while !Task.isCancelled {
                    await withDiscardingTaskGroup { group in
                        for query in Self.deaf {
                            group.addTask {
                                _ = try? await queries.run(query, as: .ledger(id), limits: brief)
                            }
                        }
                    }
                }
            }
            var random = RandomEvents(seed: 7)
            for _ in 0..<200 {
                let request = random.request()
                try await fixture.append([(request, random.charge(for: request))])
            }
            attack.cancel()
            await attack.value
            #expect(try await fixture.text("SELECT count(*) FROM tally.events") == [["400"]])
            await theirs.close()
        }
    }

    @Test("a stand-in answers as the built-in function that it stands in for")
    func standIns() async throws {
        try await TwoLedgers.with { bench in
            for (query, expected) in [
                ("repeat('ab', 3)", "ababab"), ("repeat('ab', -1)", ""),
                ("lpad('7', 3, '0')", "007"),
                ("rpad('7', 3)", "7  "), ("lpad('abc', 2)", "ab"), ("strpos('abc', 'c')", "3"),
                ("replace('aaa', 'a', 'bb')", "bbbbbb"), ("translate('abc', 'ab', 'x')", "xc"),
                ("split_part('a/b', '/', -1)", "b"), ("btrim('xax', 'x')", "a"),
                ("ltrim('xax', 'x')", "ax"), ("rtrim('xax', 'x')", "xa"), ("trim('  a ')", "a"),
                ("string_to_array('a,b', ',')", "{a,b}"), ("string_to_array('ab', NULL)", "{a,b}"),
                ("string_to_array(NULL, ',')", nil), ("'abc' LIKE 'a%'", "t"),
                ("'abc' NOT LIKE 'a%'", "f"), ("'ABC' ILIKE 'a_c'", "t"),
                ("'abc' NOT ILIKE 'B%'", "t"), ("'a%' LIKE 'a!%' ESCAPE '!'", "t"),
                ("NULL LIKE 'a'", nil), ("'abc'::varchar LIKE '%c'", "t"),
                ("ARRAY[1, 2] && ARRAY[2]", "t"), ("ARRAY[1, 2] @> ARRAY[3]", "f"),
                ("ARRAY['a'] <@ ARRAY['a', 'b']", "t"), (#"'{"a":1}'::jsonb @> '{"a":1}'"#, "t"),
                (#"'{"a":1}' <@ '{"a":1,"b":2}'::jsonb"#, "t"),
                ("'a' LIKE ANY (ARRAY['b', 'a'])", "t"),
            ] as [(String, String?)] {
                let own = try await bench.ask("SELECT (\(query))::text")
                #expect(
                    own.rows == [[expected.map { ["t": "true", "f": "false"][$0] ?? $0 }]],
                    "\(query)")
                let builtIn = try await bench.admin.session {
                    try $0.query("SELECT (\(query))::text").rows
                }
                #expect(own.rows == builtIn, "\(query)")
            }
        }
    }

    @Test("everybody may call what is allowed, and nothing else that is built in")
    func allowed() async throws {
        try await TwoLedgers.with { bench in
            let open = try await bench.admin.session { session in
                try session.query(
                    """
                    SELECT count(*) FILTER (WHERE allowed IS NULL),
                        count(*) FILTER (WHERE allowed IS NOT NULL) = (
                            SELECT count(*) FROM tally.audit_allowed())
                    FROM pg_proc LEFT JOIN tally.audit_allowed() AS allowed ON allowed = pg_proc.oid
                    WHERE pronamespace = 'pg_catalog'::regnamespace
                        AND NOT 'internal'::regtype = ANY (proargtypes::oid[])
                        AND has_function_privilege('tally_service', pg_proc.oid, 'EXECUTE')
                        AND EXISTS (
                            SELECT FROM aclexplode(coalesce(proacl, acldefault('f', proowner)))
                            WHERE grantee = 0)
                    """
                ).rows
            }
            #expect(open == [["0", "t"]])
            let service = try await bench.pool.session { session in
                try session.query("SELECT pg_catalog.repeat('ab', 2), format('%s', 1)").rows
            }
            #expect(service == [["abab", "1"]])
            // A function that a newer PostgreSQL brings is open, is listed, and can be revoked.
            try await bench.openBuiltIns()
            #expect(
                try await bench.queries.exposures() == [
                    "repeat(text,integer)", "strpos(text,text)",
                ])
            _ = try await bench.admin.session { try $0.query("SELECT tally.revoke_forbidden()") }
            #expect(try await bench.queries.exposures() == [])
        }
    }
}
