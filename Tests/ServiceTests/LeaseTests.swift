import Foundation
import LedgerTesting
import Testing

/// A leased budget from the command line to the events; what leases decide is tested where it is decided.
@Suite("Leases at the command line", .serialized)
struct LeaseTests {
    @Test("a hot budget is leased, listings say so, and all comes back when calls cease")
    func life() async throws {
        try await withPlace { place in
            let set = try await place.tally(
                "budgets", "set", "hot", "--usd", "100", "--window", "total", "--lease")
            #expect(set.exitCode == 0, "\(set)")
            let service = try await TallyProcess.start(on: place)
            do {
                try await heat(service, place)
            } catch {
                await service.discard()
                throw error
            }
            await service.discard()
        }
    }

    private func heat(_ service: TallyProcess, _ place: Place) async throws {
        let client = service.client()
        var number = 0
        try await poll("calls are held from a lease", within: .seconds(30)) {
            for _ in 0..<20 {
                number += 1
                let wish =
                    #"{"request_id":"c\#(number)","provider":"openai","model":"gpt-4o","amount_usd":"0.1"}"#
                #expect(try await client.post("/api/v1/holds", wish).status == 200)
                let end = "/api/v1/holds/c\(number)/release"
                #expect(try await client.post(end, "{}").status == 200)
            }
            let shown = try await client.get("/api/v1/budgets/hot").json.budgets[0]
            guard shown.leased_usd.string != "0" else { return false }
            // What is idle goes back within seconds, which may be before the command has started.
            let table = try await place.tally("budgets", "list")
            #expect(table.exitCode == 0, "\(table)")
            return table.output.contains("leased")
        }
        let facts = try await place.tally(
            "sql", "--csv", "SELECT hold_mode, is_leased FROM audit.budgets")
        #expect(facts.output.contains("stream") && facts.exitCode == 0, "\(facts)")
        let events = try await place.tally(
            "sql", "--csv",
            "SELECT count(*) FROM audit.budget_events WHERE kind = 'budget.leased'")
        #expect(events.exitCode == 0 && !events.output.hasSuffix("\n0\n"), "\(events)")
        // Its last holds are written down or gone, and what is idle goes back.
        try await poll("what was leased is back", within: .seconds(30)) {
            let shown = try await client.get("/api/v1/budgets/hot").json.budgets[0]
            return shown.leased_usd.string == "0" && shown.held_usd.string == "0"
        }
        let check = try await place.tally("budgets", "check")
        #expect(check.exitCode == 0, "\(check)")
    }
}
