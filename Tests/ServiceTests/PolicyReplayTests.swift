import Foundation
import LedgerTesting
import Testing

/// `tally replay cache` and `tally replay batching` as people call them.
@Suite("Replays of policies", .serialized)
struct PolicyReplayTests {
    private static let examples = Workplace.package + "/Examples/"

    /// Twelve requests that ask three things, one every ten seconds.
    private static func events() -> String {
        (0..<12).map { number in
            let hash = String(repeating: "\(number % 3)", count: 64)
            return """
                {"id":"\(number)","source":"t","type":"request.completed",\
                "occurred_at":"2026-11-20T10:00:\(number < 6 ? "0" : "1")\(number % 6)Z",\
                "app":"reports","provider":"openai","model":"gpt-4o-mini",\
                "request_hash":"\(hash)","latency_ms":100,\
                "usage":{"input_tokens":1000,"output_tokens":100}}
                """
        }.joined(separator: "\n")
    }

    @Test("a cache and a batcher are tried from files, over HTTP as on the command line")
    func commands() async throws {
        try await withPlace { place in
            try await withService(on: place) { service in
                let client = service.client()
                _ = try await client.ingest(
                    "["
                        + Self.events()
                        .replacingOccurrences(of: "\n", with: ",") + "]")
                let cache = try await place.tally(
                    "replay", "cache", "--policy", Self.examples + "cache.yaml", "--by", "app,day",
                    "--json")
                #expect(cache.exitCode == 0, "\(cache)")
                let report = try cache.json
                #expect(report.total.hits == 9 && report.total.with_hash == 12, "\(report)")
                let text = try await place.tally(
                    "replay", "cache", "--policy", Self.examples + "cache.yaml")
                #expect(text.output.contains("9 of 12 requests would have hit"), "\(text)")
                let batching = try await place.tally(
                    "replay", "batching", "--policy", Self.examples + "batching.yaml", "--json")
                #expect(batching.exitCode == 0, "\(batching)")
                #expect(try batching.json.total.may_wait == 12, "\(batching)")
                let routing = try await place.tally(
                    "replay", "routing", "--policy", Self.examples + "gateway.yaml", "--json")
                #expect(routing.exitCode == 0, "\(routing)")
                #expect(try routing.json.total.requests == 12, "\(routing)")
                #expect(try routing.json.total.moved == 0, "no route covers them: \(routing)")
                let asked = try await client.post(
                    "/api/v1/replays",
                    #"{"kind": "cache", "policy": "memory: 1 MiB", "by": ["app"]}"#)
                #expect(asked.status == 202, "\(asked.text)")
                let id = try #require(try asked.json.id.string)
                try await poll("the replay ends") {
                    try await client.get("/api/v1/replays/\(id)").json.state == "done"
                }
                let done = try await client.get("/api/v1/replays/\(id)").json
                #expect(done.result.total.hits == 9, "\(done)")
            }
        }
    }

    @Test("a policy that can't be read exits with 65 and says where")
    func refusals() async throws {
        try await withScratchDirectory { directory in
            let file = directory + "/policy.yaml"
            try "lanes:\n  chat: {calls: 0}\n".write(
                toFile: file, atomically: true, encoding: .utf8)
            let run = try await CommandRun.tally(
                ["replay", "batching", "--policy", file, "--data-dir", directory + "/none"])
            #expect(run.exitCode == 65, "\(run)")
            #expect(run.errors.contains("line 2, column 17"), "\(run)")
            let cache = try await CommandRun.tally(
                ["replay", "cache", "--policy", file, "--data-dir", directory + "/none"])
            #expect(cache.exitCode == 65 && cache.errors.contains("line 1"), "\(cache)")
        }
    }
}
