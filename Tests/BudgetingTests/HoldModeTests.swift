import Budgeting
import Budgets
import EventStore
import LedgerModel
import LedgerTesting
import ReadModels
import Testing

/// A step of an agent: 150,000 input tokens of which 96 % are cached, `max_tokens` 32,000.
private enum Step {
    static let input: Int64 = 150_000
    static let cached: Int64 = 144_000
    static let outputMax: Int64 = 32_000

    /// What the provider reports of it.
    static func usage(output: Int64, cached: Int64 = Self.cached) -> Usage {
        [
            .inputTokens: input, .cacheReadInputTokens: cached,
            .cacheWriteInputTokens: input - cached, .outputTokens: output,
        ]
    }
}

extension Bench {
    /// A call of the model that has cache prices.
    fileprivate func agent(
        _ id: String, usage: Usage = [.inputTokens: Step.input], session: Name? = nil,
        _ call: HoldCall = HoldCall(isStreamed: true, maxTokens: Step.outputMax)
    ) -> HoldWish {
        var dimensions: Dimensions = [
            .provider: "anthropic", .model: "claude-sonnet-4-5", .app: "agent",
        ]
        dimensions[.session] = session
        var wish = HoldWish(requestID: id, dimensions: dimensions, usage: usage, cost: nil)
        wish.call = call
        return wish
    }

    fileprivate func take(_ wish: HoldWish, through number: Int = 0) async throws -> HoldAnswer {
        try await instances[number].service.hold(wish, at: .present)
    }

    /// Checks that what each row holds is the fold of the ledger's holds, extensions and outcomes.
    fileprivate func checkHolds() async throws {
        let book = try await instances[0].budgets.reload()
        var holds: [EventID: Hold] = [:]
        var open: [Name: [EventID: Amounts]] = [:]
        for event in try await events().map(\.event) {
            switch event.kind {
            case .budgetHeld:
                if let cause = event.causeID {
                    let hold = try #require(holds[cause])
                    let more = try #require(HoldExtension(event, of: hold))
                    for (row, part) in zip(hold.rows, more.parts) {
                        open[row]?[cause]? += part.amounts
                    }
                } else {
                    let hold = try #require(Hold(event, under: book))
                    holds[event.id] = hold
                    for (row, part) in zip(hold.rows, hold.parts) {
                        open[row, default: [:]][event.id] = part.amounts
                    }
                }
            case .budgetSettled, .budgetReleased, .budgetExpired:
                let hold = try #require(event.causeID)
                for row in open.keys { open[row]?[hold] = nil }
            default: break
            }
        }
        for (row, expected) in open {
            let state = BudgetState(try await ledger.state(of: LedgerBudgets.key(row)))
            let found = Dictionary(state.holds.map { ($0.id, $0.amounts) }) { $1 }
            #expect(found == expected, "row \(row)")
        }
    }
}

@Suite("Modes of holds in a ledger", .serialized, .timeLimit(.minutes(5)))
struct HoldModeTests {
    private func usd(_ text: String) throws -> PicodollarSum {
        try #require(PicodollarSum(usd: text))
    }

    @Test("fifty agents at once on 25 USD all run, answer, and spend what they spend")
    func fiftyStreams() async throws {
        let seed = testSeed()
        try await Bench.with(3) { bench in
            try await bench.define("agents", usd: "25")
            var told: Usage = [.inputTokens: Step.input]
            told[.cacheReadInputTokens] = Step.cached
            let usage = told
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<50 {
                    group.addTask {
                        let held = try await bench.take(
                            bench.agent("step-\(number)", usage: usage), through: number % 3)
                        #expect(held.outputTokensHeld == 512 && held.credited == Step.cached)
                        #expect(held.held.first?.part.amounts.cost == PicodollarSum(usd: "0.07338"))
                        var random = RandomEvents(seed: seed &+ UInt64(number))
                        let output = Int64.random(in: 1...1_500, using: &random.random)
                        var covered = held.outputTokensHeld ?? 0
                        var step: Int64 = 0
                        while covered < output {
                            step += 1
                            let more = try await bench.instances[number % 3].service.extend(
                                "step-\(number)", by: [.outputTokens: 512], cost: nil, step: step,
                                at: .present)
                            covered = try #require(more.outputTokensHeld)
                            #expect(covered == 512 * (step + 1))
                        }
                        try await bench.settle(
                            "step-\(number)", Step.usage(output: output), through: number % 3)
                    }
                }
                try await group.waitForAll()
            }
            let balance = try await bench.status("agents").balance
            #expect(balance.held == .zero && balance.posted.requests == 50)
            try await bench.service.tend(at: .present)
            #expect(try await bench.events(.budgetOverrun, .budgetDenied).isEmpty)
            try await bench.checkHolds()
        }
    }

    @Test("in the mode strict 23 of the fifty fit, and 27 are refused at nothing spent")
    func fiftyStrict() async throws {
        try await Bench.with(3) { bench in
            try await bench.define("agents", usd: "25") { $0.hold = "strict" }
            let (accepted, refused) = (Count(), Count())
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<50 {
                    group.addTask {
                        do {
                            let held = try await bench.take(
                                bench.agent("step-\(number)"), through: number % 3)
                            #expect(held.hold.amounts.cost == PicodollarSum(usd: "1.0425"))
                            accepted.add()
                        } catch let refusal as BudgetRefusal {
                            #expect(refusal.balance.posted == .zero)
                            refused.add()
                        }
                    }
                }
                try await group.waitForAll()
            }
            #expect(accepted.value == 23 && refused.value == 27)
        }
    }

    @Test("on a small budget streams end where it ends, and not one token is overspent")
    func smallBudget() async throws {
        try await Bench.with(3) { bench in
            try await bench.define("agents", usd: "0.5")
            var told: Usage = [.inputTokens: Step.input]
            told[.cacheReadInputTokens] = Step.cached
            let usage = told
            let (cutOff, refused) = (Count(), Count())
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<12 {
                    group.addTask {
                        let id = "step-\(number)"
                        let service = bench.instances[number % 3].service
                        var covered: Int64
                        do {
                            covered =
                                try await bench.take(
                                    bench.agent(id, usage: usage), through: number % 3
                                )
                                .outputTokensHeld ?? 0
                        } catch is BudgetRefusal {
                            return refused.add()
                        }
                        for step in 1...60 {
                            do {
                                let more = try await service.extend(
                                    id, by: [.outputTokens: 512], cost: nil, step: Int64(step),
                                    mayLower: true, at: .present)
                                covered = try #require(more.outputTokensHeld)
                            } catch let refusal as BudgetRefusal {
                                #expect(refusal.outputTokensThatFit == nil, "all was taken")
                                cutOff.add()
                                break
                            }
                        }
                        try await bench.settle(id, Step.usage(output: covered), through: number % 3)
                    }
                }
                try await group.waitForAll()
            }
            #expect(cutOff.value > 0 && refused.value > 0)
            let balance = try await bench.status("agents").balance
            #expect(balance.held == .zero)
            #expect(try balance.posted.cost <= usd("0.5"))
            try await bench.checkHolds()
        }
    }

    @Test("what a session's last answer left in the cache is credited while its time runs")
    func cachedPrefix() async throws {
        try await Bench.with(2) { bench in
            try await bench.define("a", usd: "25")
            func held(
                _ id: String, session: Name?, input: Int64 = 152_000, through number: Int = 0
            ) async throws -> (credited: Int64?, cost: PicodollarSum) {
                let answer = try await bench.take(
                    bench.agent(id, usage: [.inputTokens: input], session: session),
                    through: number)
                return (answer.credited, answer.hold.amounts.cost)
            }
            // 152,000 × 3.75 and 512 × 15 millionths.
            #expect(try await held("first", session: "s") == (nil, usd("0.57768")))
            try await bench.settle("first", Step.usage(output: 300))
            // 150,000 × 0.3, 2,000 × 3.75 and 512 × 15 millionths.
            for number in 0..<2 {
                let next = try await held("next-\(number)", session: "s", through: number)
                #expect(try next == (150_000, usd("0.06018")), "by process \(number)")
            }
            #expect(try await held("short", session: "s", input: 1_000).credited == 1_000)
            #expect(try await held("other", session: "t").credited == nil)
            #expect(try await held("none", session: nil).credited == nil)
            // An answer that did not read from the cache ends it, for the process that settled it.
            try await bench.settle("next-0", Step.usage(output: 300, cached: 0))
            #expect(try await held("cold", session: "s").credited == nil)
            try await bench.checkHolds()
        }
    }

    @Test(
        "an ingested answer is credited for five minutes, or for an hour if it was written for one")
    func ingestedPrefix() async throws {
        try await Bench.with { bench in
            try await bench.define("a", usd: "25")
            func ingest(_ session: Name, minutes: Int64, hour: Bool = false) async throws {
                var request = bench.request(
                    at: Timestamp.present.advanced(byMicroseconds: -minutes * 60_000_000))
                request.dimensions = bench.agent("x", session: session).dimensions
                request.usage = Step.usage(output: 300)
                // As the provider's answer names it.
                request.dimensions[.model] = "claude-sonnet-4-5-20250929"
                if hour {
                    request.usage[.cacheWriteInputTokens] = nil
                    request.usage[.cacheWriteOneHourInputTokens] = 6_000
                }
                try await bench.ingest([request])
            }
            try await ingest("fresh", minutes: 4)
            try await ingest("stale", minutes: 6)
            try await ingest("long", minutes: 55, hour: true)
            try await ingest("gone", minutes: 61, hour: true)
            for (session, credited) in [
                ("fresh", 150_000), ("stale", nil), ("long", 150_000), ("gone", nil),
            ] as [(Name, Int64?)] {
                let answer = try await bench.take(
                    bench.agent(
                        "call \(session)", usage: [.inputTokens: 151_000], session: session))
                #expect(answer.credited == credited, "\(session)")
                // What is not credited is written as before: for an hour in one of them.
                if session == "long" {
                    #expect(try answer.hold.amounts.cost == usd("0.05868"))
                }
            }
        }
    }

    @Test("a caller that only gives a usage is held for exactly that")
    func plain() async throws {
        try await Bench.with { bench in
            try await bench.define("a", usd: "25")
            var wish = bench.agent("one", session: "s", HoldCall())
            _ = try await bench.take(bench.agent("before", session: "s"))
            try await bench.settle("before", Step.usage(output: 300))
            var answer = try await bench.take(wish)
            #expect(try answer.hold.amounts.cost == usd("0.45") && answer.credited == nil)
            #expect(answer.outputTokensHeld == 0)
            wish = bench.agent(
                "two", usage: [.inputTokens: Step.input, .outputTokens: 100_000], session: "s",
                HoldCall())
            answer = try await bench.take(wish)
            #expect(try answer.hold.amounts.cost == usd("1.95"), "the model's own limit or not")
            // The request's limits are more than the model can make, and there are three answers.
            wish = bench.agent("three", HoldCall(maxTokens: 1_000_000, choices: 3))
            answer = try await bench.take(wish)
            #expect(answer.outputTokensHeld == 192_000)
        }
    }

    @Test("a call that is not streamed is refused with the number that fits, or lowered to it")
    func lowered() async throws {
        try await Bench.with { bench in
            try await bench.define("a", usd: "0.1")
            var wish = try bench.wish("call", usage: [.inputTokens: 1_000])
            wish.call = HoldCall(isStreamed: false, maxTokens: 32_000)
            let asked = wish
            let refusal = await #expect(throws: BudgetRefusal.self) { try await bench.take(asked) }
            #expect(refusal?.outputTokensThatFit == 9_800)
            #expect(try await bench.events(.budgetDenied).count == 1)
            wish.mayLower = true
            let answer = try await bench.take(wish)
            #expect(answer.outputMax == 9_800 && answer.outputTokensHeld == 9_800)
            #expect(try answer.hold.amounts.cost == usd("0.1"))
            let again = try await bench.take(wish)
            #expect(again.isRepeated && again.outputMax == 9_800)
            var other = wish
            other.call.maxTokens = 31_000
            let changed = other
            await #expect(throws: HoldInvalid.otherHold("call")) { try await bench.take(changed) }
            try await bench.settle("call", [.inputTokens: 1_000, .outputTokens: 9_800])
            var next = try bench.wish("next", usage: [.inputTokens: 1])
            (next.call, next.mayLower) = (HoldCall(isStreamed: true), true)
            let late = next
            let none = await #expect(throws: BudgetRefusal.self) { try await bench.take(late) }
            #expect(none?.outputTokensThatFit == nil)
        }
    }

    @Test("the worst case is bounded by the model, and refused where nobody knows a bound")
    func strict() async throws {
        try await Bench.with { bench in
            try await bench.define("a", usd: "100") { $0.hold = "strict" }
            let call = HoldCall(maxTokens: 1_000_000_000_000, choices: 2)
            var cached: Usage = [.inputTokens: 250_000]
            cached[.cacheReadInputTokens] = 240_000
            let answer = try await bench.take(bench.agent("absurd", usage: cached, call))
            // 250,000 × 7.5 and 128,000 × 22.5 millionths, whatever may be cached.
            #expect(try answer.hold.amounts.cost == usd("4.755"))
            #expect(answer.held.map(\.mode) == [.strict])
            let settled = try await bench.service.settle(
                "absurd",
                Settlement(usage: [
                    .inputTokens: 250_000, .cacheWriteInputTokens: 250_000, .outputTokens: 128_000,
                ]), at: .present)
            #expect(settled.cost == Picodollars(4_755_000_000_000), "and not more")
            let unknown = HoldInvalid.noOutputMax(model: "small", budget: "a")
            await #expect(throws: unknown) {
                try await bench.hold("unbounded", usage: [.inputTokens: 1])
            }
            #expect(unknown.param == "max_tokens")
        }
    }

    @Test("budgets of one chain hold in their own ways, and a stream extends only what needs it")
    func mixed() async throws {
        try await Bench.with(2) { bench in
            try await bench.define("org", usd: "100") { $0.hold = "strict" }
            try await bench.define("team", usd: "100", tokens: 500_000) { $0.slice = 100 }
            try await bench.define("seen", usd: "0.001") { $0.enforcement = "soft" }
            var long: Usage = [.inputTokens: 250_000]
            long[.cacheReadInputTokens] = 240_000
            let held = try await bench.take(bench.agent("call", usage: long))
            #expect(held.held.map(\.budget) == ["org", "seen", "team"])
            #expect(held.held.map(\.part.outputTokens) == [32_000, 512, 100])
            #expect(held.outputTokensHeld == 100, "soft budgets limit nothing")
            // 240,000 × 0.6, 10,000 × 7.5 and 100 × 22.5 millionths.
            #expect(try held.held[2].part.amounts.cost == usd("0.22125"))
            let more = try await bench.instances[1].service.extend(
                "call", by: [.outputTokens: 1_000], cost: nil, step: 1, at: .present)
            #expect(more.held.map(\.part.outputTokens) == [32_000, 1_100, 1_100])
            #expect(try more.held[2].part.amounts.cost == usd("0.24375"), "at the long tier's rate")
            #expect(try more.held[0].part.amounts.cost == usd("2.595"), "as before")
            let same = try await bench.service.extend(
                "call", by: [.outputTokens: 1_000], cost: nil, step: 1, at: .present)
            #expect(same.isRepeated && same.outputTokensHeld == 1_100)
            try await bench.checkHolds()
            try await bench.settle("call", [.inputTokens: 250_000, .outputTokens: 1_100])
            try await bench.checkHolds()
        }
    }

    @Test("the first candidate with room is held, and a call is refused only if none has any")
    func candidates() async throws {
        try await Bench.with { bench in
            try await bench.define("anthropic", usd: "0.01") {
                $0.filter = [("provider", "anthropic")]
            }
            try await bench.define("all", usd: "1")
            func wish(_ id: String, _ candidates: [HoldCandidate]) -> HoldWish {
                var wish = HoldWish(
                    requestID: id, dimensions: [.app: "agent"],
                    usage: [.inputTokens: 10_000, .outputTokens: 1_000], cost: nil)
                wish.candidates = candidates
                return wish
            }
            let all = [
                HoldCandidate(provider: "openai", model: "exotic"),
                HoldCandidate(provider: "anthropic", model: "claude-sonnet-4-5"),
                HoldCandidate(provider: "openai", model: "small"),
            ]
            let answer = try await bench.take(wish("call", all))
            #expect(answer.hold.event.dimensions[.provider] == "openai")
            #expect(answer.hold.event.dimensions[.model] == "small")
            #expect(answer.passedOver.map(\.budget) == [nil, "anthropic"])
            #expect(answer.passedOver.map(\.model) == ["exotic", "claude-sonnet-4-5"])
            #expect(try await bench.events(.budgetDenied).isEmpty, "nobody was refused")
            #expect(try await bench.take(wish("call", all)).isRepeated)
            await #expect(throws: HoldInvalid.otherHold("call")) {
                try await bench.take(wish("call", Array(all.prefix(2))))
            }
            let refusal = await #expect(throws: BudgetRefusal.self) {
                try await bench.take(wish("none", Array(all.prefix(2))))
            }
            #expect(refusal?.budget == "anthropic" && refusal?.candidates.count == 2)
            #expect(try await bench.events(.budgetDenied).count == 1)
            try await bench.settle("call")
            let request = try #require(try await bench.events(.requestCompleted).first).event
            #expect(request.dimensions[.model] == "small" && request.dimensions[.app] == "agent")
        }
    }

    @Test("a file says how budgets hold, and what is wrong in it is said with its line")
    func files() throws {
        let read = try BudgetPolicyFile.read(
            """
            budgets:
              a: {usd: 1, hold: expected, reserve: 12}
              b: {usd: 1, slice: 64}
            """)
        #expect(
            read.budgets.map(\.hold) == [
                HoldRule(mode: .expected, reserve: 12), HoldRule(slice: 64),
            ])
        #expect {
            _ = try BudgetPolicyFile.read("budgets:\n  a: {usd: 1}\n  b: {usd: 1, hold: worst}")
        } throws: { error in
            "\(error)".contains("3") && "\(error)".contains("use stream, expected, strict")
        }
    }

    @Test("what is expected follows from the ledger's own answers, and its excess from the reserve")
    func expected() async throws {
        try await Bench.with { bench in
            try await bench.define("a", usd: "1") { ($0.hold, $0.reserve) = ("expected", 20) }
            try await bench.ingest(
                (0..<150).map { _ in
                    bench.request(usage: [.inputTokens: 100, .outputTokens: 50])
                })
            try await ProjectionRunner(
                pool: bench.instances[0].pool, projections: ReadModel.all, report: { _ in }
            ).catchUp()
            let spent = try await bench.status("a").balance.posted.cost
            #expect(try spent == usd("0.105"))
            var wish = try bench.wish("call", usage: [.inputTokens: 100])
            wish.call = HoldCall(maxTokens: 32_000)
            let answer = try await bench.take(wish)
            let output = try #require(answer.outputTokensHeld)
            #expect(50...2_000 ~= output, "nearly all were of 50 tokens: \(output)")
            // 0.8 less what is spent and held is left for holds, and all of it for settlements.
            let left = try #require(answer.budgets.first?.left.cost)
            #expect(try left == usd("0.8") - spent - answer.hold.amounts.cost)
            await #expect(throws: BudgetRefusal.self) { try await bench.hold("big", usd: "0.8") }
            try await bench.settle("call", [.inputTokens: 100, .outputTokens: 30_000])
            try await bench.service.tend(at: .present)
            #expect(try await bench.status("a").balance.posted.cost == spent + usd("0.3002"))
            #expect(try await bench.events(.budgetOverrun).isEmpty)
        }
    }
}
