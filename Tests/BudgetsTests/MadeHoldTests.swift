import Budgets
import LedgerModel
import LedgerTesting
import Testing

/// What is known without reading it back is what would have been read.
@Suite("Holds that were made a moment ago")
struct MadeHoldTests {
    @Test("a hold equals the one that is read from its event")
    func made() throws {
        var shelf = Shelf()
        try shelf.define(budget("all"))
        try shelf.define(budget("users") { $0.each = .user })
        let chain = try shelf.book.chain(of: [.user: "u-1"])
        var random = RandomEvents(seed: testSeed())
        for number in 0..<200 {
            var parts = chain.map { _ in
                HeldPart(
                    Amounts(
                        cost: PicodollarSum(Int128.random(in: 0...5, using: &random.random)),
                        tokens: Int64.random(in: 0...5, using: &random.random), requests: 1),
                    outputTokens: number % 3 == 0
                        ? nil : Int64.random(in: 0...5, using: &random.random))
            }
            let isCounted = number % 5 != 0
            if !isCounted { parts.removeLast(parts.count - 1) }
            let counting = isCounted ? chain : []
            var event = Event(id: random.eventID(), kind: .budgetHeld, occurredAt: Shelf.start)
            event.dimensions = [.user: "u-1", .provider: "openai"]
            event.externalID = Hold.identity(of: "call-\(number)")
            event.amount = Picodollars(Int64(parts.most.cost.amount))
            var rows = BudgetRows()
            let expires = try BudgetBook.take(
                parts, as: event.id, occurredAt: event.occurredAt, in: counting, &rows,
                at: Shelf.start)
            event.detail = try Labels(
                BudgetBook.facts(of: parts, in: counting) + [
                    ("expires", Name(expires.description))
                ])
            let made = Hold(event, rows: counting.map(\.row), parts: parts, expires: expires)
            let read = try #require(Hold(event, under: shelf.book))
            #expect(made == read, "\(made.parts) \(read.parts)")
            for (part, row) in zip(parts, counting.map(\.row)) {
                #expect(rows[row]?.hold(event.id)?.amounts == part.amounts)
            }
        }
    }

    @Test("an event adds what its row adds")
    func counts() throws {
        var shelf = Shelf()
        try shelf.define(budget("all"))
        try shelf.define(budget("users") { $0.each = .user })
        try shelf.define(budget("agents") { $0.each = .agent })
        var random = RandomEvents(seed: testSeed())
        for _ in 0..<500 {
            let event = random.request()
            try event.asRow { row in
                let (ofRow, ofEvent) = (shelf.book.counts(of: row), shelf.book.counts(of: event))
                #expect(ofRow.map(\.row) == ofEvent.map(\.row))
                #expect(ofRow.map(\.window) == ofEvent.map(\.window))
                #expect(ofRow.map(\.amounts) == ofEvent.map(\.amounts))
            }
        }
    }

    @Test("a copy of a row is not changed with it, and its bytes say the same")
    func copies() throws {
        var random = RandomEvents(seed: testSeed())
        var state = BudgetState()
        var open: [EventID: OpenHold] = [:]
        for _ in 0..<2_000 {
            let (before, bytes) = (state, state.bytes)
            if Bool.random(using: &random.random), let id = open.keys.sorted().first {
                #expect(state.remove(id) == open.removeValue(forKey: id))
            } else {
                let hold = OpenHold(
                    id: random.eventID(), window: Shelf.start, expires: Shelf.start,
                    amounts: Amounts(cost: PicodollarSum(3), tokens: 2, requests: 1))
                open[hold.id] = hold
                state.hold(hold)
            }
            #expect(before.bytes == bytes)
            #expect(state.holdCount == open.count && Set(state.holds) == Set(open.values))
            #expect(BudgetState(state.bytes) == state)
        }
    }
}
