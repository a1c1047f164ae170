import LedgerTesting
import Testing

@Suite("Replays of policies over HTTP")
struct PolicyReplayRouteTests {
    @Test(
        "what is wrong with a call is said by the member that is at fault",
        arguments: [
            (#"{"kind":"cache"}"#, "policy"), (#"{"kind":"cash","policy":""}"#, "kind"),
            (#"{"book":"default","policy":"ttl: 1d"}"#, "policy"),
            (#"{"kind":"cache","policy":"ttl: 1d","book":"default"}"#, "kind"),
        ])
    func members(_ body: String, _ param: String) async throws {
        try await InProcess.withClient { client in
            let answer = try await client.post("/api/v1/replays", body)
            #expect(answer.status == 400, "\(answer)")
            #expect(try answer.failure.param.string == param)
        }
    }

    @Test("a policy that can't be read is refused with line and column before anything runs")
    func places() async throws {
        try await InProcess.withClient { client in
            let answer = try await client.post(
                "/api/v1/replays", #"{"kind":"cache","policy":"ttl: 1d\nmemry: 5 MiB"}"#)
            #expect(answer.status == 400)
            let message = try answer.failure.message.string ?? ""
            #expect(
                message.contains("line 2, column 1") && message.contains("memory"), "\(message)")
            #expect(try await client.get("/api/v1/replays").json.runs.each("id") == [])
        }
    }

    @Test("an amount that is none is refused")
    func amounts() async throws {
        try await InProcess.withClient { client in
            for budget in ["-1", "much"] {
                let answer = try await client.get("/api/v1/cache/warming?budget_usd=\(budget)")
                #expect(answer.status == 400, "\(answer)")
            }
            let answer = try await client.get("/api/v1/cache/warming")
            #expect(try answer.status == 200 && answer.json.requests == 0)
        }
    }
}
