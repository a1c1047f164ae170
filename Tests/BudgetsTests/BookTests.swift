import Budgets
import LedgerModel
import LedgerTesting
import Testing

@Suite("The book of a ledger's budgets")
struct BookTests {
    private func rows(_ counts: [BudgetCount]) -> [Name] {
        counts.map(\.row)
    }

    @Test("budgets are numbered, and a definition that counts alike keeps its number")
    func numbers() throws {
        var shelf = Shelf()
        #expect(shelf.book.revision == 0 && shelf.book.active.isEmpty)
        #expect(try shelf.define(budget("b")).number == 0)
        #expect(try shelf.define(budget("a")).number == 1)
        // Limits, enforcement, holds and increases change nothing about what is counted.
        let alike = try shelf.define(
            budget("b", Limits(tokens: 5)) {
                $0.enforcement = .soft
                $0.holdSeconds = 7
                $0.extra = .init(amounts: Amounts(tokens: 1), until: Shelf.start)
                $0.schedule.since = Shelf.start
            })
        #expect(alike.number == 0 && alike.definition.limits.tokens == 5)
        #expect(try shelf.define(budget("b") { $0.each = .user }).number == 2)
        #expect(try shelf.define(budget("b") { $0.filter = [.app: "x"] }).number == 3)
        #expect(try shelf.define(budget("b", every: .week)).number == 4)
        #expect(try shelf.define(budget("b", every: .week)).number == 4)
        let book = shelf.book
        #expect(book.revision == 7)
        #expect(book.active.map(\.definition.name) == ["a", "b"])
        #expect(book.active.map(\.number) == [1, 4])
        #expect(book[0]?.definition.enforcement == .soft, "what holds under it follow")
        #expect(book[5] == nil && book[-1] == nil)
    }

    @Test("a budget that was removed counts nothing, and gets a new number when it comes back")
    func retired() throws {
        var shelf = Shelf()
        try shelf.define(budget("a"))
        try shelf.define(budget("a") { $0.isRetired = true })
        #expect(shelf.book.active.isEmpty)
        #expect(shelf.book.latest("a")?.definition.isRetired == true)
        #expect(throws: BudgetInvalid.retired("a")) { try shelf.book.find("a") }
        var random = RandomEvents(seed: 1)
        let counted = try random.request().asRow { shelf.book.counts(of: $0).count }
        #expect(counted == 0)
        #expect(try shelf.define(budget("a")).number == 1)
        #expect(try shelf.book.find("a").number == 1)
        #expect(throws: BudgetInvalid.unknown("b", nearest: nil)) { try Shelf().book.find("b") }
        try shelf.define(budget("monthly"))
        #expect(throws: BudgetInvalid.unknown("montly", nearest: "monthly")) {
            try shelf.book.find("montly")
        }
    }

    @Test("an opening is complete once its event says so, and a reset opens again")
    func openings() throws {
        var shelf = Shelf()
        let first = try shelf.define(budget("a"))
        #expect(!first.opening.isComplete)
        try shelf.complete(first)
        #expect(shelf.book.latest("a")?.opening.isComplete == true)
        let more = try shelf.define(budget("a", Limits(requests: 20)))
        #expect(more.opening.isComplete && more.opening.definition == first.definedBy)
        let reset = try shelf.define(budget("a") { $0.schedule.since = Shelf.start })
        #expect(!reset.opening.isComplete && reset.number == 0)
        // The end of an opening that a reset overtook says nothing of the newer one.
        try shelf.complete(first)
        #expect(shelf.book.latest("a")?.opening.isComplete == false)
        try shelf.complete(reset)
        #expect(shelf.book.latest("a")?.opening.isComplete == true)
        #expect(shelf.book.revision == 6, "every event is a revision")
    }

    @Test("only so many budgets are taken, and a known one may always change")
    func tooMany() throws {
        var shelf = Shelf()
        for number in 0..<BudgetBook.budgetsMax {
            let definition = try budget("b-\(number)")
            shelf.append(.budgetDefined, try definition.facts(number: number, change: []))
        }
        let book = shelf.book
        #expect(throws: BudgetInvalid.tooMany(BudgetBook.budgetsMax)) {
            try book.number(for: budget("one-more"))
        }
        #expect(try book.number(for: budget("b-5", Limits(tokens: 3))) == 5)
        #expect(try book.number(for: budget("b-5", every: .day)) == BudgetBook.budgetsMax)
    }

    @Test("a request is counted by every budget whose filter it meets")
    func chain() throws {
        var shelf = Shelf()
        try shelf.define(budget("all"))
        try shelf.define(budget("search") { $0.filter = [.app: "search"] })
        try shelf.define(budget("search-x") { $0.filter = [.app: "search", .team: "x"] })
        try shelf.define(budget("users") { $0.each = .user })
        let book = shelf.book
        func chain(_ dimensions: Dimensions) throws -> [Name] {
            try book.chain(of: dimensions).map(\.row)
        }
        #expect(try chain([.user: "u"]) == ["0", "3/u"])
        #expect(try chain([.user: "u", .app: "search"]) == ["0", "1", "3/u"])
        #expect(try chain([.user: "u", .app: "search", .team: "x"]) == ["0", "1", "2", "3/u"])
        #expect(try chain([.user: "a/b", .app: "Search"]) == ["0", "3/a/b"])
        let link = try #require(try book.chain(of: [.user: "u"]).last)
        #expect(link.member == "u" && link.isInForce)
    }

    @Test("a hard budget wants to know whose request it is; others let it pass uncounted")
    func missingMember() throws {
        var shelf = Shelf()
        try shelf.define(budget("users") { $0.each = .user })
        let missing = #expect(throws: MissingMember.self) {
            try shelf.book.chain(of: [.app: "search"])
        }
        #expect(missing?.budget == "users" && missing?.dimension == .user)
        try shelf.define(
            budget("users") {
                $0.each = .user
                $0.filter = [.app: "chat"]
            })
        #expect(try shelf.book.chain(of: [.app: "search"]).isEmpty, "not its request")
        for enforcement in [BudgetDefinition.Enforcement.soft, .shadow] {
            try shelf.define(
                budget("users") {
                    $0.each = .user
                    $0.enforcement = enforcement
                })
            #expect(try shelf.book.chain(of: [.app: "search"]).isEmpty)
        }
    }

    @Test("a request counts its tokens and itself, its charge the money, a saving nothing")
    func amounts() throws {
        var random = RandomEvents(seed: testSeed())
        var request = random.request()
        request.usage = [.inputTokens: 100, .outputTokens: 20, .cacheReadInputTokens: 60]
        #expect(
            try request.asRow { Amounts(of: $0) } == Amounts(tokens: 120, requests: 1))
        var charge = random.charge(for: request)
        (charge.amount, charge.unpriced) = (Picodollars(-5), nil)
        for kind in [EventKind.chargeRated, .chargeAdjusted, .chargeReconciled] {
            charge.kind = kind
            let cost = Amounts(cost: PicodollarSum(-5))
            #expect(try charge.asRow { Amounts(of: $0) } == cost)
        }
        (charge.amount, charge.unpriced) = (nil, "unknown model")
        #expect(try charge.asRow { Amounts(of: $0) } == .zero)
        for kind in [
            EventKind.requestRepeated, .budgetHeld, .budgetSettled, .promptOptimized, .cacheHit,
            .cacheStored, .batchCompleted, .savingRated,
        ] {
            request.kind = kind
            request.amount = Picodollars(7)
            #expect(try request.asRow { Amounts(of: $0) } == .zero, "\(kind)")
        }
    }

    @Test("what an event is counted for is the chain of its request")
    func countsAreChains() throws {
        var random = RandomEvents(seed: testSeed())
        for _ in 0..<30 {
            var shelf = Shelf()
            for number in 0..<Int.random(in: 1...12, using: &random.random) {
                var definition = try random.definition()
                definition.enforcement = .soft
                definition.filter = [:]
                for dimension in Dimension.allCases where random.chance(0.1) {
                    definition.filter[dimension] = random.name("x", of: 4)
                }
                shelf.append(
                    .budgetDefined, try definition.facts(number: number, change: []))
            }
            let book = shelf.book
            for _ in 0..<40 {
                let request = random.request()
                let chain = try book.chain(of: request.dimensions)
                let charge = random.charge(for: request)
                for event in [request, charge] where event.unpriced == nil {
                    try event.asRow { row in
                        let counts = book.counts(of: row)
                        if Amounts(of: row) == .zero {
                            #expect(counts.isEmpty)
                            return
                        }
                        #expect(rows(counts) == chain.map(\.row))
                        for (count, link) in zip(counts, chain) {
                            let window = link.budget.window(of: event.occurredAt)
                            #expect(count.window == window.start)
                            #expect(count.amounts == Amounts(of: row))
                        }
                    }
                }
            }
        }
    }

    @Test("a hold is read from its event, and follows its budgets whatever becomes of them")
    func holds() throws {
        var shelf = Shelf()
        try shelf.define(budget("all"))
        try shelf.define(budget("users") { $0.each = .user })
        var random = RandomEvents(seed: testSeed())
        var event = Event(id: random.eventID(), kind: .budgetHeld, occurredAt: Shelf.start)
        event.dimensions = [.user: "u-1", .provider: "openai"]
        event.externalID = Hold.identity(of: "call-1")
        event.amount = Picodollars(70)
        var rows = BudgetRows()
        event.detail = try BudgetBook.hold(
            Amounts(cost: PicodollarSum(70), tokens: 9, requests: 1), as: event.id,
            occurredAt: event.occurredAt, in: try shelf.book.chain(of: event.dimensions), &rows,
            at: Shelf.start)
        let hold = try #require(Hold(event, under: shelf.book))
        #expect(hold.rows == ["0", "1/u-1"] && hold.requestID == "call-1")
        #expect(hold.amounts == Amounts(cost: PicodollarSum(70), tokens: 9, requests: 1))
        #expect(hold.expires == rows["0"]?.hold(event.id)?.expires)
        #expect(Hold(event, under: BudgetBook()) == nil, "an older book does not know it")
        // Removed, counted by another window, and a new budget that the request says nothing for.
        try shelf.define(budget("all") { $0.isRetired = true })
        try shelf.define(budget("users", every: .day) { $0.each = .user })
        try shelf.define(budget("teams") { $0.each = .team })
        #expect(Hold(event, under: shelf.book) == hold)
        let chain = shelf.book.chain(of: hold)
        #expect(chain.map(\.row) == ["0", "1/u-1"] && chain.allSatisfy { !$0.isInForce })
        #expect(chain.map(\.member) == [nil, "u-1"])
    }
}
