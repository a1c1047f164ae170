import LedgerTesting
import Testing

/// What callers write and read of leases; what they decide is tested where it is decided.
@Suite("Leases over HTTP")
struct LeaseTests {
    @Test("a budget says whether it is leased, and how much is; nobody else notices")
    func member() async throws {
        try await InProcess.withClient { client in
            let budget = #"{"name":"hot","usd":"100","window":"total","lease":true}"#
            let defined = try await client.post("/api/v1/budgets", budget)
            #expect(try defined.status == 201 && defined.json.lease == true, "\(defined)")
            for number in 0..<20 {
                let wish =
                    #"{"request_id":"c\#(number)","provider":"openai","model":"gpt-4o","amount_usd":"0.1"}"#
                let held = try await client.post("/api/v1/holds", wish)
                #expect(held.status == 200, "\(held)")
                #expect(try held.json.state == "held" && held.json.held_usd == "0.1")
                let again = try await client.post("/api/v1/holds", wish)
                #expect(try again.status == 200 && again.json.repeated == true, "\(again)")
                let (end, body) =
                    number % 2 == 0
                    ? ("release", "{}") : ("settle", #"{"usage":{"output_tokens":5000}}"#)
                let ended = try await client.post("/api/v1/holds/c\(number)/\(end)", body)
                #expect(ended.status == 200, "\(ended)")
            }
            let shown = try await client.get("/api/v1/budgets/hot").json.budgets[0]
            // Ten calls of 5,000 output tokens cost 0.05 USD each.
            #expect(shown.lease == true && shown.spent_usd == "0.5", "\(shown)")
            #expect(shown.held_usd == "0" && shown.leased_usd.string != nil)
        }
    }

    @Test("a budget is leased no more once it is defined without, and a wrong flag is refused")
    func flag() async throws {
        try await InProcess.withClient { client in
            let budget = #"{"name":"hot","usd":"100","lease":true}"#
            #expect(try await client.post("/api/v1/budgets", budget).status == 201)
            let plain = try await client.post("/api/v1/budgets", #"{"name":"hot","usd":"100"}"#)
            #expect(try plain.json.lease == false, "\(plain)")
            let wrong = try await client.post(
                "/api/v1/budgets", budget.replacing("true", with: "\"often\""))
            #expect(try wrong.status == 400 && wrong.failure.param == "lease", "\(wrong)")
        }
    }
}
