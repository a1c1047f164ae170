import Budgeting
import Budgets
import LedgerModel
import Testing

@Suite("Budgets of agents in a ledger", .timeLimit(.minutes(2)))
struct AgentTests {
    private func requests(_ bench: Bench) -> [Event] {
        let runs: [(agent: Name?, parent: Name?)] = [
            ("planner", nil), ("coder", "planner"), ("tester", "planner"), ("coder", nil),
            (nil, nil),
        ]
        return runs.map { agent, parent in
            var request = bench.request()
            request.dimensions[.agent] = agent
            request.dimensions[.parentAgent] = parent
            return request
        }
    }

    @Test("what a run and its sub-agents spent counts, before the budget existed and after it")
    func runs() async throws {
        try await Bench.with { bench in
            try await bench.ingest(requests(bench))
            let one = try await bench.define("one", usd: "1") { $0.filter = [("agent", "planner")] }
            #expect(one.balance.posted.cost == .charges(3))
            try await bench.define("each", usd: "1") {
                ($0.each, $0.enforcement) = ("agent", "soft")
            }
            try await bench.ingest(requests(bench))
            #expect(try await bench.status("one").balance.posted.cost == .charges(6))
            let shown = try await bench.service.show("each", at: .present, limit: 10)
            let spent = Dictionary(
                shown.map { ($0.member, $0.balance.posted.cost) }, uniquingKeysWith: { $1 })
            #expect(spent == ["planner": .charges(6), "coder": .charges(2)])
            var definition = one.definition
            #expect(try await bench.service.reachesTraffic(definition, at: .present))
            definition.filter = [.agent: "nobody"]
            #expect(try await !bench.service.reachesTraffic(definition, at: .present))
        }
    }

    @Test("a hold of a sub-agent is its run's, and one without an agent is refused by name")
    func holds() async throws {
        try await Bench.with { bench in
            try await bench.define("runs", requests: 2) { $0.each = "agent" }
            func hold(_ id: String, _ dimensions: Dimensions) async throws {
                var all: Dimensions = [.provider: "openai", .model: "small"]
                for dimension in Dimension.ofRuns { all[dimension] = dimensions[dimension] }
                let wish = HoldWish(
                    requestID: id, dimensions: all, usage: Bench.usage, cost: nil)
                let answer = try await bench.service.hold(wish, at: .present)
                #expect(answer.budgets.map(\.member) == ["planner"])
            }
            try await hold("a", [.agent: "planner"])
            try await hold("b", [.agent: "coder", .parentAgent: "planner"])
            let refusal = await #expect(throws: BudgetRefusal.self) {
                try await hold("c", [.agent: "tester", .parentAgent: "planner"])
            }
            #expect(refusal?.member == "planner")
            let missing = await #expect(throws: MissingMember.self) { try await hold("d", [:]) }
            #expect(missing?.param == "agent")
            try await bench.settle("b")
            let status = try await bench.status("runs")
            #expect(status.balance.posted.requests == 1 && status.balance.held.requests == 1)
        }
    }
}
