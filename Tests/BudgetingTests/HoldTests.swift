import Budgeting
import Budgets
import EventStore
import LedgerModel
import LedgerTesting
import PostgresTesting
import Testing

@Suite("Holds of a ledger", .serialized, .timeLimit(.minutes(5)))
struct HoldTests {
    @Test("a hold is settled with its request, charge and settlement in one block")
    func settled() async throws {
        try await Bench.with { bench in
            try await bench.define("a", usd: "0.01")
            let held = try await bench.hold("call")
            #expect(held.state == .held && !held.isRepeated && held.cost == nil)
            #expect(held.budgets.map(\.balance.held.cost) == [.charges(1)])
            #expect(held.budgets.first?.left.cost == PicodollarSum(usd: "0.007"))
            let used: Usage = [.inputTokens: 500, .outputTokens: 50]
            let settled = try await bench.settle("call", used)
            #expect(settled.state == .settled && !settled.isRepeated)
            #expect(settled.cost == Picodollars(1_500_000_000))
            let balance = try await bench.status("a").balance
            #expect(balance.held == .zero)
            #expect(balance.posted.cost == PicodollarSum(usd: "0.0015"))
            #expect(balance.posted.tokens == 550 && balance.posted.requests == 1)
            let head = try await bench.ledger.head().position
            let block = try #require(try await bench.ledger.block(holding: head)).block
            let events = try await bench.events().filter { $0.position >= block.firstPosition }
            #expect(
                events.map(\.event.kind) == [.requestCompleted, .chargeRated, .budgetSettled])
            #expect(events.last?.event.causeID == held.hold.event.id)
            // The same again is the same, other usage is not, and nothing else ends it.
            #expect(try await bench.settle("call", used).isRepeated)
            await #expect(throws: HoldInvalid.otherSettlement("call")) {
                try await bench.settle("call")
            }
            #expect(try await bench.service.release("call", at: .present).state == .settled)
            #expect(try await bench.ledger.head().position == head)
        }
    }

    @Test("a refusal has the figures, and the most output tokens that fit; one more does not")
    func refused() async throws {
        try await Bench.with { bench in
            try await bench.define("a", usd: "0.02")
            try await bench.define("b", tokens: 3_000) { $0.each = "user" }
            try await bench.ingest([bench.request(user: "u")])
            try await bench.hold("held", user: "u", usage: [.inputTokens: 1, .outputTokens: 0])
            let wanted: Usage = [.inputTokens: 1_000, .outputTokens: 5_000]
            let refusal = await #expect(throws: BudgetRefusal.self) {
                try await bench.hold("call", user: "u", usage: wanted)
            }
            #expect(refusal?.budget == "a" && refusal?.member == nil)
            #expect(refusal?.limits.cost == PicodollarSum(usd: "0.02"))
            #expect(refusal?.balance.posted.cost == .charges(1))
            #expect(refusal?.balance.held.cost == PicodollarSum(usd: "0.000002"))
            #expect(refusal?.asked.cost == PicodollarSum(usd: "0.052"))
            #expect(refusal?.left.cost == PicodollarSum(usd: "0.016998"))
            // The money is enough for 1,499 tokens; the user's tokens for 899.
            let fitting = try #require(refusal?.outputTokensThatFit)
            #expect(fitting == 899)
            let more = await #expect(throws: BudgetRefusal.self) {
                try await bench.hold(
                    "call", user: "u", usage: [.inputTokens: 1_000, .outputTokens: fitting + 1])
            }
            #expect(more?.budget == "b" && more?.member == "u")
            try await bench.hold(
                "call", user: "u", usage: [.inputTokens: 1_000, .outputTokens: fitting])
            let none = await #expect(throws: BudgetRefusal.self) {
                try await bench.hold("next", user: "u", usage: wanted)
            }
            #expect(none?.outputTokensThatFit == nil, "not even one")
        }
    }

    @Test("a hold that is sent twice is one; with other usage it is a conflict")
    func repeated() async throws {
        try await Bench.with(3) { bench in
            try await bench.define("a", requests: 1)
            let first = Count()
            try await withThrowingTaskGroup(of: Void.self) { group in
                for caller in 0..<12 {
                    group.addTask {
                        let answer = try await bench.hold("call", through: caller % 3)
                        if !answer.isRepeated { first.add() }
                        #expect(answer.state == .held)
                    }
                }
                try await group.waitForAll()
            }
            #expect(first.value == 1)
            #expect(try await bench.status("a").balance.held.requests == 1)
            for number in 0..<3 {
                await #expect(throws: HoldInvalid.otherHold("call")) {
                    try await bench.hold("call", usage: [.inputTokens: 9], through: number)
                }
                await #expect(throws: HoldInvalid.otherHold("call")) {
                    try await bench.hold("call", user: "u", through: number)
                }
                await #expect(throws: HoldInvalid.otherHold("call")) {
                    try await bench.hold("call", usd: "1", through: number)
                }
            }
            // Also after its end it is the same call, which is not held again.
            try await bench.settle("call", through: 2)
            let late = try await bench.hold("call", through: 1)
            #expect(late.isRepeated && late.state == .settled)
            #expect(try await bench.status("a").balance.held == .zero)
            #expect(try await bench.events(.budgetHeld).count == 1)
        }
    }

    @Test("a hold without an outcome expires, however few there are, and is settled late")
    func expired() async throws {
        try await Bench.with(2) { bench in
            try await bench.define("a", usd: "1") { $0.holdSeconds = 1 }
            try await bench.define("users", tokens: 10_000) { $0.each = "user" }
            try await bench.hold("one", user: "u")
            #expect(try await bench.service.expireDue(at: .present) == 0)
            try await eventually("the hold expires") {
                try await bench.instances[1].service.tend(at: .present)
                return try await bench.state("one").state == .expired
            }
            #expect(try await bench.status("a").balance.held == .zero)
            #expect(try await bench.status("users").balance.held == .zero)
            #expect(try await bench.service.release("one", at: .present).state == .expired)
            let late = try await bench.settle("one")
            #expect(late.state == .settled && late.cost == Bench.cost)
            #expect(try await bench.status("a").balance.posted.cost == .charges(1))
            #expect(try await bench.status("users").balance.posted.tokens == 1_100)
            #expect(try await bench.events(.budgetExpired, .budgetSettled).count == 1)
        }
    }

    @Test("a hold whose time is over refuses nobody, even before anybody tends")
    func due() async throws {
        try await Bench.with { bench in
            try await bench.define("a", requests: 2) { $0.holdSeconds = 1 }
            try await bench.hold("old")
            try await bench.hold("young")
            try await eventually("there is room again") {
                do {
                    try await bench.hold("new")
                    return true
                } catch is BudgetRefusal {
                    return false
                }
            }
            #expect(try await bench.state("old").state == .expired)
        }
    }

    @Test("a released hold gives everything back, and may be settled late")
    func released() async throws {
        try await Bench.with { bench in
            try await bench.define("a", usd: "0.003")
            try await bench.hold("call")
            for _ in 0..<2 {
                #expect(try await bench.service.release("call", at: .present).state == .released)
            }
            #expect(try await bench.status("a").balance.held == .zero)
            try await bench.hold("other")
            _ = try await bench.service.release("other", at: .present)
            // The caller was wrong: something was used.
            try await bench.settle("call")
            #expect(try await bench.status("a").balance.posted.cost == .charges(1))
            await #expect(throws: HoldInvalid.unknown("nobody")) {
                try await bench.service.release("nobody", at: .present)
            }
            #expect(try await bench.events(.budgetReleased, .budgetSettled).count == 2)
        }
    }

    @Test("a call that failed with usage is charged, one without is not")
    func failed() async throws {
        try await Bench.with { bench in
            try await bench.define("a", usd: "1")
            try await bench.hold("broken")
            let broken = try await bench.service.settle(
                "broken", Settlement(usage: Bench.usage, status: 502), at: .present)
            #expect(broken.state == .settled && broken.cost == Bench.cost)
            try await bench.hold("refused")
            let refused = try await bench.service.settle(
                "refused", Settlement(usage: [:], status: 429), at: .present)
            #expect(refused.state == .settled && refused.cost == nil)
            let balance = try await bench.status("a").balance
            #expect(balance.posted.cost == .charges(1) && balance.posted.requests == 2)
            #expect(balance.held == .zero)
        }
    }

    @Test("soft and shadow budgets refuse nothing")
    func lenient() async throws {
        try await Bench.with { bench in
            try await bench.define("soft", usd: "0.001") { $0.enforcement = "soft" }
            try await bench.define("shadow", requests: 1) { $0.enforcement = "shadow" }
            for number in 0..<3 {
                let answer = try await bench.hold("call-\(number)")
                #expect(answer.budgets.map(\.definition.name) == ["soft"], "shadows say nothing")
            }
            #expect(try await bench.status("soft").balance.held.cost == .charges(3))
            #expect(try await bench.status("shadow").balance.held.requests == 3)
            #expect(try #require(try await bench.status("shadow").used) == 3)
        }
    }

    @Test("a request that does not say what a budget must know is refused by name")
    func unknownMembers() async throws {
        try await Bench.with { bench in
            try await bench.define("users", usd: "1") { $0.each = "user" }
            let missing = await #expect(throws: MissingMember.self) {
                try await bench.hold("call")
            }
            #expect(missing?.budget == "users" && missing?.param == "user")
            let unpriced = HoldInvalid.noPrice(model: "exotic", budget: "users")
            await #expect(throws: unpriced) {
                try await bench.hold("call", user: "u", model: "exotic")
            }
            await #expect(throws: HoldInvalid.noProvider) {
                _ = try await bench.service.hold(
                    HoldWish(
                        requestID: "call", dimensions: [.user: "u", .model: "small"],
                        usage: Bench.usage, cost: nil), at: .present)
            }
            #expect(try await bench.events(.budgetHeld).isEmpty)
            // A sum that the caller knows will do, and where only tokens count, no price is needed.
            try await bench.hold("known", user: "u", model: "exotic", usd: "0.5")
            #expect(try await bench.status("users").balance.held.cost == PicodollarSum(usd: "0.5"))
            _ = try await bench.service.change("users", .remove, by: "t", at: .present)
            try await bench.define("tokens", tokens: 2_000)
            try await bench.hold("tokens", model: "exotic")
            let full = await #expect(throws: BudgetRefusal.self) {
                try await bench.hold("more", model: "exotic")
            }
            #expect(full?.outputTokensThatFit == nil, "the input alone is too much")
            #expect(try await bench.settle("tokens").unpriced != nil, "and the ledger says so")
        }
    }

    @Test("what is spent without a hold leaves less for holds")
    func chargesWithoutHolds() async throws {
        try await Bench.with(2) { bench in
            try await bench.define("a", usd: "0.01")
            try await bench.ingest((0..<3).map { _ in bench.request() }, through: 1)
            let refusal = await #expect(throws: BudgetRefusal.self) { try await bench.hold("call") }
            #expect(refusal?.left.cost == PicodollarSum(usd: "0.001"))
            try await bench.hold("small", usd: "0.001")
            await #expect(throws: BudgetRefusal.self) {
                try await bench.hold("tiny", usd: "0.000000000001")
            }
        }
    }

    @Test("a hold is extended step by step, each step once, as far as the budget goes")
    func extended() async throws {
        try await Bench.with(2) { bench in
            try await bench.define("a", usd: "0.01")
            try await bench.hold("call")
            func extend(_ step: Int64, usd: String = "0.003", through number: Int = 0) async throws
                -> HoldAnswer
            {
                try await bench.instances[number].service.extend(
                    "call", by: [:],
                    cost: Picodollars(Int64(try WrittenAmounts.money(usd).amount)), step: step,
                    at: .present)
            }
            #expect(try await !extend(1).isRepeated)
            #expect(try await extend(1, through: 1).isRepeated)
            #expect(try await bench.status("a").balance.held.cost == .charges(2))
            #expect(try await bench.status("a").balance.held.requests == 1)
            let refusal = await #expect(throws: BudgetRefusal.self) {
                try await extend(2, usd: "1")
            }
            #expect(refusal?.left.cost == PicodollarSum(usd: "0.004"))
            #expect(try await bench.status("a").balance.held.cost == .charges(2), "still held")
            try await bench.settle("call")
            #expect(try await bench.status("a").balance.held == .zero)
            await #expect(throws: HoldInvalid.notOpen("call")) { _ = try await extend(3) }
            #expect(try await extend(1).state == .settled, "sent again, it is no new step")
        }
    }

    @Test("a call in flight goes on, whatever becomes of the budgets")
    func inFlight() async throws {
        try await Bench.with(2) { bench in
            try await bench.define("a", usd: "0.01")
            for id in ["one", "two", "three"] { try await bench.hold(id) }
            // A budget that would not take these calls, and the end of the one that did.
            try await bench.define("users", usd: "1", through: 1) { $0.each = "user" }
            _ = try await bench.instances[1].service.change("a", .remove, by: "t", at: .present)
            let extended = try await bench.service.extend(
                "one", by: Bench.usage, cost: nil, step: 1, at: .present)
            #expect(extended.state == .held)
            #expect(try await bench.settle("one").state == .settled)
            #expect(try await bench.service.release("two", at: .present).state == .released)
            #expect(try await bench.state("three").state == .held)
            let state = BudgetState(try await bench.ledger.state(of: LedgerBudgets.key("0")))
            #expect(state.holdCount == 1)
        }
    }

    @Test("where no budget counts a request, its hold ends once all the same")
    func unbudgeted() async throws {
        try await Bench.with { bench in
            try await bench.hold("settled")
            try await bench.hold("released")
            #expect(try await bench.settle("settled").state == .settled)
            #expect(try await bench.settle("settled").isRepeated)
            #expect(try await bench.service.release("settled", at: .present).state == .settled)
            #expect(try await bench.service.release("released", at: .present).state == .released)
            #expect(try await bench.settle("released").cost == Bench.cost)
            #expect(try await bench.events(.budgetSettled, .budgetReleased).count == 2)
            #expect(try await bench.events(.chargeRated).count == 2)
        }
    }
}
