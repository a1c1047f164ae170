import Foundation
import LedgerTesting
import Testing

/// Commands and calls are two interfaces to the same results.
@Suite("Commands and calls", .serialized)
struct FaceTests {
    private static let month = ("2026-10-01", "2026-12-01")

    /// A ledger with requests, one of them of a model without a price, and an experiment.
    private func withLedger(_ body: (Place) async throws -> Void) async throws {
        try await withPlace { place in
            let events =
                (0..<30).map { index in
                    EventText("r-\(index)").with("app", "\"app-\(index % 3)\"")
                        .with("occurred_at", "\"2026-11-0\(index % 9 + 1)T12:00:00Z\"")
                } + [
                    EventText("unknown").with("model", "\"no-such-model\"")
                        .with("occurred_at", "\"2026-11-02T12:00:00Z\"")
                ]
            let file = place.dataDirectory + "/events.json"
            try array(events).write(toFile: file, atomically: true, encoding: .utf8)
            #expect(try await place.tally("import", file).exitCode == 0)
            let defined = try await place.tally(
                "experiments", "define", "tone", "--arms", "a=50,b=50", "--metrics", "cost:5%")
            #expect(defined.exitCode == 0, "\(defined.errors)")
            #expect(try await place.tally("ledgers", "create", "other").exitCode == 0)
            let replay = try await place.tally(
                "replay", "prices", "--book", "default", "--scenario", "same")
            #expect(replay.exitCode == 0, "\(replay.errors)")
            try await body(place)
        }
    }

    @Test("--json prints the same bytes as the call answers")
    func sameJSON() async throws {
        try await withLedger { place in
            let key = try await place.tally(
                "keys", "create", "--scope", "read,admin,operator", "--json")
            let secret = try key.json.key.string
            let (since, until) = Self.month
            let period = ["--since", since, "--until", until]
            let range = "from=\(since)&to=\(until)"
            let pairs: [([String], String)] = [
                (["keys", "list"], "keys"), (["ledgers", "list"], "ledgers"),
                (["prices", "list"], "prices"), (["prices", "proposals"], "prices/proposals"),
                (["experiments", "list"], "experiments"),
                (["experiments", "show", "tone"], "experiments/tone"),
                (
                    ["experiments", "assign", "tone", "--unit", "u"],
                    "experiments/tone/assign?unit=u"
                ),
                (["replay", "list"], "scenarios"),
                (["spend", "--by", "app,model"] + period, "spend?by=app,model&\(range)"),
                (
                    ["spend", "--interval", "day", "--only", "app=app-1"] + period,
                    "spend?by=app&app=app-1&interval=day&\(range)"
                ),
                (
                    ["spend", "--by", "app", "--since", "2026-11", "--until", "2026-11"],
                    "spend?by=app&from=2026-11&to=2026-11"
                ),
                (["errors"] + period, "errors?\(range)"),
                (["cache", "--by", "app,tier"] + period, "cache?by=app,tier&\(range)"),
                (["cache", "misses"] + period, "cache/misses?\(range)"),
                (["batches", "--by", "form"] + period, "batches?by=form&\(range)"),
                (["advise"] + period, "answers?\(range)"),
                (["recommend"] + period, "recommendations?\(range)"),
                (
                    ["performance"] + period, "performance?by=provider,model&\(range)"
                ),
                (
                    ["performance", "--by", "app,route", "--interval", "hour"] + period,
                    "performance?by=app,route&interval=hour&\(range)"
                ),
                (["prompt-cache"] + period, "prompt-cache?by=app,model&\(range)"),
                (
                    ["prompt-cache", "--by", "session,day"] + period,
                    "prompt-cache?by=session,day&\(range)"
                ),
            ]
            try await withService(on: place) { service in
                let client = service.client(key: secret)
                for (command, path) in pairs {
                    let run = try await CommandRun.tally(command + ["--json"] + place.arguments)
                    #expect(run.exitCode == 0, "\(command): \(run.errors)")
                    let answer = try await client.get("/api/v1/" + path)
                    #expect(answer.status == 200, "\(path): \(answer.text)")
                    #expect(run.output == answer.text + "\n", "\(command)")
                }
                let november = try await client.get("/api/v1/spend?from=2026-11&to=2026-11").json
                #expect(
                    november.from == "2026-11-01T00:00:00Z" && november.to == "2026-12-01T00:00:00Z"
                )
                let never = try await client.get("/api/v1/spend?from=tuesday")
                #expect(try never.status == 400 && never.failure.message.contains("24h, 7d, 2w"))
                let estimate = try await place.tally(
                    "estimate", "--model", "gpt-4o", "--input-tokens", "1000", "--at", "2026-11-05",
                    "--json")
                let answer = try await client.post(
                    "/api/v1/estimates",
                    #"{"model":"gpt-4o","input_tokens":1000,"at":"2026-11-05"}"#)
                #expect(estimate.output == answer.text + "\n", "\(estimate.errors)")
            }
        }
    }

    @Test("tables show unknown values as a dash, CSV leaves them empty")
    func tables() async throws {
        try await withLedger { place in
            let (since, until) = Self.month
            let spend = try await place.tally(
                "spend", "--by", "model", "--since", since, "--until", until, "--interval", "month")
            #expect(spend.exitCode == 0, "\(spend.errors)")
            let lines = spend.output.split(separator: "\n")
            #expect(lines[0].hasPrefix("model"), "\(spend.output)")
            #expect(lines.contains { $0.hasPrefix("no-such-model") && $0.contains("–") })
            let json = try await place.tally(
                "spend", "--by", "model", "--since", since, "--until", until, "--json")
            #expect(
                json.output.contains(
                    #"{"model":"no-such-model","starts_at":"2026-10-01T00:00:00Z","#
                        + #""cost_usd":null,"requests":1"#), "\(json.output)")
            let elsewhere = try await place.tally(
                "replay", "prices", "--to", "openai/gpt-4o-mini", "--by", "model")
            #expect(
                elsewhere.output.contains(
                    "for those with a price on both sides; left out: 1 without one"), "\(elsewhere)"
            )
            let csv = try await place.tally(
                "spend", "--by", "model", "--since", since, "--until", until, "--csv")
            #expect(csv.output.hasPrefix("model,starts_at,cost_usd,"), "\(csv.output)")
            #expect(!csv.output.contains("–"))
            let query = "SELECT NULL::numeric AS cost_usd, 1234567 AS requests"
            let rows = try await place.tally("sql", query)
            #expect(rows.output.contains("–") && rows.output.contains("(1 row)"), "\(rows)")
            #expect(
                try await place.tally("sql", query, "--csv").output
                    == "cost_usd,requests\n,1234567\n")
            let status = try await place.tally("status")
            #expect(
                status.output.contains(/All \d+ subscriptions are within a minute/), "\(status)")
        }
    }

    @Test("recommend gives the same for --days as for --since and --until")
    func days() async throws {
        try await withLedger { place in
            let both = try await place.tally("recommend", "--days", "3", "--since", "2026-11-01")
            #expect(both.exitCode == 64)
            #expect(try await place.tally("recommend", "--days", "0").exitCode == 64)
            let turned = try await place.tally(
                "advise", "--since", "2026-11-02", "--until", "2026-11-01")
            #expect(turned.exitCode == 64, "\(turned)")
            let days = try await place.tally(
                "recommend", "--days", "2", "--until", "2026-11-03T10:00:00Z", "--json")
            let since = try await place.tally(
                "recommend", "--since", "2026-11-02", "--until", "2026-11-03T10:00:00Z", "--json")
            #expect(days.exitCode == 0 && days.output == since.output, "\(days)\(since)")
        }
    }
}

/// Commands on a database of another version, or without one.
@Suite("Schemas", .serialized)
struct SchemaTests {
    private static let reading: [[String]] = [
        ["sql", "SELECT 1"], ["verify"], ["advise"], ["recommend"], ["spend"], ["errors"],
        ["prompt-cache"], ["performance"], ["performance", "regressions"], ["performance", "slos"],
        ["status"],
        ["keys", "list"], ["ledgers", "list"], ["prices", "list"], ["experiments", "list"],
        ["replay", "list"], ["export"], ["estimate", "--model", "gpt-4o", "--input-tokens", "1"],
    ]

    @Test("commands that only read refuse an older or a newer schema, and change nothing")
    func otherVersions() async throws {
        try await withPlace { place in
            #expect(try await place.tally("ledgers", "create", "default").exitCode == 0)
            let last = "(SELECT max(version) FROM schema_migrations)"
            for change in [
                "DELETE FROM schema_migrations WHERE version = \(last)",
                """
                INSERT INTO schema_migrations (version, name, checksum)
                SELECT version + n, name, checksum FROM schema_migrations, generate_series(1, 2) AS n
                WHERE version = \(last)
                """,
            ] {
                _ = try await place.psql(change)
                let count = try await place.psql("SELECT count(*) FROM schema_migrations")
                for arguments in Self.reading {
                    let run = try await CommandRun.tally(arguments + place.arguments)
                    #expect(run.exitCode == 65, "\(arguments): \(run)")
                    #expect(run.errors.contains("tally migrate"), "\(arguments): \(run.errors)")
                    #expect(run.output.isEmpty, "\(arguments)")
                }
                #expect(try await place.psql("SELECT count(*) FROM schema_migrations") == count)
            }
        }
    }

    @Test("reading a ledger that is not there makes none, the default one included")
    func noLedger() async throws {
        try await withPlace { place in
            for arguments in Self.reading
            where !["status", "keys", "ledgers"].contains(arguments[0]) {
                let run = try await CommandRun.tally(arguments + place.arguments)
                #expect(run.exitCode == 65, "\(arguments): \(run)")
                #expect(run.errors.hasPrefix("tally: there is no ledger default"), "\(run.errors)")
            }
            #expect(try await place.psql("SELECT count(*) FROM tally.ledgers") == "0")
            let created = try await place.tally("keys", "create")
            #expect(created.errors == "tally: created ledger default\n", "\(created)")
        }
    }

    @Test("only commands that create a ledger create a database; others say that there is none")
    func noDatabase() async throws {
        try await withEmbeddedPlace { place in
            let empty = try FileManager.default.contentsOfDirectory(atPath: place.dataDirectory)
            let writing: [[String]] = [
                ["keys", "create"], ["rebuild"], ["rerate"], ["migrate"], ["prices", "publish"],
                ["checkpoint"], ["recommend"], ["unpriced"], ["users"], ["rejections"],
                ["prices", "show", "gpt-4o"], ["keys", "revoke", UUID().uuidString],
                ["experiments", "assign", "a", "--unit", "u"],
                ["subscriptions", "resume", "spend"],
                ["replay", "prices", "--book", "recorded"], ["prove", UUID().uuidString],
            ]
            for arguments in Self.reading + writing {
                let run = try await CommandRun.tally(arguments + place.arguments)
                #expect(run.exitCode == 65, "\(arguments): \(run)")
                #expect(run.errors.contains("there is no ledger here"), "\(run.errors)")
            }
            let left = try FileManager.default.contentsOfDirectory(atPath: place.dataDirectory)
            #expect(left == empty, "\(left)")
        }
    }
}
