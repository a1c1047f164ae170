import Budgets
import LedgerModel
import LedgerTesting
import Testing

/// Random policies on random calls.
@Suite("Controls on random calls")
struct ControlProperties {
    private static let models: [Name] = ["a", "b", "c", "a-mini", "exotic"]
    private static let budgets: [BudgetDefinition] = {
        let all = try? budget("all", Limits(cost: PicodollarSum(10_000)))
        let each = try? budget("each", Limits(requests: 20)) { $0.each = .user }
        return [all, each].compactMap(\.self)
    }()

    private static func policy(
        _ number: Int, _ random: inout RandomEvents
    ) throws -> ControlPolicy {
        try control("p-\(number)") { policy in
            if random.chance(0.5) {
                policy.filter[.model] = models.randomElement(using: &random.random)
            }
            if random.chance(0.3) { policy.filter[.user] = random.name("u", of: 3) }
            if random.chance(0.3) {
                policy.conditions.share = .init(
                    of: random.chance(0.5) ? "all" : "each",
                    percent: Int64.random(in: 1...120, using: &random.random),
                    countsHeld: random.chance(0.5))
            }
            if random.chance(0.2) { policy.conditions.inputTokensAbove = 500 }
            if random.chance(0.2) { policy.conditions.costAbove = PicodollarSum(2_000) }
            if random.chance(0.5) {
                policy.actions.downgrade = [try ModelMapping(from: "a", to: "a-mini")]
            }
            if random.chance(0.3) { policy.actions.maxTokens = 200 }
            if random.chance(0.3) {
                policy.actions.throttle = .init(
                    callsPerMinute: 5, each: random.chance(0.5) ? .user : nil)
            }
            if random.chance(0.1) { policy.actions.block = "no" }
            if random.chance(0.3) { policy.mode = .shadow }
            policy.actions.flag = "seen"
        }
    }

    private static func given(
        _ random: inout RandomEvents
    ) throws -> (given: Controlled, policies: [ControlPolicy]) {
        let count = Int.random(in: 1...6, using: &random.random)
        let policies = try (0..<count).map { try policy($0, &random) }
        var given = Controlled(policies, budgets: budgets)
        for row in ["0", "1/u-0", "1/u-1", "1/u-2"] as [Name] {
            given.posted[row] = random.amounts()
            given.held[row] = random.amounts()
        }
        for row in 0..<count {
            for name in [Name("\(row)"), Name("\(row)/"), Name("\(row)/u-0")] {
                given.calls[name] = Int64.random(in: 0...7, using: &random.random)
            }
        }
        return (given, policies)
    }

    private static func call(_ random: inout RandomEvents) -> ControlledCall {
        Controlled.call(
            model: models.randomElement(using: &random.random) ?? "a",
            input: Int64.random(in: 0...1_000, using: &random.random),
            output: Int64.random(in: 0...1_000, using: &random.random),
            random.chance(0.7) ? [.user: random.name("u", of: 3)] : [:])
    }

    @Test(
        "the same call under the same rows is decided alike, and a rule that matches nothing is as if it were not there"
    )
    func determinism() throws {
        let seed = testSeed()
        var random = RandomEvents(seed: seed)
        var refused = 0
        for _ in 0..<(isSoaking ? 20_000 : 1_000) {
            let (given, policies) = try Self.given(&random)
            let call = Self.call(&random)
            let outcome = try given.outcome(of: call)
            let again = try given.outcome(of: call)
            #expect(outcome.call == again.call && outcome.applied == again.applied)
            #expect(outcome.refusal == again.refusal && outcome.throttles == again.throttles)
            if outcome.refusal != nil { refused += 1 }
            // Behind the others, so that their numbers stay.
            var idle = try Self.policy(99, &random)
            idle.filter = [.app: "nobody's"]
            var wider = Controlled(policies + [idle], budgets: Self.budgets)
            (wider.posted, wider.held, wider.calls) = (given.posted, given.held, given.calls)
            let beside = try wider.outcome(of: call)
            #expect(beside.call == outcome.call && beside.applied == outcome.applied)
            #expect(beside.refusal == outcome.refusal && beside.balances == outcome.balances)
        }
        #expect(refused > 0)
    }

    @Test("a call is changed only by what was applied, and by nothing in the shadow")
    func changes() throws {
        let seed = testSeed()
        var random = RandomEvents(seed: seed)
        for _ in 0..<(isSoaking ? 20_000 : 1_000) {
            let (given, policies) = try Self.given(&random)
            let call = Self.call(&random)
            let outcome = try given.outcome(of: call)
            let active = outcome.applied.filter { !$0.isShadow }
            let changing: [ControlAction] = [.downgrade, .maxTokens]
            #expect(
                (outcome.call == call) == !active.contains { changing.contains($0.action) })
            #expect(active.allSatisfy { ![.block, .throttle].contains($0.action) })
            #expect((outcome.call.usage[.outputTokens] ?? 0) <= (call.usage[.outputTokens] ?? 0))
            for (change, control) in zip(
                outcome.changes, outcome.applied.filter { changing.contains($0.action) })
            {
                #expect(change.policy == control.policy && change.before != change.after)
            }
            // In the shadow all of them change nothing and refuse nothing.
            var shadow = Controlled(
                policies.map { policy in
                    var policy = policy
                    policy.mode = .shadow
                    return policy
                }, budgets: Self.budgets)
            (shadow.posted, shadow.held, shadow.calls) = (given.posted, given.held, given.calls)
            let supposed = try shadow.outcome(of: call)
            #expect(supposed.call == call && supposed.refusal == nil)
            if outcome.refusal == nil, outcome.call == call {
                #expect(supposed.applied.map(\.action) == outcome.applied.map(\.action))
            }
        }
    }
}
