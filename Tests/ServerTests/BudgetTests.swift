import Access
import LedgerTesting
import Server
import Testing

/// Budgets and holds over HTTP; what they decide is tested where it is decided.
@Suite("Budgets over HTTP")
struct BudgetTests {
    private static func hold(_ id: String, _ members: String) -> String {
        #"{"request_id":"\#(id)","provider":"openai","model":"gpt-4o",\#(members)}"#
    }

    @Test("a refusal is 402, says what would fit, and asks clients not to send it again")
    func refusal() async throws {
        try await InProcess.withClient { client in
            let defined = try await client.post(
                "/api/v1/budgets", #"{"name":"small","usd":"0.01","each":"user"}"#)
            #expect(defined.status == 201, "\(defined)")
            let wish = Self.hold(
                "call",
                #""dimensions":{"user":"u-1"},"usage":{"input_tokens":100,"output_tokens":90000}"#)
            let refused = try await client.post("/api/v1/holds", wish)
            #expect(refused.status == 402, "\(refused)")
            #expect(refused.header("x-should-retry") == "false")
            let failure = try refused.failure
            #expect(failure.code == "budget_exceeded" && failure.type == "billing_error")
            #expect(failure.message.string?.hasPrefix("budget small of u-1 has no room: ") == true)
            #expect(failure.budget.budget == "small" && failure.budget.member == "u-1")
            #expect(failure.budget.limit_usd == "0.01" && failure.budget.left_usd == "0.01")
            // 100 input tokens cost 0.00025 USD and an output token 0.00001 USD.
            #expect(failure.budget.max_tokens_that_fits == 975)
            #expect(failure.budget.resets_at.string != nil)
            let fits = try await client.post(
                "/api/v1/holds", wish.replacing("90000", with: "975"))
            #expect(fits.status == 200, "\(fits)")
            #expect(try fits.json.state == "held" && fits.json.held_usd == "0.01")
        }
    }

    @Test("wrong budgets and holds are refused by the member that is wrong")
    func params() async throws {
        try await InProcess.withClient { client in
            _ = try await client.post("/api/v1/budgets", #"{"name":"a","usd":"1","each":"user"}"#)
            let usage = #""usage":{"input_tokens":1}"#
            let wrong: [(path: String, body: String, status: Int, param: String)] = [
                ("budgets", #"{"name":"a b","usd":"1"}"#, 400, "name"),
                ("budgets", #"{"name":"b","usd":"-1"}"#, 400, "usd"),
                ("budgets", #"{"name":"b","usd":"1","window":"fortnight"}"#, 400, "window"),
                ("budgets", #"{"name":"b","usd":"1","zone":"Mars"}"#, 400, "zone"),
                ("budgets", #"{"name":"b","usd":"1","filter":{"usr":"x"}}"#, 400, "filter"),
                ("budgets/a/override", #"{"usd":"1"}"#, 400, "until"),
                ("budgets/b/top-up", #"{"usd":"1"}"#, 404, "name"),
                ("holds", Self.hold("x", usage), 400, "user"),
                ("holds", #"{"request_id":"x","amount_usd":"1"}"#, 400, "provider"),
                ("holds", #"{"request_id":"x","provider":"openai"}"#, 400, "usage"),
                ("holds", Self.hold("", usage), 400, "request_id"),
                (
                    "holds",
                    Self.hold("x", usage + #","dimensions":{"user":"u"}"#)
                        .replacing("gpt-4o", with: "exotic"), 400, "model"
                ),
            ]
            for (path, body, status, param) in wrong {
                let answer = try await client.post("/api/v1/" + path, body)
                #expect(answer.status == status, "\(path) \(body): \(answer)")
                #expect(try answer.failure.param.string == param, "\(path) \(body): \(answer)")
            }
            #expect(try await client.get("/api/v1/holds/nobody").status == 404)
        }
    }

    @Test("callers may hold, and only administrators change budgets")
    func scopes() async throws {
        try await InProcess.with { service in
            let admin = service.client.with(key: try await service.makeKey([.admin]))
            let caller = service.client.with(key: try await service.makeKey([.ingest]))
            let reader = service.client.with(key: try await service.makeKey([.read]))
            let budget = #"{"name":"a","usd":"1"}"#
            let hold = Self.hold("call", #""usage":{"input_tokens":1}"#)
            #expect(try await admin.post("/api/v1/budgets", budget).status == 201)
            for client in [caller, reader] {
                #expect(try await client.post("/api/v1/budgets", budget).status == 403)
                #expect(try await client.delete("/api/v1/budgets/a").status == 403)
                #expect(try await client.get("/api/v1/me").status == 200)
            }
            #expect(try await caller.post("/api/v1/holds", hold).status == 200)
            #expect(try await reader.post("/api/v1/holds", hold).status == 403)
            #expect(try await reader.get("/api/v1/holds/call").json.state == "held")
        }
    }
}
