import Budgets
import Calendars
import LedgerModel
import LedgerTesting
import Testing

@Suite("Definitions of budgets")
struct DefinitionTests {
    @Test("what an event says of a budget is the budget")
    func roundTrip() throws {
        var random = RandomEvents(seed: testSeed())
        for _ in 0..<1_000 {
            let definition = try random.definition()
            let facts = try definition.facts(
                number: 7, change: [("change", "set"), ("by", "a test"), ("reason", "why not")])
            #expect(BudgetDefinition(facts) == definition)
            #expect(facts["number"] == "7")
            let stored = try #require(Labels(canonicalJSON: facts.canonicalJSON))
            #expect(BudgetDefinition(stored) == definition, "by way of the database")
        }
    }

    @Test("a definition that does not fit into an event is refused by its size")
    func tooLong() throws {
        var definition = try budget("a")
        definition.filter = [
            .app: Name(String(repeating: "a", count: 512)),
            .team: Name(String(repeating: "b", count: 512)),
        ]
        #expect {
            _ = try definition.facts(number: 0, change: [])
        } throws: { error in
            if case BudgetInvalid.tooLong = error { true } else { false }
        }
    }

    @Test("an increase raises the limits that exist, in windows that begin before its end")
    func extra() throws {
        var definition = try budget("a", Limits(cost: try usd("10"), requests: 5))
        definition.extra = .init(
            amounts: Amounts(cost: try usd("2.5"), tokens: 100, requests: 1),
            until: try moment("2026-12-01"))
        let raised = Limits(cost: try usd("12.5"), requests: 6)
        let november = definition.schedule.window(of: try moment("2026-11-30"))
        let december = definition.schedule.window(of: try moment("2026-12-01"))
        #expect(definition.limits(in: november) == raised)
        #expect(definition.limits(in: december) == definition.limits)
    }

    @Test("what somebody writes wrongly is refused by name")
    func refusals() {
        func check(
            _ expected: BudgetInvalid, name: String = "a", usd: String? = "1",
            _ change: (inout WrittenBudget) -> Void = { _ in }
        ) {
            var written = WrittenBudget(name: name, limits: WrittenAmounts(usd: usd))
            change(&written)
            let changed = written
            #expect(throws: expected) { try changed.definition() }
        }
        for name in ["", "a b", "a/b", "é", String(repeating: "a", count: 65)] {
            check(.name(name), name: name)
        }
        for amount in ["0", "-1", "abc", "", "0.0000000000001", "100000000000000000001", "1,5"] {
            check(.amount(amount, member: "usd"), usd: amount)
        }
        check(.noLimit("a"), usd: nil)
        check(.amount("0", member: "tokens")) { $0.limits.tokens = 0 }
        check(.amount("-3", member: "requests")) { $0.limits.requests = -3 }
        check(.zone("Mars/Base")) { $0.zone = "Mars/Base" }
        check(.zone("")) { $0.zone = "" }
        check(.window("a window has 1 to 366 days, not 0")) { $0.window = "0 days" }
        check(.window("a window has 1 to 366 days, not 367")) { $0.window = "367 days" }
        check(.window("starts is 2026-02-30: give a day such as 2026-04-01")) {
            $0.starts = "2026-02-30"
        }
        check(.filter("usr is not a dimension: did you mean user?")) {
            $0.filter = [("usr", "x")]
        }
        check(.filter("app has no value: write app=VALUE")) { $0.filter = [("app", "")] }
        check(.filter("user is fixed by the filter, so there is only one of them")) {
            $0.filter = [("user", "x")]
            $0.each = "user"
        }
        check(.filter("enforcement is firm: use hard, soft or shadow")) { $0.enforcement = "firm" }
        check(.amount("0", member: "hold_seconds")) { $0.holdSeconds = 0 }
        check(.amount("86401", member: "hold_seconds")) { $0.holdSeconds = 86_401 }
    }

    @Test("what somebody writes well is read whole")
    func written() throws {
        var written = WrittenBudget(
            name: "team-x.Q4_2", limits: WrittenAmounts(usd: "100000000000000000000", tokens: 5))
        written.window = "2 weeks"
        written.starts = "2026-11-02"
        written.zone = "Europe/Berlin"
        written.filter = [("team", "x"), ("service_tier", "batch")]
        written.each = "user"
        written.enforcement = "soft"
        written.holdSeconds = 86_400
        let definition = try written.definition()
        #expect(definition.limits.cost?.description == "100000000000000000000")
        #expect(definition.limits.tokens == 5 && definition.limits.requests == nil)
        #expect(definition.schedule.periodText == "2 weeks")
        #expect(definition.schedule.anchor?.description == "2026-11-02")
        #expect(definition.filter == [.team: "x", .serviceTier: "batch"])
        #expect(definition.each == .user && definition.enforcement == .soft)
        #expect(definition.holdSeconds == 86_400)
        #expect(try WrittenAmounts.money("0.000000000001").amount == 1)
    }
}

extension RandomEvents {
    mutating func definition() throws -> BudgetDefinition {
        let cost = Int128.random(
            in: 1...Int128(100_000_000_000_000_000_000) * 1_000_000_000_000, using: &random)
        let limits = Limits(
            cost: chance(0.7) ? PicodollarSum(cost) : nil,
            tokens: chance(0.5) ? Int64.random(in: 1...Int64.max, using: &random) : nil,
            requests: chance(0.3) ? Int64.random(in: 1...Int64.max, using: &random) : nil)
        var definition = try BudgetDefinition(
            name: name("budget", of: 100).string,
            limits: limits.isEmpty ? Limits(tokens: 1) : limits,
            schedule: try schedule(in: ["UTC", "Europe/Berlin", "Asia/Kathmandu"]))
        for dimension in Dimension.allCases where chance(0.2) {
            definition.filter[dimension] = text()
        }
        if chance(0.4) { definition.each = Dimension.allCases.randomElement(using: &random) }
        definition.enforcement =
            BudgetDefinition.Enforcement.allCases.randomElement(using: &random) ?? .hard
        definition.holdSeconds = Int.random(in: 1...86_400, using: &random)
        if chance(0.3) { definition.extra = .init(amounts: amounts(), until: timestamp()) }
        definition.leases = chance(0.5)
        definition.isRetired = chance(0.2)
        return definition
    }
}
