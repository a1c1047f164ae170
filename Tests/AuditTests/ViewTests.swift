import Audit
import EventStore
import LedgerModel
import Postgres
import StoreTesting
import Testing

@Suite("Audit views", .timeLimit(.minutes(3)))
struct ViewTests {
    @Test("every view and every column has a comment, and every view is a security barrier")
    func comments() async throws {
        try await TwoLedgers.with { bench in
            let bare = try await bench.ask(
                """
                SELECT views.relname, columns.attname
                FROM pg_class AS views JOIN pg_attribute AS columns ON attrelid = views.oid
                WHERE relnamespace = 'audit'::regnamespace AND attnum > 0
                    AND (col_description(views.oid, attnum) IS NULL
                        OR obj_description(views.oid, 'pg_class') IS NULL)
                """)
            #expect(bare.rows == [])
            let open = try await bench.ask(
                """
                SELECT relname FROM pg_class WHERE relnamespace = 'audit'::regnamespace
                    AND (relkind <> 'v' OR reloptions IS NULL
                        OR NOT reloptions @> '{security_barrier=true}')
                """)
            #expect(open.rows == [])
        }
    }

    @Test("every role reads every column of every view")
    func everyColumn() async throws {
        try await TwoLedgers.with { bench in
            let columns = try await bench.ask(
                """
                SELECT attrelid::regclass, quote_ident(attname)
                FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
                WHERE relkind = 'v' AND relnamespace = 'audit'::regnamespace AND attnum > 0
                ORDER BY 1, 2
                """)
            #expect(columns.rows.count > 300)
            // A book that has applied since always has no start.
            let time = Timestamp(year: 2026, month: 11, day: 1)
            var published = Event(
                id: EventID(at: time, entropy: (1, 1)), kind: .pricesPublished, occurredAt: time)
            published.detail = try Labels([(key: "effective_from", value: Name(""))])
            var batch = EntryBatch(for: bench.ours)
            var encoder = EntryEncoder()
            try batch.add(published, using: &encoder)
            let ledger = PostgresLedger(id: bench.ours, pool: bench.pool, makeBatchID: uniqueID)
            _ = try await ledger.append(batch)
            await ledger.close()
            let login = try await AuditLoginDirectory(pool: bench.pool).create(
                "bi-\(uniqueID())".lowercased(), of: .ledger(bench.ours),
                password: "a password of a test")
            let reader = try await Connection.open(
                bench.configuration.loggedIn(as: login, password: nil))
            for row in columns.rows {
                let query = "SELECT \(row[1] ?? "") FROM \(row[0] ?? "")"
                #expect(try await bench.refusal(query) == nil, "\(query)")
                _ = try await reader.session { try $0.query(query) }
            }
            await reader.close()
            // A role for all ledgers sees more rows through the same views.
            let views = Set(columns.rows.compactMap { $0[0] })
            for view in views {
                _ = try await bench.queries.run("SELECT * FROM \(view)", as: .allLedgers)
            }
            _ = try await bench.admin.session { session in
                try session.execute("DROP OWNED BY \"\(login)\"; DROP ROLE \"\(login)\"")
            }
        }
    }

    @Test("a view reads on past a text that jsonb cannot hold")
    func poison() async throws {
        try await TwoLedgers.with { bench in
            _ = try await bench.admin.session { session in
                try session.execute(
                    #"""
                    UPDATE tally.events SET kind = 112, labels = '{"a":"x\u0000y"}',
                        detail = '{"reason":"x\u0000"}' WHERE position = 1;
                    UPDATE tally.events SET labels = '{"a":"x\\u0000y"}' WHERE position = 2
                    """#)
            }
            let read = try await bench.ask(
                #"""
                SELECT labels IS NULL, labels ->> 'a' = 'x\u0000y' FROM audit.events
                WHERE position <= 2 ORDER BY position
                """#)
            #expect(read.rows == [["t", nil], ["f", "t"]])
            let experiments = try await bench.ask("SELECT kind, reason FROM audit.experiments")
            #expect(experiments.rows == [["experiment.stopped", nil]])
        }
    }

    @Test("requests and charges agree with the events and with the read models")
    func agreement() async throws {
        try await TwoLedgers.with { bench in
            let sums = try await bench.ask(
                """
                SELECT (SELECT sum(cost_pico) FROM audit.events),
                    (SELECT sum(cost_pico) FROM audit.requests),
                    (SELECT sum(cost_pico) FROM audit.charges),
                    (SELECT sum(cost_pico) FROM audit.spend_hourly),
                    (SELECT sum(cost_pico) FROM audit.spend_daily),
                    (SELECT sum(cost_pico) FROM audit.providers_daily),
                    (SELECT sum(cost_pico) FROM audit.usage_daily),
                    (SELECT sum(cost_usd) * 1000000000000 FROM audit.requests)::numeric(30, 0),
                    (SELECT max(charged_pico) FROM audit.blocks)
                """)
            let row = try #require(sums.rows.first)
            #expect(Set(row).count == 1, "\(row)")
            let states = try await bench.ask(
                """
                SELECT count(*) FILTER (WHERE price_state = 'unpriced'),
                    (SELECT sum(requests) FROM audit.unpriced),
                    (SELECT sum(unpriced_requests) FROM audit.spend_daily),
                    (SELECT sum(unpriced_requests) FROM audit.providers_daily)
                FROM audit.requests
                """)
            let state = try #require(states.rows.first)
            #expect(Set(state.map { $0 ?? "0" }).count == 1, "\(state)")
            for view in ["spend_hourly", "spend_daily", "providers_daily", "usage_daily"] {
                let zeros = try await bench.ask(
                    """
                    SELECT count(*) FROM audit.\(view) WHERE cost_usd = 0 AND unpriced_requests > 0
                        OR cost_usd IS NULL AND unpriced_requests = 0
                        OR (cost_usd IS NULL) <> (cost_pico IS NULL)
                    """)
                #expect(zeros.rows == [["0"]], "\(view): unknown is never zero")
            }
            let tokens = try await bench.ask(
                """
                SELECT (SELECT sum(input_tokens) FROM audit.requests),
                    (SELECT sum(input_tokens) FROM audit.spend_daily),
                    (SELECT count(*) FROM audit.requests WHERE "user" IS NULL)
                        = (SELECT sum(requests) FROM audit.usage_daily WHERE "user" IS NULL),
                    (SELECT bool_and(jsonb_typeof(labels) = 'object') FROM audit.requests
                        WHERE labels IS NOT NULL)
                """)
            let token = try #require(tokens.rows.first)
            #expect(token[0] == token[1] && token[3] == "t", "\(token)")
        }
    }

    @Test("a filter on occurred_at leaves out the months that it excludes")
    func pruning() async throws {
        try await TwoLedgers.with { bench in
            for month in 1...9 {
                _ = try await bench.admin.session {
                    try $0.execute("SELECT tally.ensure_month('2026-0\(month)-01')")
                }
            }
            for view in ["events", "requests", "charges", "cache_events", "batches"] {
                let plan = try await bench.admin.session { session in
                    try session.query(
                        """
                        EXPLAIN SELECT count(*) FROM audit.\(view)
                        WHERE occurred_at >= '2026-05-10' AND occurred_at < '2026-05-20'
                        """
                    ).rows.map { $0[0] ?? "" }.joined(separator: "\n")
                }
                #expect(plan.contains("events_2026_05"), "\(view)")
                #expect(!plan.contains("events_2026_03"), "\(view): \(plan)")
                #expect(!plan.contains("events_2026_07"), "\(view): \(plan)")
            }
        }
    }

    @Test("kinds have the names of the events")
    func kinds() async throws {
        try await TwoLedgers.with { bench in
            let found = try await bench.ask("SELECT DISTINCT kind FROM audit.events ORDER BY 1")
            #expect(found.rows == [["charge.rated"], ["request.completed"], ["request.failed"]])
        }
    }
}
