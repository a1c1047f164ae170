import Budgets
import LedgerModel
import LedgerTesting
import Testing

@Suite("A lease of a budget")
struct LeaseTests {
    private let link: ChainLink
    private let now = Timestamp(year: 2026, month: 11, day: 30)
    private let window: Timestamp
    private let start = LeaseTable.Instant.seconds(60)
    private static let lease = EventID(high: 1, low: 1)

    init() throws {
        var shelf = Shelf()
        try shelf.complete(
            try shelf.define(
                try budget("a", Limits(cost: PicodollarSum(1_000), requests: 100)) {
                    $0.leases = true
                }))
        link = try #require(try shelf.book.chain(of: [:]).first)
        window = link.budget.window(of: now).start
    }

    private var place: LeasePlace { LeasePlace(row: link.row, window: window) }

    private func amounts(_ cost: Int128, _ requests: Int64 = 1) -> Amounts {
        Amounts(cost: PicodollarSum(cost), requests: requests)
    }

    private func wish(
        _ target: Amounts, _ need: Amounts, lease: EventID = Self.lease, idle: Amounts = .zero,
        isNew: Bool = true
    ) -> LeaseWish {
        LeaseWish(
            lease: lease, isNew: isNew, window: window, idle: idle, target: target, need: need)
    }

    private func call(_ id: String, _ amounts: Amounts) -> LeaseCall {
        var event = Event(
            id: EventID(at: now, digest: Digest(hashing: Array(id.utf8))), kind: .budgetHeld,
            occurredAt: now)
        event.externalID = Hold.identity(of: id)
        return LeaseCall(Hold(event, rows: [link.row], each: HeldPart(amounts), expires: now))
    }

    /// A table with a lease of so much.
    private func table(idle: Amounts) throws -> (LeaseTable, BudgetState) {
        var (table, state) = (LeaseTable(), BudgetState())
        for number in 0..<4 {
            let small = amounts(1)
            let answer = table.hold(
                Name("warm-\(number)"), call("warm-\(number)", small),
                [.init(place: place, amounts: small)], at: start)
            guard case .missed = answer else { throw TestFailure("held without a lease") }
        }
        let move = table.moves(at: start) { Self.lease }.first?.move
        guard case .take(let wanted)? = move else { throw TestFailure("no lease is wanted") }
        #expect(wanted.lease == Self.lease && wanted.isNew && wanted.need == amounts(1))
        let grant = try link.lease(wish(idle, amounts(1)), &state, at: now)
        #expect(grant.added == idle)
        table.granted(place, Self.lease, grant, position: 1, asked: start)
        return (table, state)
    }

    private struct TestFailure: Error {
        init(_ text: String) { Issue.record(Comment(rawValue: text)) }
    }

    // MARK: The row

    @Test(
        "it takes a share of what is left, the less the more have leases and the nearer the limit")
    func shares() throws {
        var state = BudgetState()
        let wanted = amounts(10_000, 10_000)
        let first = try link.lease(wish(wanted, amounts(1)), &state, at: now)
        #expect(first.added == amounts(500, 50) && first.share == first.added)
        #expect(first.expires == now.advanced(byMicroseconds: 2_000_000))
        let second = try link.lease(
            wish(wanted, amounts(1), lease: EventID(high: 1, low: 2)), &state, at: now)
        #expect(second.added == amounts(125, 12))
        let balance = state.balance(of: Window(start: window, end: nil))
        #expect(balance.held == amounts(625, 62) && balance.leased == balance.held)
        // The limit is near: it is no use for calls as large as these.
        #expect(throws: LeaseRefusal.nearLimit) {
            try link.lease(
                wish(wanted, amounts(20), lease: EventID(high: 1, low: 3)), &state, at: now)
        }
    }

    @Test("it grows to what it wants and no more, and is renewed without growing")
    func renewed() throws {
        var state = BudgetState()
        _ = try link.lease(wish(amounts(40, 10), amounts(1)), &state, at: now)
        let later = now.advanced(byMicroseconds: 1_000_000)
        let grown = try link.lease(
            wish(amounts(60, 10), amounts(1), idle: amounts(30, 10), isNew: false), &state,
            at: later)
        #expect(grown.added == amounts(30, 0))
        #expect(state.leases.map(\.amounts) == [amounts(70, 10)])
        #expect(state.leases.map(\.expires) == [later.advanced(byMicroseconds: 2_000_000)])
        #expect(throws: LeaseRefusal.lost) {
            try link.lease(
                wish(amounts(1), amounts(1), lease: EventID(high: 9, low: 9), isNew: false),
                &state, at: later)
        }
    }

    @Test("a hold is written out of its lease even if the budget is over its limit by now")
    func written() throws {
        var (table, state) = try table(idle: amounts(100, 10))
        _ = table.hold(
            "call", call("call", amounts(60)), [.init(place: place, amounts: amounts(60))],
            at: start)
        state.post(amounts(5_000), in: window)
        var rows: BudgetRows = [link.row: state]
        let begun = table.write("call")
        let leased = try #require(begun)
        let booked = try BudgetBook.book(leased, in: [link], &rows, at: now)
        #expect(booked.drawn == [Self.lease])
        #expect(booked.facts["leases"] == Name("\(Self.lease)") && booked.facts["budgets"] == "0")
        let after = try #require(rows[link.row])
        #expect(after.leases.map(\.amounts) == [amounts(40, 9)])
        #expect(after.holds.filter { !$0.isLease }.map(\.amounts) == [amounts(60)])
        // Once its lease is over, it needs room as any other.
        var late: BudgetRows = [link.row: state]
        _ = late[link.row]?.remove(Self.lease)
        #expect(throws: BudgetRefusal.self) {
            try BudgetBook.book(leased, in: [link], &late, at: now)
        }
    }

    @Test("a row without leases has the bytes that it had before there were any")
    func bytes() throws {
        var state = BudgetState()
        state.post(amounts(5), in: window)
        let before = state.bytes
        #expect(before.count == BudgetState.bytesWithoutHolds)
        _ = try link.lease(wish(amounts(40, 10), amounts(1)), &state, at: now)
        #expect(BudgetState(state.bytes) == state && state.bytes.count > before.count)
        #expect(BudgetState(state.bytes).leases == state.leases)
        let isEnded = state.draw(.zero, from: Self.lease, isLast: true)
        #expect(isEnded)
        #expect(state.bytes == before)
    }

    // MARK: The table

    @Test("holds fit until nothing is idle, come back when released, and are one when repeated")
    func held() throws {
        var (table, _) = try table(idle: amounts(100, 10))
        let asks = [LeaseTable.Ask(place: place, amounts: amounts(40))]
        for (id, fits) in [("a", true), ("b", true), ("c", false)] {
            let answer = table.hold(Name(id), call(id, amounts(40)), asks, at: start)
            if case .held = answer { #expect(fits) } else { #expect(!fits) }
        }
        guard
            case .repeated(_, isReleased: false) = table.hold(
                "a", call("a", amounts(40)), asks, at: start)
        else { throw TestFailure("held twice") }
        #expect(table.idle(place) == amounts(20, 8))
        #expect(table.release("a") != nil && table.idle(place) == amounts(60, 9))
        #expect(table.release("a") != nil && table.idle(place) == amounts(60, 9), "only once")
        guard
            case .repeated(_, isReleased: true) = table.hold(
                "a", call("a", amounts(40)), asks, at: start)
        else { throw TestFailure("held after it was released") }
    }

    @Test("nothing is handed out when the term is nearly over, or after a recall")
    func over() throws {
        var (table, _) = try table(idle: amounts(100, 10))
        #expect(table.usable(place, at: start + .milliseconds(1_699)) == amounts(100, 10))
        #expect(table.usable(place, at: start + .milliseconds(1_700)) == .zero)
        _ = table.hold(
            "a", call("a", amounts(40)), [.init(place: place, amounts: amounts(40))], at: start)
        let due = table.tick(recalled: [link.row], at: start)
        #expect(due.map(\.hold.requestID) == ["a"], "it is written down at once")
        #expect(table.usable(place, at: start) == .zero)
        table.wrote("a", .taken(from: [Self.lease]), at: start)
        let moves = table.moves(at: start) { EventID(high: 7, low: 7) }.map(\.move)
        #expect(moves == [.giveBack(Self.lease, amounts(60, 9), isLast: true)])
        table.gaveBack(place, Self.lease, isLast: true)
        #expect(table.leaseCount == 0)
    }

    @Test("a hold is written when it is a second old, once, whatever else becomes of it")
    func aged() throws {
        var (table, _) = try table(idle: amounts(100, 10))
        _ = table.hold(
            "a", call("a", amounts(40)), [.init(place: place, amounts: amounts(40))], at: start)
        #expect(table.tick(at: start + .milliseconds(999)).isEmpty)
        #expect(table.tick(at: start + .seconds(1)).count == 1)
        #expect(table.tick(at: start + .seconds(1)).isEmpty, "it is on its way")
        #expect(table.release("a") == nil, "the ledger must be asked")
        // It is settled meanwhile: the ledger has it twice, once.
        #expect(table.settle("a") != nil)
        table.wrote("a", .elsewhere, at: start)
        #expect(table.holdCount == 1)
        table.wrote("a", .taken(from: [Self.lease]), at: start)
        #expect(table.holdCount == 0 && table.idle(place) == amounts(60, 9))
    }

    @Test("a lease that nobody asks any more is given back")
    func cold() throws {
        var (table, _) = try table(idle: amounts(100, 10))
        for _ in 0..<40 { _ = table.tick(at: start) }
        let moves = table.moves(at: start) { EventID(high: 7, low: 7) }.map(\.move)
        #expect(moves == [.giveBack(Self.lease, amounts(100, 10), isLast: true)])
    }
}
