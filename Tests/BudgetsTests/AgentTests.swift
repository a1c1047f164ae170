import Budgets
import LedgerModel
import LedgerTesting
import Testing

@Suite("Budgets of agents and their sub-agents")
struct AgentTests {
    private static let runs: [Dimensions] = [
        [.agent: "planner"], [.agent: "coder", .parentAgent: "planner"],
        [.agent: "tester", .parentAgent: "planner"], [.agent: "coder"],
        [.parentAgent: "planner"], [.app: "chat"],
    ]

    @Test("a budget of an agent counts what its sub-agents do, and no other agent's")
    func filter() throws {
        var planner = try budget("planner")
        planner.filter = [.agent: "planner"]
        #expect(
            Self.runs.map { planner.member(of: $0) != nil } == [
                true, true, true, false, true, false,
            ])
        var coder = try budget("coder")
        coder.filter = [.agent: "coder"]
        #expect(
            Self.runs.map { coder.member(of: $0) != nil } == [
                false, true, false, true, false, false,
            ])
        var exact = try budget("exact")
        exact.filter = [.parentAgent: "planner"]
        #expect(
            Self.runs.map { exact.member(of: $0) != nil } == [
                false, true, true, false, true, false,
            ])
    }

    @Test("where each agent has the limits, they are those of a run with its sub-agents")
    func each() throws {
        var runs = try budget("runs")
        runs.each = .agent
        let members = Self.runs.map { runs.member(of: $0) }
        #expect(
            members == [
                .value("planner"), .value("planner"), .value("planner"), .value("coder"),
                .value("planner"), .missing(.agent),
            ])
        var shelf = Shelf()
        try shelf.define(runs)
        let refusal = #expect(throws: MissingMember.self) {
            _ = try shelf.book.chain(of: [.app: "chat"])
        }
        #expect(refusal?.dimension == .agent)
        #expect(try shelf.book.chain(of: Self.runs[1]).map(\.member) == ["planner"])
    }

    @Test("what an event is counted for is what its hold was, whichever agent made it")
    func counts() throws {
        var random = RandomEvents(seed: testSeed())
        var shelf = Shelf()
        for (name, each, filter) in [
            ("a", Dimension.agent, [:]), ("b", nil, [Dimension.agent: "agent-0" as Name]),
            ("c", .user, [.agent: "agent-1"]), ("d", .attempt, [:]),
        ] as [(String, Dimension?, [Dimension: Name])] {
            var definition = try budget(name)
            (definition.each, definition.filter) = (each, filter)
            definition.enforcement = .soft
            try shelf.define(definition)
        }
        let book = shelf.book
        for _ in 0..<500 {
            var event = random.request()
            for dimension in [Dimension.agent, .parentAgent] {
                event.dimensions[dimension] = random.chance(0.6) ? random.name("agent", of: 3) : nil
            }
            let chain = try book.chain(of: event.dimensions).map(\.row)
            var image = EventImage()
            image.append(event)
            let row = try #require(EventRow(image: image.buffer))
            #expect(book.counts(of: row).map(\.row) == chain, "\(event.dimensions)")
            #expect(row.text(.agent) != nil || event.dimensions[.agent] == nil)
        }
    }
}
