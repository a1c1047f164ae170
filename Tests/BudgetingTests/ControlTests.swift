import Budgeting
import Budgets
import EventStore
import LedgerModel
import LedgerTesting
import PostgresTesting
import PriceBooks
import Pricing
import Testing

extension Bench {
    /// Defines controls as a file writes them.
    @discardableResult
    func control(_ lines: String, through number: Int = 0) async throws -> [Control] {
        try await instances[number].service.apply(
            try BudgetPolicyFile.read("controls:\n" + lines).controls, by: "a test", at: now)
    }

    /// What controls did, as their events say.
    func applied() async throws -> [Labels] {
        try await events(.controlApplied).compactMap(\.event.detail)
    }
}

@Suite("Controls of a ledger", .serialized, .timeLimit(.minutes(5)))
struct ControlTests {
    @Test("a downgrade is held at the new price, answered, and appended with the hold")
    func downgraded() async throws {
        try await Bench.with(2) { bench in
            try await bench.define("a", usd: "1")
            try await bench.define("small", requests: 5) { $0.filter = [("model", "small")] }
            try await bench.control(
                """
                  cheap: {for: {app: chat}, do: {downgrade: {small: tiny}, max_tokens: 50, flag: x}}
                """)
            let answer = try await bench.hold("call", user: "u")
            #expect(answer.hold.event.dimensions[.model] == "tiny")
            #expect(answer.hold.event.usage[.outputTokens] == 50)
            // 1,000 tokens of input and 50 of output at half the price.
            #expect(answer.hold.amounts.cost == PicodollarSum(usd: "0.00125"))
            #expect(answer.budgets.map(\.definition.name) == ["a"], "no budget of the old model")
            let expected = [
                AppliedControl(
                    policy: "cheap", action: .downgrade, from: "openai/small", to: "openai/tiny"),
                AppliedControl(policy: "cheap", action: .maxTokens, from: "100", to: "50"),
                AppliedControl(policy: "cheap", action: .flag, to: "x"),
            ]
            #expect(answer.controls == expected)
            let events = try await bench.events(.budgetHeld, .controlApplied)
            #expect(
                events.map(\.event.kind) == [.budgetHeld]
                    + Array(repeating: .controlApplied, count: 3))
            let hold = answer.hold.event.id
            #expect(events.dropFirst().allSatisfy { $0.event.causeID == hold })
            #expect(events.last?.event.dimensions[.user] == "u")
            let block = try #require(
                try await bench.ledger.block(holding: events[0].position)
            ).block
            #expect(events.allSatisfy { $0.position <= block.lastPosition }, "one commit")
            // The same again is the same, by every process, with what was made of it.
            for number in 0..<2 {
                let again = try await bench.hold("call", user: "u", through: number)
                #expect(again.isRepeated && again.controls == expected)
                #expect(again.hold == answer.hold)
            }
            await #expect(throws: HoldInvalid.otherHold("call")) {
                try await bench.hold("call", user: "u", model: "tiny", through: 1)
            }
            let settled = try await bench.settle("call", [.inputTokens: 1_000, .outputTokens: 50])
            #expect(settled.cost == Picodollars(1_250_000_000))
            try await bench.service.removeControl("cheap", by: "a test", at: bench.now)
            let plain = try await bench.hold("next", user: "u", through: 1)
            #expect(plain.controls.isEmpty && plain.hold.amounts.cost == .charges(1))
            #expect(try await bench.hold("call", user: "u").isRepeated, "whatever is in force now")
        }
    }

    @Test("blocked calls are counted in one event, and hold nothing")
    func blocked() async throws {
        try await Bench.with { bench in
            try await bench.define("a", usd: "1")
            try await bench.hold("before")
            try await bench.control(
                #"  stop: {for: {user: u}, do: {block: "not now", flag: x}}"#)
            let head = try await bench.ledger.head().position
            for number in 0..<5 {
                let refusal = await #expect(throws: ControlRefusal.self) {
                    try await bench.hold("call-\(number)", user: "u")
                }
                #expect(refusal.map { "\($0)" } == "control stop: not now")
            }
            #expect(try await bench.applied().map { $0["refusals"] } == ["1"])
            try await bench.service.bookRefusals(at: .present)
            try await bench.service.bookRefusals(at: .present)
            let events = try await bench.events(.controlApplied)
            #expect(events.map { $0.event.detail?["refusals"] } == ["1", "4"])
            #expect(events.last?.event.detail?["action"] == "block")
            #expect(events.last?.event.dimensions[.user] == "u", "whom the policy names")
            #expect(try await bench.ledger.head().position == head + 2)
            #expect(try await bench.status("a").balance.held.requests == 1)
            // What is held already is not refused afterwards.
            try await bench.control(#"  stop: {do: {block: "nobody"}}"#)
            #expect(try await bench.hold("before").isRepeated)
            // Also where its budgets could not say what it costs.
            await #expect(throws: ControlRefusal.self) {
                try await bench.hold("odd", model: "unknown")
            }
        }
    }

    @Test("a throttle lets so many calls of a minute through, of all processes together")
    func throttled() async throws {
        try await Bench.with(3) { bench in
            try await bench.define("a", usd: "1")
            try await bench.control(
                "  slow: {do: {throttle: {calls_per_minute: 7, each: user}}}")
            let (made, refused) = (Count(), Count())
            try await withThrowingTaskGroup(of: Void.self) { group in
                for caller in 0..<36 {
                    group.addTask {
                        let wish = try bench.wish("call-\(caller)", user: Name("u-\(caller % 2)"))
                        do {
                            _ = try await bench.instances[caller % 3].service.hold(
                                wish, at: bench.now)
                            made.add()
                        } catch let refusal as ControlRefusal {
                            #expect(1...60 ~= refusal.retrySeconds ?? 0)
                            refused.add()
                        }
                    }
                }
                try await group.waitForAll()
            }
            #expect(made.value == 14 && refused.value == 22)
            for instance in bench.instances {
                try await instance.service.bookRefusals(at: .present)
            }
            let counted = try await bench.applied().compactMap { $0["refusals"] }
            #expect(counted.compactMap { Int($0.string) }.reduce(0, +) == 22)
            let holds = try await bench.events(.budgetHeld)
            #expect(holds.allSatisfy { $0.event.detail?["throttles"] != nil }, "the row is a fold")
            let next = bench.now.advanced(byMicroseconds: 60_000_000)
            _ = try await bench.service.hold(try bench.wish("later", user: "u-0"), at: next)
        }
    }

    @Test("a control that another process defined concerns the next call of every process")
    func revision() async throws {
        try await Bench.with(2) { bench in
            try await bench.define("a", usd: "1")
            for number in 0..<2 { try await bench.hold("first-\(number)", through: number) }
            try await bench.control("  stop: {do: {block: no}}", through: 1)
            await #expect(throws: ControlRefusal.self) { try await bench.hold("x", through: 0) }
            try await bench.service.removeControl("stop", by: "a test", at: bench.now)
            try await bench.hold("x", through: 1)
            #expect(try await bench.service.controls().isEmpty)
            await #expect(throws: ControlInvalid.self) {
                try await bench.service.removeControl("stop", by: "a test", at: bench.now)
            }
        }
    }

    @Test("a budget that fills up changes its calls from the very call on that reaches the part")
    func share() async throws {
        try await Bench.with(2) { bench in
            try await bench.define("a", usd: "0.03") { $0.each = "user" }
            try await bench.control(
                "  tight: {when: {budget: a, used_percent: 50}, do: {downgrade: {small: tiny}}}")
            // A call is a tenth of the limit.
            for number in 0..<8 {
                let answer = try await bench.hold("u-\(number)", user: "u", through: number % 2)
                #expect(answer.controls.isEmpty == (number < 5), "\(number)")
            }
            #expect(try await bench.hold("v", user: "v").controls.isEmpty)
            for number in 0..<5 {
                _ = try await bench.service.release("u-\(number)", at: .present)
            }
            #expect(try await bench.hold("again", user: "u", through: 1).controls.isEmpty)
            try await bench.service.removeControl("tight", by: "a test", at: bench.now)
            try await bench.control(
                "  tight: {mode: shadow, when: {budget: a, used_percent: 1}, do: {block: no}}")
            let shadow = try await bench.hold("shadow", user: "u")
            #expect(shadow.hold.event.dimensions[.model] == "small")
            #expect(
                shadow.controls == [
                    AppliedControl(policy: "tight", action: .block, isShadow: true, to: "no")
                ])
        }
    }

    @Test("what would be made of a planned call is told without doing it")
    func impact() async throws {
        try await Bench.with { bench in
            try await bench.define("a", usd: "0.03")
            try await bench.control(
                """
                  tight: {when: {budget: a, used_percent: 10}, do: {downgrade: {small: tiny}}}
                  slow: {do: {throttle: 1}}
                """)
            let before = try await bench.service.impact(
                of: try bench.wish("planned"), times: 2, at: bench.now)
            #expect(before.controls.isEmpty && before.refusal == nil)
            #expect(before.budgets.map(\.asked.cost) == [.charges(2)])
            _ = try await bench.service.hold(try bench.wish("one"), at: bench.now)
            let after = try await bench.service.impact(
                of: try bench.wish("planned"), times: 2, at: bench.now)
            #expect(after.controls.map(\.policy) == ["tight"] && after.refusal?.policy == "slow")
            #expect(after.call.dimensions[.model] == "tiny")
            #expect(after.budgets.map(\.asked.cost) == [.charges(1)], "two of half the price")
            #expect(try await bench.events(.controlApplied).isEmpty)
        }
    }

    @Test("what a ledger can't have is refused, and nothing of its file is defined")
    func refused() async throws {
        try await Bench.with { bench in
            await #expect(throws: BudgetInvalid.unknown("ab", nearest: nil)) {
                try await bench.control(
                    """
                      one: {do: {flag: x}}
                      two: {when: {budget: ab, used_percent: 1}, do: {flag: x}}
                    """)
            }
            let throttles = (0..<50).map { "  t-\($0): {do: {throttle: 1}}\n" }.joined()
            await #expect(throws: ControlInvalid.self) { try await bench.control(throttles) }
            #expect(try await bench.service.controls().isEmpty)
            let most = (0..<48).map { "  t-\($0): {do: {throttle: 2}}\n" }.joined()
            #expect(try await bench.control(most).count == 48)
            // As many rows as one call can lock, also beside budgets.
            for number in 0..<16 { try await bench.define("b-\(number)", usd: "1") }
            try await bench.hold("call")
            let order = try await bench.control("  t-7: {do: {throttle: 2}}")
            #expect(order.last?.policy.name == "t-7" && order.last?.by == "a test")
        }
    }

    // MARK: Replay

    /// Budgets and controls of the requests of one app.
    private static func policy(of app: String) throws -> BudgetPolicyFile {
        try BudgetPolicyFile.read(
            """
            budgets:
              users-\(app): {usd: 0.02, for: {app: \(app)}, each: user, window: total}
            controls:
              long-\(app): {for: {app: \(app)}, when: {input_tokens_above: 2500}, do: {block: no}}
              tight-\(app):
                for: {app: \(app)}
                when: {budget: users-\(app), spent_percent: 40}
                do: {downgrade: {small: tiny}}
              odd-\(app): {for: {app: \(app), model: tiny}, do: {max_tokens: 150}}
              try-\(app): {for: {app: \(app)}, mode: shadow, do: {downgrade: {small: unknown}}}
            """)
    }

    @Test("a replay decides on recorded requests as holds decide on calls")
    func replay() async throws {
        try await Bench.with { bench in
            let seed = testSeed()
            var random = SeededGenerator(seed: seed)
            let requests = (0..<60).map { _ in
                bench.request(
                    user: Name("u-\(Int.random(in: 0..<3, using: &random))"),
                    usage: [
                        .inputTokens: Int64.random(in: 1...3_000, using: &random),
                        .outputTokens: Int64.random(in: 1...300, using: &random),
                    ])
            }
            try await bench.ingest(requests)
            let prices = bench.instances[0].prices
            let report = try await BudgetReplay(
                ledger: bench.ledger.id, pool: bench.instances[0].pool, prices: prices
            ).run(try Self.policy(of: "chat"), over: HistoryFilter(), groupedBy: [.user])
            // The same calls live, under another app.
            let live = try Self.policy(of: "live")
            for budget in live.budgets {
                _ = try await bench.service.change(
                    budget.name.string, .set(budget), by: "a test", at: bench.now)
            }
            try await bench.service.apply(live.controls, by: "a test", at: bench.now)
            var (refused, saved) = (0, PicodollarSum.zero)
            var actions: [Name: Int64] = [:]
            for request in requests {
                var dimensions = request.dimensions
                dimensions[.app] = "live"
                let id = request.id.description
                do {
                    let answer = try await bench.service.hold(
                        HoldWish(
                            requestID: id, dimensions: dimensions, usage: request.usage, cost: nil),
                        at: bench.now)
                    let hold = answer.hold.event
                    let settled = try await bench.settle(id, hold.usage)
                    for control in answer.controls { actions[control.policy, default: 0] += 1 }
                    let whole = try prices.withRater { rater in
                        try ChargeRule.rate(request, rater: &rater)
                    }
                    if case .priced(let amount) = whole.rating, let cost = settled.cost {
                        saved = saved + PicodollarSum(amount) - PicodollarSum(cost)
                    }
                } catch is ControlRefusal {
                    refused += 1
                    actions["long-live", default: 0] += 1
                } catch is BudgetRefusal {
                    refused += 1
                }
            }
            let controls = try #require(report.controls)
            #expect(report.requests == 60 && report.refused.requests == Int64(refused))
            #expect(refused > 0 && saved > .zero)
            #expect(controls.changed.saved == saved, "the shadow saves nothing")
            for sum in controls.policies {
                let name = try #require(sum.policy?.name.string)
                let count = sum.actions.values.reduce(0, +)
                #expect(
                    actions[Name(name.replacing("chat", with: "live"))] ?? 0 == count, "\(name)")
            }
            let shadow = try #require(controls.policies.last)
            #expect(shadow.changed.unpriced == shadow.changed.changes, "nobody knows its price")
            #expect(shadow.changed.known == nil)
            #expect(controls.groups.map(\.changed.changes).reduce(0, +) == controls.changed.changes)
            for user in 0..<3 {
                let name = Name("u-\(user)")
                let balance = try await bench.service.standing(
                    of: [.app: "live", .user: name], at: .present)
                #expect(balance.count == 1)
            }
        }
    }

    @Test("a replay of a policy that looks at a budget of another file is refused")
    func foreignBudget() async throws {
        try await Bench.with { bench in
            let policy = try BudgetPolicyFile.read(
                "controls:\n  a: {when: {budget: b, used_percent: 5}, do: {flag: x}}")
            await #expect(throws: ControlInvalid.self) {
                try await BudgetReplay(
                    ledger: bench.ledger.id, pool: bench.instances[0].pool,
                    prices: bench.instances[0].prices
                ).run(policy, over: HistoryFilter(), groupedBy: [])
            }
        }
    }
}
