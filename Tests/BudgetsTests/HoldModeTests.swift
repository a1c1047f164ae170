import Budgets
import LedgerModel
import LedgerTesting
import Testing

@Suite("How much a budget holds")
struct HoldModeTests {
    private static let now = Timestamp(year: 2026, month: 11, day: 30)

    /// A call whose input costs 10, or 40 in the worst case, and each output token 1.
    private static func call(
        _ outputMax: Int64?, choices: Int64 = 1, isStreamed: Bool = false, expected: Int64? = nil
    ) -> HoldQuestion {
        HoldQuestion(
            inputTokens: 100, outputMax: outputMax, choices: choices, isStreamed: isStreamed,
            expectedOutput: expected,
            price: .of { mode, output in
                PicodollarSum(Int128(output) + (mode == .strict ? 40 : 10))
            })
    }

    private func part(
        _ mode: HoldMode, _ question: HoldQuestion, slice: Int64 = 512
    ) throws -> (cost: Int128, tokens: Int64, output: Int64?) {
        let part = try question.part(under: HoldRule(mode: mode, slice: slice))
        #expect(part.amounts.requests == 1)
        return (part.amounts.cost.amount, part.amounts.tokens, part.outputTokens)
    }

    @Test("a stream holds its input and a slice, or all of its output if that is less")
    func stream() throws {
        #expect(try part(.stream, Self.call(32_000, isStreamed: true)) == (522, 612, 512))
        #expect(try part(.stream, Self.call(32_000, isStreamed: true), slice: 64) == (74, 164, 64))
        #expect(try part(.stream, Self.call(20, isStreamed: true)) == (30, 120, 20))
        #expect(try part(.stream, Self.call(nil, isStreamed: true)) == (522, 612, 512))
        let two = Self.call(32_000, choices: 2, isStreamed: true)
        #expect(try part(.stream, two) == (1_034, 1_124, 1_024), "a slice of each answer")
    }

    @Test("a call that is not streamed holds all of its output, in each of its answers")
    func whole() throws {
        #expect(try part(.stream, Self.call(1_000)) == (1_010, 1_100, 1_000))
        #expect(try part(.stream, Self.call(1_000, choices: 3)) == (3_010, 3_100, 3_000))
        #expect(try part(.stream, Self.call(nil)) == (10, 100, 0), "where nobody says how much")
    }

    @Test("what is expected is held, but never more than there can be")
    func expected() throws {
        #expect(try part(.expected, Self.call(32_000, expected: 700)) == (710, 800, 700))
        #expect(try part(.expected, Self.call(300, expected: 700)) == (310, 400, 300))
        let stream = Self.call(32_000, isStreamed: true, expected: 700)
        #expect(try part(.expected, stream) == (710, 800, 700))
    }

    @Test("the worst case is all output at the worst price, streamed or not")
    func strict() throws {
        let stream = Self.call(32_000, choices: 2, isStreamed: true, expected: 5)
        #expect(try part(.strict, stream) == (64_040, 64_100, 64_000))
        let absurd = Self.call(.max, choices: 1_000)
        #expect(try absurd.part(under: HoldRule(mode: .strict)).amounts.tokens > 1 << 62)
    }

    @Test("money that the caller chose is the same in every mode")
    func given() throws {
        let question = HoldQuestion(
            inputTokens: 100, outputMax: 50, isStreamed: true, price: .given(PicodollarSum(7)))
        for mode in HoldMode.allCases {
            #expect(try part(mode, question) == (7, 150, nil))
        }
    }

    // MARK: Chains

    /// Given some budgets; when and then follow in the tests.
    private struct Given {
        var shelf = Shelf()
        var rows = BudgetRows()
        var random = RandomEvents(seed: 5)

        init(_ definitions: BudgetDefinition...) throws {
            for definition in definitions { try shelf.complete(try shelf.define(definition)) }
        }

        var chain: [ChainLink] {
            get throws { try shelf.book.chain(of: [:]) }
        }

        mutating func hold(_ question: HoldQuestion) throws -> Hold {
            var event = Event(id: random.eventID(), kind: .budgetHeld, occurredAt: now)
            let parts = try question.parts(of: chain)
            let facts = try Labels(
                BudgetBook.hold(
                    parts, as: event.id, occurredAt: now, in: chain, &rows, at: now))
            event.amount = Picodollars(Int64(parts.most.cost.amount))
            let stored: Labels = try #require(Labels(canonicalJSON: facts.canonicalJSON))
            event.detail = stored
            return try #require(Hold(event, under: shelf.book))
        }

        func outputThatFits(_ question: HoldQuestion) throws -> Int64? {
            BudgetBook.outputThatFits(question, occurredAt: now, in: try chain, rows)
        }
    }

    @Test("budgets of one chain hold different amounts, and the event says them for each")
    func mixed() throws {
        var given = try Given(
            budget("a", Limits(cost: PicodollarSum(100_000))) { $0.hold = HoldRule(slice: 64) },
            budget("b", Limits(tokens: 50_000)) { $0.hold = HoldRule(mode: .strict) },
            budget("c", Limits(requests: 10)) { $0.hold = HoldRule(mode: .expected) })
        let hold = try given.hold(Self.call(32_000, isStreamed: true, expected: 700))
        #expect(hold.event.detail?["usd"] == "0.000000000074,0.00000003204,0.00000000071")
        #expect(hold.event.detail?["tokens"] == "164,32100,800")
        #expect(hold.event.detail?["output"] == "64,32000,700")
        for (row, part) in zip(hold.rows, hold.parts) {
            #expect(given.rows[row]?.hold(hold.event.id)?.amounts == part.amounts)
        }
        #expect(hold.parts.outputTokens == 64, "what all of them cover")
        #expect(hold.amounts == Amounts(cost: PicodollarSum(32_040), tokens: 32_100, requests: 1))
    }

    @Test("a hold from before budgets had modes is read as it was")
    func oldEvents() throws {
        var given = try Given(budget("a"), budget("b"))
        var event = Event(id: given.random.eventID(), kind: .budgetHeld, occurredAt: Self.now)
        event.amount = Picodollars(5)
        event.detail = try Labels([
            ("budgets", "0,1"), ("expires", Name(Self.now.description)), ("tokens", "1100"),
        ])
        let hold = try #require(Hold(event, under: given.shelf.book))
        let amounts = Amounts(cost: PicodollarSum(5), tokens: 1_100, requests: 1)
        #expect(hold.parts == [HeldPart(amounts), HeldPart(amounts)] && hold.amounts == amounts)
        event.detail = try Labels([
            ("budgets", ""), ("expires", Name(Self.now.description)), ("tokens", "7"),
        ])
        let free = try #require(Hold(event, under: given.shelf.book))
        #expect(free.rows.isEmpty && free.parts.isEmpty && free.amounts.tokens == 7)
        // The answers of another number of budgets are none.
        event.detail = try Labels([
            ("budgets", "0,1"), ("expires", Name(Self.now.description)), ("tokens", "1,2,3"),
        ])
        #expect(Hold(event, under: given.shelf.book) == nil)
    }

    @Test("the most output that fits is found, one more does not fit, and a lowered call does")
    func lowered() throws {
        var given = try Given(
            budget("a", Limits(cost: PicodollarSum(900))) { $0.hold = HoldRule(mode: .strict) },
            budget("b", Limits(tokens: 5_000)))
        let wanted = Self.call(32_000, choices: 2)
        #expect(throws: BudgetRefusal.self) { _ = try given.hold(wanted) }
        let most = try #require(try given.outputThatFits(wanted))
        #expect(most == 430, "twice 430 and the input are 900")
        #expect(throws: BudgetRefusal.self) { _ = try given.hold(wanted.lowered(to: most + 1)) }
        let before = given.rows
        #expect(before.isEmpty)
        _ = try given.hold(wanted.lowered(to: most))
        #expect(try given.outputThatFits(wanted) == nil, "nothing is left")
    }

    @Test("a stream whose slice does not fit is told what does")
    func lastSlice() throws {
        var given = try Given(budget("a", Limits(cost: PicodollarSum(300))))
        let stream = Self.call(32_000, isStreamed: true)
        #expect(throws: BudgetRefusal.self) { _ = try given.hold(stream) }
        #expect(try given.outputThatFits(stream) == 290)
        #expect(try given.outputThatFits(Self.call(nil, isStreamed: true)) == 290)
        _ = try given.hold(stream.lowered(to: 290))
        #expect(try given.outputThatFits(Self.call(nil)) == nil, "output is not the reason")
    }

    @Test("a reserve is left for settlements: holds stop before it, charges do not")
    func reserve() throws {
        var given = try Given(
            budget("a", Limits(cost: PicodollarSum(1_000), tokens: 999, requests: 1)) {
                $0.hold = HoldRule(mode: .expected, reserve: 10)
            })
        let refusal = #expect(throws: BudgetRefusal.self) {
            _ = try given.hold(Self.call(32_000, expected: 891))
        }
        #expect(refusal?.reserved == Amounts(cost: PicodollarSum(100), tokens: 99))
        #expect(refusal?.left == Limits(cost: PicodollarSum(900), tokens: 900, requests: 1))
        #expect(refusal?.description.contains("held of 999, 99 kept for settlements") == true)
        let hold = try given.hold(Self.call(32_000, expected: 800))
        let budget = try #require(given.shelf.book[0])
        let window = budget.window(of: Self.now)
        #expect(BudgetBook.end(hold.event.id, &given.rows))
        given.rows["0"]?.post(
            Amounts(cost: PicodollarSum(1_000), tokens: 999, requests: 1), in: window.start)
        #expect(budget.uncovered(in: try #require(given.rows["0"])).isEmpty, "up to the limit")
    }

    @Test("an extension raises every budget to the same output, where the worst case adds nothing")
    func extended() throws {
        var given = try Given(
            budget("a", Limits(tokens: 1_200)) { $0.hold = HoldRule(slice: 64) },
            budget("b", Limits(tokens: 40_000)) { $0.hold = HoldRule(mode: .strict) },
            budget("c", Limits(tokens: 40_000)) { $0.hold = HoldRule(slice: 100) })
        let hold = try given.hold(Self.call(32_000, isStreamed: true))
        let wanted: Int64 = 200
        let added = try #require(
            try BudgetBook.extend(
                hold, in: given.chain, &given.rows, at: Self.now
            ) { _, open in
                HeldPart(Amounts(tokens: max(0, 64 + wanted - (open.amounts.tokens - 100))))
            }
        ).added
        #expect(added.map(\.amounts.tokens) == [200, 0, 164])
        var event = Event(id: given.random.eventID(), kind: .budgetHeld, occurredAt: Self.now)
        event.causeID = hold.event.id
        event.detail = try Labels(added.facts)
        let read = try #require(HoldExtension(event, of: hold))
        #expect(read.parts.map(\.amounts) == added.map(\.amounts))
        for (index, row) in hold.rows.enumerated() {
            #expect(
                given.rows[row]?.hold(hold.event.id)?.amounts
                    == hold.parts[index].amounts + read.parts[index].amounts)
        }
    }

    @Test("a budget that covers an extension is not asked, even if it is overrun")
    func covered() throws {
        var given = try Given(
            budget("a", Limits(tokens: 40_000)) { $0.hold = HoldRule(mode: .strict) })
        let hold = try given.hold(Self.call(32_000, isStreamed: true))
        let start = try #require(given.shelf.book[0]).window(of: Self.now).start
        given.rows["0"]?.post(Amounts(tokens: 90_000), in: start)
        #expect(
            try BudgetBook.extend(hold, in: given.chain, &given.rows, at: Self.now) { _, _ in
                HeldPart(.zero)
            } != nil)
        #expect(throws: BudgetRefusal.self) {
            _ = try BudgetBook.extend(
                hold, by: Amounts(tokens: 1), in: given.chain, &given.rows, at: Self.now)
        }
    }

    // MARK: As written

    @Test("a rule survives being written, and an old definition holds as a stream does")
    func rules() throws {
        var random = RandomEvents(seed: testSeed())
        for _ in 0..<300 {
            var definition = try random.definition()
            definition.hold = HoldRule(
                mode: try #require(HoldMode.allCases.randomElement(using: &random.random)),
                slice: Int64.random(in: 1...HoldRule.sliceMax, using: &random.random),
                reserve: Int64.random(in: 0...HoldRule.reserveMax, using: &random.random))
            let facts = try definition.facts(number: 1, change: [])
            #expect(BudgetDefinition(facts) == definition)
            let old = try Labels(
                facts.pairs.filter { !["hold", "slice", "reserve"].contains($0.key.string) })
            #expect(BudgetDefinition(old)?.hold == HoldRule(mode: .stream, reserve: 0))
        }
        #expect(HoldRule(mode: .expected).reserve == 5 && HoldRule(mode: .strict).reserve == 0)
    }

    @Test("what somebody writes wrongly of holds is refused by name")
    func refusals() throws {
        func check(_ expected: BudgetInvalid, _ change: (inout WrittenBudget) -> Void) {
            var written = WrittenBudget(name: "a", limits: WrittenAmounts(usd: "1"))
            change(&written)
            let changed = written
            #expect(throws: expected) { try changed.definition() }
        }
        check(.hold("hold is worst: use stream, expected, strict")) { $0.hold = "worst" }
        check(.hold("slice belongs to the mode stream: budget a holds strict")) {
            ($0.hold, $0.slice) = ("strict", 64)
        }
        check(.amount("0", member: "slice")) { $0.slice = 0 }
        check(.hold("reserve is 91: give 0 to 90 percent")) { $0.reserve = 91 }
        var written = WrittenBudget(name: "a", limits: WrittenAmounts(usd: "1"))
        (written.hold, written.reserve) = ("expected", 0)
        #expect(try written.definition().hold == HoldRule(mode: .expected, reserve: 0))
    }
}
