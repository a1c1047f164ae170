import Foundation
import Testing

/// Replays as long runs of the real program: over HTTP and in the foreground.
@Suite("Replays", .serialized)
struct ReplayRunTests {
    private struct RunBody: Decodable {
        struct Result: Decodable {
            struct Sums: Decodable, Equatable {
                let requests: Int64
                let recordedUsd: String
                let replayedUsd: String
            }
            let position: Int64
            let total: Sums
        }
        let id: String
        let state: String
        let done: Int64
        let total: Int64?
        let error: String?
        let result: Result?
    }

    private struct RunList: Decodable { let runs: [RunBody] }

    private func ended(_ client: TallyClient, _ id: String) async throws -> RunBody {
        var last: RunBody?
        try await poll("the run ends", evidence: { "\(last as Any)" }) {
            last = try await client.get("/api/v1/replays/\(id)").json()
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
                let run: RunBody = try asked.json()
                #expect(asked.header("location") == "/api/v1/replays/\(run.id)")
                let done = try await ended(client, run.id)
                #expect(done.state == "done" && done.done == done.total, "\(done)")
                let local = try await place.tally(
                    "replay", "prices", "--to", "anthropic/claude-sonnet-4-5", "--discount",
                    "anthropic=10%", "--by", "app,day", "--json")
                let report: RunBody.Result = try local.json()
                #expect(report.total == done.result?.total && report.total.requests == 50)
                // 1,000 × $3/M + 100 × $15/M, less 10 %, fifty times.
                #expect(report.total.replayedUsd == "0.2025")
                let sql = try await client.post(
                    "/api/v1/sql",
                    #"{"query": "SELECT app, replayed_usd FROM scenario.moved_prices"}"#)
                #expect(sql.text.contains(#""app":"search","replayed_usd":"0.2025"#), "\(sql.text)")
                let again = try await client.post(
                    "/api/v1/replays", #"{"book": "default", "scenario": "moved"}"#)
                #expect(again.status == 409)
                let list: RunList = try await client.get("/api/v1/replays").json()
                #expect(list.runs.map(\.id) == [run.id])
                #expect(try await client.delete("/api/v1/replays/\(run.id)").status == 200)
                try await badRequests(client)
                #expect(try await client.delete("/api/v1/scenarios/moved").status == 204)
                #expect(try await client.delete("/api/v1/scenarios/moved").status == 404)
                try await scopes(place, service)
            }
        }
    }

    private func badRequests(_ client: TallyClient) async throws {
        let bad: [(String, Int, String)] = [
            ("{}", 400, "book is missing"), ("no", 400, "docs/replay.md"),
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

    /// A reader may replay; a scenario, and cancelling what makes one, takes an administrator.
    private func scopes(_ place: Place, _ service: TallyProcess) async throws {
        struct Made: Decodable { let key: String }
        var keys: [String: TallyClient] = [:]
        for scope in ["read", "admin", "ingest"] {
            let made: Made = try await place.tally("keys", "create", "--scope", scope, "--json")
                .json()
            keys[scope] = service.client(key: made.key)
        }
        let (reader, admin) = (try #require(keys["read"]), try #require(keys["admin"]))
        let plain = #"{"book": "default"}"#
        let scenario = #"{"book": "default", "scenario": "kept"}"#
        #expect(try await keys["ingest"]?.post("/api/v1/replays", plain).status == 403)
        #expect(try await reader.post("/api/v1/replays", scenario).status == 403)
        let mine: RunBody = try await reader.post("/api/v1/replays", plain).json()
        let theirs: RunBody = try await admin.post("/api/v1/replays", scenario).json()
        #expect(try await reader.get("/api/v1/replays/\(theirs.id)").status == 200)
        #expect(try await reader.delete("/api/v1/replays/\(theirs.id)").status == 403)
        #expect(try await reader.delete("/api/v1/scenarios/kept").status == 403)
        _ = try await ended(reader, mine.id)
        #expect(try await ended(admin, theirs.id).state == "done")
    }
}
