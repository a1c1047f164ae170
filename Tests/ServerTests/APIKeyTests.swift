import Access
import LedgerModel
import LedgerTesting
import Server
import Testing

/// The keys that events and holds came by.
@Suite("API keys of events over HTTP")
struct APIKeyTests {
    @Test("the service says by which key an event came, whatever its sender says")
    func events() async throws {
        try await InProcess.with { service in
            let client = service.client.with(
                key: try await service.makeKey([.ingest, .read, .admin]))
            let id = try await client.get("/api/v1/keys").json.keys.each("id")[0]
            let forged = EventText("a").with("api_key", "\"another\"")
            #expect(try await client.ingest(forged.text).appended == 1)
            #expect(try await client.ingest(EventText("b").text).appended == 1)
            let events = try await client.get("/api/v1/events?type=request.completed").json.events
            #expect(events.each("api_key") == [id, id])
            let other = service.client.with(key: try await service.makeKey([.ingest]))
            #expect(try await other.ingest(EventText("a").text).duplicates == 1)
        }
    }

    @Test("a budget for each key counts what its holder reports and asks for, and /me is about it")
    func budgets() async throws {
        try await InProcess.with { service in
            let scopes: Set<KeyScope> = [.ingest, .read, .admin, .gateway]
            let first = service.client.with(key: try await service.makeKey(scopes))
            let second = service.client.with(key: try await service.makeKey(scopes))
            let budget = #"{"name":"keys","requests":2,"each":"api_key","window":"total"}"#
            #expect(try await first.post("/api/v1/budgets", budget).status == 201)
            #expect(try await first.ingest(EventText("a").text).appended == 1)
            func hold(_ client: Client, _ id: String) async throws -> Answer {
                try await client.post(
                    "/api/v1/holds",
                    #"{"request_id":"\#(id)","provider":"openai","model":"gpt-4o","#
                        + #""usage":{"input_tokens":1},"dimensions":{"api_key":"forged"}}"#)
            }
            #expect(try await hold(first, "x").status == 200)
            #expect(try await hold(first, "y").status == 402)
            #expect(try await hold(second, "z").status == 200)
            #expect(try await hold(second, "z").json.repeated == true)
            let mine = try await first.get("/api/v1/me").json.budgets.items
            #expect(mine.count == 1)
            #expect(mine.first?.spent_requests == 1 && mine.first?.held_requests == 1)
            let theirs = try await second.get("/api/v1/me").json.budgets.items
            #expect(theirs.first?.spent_requests == 0 && theirs.first?.held_requests == 1)
            #expect(try await second.get("/api/v1/me?api_key=x").status == 400)
        }
    }
}
