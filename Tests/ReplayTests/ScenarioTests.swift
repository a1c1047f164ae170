import Access
import Audit
import EventStore
import LedgerModel
import LedgerSQL
import LedgerTesting
import Postgres
import Pricing
import Rendering
import Replay
import Runs
import StoreTesting
import Testing

@Suite("Scenarios", .timeLimit(.minutes(2)))
struct ScenarioTests {
    /// A ledger with a history, the service's own rights, and the queries that auditors use.
    private struct ReplayedLedger {
        let fixture: TestLedger
        let queries: AuditQueries
        let other: LedgerID

        static func run(_ body: (ReplayedLedger) async throws -> Void) async throws {
            try await TestLedger.with("replayed") { fixture in
                var random = RandomEvents(seed: testSeed())
                try await fixture.append(
                    (0..<400).map { _ in random.request() }, under: try Books.first())
                let other = try await LedgerDirectory(pool: fixture.pool).create("theirs")
                let queries = AuditQueries(
                    server: fixture.database.configuration, pool: fixture.pool
                ) { "secret-of-a-test-\(uniqueID())" }
                try await body(ReplayedLedger(fixture: fixture, queries: queries, other: other))
            }
        }

        var pool: Pool { fixture.pool }
        var ours: LedgerID { fixture.ledger.id }

        /// Replays under the second book and keeps the result.
        @discardableResult
        func keep(
            _ name: String, of ledger: LedgerID? = nil, replaces: Bool = false,
            by groupings: [Grouping] = [.model, .day]
        ) async throws -> ReplayReport {
            let book = try Books.second()
            try await fixture.keep(book)
            var order = ReplayOrder(
                ReplayRequest(prices: .book(book), groupedBy: groupings))
            order.scenario = try ScenarioName(name)
            order.replaces = replaces
            let reports = Reports()
            let runs = LongRuns(
                pool: pool, instance: uniqueID(),
                kinds: [
                    .priceReplay(
                        pool: pool, render: { Replayed($0, rowsMax: $1).json },
                        onReport: { reports.add($0) })
                ])
            _ = try await runs.runHere(
                RunKind.priceReplayName, order.text, in: ledger ?? ours, id: uniqueID(),
                scope: .admin)
            return try #require(reports.last)
        }

        func ask(_ query: String, as ledger: LedgerID? = nil) async throws -> [[String?]] {
            try await queries.run(query, as: .ledger(ledger ?? ours)).rows
        }
    }

    @Test("a scenario is queried by its name, with every group, sum and assumption")
    func queries() async throws {
        try await ReplayedLedger.run { bench in
            let report = try await bench.keep("cheaper")
            let sums = try await bench.ask(
                """
                SELECT count(*), sum(recorded_pico), sum(replayed_pico), sum(requests),
                    bool_and(difference_usd IS NOT NULL = (unpriced_recorded + unpriced_replayed = 0)
                        AND coalesce(difference_usd * 1000000000000, 0)
                            = CASE WHEN difference_usd IS NULL THEN 0
                                ELSE replayed_pico - recorded_pico END),
                    count(day), count(month), bool_and(day BETWEEN '2015-01-01' AND '2030-01-01')
                FROM scenario.cheaper_prices
                """)
            #expect(
                sums == [
                    [
                        "\(report.rows.count)", "\(report.total.recorded.amount)",
                        "\(report.total.replayed.amount)", "\(report.total.requests)", "t",
                        "\(report.rows.count)", "0", "t",
                    ]
                ])
            let summary = try await bench.ask(
                """
                SELECT ledger, scenario, kind, prices, grouped_by, position, requests,
                    recorded_pico, detail -> 'unpriced' -> 0 ->> 'reason' IS NOT NULL,
                    (difference_usd * 1000000000000)::numeric(40, 0)
                FROM scenario.cheaper_summary
                """)
            #expect(
                summary == [
                    [
                        "replayed", "cheaper", "prices", "price book \"second\"", "{model,day}",
                        "\(report.position)", "\(report.total.requests)",
                        "\(report.total.recorded.amount)", "t",
                        "\(try #require(report.total.difference).amount)",
                    ]
                ])
            let bare = try await bench.ask(
                """
                SELECT views.relname, columns.attname
                FROM pg_class AS views JOIN pg_attribute AS columns ON attrelid = views.oid
                WHERE relnamespace = 'scenario'::regnamespace AND attnum > 0
                    AND (col_description(views.oid, attnum) IS NULL
                        OR obj_description(views.oid, 'pg_class') IS NULL
                        OR NOT reloptions @> '{security_barrier=true}')
                """)
            #expect(bare == [], "views and columns have comments, and views are barriers")
        }
    }

    @Test("a taken name is refused, or replaced as a whole; a dropped scenario is gone")
    func replacement() async throws {
        try await ReplayedLedger.run { bench in
            try await bench.keep("a")
            await #expect(throws: ScenarioExists.self) { try await bench.keep("a") }
            let report = try await bench.keep("a", replaces: true, by: [.dimension(.user), .month])
            let rows = try await bench.ask(
                "SELECT count(*), count(model), count(month) FROM scenario.a_prices")
            #expect(rows == [["\(report.rows.count)", "0", "\(report.rows.count)"]])
            let scenarios = Scenarios(ledger: bench.ours, pool: bench.pool)
            let listed = try await scenarios.list()
            #expect(listed.map(\.name) == ["a"] && listed[0].rows == Int64(report.rows.count))
            let hours = try await bench.keep("a_prices", by: [.hour])
            #expect(
                try await bench.ask("SELECT count(hour) FROM scenario.a_prices_prices")
                    == [["\(hours.rows.count)"]])
            #expect(try await scenarios.drop(try ScenarioName("a")))
            #expect(try await !scenarios.drop(try ScenarioName("a")))
            await #expect(throws: AuditRefusal.self) {
                try await bench.ask("SELECT * FROM scenario.a_prices")
            }
            #expect(
                try await bench.ask("SELECT count(*) FROM scenario.a_prices_summary") == [["1"]])
        }
    }

    @Test("ledgers that use the same name share its views and see only their own rows")
    func isolation() async throws {
        try await ReplayedLedger.run { bench in
            try await bench.keep("shared", by: [.app])
            #expect(
                try await bench.ask("SELECT * FROM scenario.shared_prices", as: bench.other) == [])
            try await bench.keep("shared", of: bench.other)
            for view in ["shared_prices", "shared_summary"] {
                let theirs = try await bench.ask(
                    "SELECT DISTINCT ledger FROM scenario.\(view)", as: bench.other)
                #expect(Set(theirs).isSubset(of: [["theirs"]]))
                let ours = try await bench.ask("SELECT DISTINCT ledger FROM scenario.\(view)")
                #expect(ours == [["replayed"]])
            }
            // A function in a query never sees a row of another ledger.
            for attack in [
                "SELECT * FROM scenario.shared_prices WHERE app::integer > 0",
                "SELECT * FROM scenario.shared_summary WHERE prices::integer > 0",
            ] {
                do {
                    let rows = try await bench.ask(attack, as: bench.other)
                    #expect(rows.isEmpty, "no row of ours was there to fail on")
                } catch let refusal as AuditRefusal {
                    #expect(!"\(refusal)".contains("x-"), "\(refusal)")
                }
            }
            let all = try await bench.queries.run(
                "SELECT DISTINCT ledger FROM scenario.shared_summary ORDER BY 1", as: .allLedgers)
            #expect(all.rows == [["replayed"], ["theirs"]])
            // Dropped by one ledger, it stays for the other.
            _ = try await Scenarios(ledger: bench.other, pool: bench.pool)
                .drop(try ScenarioName("shared"))
            #expect(
                try await bench.ask("SELECT count(*) > 0 FROM scenario.shared_prices") == [["t"]])
            // Neither the service nor anybody else sees rows through the views.
            let service = try await bench.pool.session {
                try $0.query("SELECT count(*) FROM scenario.shared_prices").rows
            }
            #expect(service == [["0"]])
        }
    }

    static let badNames = [
        "", "A", "a-b", "a b", "a\"", "a\"; DROP TABLE tally.events; --", "a'; SELECT 1; --",
        "a;b", "1a", "_a", "audit.events", "a.b", "é", "ａ", "a\n", "a\0", "a%I", "$view$", "ıa",
        String(repeating: "a", count: 41), String(repeating: "a", count: 64), "e\u{301}",
    ]

    @Test("names that are not plain identifiers are refused, by us and by the database")
    func names() async throws {
        for name in Self.badNames {
            #expect(throws: InvalidScenarioName.self, "\(name)") { try ScenarioName(name) }
        }
        #expect(try ScenarioName(String(repeating: "a", count: 40)).text.count == 40)
        try await ReplayedLedger.run { bench in
            for name in Self.badNames where !name.utf8.contains(0) {
                await #expect(throws: PostgresError.self, "\(name)") {
                    try await bench.pool.session { session in
                        let digits = name.utf8.map { byte in
                            (byte < 16 ? "0" : "") + String(byte, radix: 16)
                        }.joined()
                        _ = try session.query(
                            "SELECT tally.ensure_scenario_views("
                                + "convert_from('\\x\(digits)', 'UTF8'))")
                    }
                }
            }
            // Names with a meaning elsewhere are ordinary names here.
            for name in ["audit", "tally", "pg_catalog", "select", "public", "null"] {
                try await bench.keep(name, by: [])
                #expect(
                    try await bench.ask("SELECT count(*) FROM scenario.\(name)_summary") == [["1"]])
            }
            let made = try await bench.ask(
                """
                SELECT count(*) FROM pg_class WHERE relname LIKE '%\\_summary'
                    AND relnamespace <> 'scenario'::regnamespace
                """)
            #expect(made == [["0"]])
        }
    }

    @Test("an auditor cannot create, change or drop anything here, nor read the tables")
    func auditors() async throws {
        try await ReplayedLedger.run { bench in
            try await bench.keep("mine")
            for attack in [
                "SELECT * FROM tally.scenarios", "SELECT * FROM tally.scenario_prices",
                "SELECT * FROM tally.runs", "SELECT tally.ensure_scenario_views('x')",
                "SELECT tally.drop_scenario(1, 'mine')", "DELETE FROM scenario.mine_prices",
                "WITH gone AS (DELETE FROM scenario.mine_summary RETURNING 1) SELECT * FROM gone",
            ] {
                await #expect(throws: AuditRefusal.self, "\(attack)") {
                    try await bench.ask(attack)
                }
            }
            #expect(try await bench.ask("SELECT count(*) FROM scenario.mine_summary") == [["1"]])
            #expect(try await bench.queries.exposures() == [])
        }
    }

    @Test("a stored order is read back unchanged")
    func orders() throws {
        var request = ReplayRequest(
            prices: .book(try Books.first()), groupedBy: [.hour, .dimension(.user)])
        request.filter.since = Timestamp(year: 2026, month: 1, day: 2)
        request.filter.scope = [.app: "a \"b\" é"]
        request.whatIf = try WhatIfFile.read("a: p/m")
        var order = ReplayOrder(request)
        order.scenario = try ScenarioName("x_1")
        order.replaces = true
        #expect(ReplayOrder(text: order.text) == order)
        request.prices = .schedule(PriceSchedule(try Books.second()))
        #expect(ReplayOrder(text: ReplayOrder(request).text) == ReplayOrder(request))
        request.prices = .recorded
        #expect(ReplayOrder(text: ReplayOrder(request).text) == ReplayOrder(request))
        for text in ["", "{}", "{\"by\":[\"dream\"]}"] { #expect(ReplayOrder(text: text) == nil) }
    }
}
