import Foundation
import Glibc
import LedgerTesting
import Postgres
import Testing

/// Replays as long runs of the real program: over HTTP and in the foreground.
@Suite("Replays", .serialized)
struct ReplayRunTests {
    private func ended(_ client: TallyClient, _ id: String) async throws -> JSONValue {
        var last: JSONValue?
        try await poll("the run ends", evidence: { "\(last as Any)" }) {
            last = try await client.get("/api/v1/replays/\(id)").json
            return last?.state != "queued" && last?.state != "running"
        }
        return try #require(last)
    }

    @Test("a replay over HTTP answers at once, ends, and leaves a scenario that SQL reads")
    func overHTTP() async throws {
        try await withPlace { place in
            try await withService(on: place) { service in
                let client = service.client()
                _ = try await client.ingest(array(goodEvents(50)))
                let asked = try await client.post(
                    "/api/v1/replays",
                    """
                    {"kind": "prices", "to": "anthropic/claude-sonnet-4-5", "by": ["app", "day"],
                     "discounts": {"anthropic": "10%"}, "scenario": "moved"}
                    """)
                #expect(asked.status == 202, "\(asked.text)")
                let run = try asked.json
                let id = try #require(run.id.string)
                #expect(asked.header("location") == "/api/v1/replays/\(id)")
                let done = try await ended(client, id)
                #expect(done.state == "done" && done.done == done.total, "\(done)")
                let local = try await place.tally(
                    "replay", "prices", "--to", "anthropic/claude-sonnet-4-5", "--discount",
                    "anthropic=10%", "--by", "app,day", "--json")
                let report = try local.json
                #expect(report.total == done.result.total && report.total.requests == 50)
                // 1,000 × $3/M + 100 × $15/M, less 10 %, fifty times.
                #expect(report.total.replayed_usd == "0.2025")
                let sql = try await client.post(
                    "/api/v1/sql",
                    #"{"query": "SELECT app, replayed_usd FROM scenario.moved_prices"}"#)
                #expect(sql.text.contains(#""app":"search","replayed_usd":"0.2025"#), "\(sql.text)")
                let again = try await client.post(
                    "/api/v1/replays", #"{"book": "default", "scenario": "moved"}"#)
                #expect(again.status == 409)
                let list = try await client.get("/api/v1/replays").json
                #expect(list.runs.each("id") == [run.id])
                #expect(try await client.delete("/api/v1/replays/\(id)").status == 200)
                try await badRequests(client)
                #expect(try await client.delete("/api/v1/scenarios/moved").status == 204)
                #expect(try await client.delete("/api/v1/scenarios/moved").status == 404)
                try await scopes(place, service)
            }
        }
    }

    private func badRequests(_ client: TallyClient) async throws {
        let bad: [(String, Int, String)] = [
            ("{}", 400, "book is missing"), ("no", 400, "cannot be read at byte"),
            (#"{"book": "recorded", "to": "a/b"}"#, 400, "recorded"),
            (#"{"to": "a/b"}"#, 400, "no model b of a"), (#"{"to": "ab"}"#, 400, "provider/model"),
            (#"{"book": "01890000-0000-7000-8000-000000000000"}"#, 404, "no price book"),
            (#"{"book": "nonsense: ["}"#, 400, "YAML"),
            (#"{"book": "default", "by": ["dream"]}"#, 400, "dream"),
            (#"{"book": "default", "since": "soon"}"#, 400, "soon"),
            (#"{"book": "default", "only": {"x": "y"}}"#, 400, "dimension"),
            (#"{"book": "default", "kind": "dreams"}"#, 400, "prices"),
            (#"{"book": "default", "scenario": "a\"; --"}"#, 400, "lower-case"),
        ]
        for (body, status, part) in bad {
            let answer = try await client.post("/api/v1/replays", body)
            #expect(answer.status == status, "\(body): \(answer.text)")
            #expect(try answer.failure.message.contains(part), "\(body): \(answer.text)")
        }
        for path in ["/api/v1/replays/x", "/api/v1/replays/01890000-0000-7000-8000-000000000000"] {
            #expect(try await client.get(path).status == 404)
            #expect(try await client.delete(path).status == 404)
        }
    }

    /// A reader may replay; making a scenario, and cancelling such a run, takes an administrator.
    private func scopes(_ place: Place, _ service: TallyProcess) async throws {
        var keys: [String: TallyClient] = [:]
        for scope in ["read", "admin", "ingest"] {
            let made = try await place.tally("keys", "create", "--scope", scope, "--json")
            keys[scope] = service.client(key: try made.json.key.string)
        }
        let (reader, admin) = (try #require(keys["read"]), try #require(keys["admin"]))
        let plain = #"{"book": "default"}"#
        let scenario = #"{"book": "default", "scenario": "kept"}"#
        #expect(try await keys["ingest"]?.post("/api/v1/replays", plain).status == 403)
        #expect(try await reader.post("/api/v1/replays", scenario).status == 403)
        let mine = try await reader.post("/api/v1/replays", plain).json.id.string ?? ""
        let theirs = try await admin.post("/api/v1/replays", scenario).json.id.string ?? ""
        #expect(try await reader.get("/api/v1/replays/\(theirs)").status == 200)
        #expect(try await reader.delete("/api/v1/replays/\(theirs)").status == 403)
        #expect(try await reader.delete("/api/v1/scenarios/kept").status == 403)
        _ = try await ended(reader, mine)
        #expect(try await ended(admin, theirs).state == "done")
    }

    // MARK: Killed and cancelled

    /// First more rows of January than one range of a replay has, then some of a month that lies
    /// further back than reports of January's calls can begin:
    /// the first range spans all months from January to that of the ledger's price publication.
    private func fill(_ place: Place) async throws {
        for (day, count) in [("2025-01-15", 72_000), ("2024-11-10", 2_000)] {
            let file = place.dataDirectory + "/\(day).csv"
            var text = "time,input,output\n"
            for number in 0..<count {
                text += "\(day)T12:00:\(number % 50 + 10)Z,\(number % 5_000 + 1),\(number % 700)\n"
            }
            try text.write(toFile: file, atomically: true, encoding: .utf8)
            let run = try await place.tally(
                "import", file, "--format", "csv", "--map", "occurred_at=time", "--map",
                "input_tokens=input", "--map", "output_tokens=output", "--set",
                "type=request.completed", "--set", "provider=openai", "--set", "model=gpt-4o")
            #expect(run.exitCode == 0, "\(run.errors)")
        }
    }

    private static let november = "tally.events_2024_11"

    /// Prevents everybody from reading a table while the body runs.
    private func withLocked<T>(
        _ table: String, _ place: Place, _ body: () async throws -> T
    ) async throws -> T {
        let connection = try await Connection.open(PostgresConfiguration(url: place.connection))
        let holder = Task {
            try? await connection.transaction { session in
                _ = try session.execute(
                    "LOCK TABLE \(table) IN ACCESS EXCLUSIVE MODE; SELECT pg_sleep(300)"
                )
            }
        }
        func release() async {
            connection.cancel()
            await holder.value
            await connection.close()
        }
        do {
            try await poll("the table is locked") {
                try await place.psql(
                    """
                    SELECT count(*) FROM pg_locks WHERE mode = 'AccessExclusiveLock' AND granted
                        AND relation = '\(table)'::regclass
                    """) == "1"
            }
            let value = try await body()
            await release()
            return value
        } catch {
            await release()
            throw error
        }
    }

    private static let order = #"{"book": "default", "by": ["day"], "scenario": "month"}"#

    @Test("after a kill in the middle of a replay it resumes, with the same result")
    func killed() async throws {
        try await withPlace { place in
            try await fill(place)
            let whole = try await place.tally(
                "replay", "prices", "--book", "default", "--by", "day", "--json"
            ).json
            let run = try await withService(on: place) { service in
                try await withLocked(Self.november, place) {
                    let run =
                        try await service.client()
                        .post("/api/v1/replays", Self.order).json.id.string ?? ""
                    try await poll("a checkpoint is kept") {
                        try await place.psql(
                            "SELECT checkpoint IS NOT NULL FROM tally.runs") == "t"
                    }
                    try await service.signal(SIGKILL)
                    #expect(try await service.exit() == 128 + SIGKILL)
                    return run
                }
            }
            #expect(try await place.psql("SELECT state, claim FROM tally.runs") == "running|1")
            try await withService(on: place) { service in
                let done = try await ended(service.client(), run)
                #expect(done.state == "done", "\(done)")
                #expect(done.result.total == whole.total)
                #expect(done.result.position == whole.position)
            }
            #expect(try await place.psql("SELECT claim FROM tally.runs") == "2")
            let sums = try await place.psql(
                "SELECT sum(replayed_pico) * 0.000000000001 = \(whole.total.replayed_usd.string ?? "0") "
                    + "FROM tally.scenario_prices")
            #expect(sums == "t")

            try await cancelled(place)
            try await inForeground(place)
        }
    }

    private func cancelled(_ place: Place) async throws {
        try await withService(on: place) { service in
            let client = service.client()
            try await withLocked(Self.november, place) {
                let run =
                    try await client.post(
                        "/api/v1/replays", #"{"book": "default", "scenario": "never"}"#
                    ).json.id.string ?? ""
                try await poll("it has begun") {
                    let found = try await client.get("/api/v1/replays/\(run)").json
                    return found.state == "running" && found.done.integer ?? 0 > 0
                }
                #expect(try await client.delete("/api/v1/replays/\(run)").status == 202)
                #expect(try await ended(client, run).state == "cancelled")
            }
            #expect(try await place.psql("SELECT count(*) FROM tally.scenarios") == "1")
            #expect(try await service.stop() == 0)
        }
    }

    /// Ctrl-C leaves nothing; the same command resumes a killed one.
    private func inForeground(_ place: Place) async throws {
        let command = ["replay", "prices", "--book", "default", "--scenario", "mine"]
        let started = "SELECT count(*) FROM tally.runs WHERE state = 'running'"
        try await withLocked("tally.blocks", place) {
            for signal in [SIGINT, SIGKILL] {
                let child = try Child(Workplace.program, command + place.arguments)
                defer { child.discard() }
                try await poll("it has begun", evidence: { child.errors }) {
                    try await place.psql(started) == "1"
                }
                try await child.signal(signal)
                let code = try await child.exit(within: .seconds(20))
                #expect(code == (signal == SIGINT ? 130 : 128 + SIGKILL), "\(child.errors)")
                if signal == SIGINT {
                    #expect(try await place.psql(started) == "0")
                    #expect(child.errors.contains("nothing was kept"), "\(child.errors)")
                }
            }
        }
        // This avoids waiting until the dead one counts as silent.
        _ = try await place.psql(
            "UPDATE tally.runs SET heartbeat_at = now() - interval '1 minute' WHERE state = 'running'"
        )
        let again = try await CommandRun.tally(command + place.arguments)
        #expect(again.exitCode == 0 && again.errors.contains("continued where"), "\(again.errors)")
        let listed = try await place.tally("replay", "list")
        #expect(listed.output.contains("mine") && !listed.output.contains("never"))
        let taken = try await CommandRun.tally(command + place.arguments)
        #expect(taken.exitCode == 65 && taken.errors.contains("already"), "\(taken.errors)")
        let dropped = try await place.tally("replay", "drop", "mine")
        #expect(dropped.exitCode == 0, "\(dropped.errors)")
        #expect(try await place.tally("replay", "drop", "mine").exitCode == 65)
        #expect(try await place.tally("replay", "drop", "no name").exitCode == 65)
    }
}
