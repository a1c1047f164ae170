import Budgets
import LedgerModel
import LedgerTesting
import Testing

/// Coding agents in front of one budget.
///
/// A step has 150,000 tokens of input of which 96 % are cached, some hundred tokens of output, and
/// `max_tokens` 32,000. Its worst case is fourteen times what it costs.
@Suite("Agents before one budget")
struct AgentLoadTests {
    @Test("the worst case refuses 27 of 50 steps at nothing spent, a stream none")
    func fifty() throws {
        for (mode, accepted) in [(HoldMode.strict, 23), (.stream, 50)] {
            var world = try AgentWorld(mode, usd: "25", steps: 50, seed: testSeed())
            world.begin(50)
            #expect(world.running.count == accepted && world.refused == 50 - accepted)
            #expect(world.balance.posted == .zero, "nothing was spent")
            try world.finish()
        }
    }

    @Test("in every order of events nothing is overspent, and nobody is refused while it fits")
    func everyOrder() throws {
        let seed = testSeed()
        for run in 0..<UInt64(isSoaking ? 400 : 40) {
            for (mode, usd) in [
                (HoldMode.stream, "25"), (.stream, "3"), (.stream, "1.3"), (.strict, "9"),
            ] {
                var world = try AgentWorld(mode, usd: usd, steps: 80, seed: seed &+ run)
                while world.goesOn { try world.step() }
                try world.finish()
            }
        }
    }
}

/// Agents that hold, stream, extend and settle, one event after another.
private struct AgentWorld {
    private static let now = Timestamp(year: 2026, month: 11, day: 30)
    private static let cachedTokens: Int64 = 144_000
    private static let newTokens: Int64 = 6_000
    private static let outputMax: Int64 = 32_000

    private let chain: [ChainLink]
    private let book: BudgetBook
    private let limit: PicodollarSum
    private var rows = BudgetRows()
    private var random: RandomEvents
    private var waiting: Int
    private(set) var running: [Agent] = []
    private(set) var refused = 0
    private var cutOff = 0
    private var finished = 0

    struct Agent {
        let hold: Hold
        /// How long its answer would be.
        let wanted: Int64
        var streamed: Int64 = 0
        var covered: Int64
    }

    init(_ mode: HoldMode, usd text: String, steps: Int, seed: UInt64) throws {
        var shelf = Shelf()
        limit = try usd(text)
        try shelf.complete(
            try shelf.define(
                try budget("agents", Limits(cost: limit)) { $0.hold = HoldRule(mode: mode) }))
        book = shelf.book
        chain = try book.chain(of: [:])
        random = RandomEvents(seed: seed)
        waiting = steps
    }

    /// Sonnet's prices in picodollars a token: 3 for input, 0.3 cached, 3.75 written, 15 for output.
    private static func price(_ mode: HoldMode, _ output: Int64) -> PicodollarSum {
        let input =
            mode == .strict
            ? (cachedTokens + newTokens) * 3_750_000
            : cachedTokens * 300_000 + newTokens * 3_750_000
        return PicodollarSum(Int128(input + output * 15_000_000))
    }

    private static let question = HoldQuestion(
        inputTokens: cachedTokens + newTokens, outputMax: outputMax, isStreamed: true,
        price: .of { price($0, $1) })

    var balance: WindowBalance {
        (rows["0"] ?? BudgetState()).balance(of: chain[0].budget.window(of: Self.now))
    }

    private var left: PicodollarSum { limit - balance.posted.cost - balance.held.cost }
    var goesOn: Bool { waiting > 0 || !running.isEmpty }

    mutating func begin(_ count: Int) {
        for _ in 0..<count { begin() }
    }

    private mutating func begin() {
        waiting -= 1
        let id = random.eventID()
        do {
            let parts = try Self.question.parts(of: chain)
            var event = Event(id: id, kind: .budgetHeld, occurredAt: Self.now)
            event.detail = try Labels(
                BudgetBook.hold(
                    parts, as: id, occurredAt: Self.now, in: chain, &rows, at: Self.now))
            event.amount = Picodollars(Int64(parts.most.cost.amount))
            let hold = try #require(Hold(event, under: book))
            // Most answers are short; some go on until they are cut off.
            let isLong = random.chance(0.1)
            running.append(
                Agent(
                    hold: hold,
                    wanted: Int64.random(
                        in: isLong ? 1_000...32_000 : 50...900, using: &random.random),
                    covered: try #require(hold.parts.outputTokens)))
        } catch let refusal as BudgetRefusal {
            refused += 1
            #expect(refusal.asked.cost > left, "refused while it fits")
        } catch {
            Issue.record(error)
        }
        #expect(balance.posted.cost + balance.held.cost <= limit)
    }

    mutating func step() throws {
        let index = running.indices.randomElement(using: &random.random)
        guard let index, waiting == 0 || random.chance(0.7) else { return begin() }
        var agent = running[index]
        let rest = agent.wanted - agent.streamed
        agent.streamed += min(
            rest,
            min(Int64.random(in: 1...300, using: &random.random), agent.covered - agent.streamed))
        running[index] = agent
        if agent.streamed == agent.wanted { return try settle(index) }
        // Ahead of the stream, so that the caller never waits for it.
        if agent.covered - agent.streamed < 128, agent.covered < Self.outputMax {
            if try !extend(index), agent.streamed == agent.covered {
                cutOff += 1
                try settle(index)
            }
        }
    }

    /// Adds a slice or what is left of the budget; false if nothing is.
    private mutating func extend(_ index: Int) throws -> Bool {
        let agent = running[index]
        func part(_ link: ChainLink, _ open: OpenHold, _ output: Int64) throws -> HeldPart {
            let own = open.amounts.tokens - Self.cachedTokens - Self.newTokens
            #expect(own == agent.covered)
            let cost = Self.price(.stream, own + output) - Self.price(.stream, own)
            return HeldPart(Amounts(cost: cost, tokens: output), outputTokens: output)
        }
        var more = min(HoldRule.sliceDefault, Self.outputMax - agent.covered)
        do {
            _ = try BudgetBook.extend(agent.hold, in: chain, &rows, at: Self.now) {
                try part($0, $1, more)
            }
        } catch is BudgetRefusal {
            let most = BudgetBook.extensionThatFits(
                agent.hold, below: more, in: chain, rows, part)
            guard let most else {
                #expect(left < PicodollarSum(15_000_000), "a token fits")
                return false
            }
            more = most
            _ = try BudgetBook.extend(agent.hold, in: chain, &rows, at: Self.now) {
                try part($0, $1, more)
            }
            #expect(left < PicodollarSum(15_000_000), "all that fits is taken")
        }
        running[index].covered += more
        #expect(balance.posted.cost + balance.held.cost <= limit)
        return true
    }

    private mutating func settle(_ index: Int) throws {
        let agent = running.remove(at: index)
        #expect(BudgetBook.end(agent.hold.event.id, &rows))
        let window = chain[0].budget.window(of: Self.now).start
        let output = agent.streamed
        rows["0"]?.post(
            Amounts(
                cost: Self.price(.stream, output),
                tokens: Self.cachedTokens + Self.newTokens + output, requests: 1), in: window)
        finished += 1
        #expect(balance.posted.cost + balance.held.cost <= limit)
    }

    /// Lets everybody answer.
    mutating func finish() throws {
        waiting = 0
        while !running.isEmpty { try step() }
        #expect(balance.held == .zero && balance.posted.cost <= limit)
        #expect(chain[0].budget.uncovered(in: rows["0"] ?? BudgetState()).isEmpty)
    }
}
