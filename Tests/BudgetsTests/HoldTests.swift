import Budgets
import LedgerModel
import LedgerTesting
import Testing

@Suite("Holds are decided")
struct HoldTests {
    private static let now = Timestamp(year: 2026, month: 11, day: 30)

    /// Given some budgets with what they have posted; when and then follow in the tests.
    private struct Given {
        var shelf = Shelf()
        var rows = BudgetRows()
        var random = RandomEvents(seed: 3)
        var now = HoldTests.now

        init(_ definitions: BudgetDefinition..., posted: Amounts = .zero) throws {
            for definition in definitions {
                let budget = try shelf.define(definition)
                try shelf.complete(budget)
                var state = BudgetState()
                state.post(posted, in: budget.window(of: now).start)
                rows[Name(String(budget.number))] = state
            }
        }

        mutating func hold(_ tokens: Int64, _ dimensions: Dimensions = [:]) throws -> Hold {
            var event = Event(id: random.eventID(), kind: .budgetHeld, occurredAt: now)
            event.dimensions = dimensions
            event.detail = try BudgetBook.hold(
                Amounts(tokens: tokens, requests: 1), as: event.id, occurredAt: now,
                in: try shelf.book.chain(of: dimensions), &rows, at: now)
            return try #require(Hold(event, under: shelf.book))
        }

        mutating func extend(_ hold: Hold, by tokens: Int64) throws -> Timestamp? {
            try BudgetBook.extend(
                hold, by: Amounts(tokens: tokens), in: shelf.book.chain(of: hold), &rows, at: now)
        }

        mutating func pass(seconds: Int64) {
            now = now.advanced(byMicroseconds: seconds * 1_000_000)
        }

        func balance(_ row: Name) throws -> WindowBalance {
            let number = try #require(Int(row.string.split(separator: "/")[0]))
            let budget = try #require(shelf.book[number])
            return (rows[row] ?? BudgetState()).balance(of: budget.window(of: now))
        }
    }

    @Test("a hold fits up to the last token, and not one beyond")
    func fits() throws {
        var given = try Given(budget("a", Limits(tokens: 100)), posted: Amounts(tokens: 30))
        _ = try given.hold(50)
        let before = given.rows
        let refusal = #expect(throws: BudgetRefusal.self) { _ = try given.hold(21) }
        #expect(given.rows == before)
        #expect(refusal?.budget == "a" && refusal?.member == nil)
        #expect(refusal?.limits == Limits(tokens: 100))
        #expect(refusal?.balance.posted.tokens == 30 && refusal?.balance.held.tokens == 50)
        #expect(refusal?.asked == Amounts(tokens: 21, requests: 1))
        #expect(refusal?.left == Limits(tokens: 20))
        #expect(refusal?.window.end == Timestamp(year: 2026, month: 12, day: 1))
        #expect(
            refusal?.description
                == "budget a has no room: 21 tokens asked, 30 spent and 50 held of 100; it begins "
                + "anew at 2026-12-01T00:00:00Z")
        _ = try given.hold(20)
        #expect(try given.balance("0").held == Amounts(tokens: 70, requests: 2))
    }

    @Test("all budgets of a chain hold, or none does")
    func allOrNone() throws {
        var given = try Given(
            budget("a", Limits(tokens: 1_000)), budget("b", Limits(requests: 1)),
            budget("c", Limits(tokens: 1_000)))
        let hold = try given.hold(10)
        let before = given.rows
        let refusal = #expect(throws: BudgetRefusal.self) { _ = try given.hold(10) }
        #expect(refusal?.budget == "b" && given.rows == before)
        #expect(BudgetBook.end(hold.event.id, &given.rows))
        #expect(!BudgetBook.end(hold.event.id, &given.rows), "once")
        for row: Name in ["0", "1", "2"] { #expect(try given.balance(row).held == .zero) }
        _ = try given.hold(10)
    }

    @Test("soft and shadow budgets hold, and refuse nothing")
    func lenient() throws {
        var given = try Given(
            budget("a", Limits(tokens: 1)) { $0.enforcement = .soft },
            budget("b", Limits(tokens: 1)) { $0.enforcement = .shadow })
        for _ in 0..<3 { _ = try given.hold(10) }
        #expect(try given.balance("0").held.tokens == 30)
        #expect(try given.balance("1").held.tokens == 30)
    }

    @Test("a budget refuses by what it knows also before its opening is complete")
    func opening() throws {
        var given = try Given(budget("a", Limits(tokens: 10)))
        try given.shelf.define(
            budget("a", Limits(tokens: 10)) { $0.schedule.since = HoldTests.now })
        _ = try given.hold(10)
        #expect(throws: BudgetRefusal.self) { _ = try given.hold(1) }
    }

    @Test("a hold expires at its end, not before, and once")
    func expires() throws {
        var given = try Given(budget("a") { $0.holdSeconds = 30 }, budget("b"))
        let hold = try given.hold(1)
        #expect(hold.expires == given.now.advanced(byMicroseconds: 30_000_000), "the shortest")
        given.pass(seconds: 29)
        #expect(!BudgetBook.expire(hold.event.id, &given.rows, at: given.now))
        given.pass(seconds: 1)
        #expect(BudgetBook.expire(hold.event.id, &given.rows, at: given.now))
        #expect(!BudgetBook.expire(hold.event.id, &given.rows, at: given.now))
        #expect(!BudgetBook.end(hold.event.id, &given.rows))
        #expect(try given.extend(hold, by: 1) == nil)
    }

    @Test("holds whose time is over are ended before anybody is refused")
    func due() throws {
        var given = try Given(
            budget("a", Limits(tokens: 10)) { $0.holdSeconds = 30 })
        let old = try given.hold(6)
        given.pass(seconds: 20)
        let young = try given.hold(4)
        given.pass(seconds: 10)
        let due = #expect(throws: DueHolds.self) { _ = try given.hold(5) }
        #expect(due?.holds == [old.event.id])
        #expect(throws: DueHolds.self) { _ = try given.extend(young, by: 1) }
        #expect(BudgetBook.expire(old.event.id, &given.rows, at: given.now))
        _ = try given.hold(5)
        #expect(throws: BudgetRefusal.self) { _ = try given.hold(2) }
        #expect(try given.extend(young, by: 1) != nil)
    }

    @Test("an extension is added where it fits, moves the end, and is refused where it does not")
    func extends() throws {
        var given = try Given(
            budget("a", Limits(tokens: 100)) { $0.holdSeconds = 30 },
            budget("b", Limits(tokens: 50)) { $0.holdSeconds = 60 })
        let hold = try given.hold(10)
        given.pass(seconds: 20)
        let until = try given.extend(hold, by: 40)
        #expect(until == given.now.advanced(byMicroseconds: 30_000_000))
        for row: Name in ["0", "1"] {
            #expect(given.rows[row]?.hold(hold.event.id)?.expires == until, "the same in all rows")
            #expect(try given.balance(row).held == Amounts(tokens: 50, requests: 1))
        }
        let before = given.rows
        let refusal = #expect(throws: BudgetRefusal.self) { _ = try given.extend(hold, by: 1) }
        #expect(refusal?.budget == "b" && given.rows == before)
    }

    @Test("an extension looks at the window that holds the amount, also after two resets")
    func extendsAfterResets() throws {
        var given = try Given(budget("a", Limits(tokens: 100)))
        given.pass(seconds: 10)
        let first = given.now
        try given.shelf.define(budget("a", Limits(tokens: 100)) { $0.schedule.since = first })
        let hold = try given.hold(90)
        given.pass(seconds: 10)
        let second = given.now
        try given.shelf.define(budget("a", Limits(tokens: 100)) { $0.schedule.since = second })
        #expect(throws: BudgetRefusal.self) { _ = try given.extend(hold, by: 11) }
        #expect(try given.extend(hold, by: 10) != nil)
        _ = try given.hold(100)
    }

    @Test("a hold grows under budgets that were removed, and is not refused by them")
    func outOfForce() throws {
        var given = try Given(budget("a", Limits(tokens: 10)))
        let hold = try given.hold(10)
        #expect(throws: BudgetRefusal.self) { _ = try given.extend(hold, by: 5) }
        try given.shelf.define(budget("a", Limits(tokens: 10)) { $0.isRetired = true })
        #expect(try given.extend(hold, by: 5) != nil)
        #expect(BudgetBook.end(hold.event.id, &given.rows))
        #expect(try given.balance("0").held == .zero)
    }

    @Test("a row holds so many calls, then due ones are ended or the caller comes back")
    func tooManyHolds() throws {
        var given = try Given(budget("a", Limits(tokens: .max)) { $0.holdSeconds = 30 })
        var state = BudgetState()
        let window = try #require(given.shelf.book[0]).window(of: given.now).start
        for _ in 0..<BudgetState.holdsMax {
            state.hold(
                OpenHold(
                    id: given.random.eventID(), window: window,
                    expires: given.now.advanced(byMicroseconds: 1),
                    amounts: Amounts(requests: 1)))
        }
        given.rows["0"] = state
        #expect(throws: TooManyHolds.self) { _ = try given.hold(1) }
        given.pass(seconds: 1)
        let due = #expect(throws: DueHolds.self) { _ = try given.hold(1) }
        #expect(due?.holds.count == BudgetState.holdsMax)
    }

    @Test("what is above a limit is uncovered until an event covers it")
    func uncovered() throws {
        var given = try Given(budget("a", Limits(tokens: 10)), posted: Amounts(tokens: 13))
        let budget = try #require(given.shelf.book[0])
        var state = try #require(given.rows["0"])
        let open = budget.uncovered(in: state)
        #expect(open.map(\.excess) == [Amounts(tokens: 3)])
        let start = try #require(open.first).window.start
        state.cover(Amounts(tokens: 3), in: start)
        #expect(budget.uncovered(in: state).isEmpty)
        state.post(Amounts(tokens: 2), in: start)
        #expect(budget.uncovered(in: state).map(\.excess) == [Amounts(tokens: 2)])
        // What is held is no excess.
        given.rows = [:]
        _ = try given.hold(10)
        #expect(budget.uncovered(in: try #require(given.rows["0"])).isEmpty)
    }
}
