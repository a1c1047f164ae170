import Budgets
import LedgerModel
import LedgerTesting
import Testing

/// Random streams of holds, extensions, settlements, releases, expiries and foreign charges.
@Suite("Holds in random streams")
struct HoldProperties {
    @Test("no accepted hold passes a limit, no refusal is false, and all that is held ends once")
    func streams() throws {
        let seed = testSeed()
        var ended = 0
        for run in 0..<UInt64(isSoaking ? 2_000 : 60) {
            var world = try World(seed: seed &+ run)
            for _ in 0..<300 { try world.step() }
            world.finish()
            ended += world.ended.count
        }
        #expect(ended > 0)
    }

    /// The rows, and beside them a plain list of what happened.
    private struct World {
        private var shelf = Shelf()
        private let book: BudgetBook
        private var rows = BudgetRows()
        private var random: RandomEvents
        private var now = Timestamp(year: 2026, month: 11, day: 28)
        private var open: [EventID: Hold] = [:]
        private var held: [EventID: (amounts: Amounts, expires: Timestamp)] = [:]
        private var posted: [Place: Amounts] = [:]
        private(set) var ended: Set<EventID> = []
        private var refusals = 0

        private struct Place: Hashable {
            let row: Name
            let window: Timestamp
        }

        init(seed: UInt64) throws {
            random = RandomEvents(seed: seed)
            let definitions = [
                try budget("org", Limits(cost: PicodollarSum(40_000)), every: .hour),
                try budget("teams", Limits(cost: PicodollarSum(20_000), tokens: 2_500), every: .day)
                { $0.each = .team },
                try budget("chat", Limits(requests: 15), every: .hour) {
                    $0.filter = [.app: "app-0"]
                    $0.holdSeconds = 90
                },
                try budget("soft", Limits(tokens: 1)) { $0.enforcement = .soft },
            ]
            for definition in definitions { try shelf.complete(try shelf.define(definition)) }
            book = shelf.book
        }

        private func taken(_ link: ChainLink, _ window: Timestamp) -> Amounts {
            let holds = open.values.filter { hold in
                hold.rows.contains(link.row)
                    && link.budget.window(of: hold.event.occurredAt).start == window
            }
            return holds.reduce(posted[Place(row: link.row, window: window)] ?? .zero) {
                $0 + (held[$1.event.id]?.amounts ?? .zero)
            }
        }

        /// The first budget of a chain that has no room.
        private func full(_ chain: [ChainLink], for amounts: Amounts, at time: Timestamp) -> Name? {
            chain.first { link in
                guard link.budget.definition.enforcement == .hard else { return false }
                let window = link.budget.window(of: time)
                let all = taken(link, window.start) + amounts
                return link.budget.definition.limits(in: window).excess(of: all) != .zero
            }?.budget.definition.name
        }

        private func check(_ chain: [ChainLink]) {
            for link in chain {
                for window in rows[link.row]?.windows ?? [] {
                    let all = window.posted + window.held
                    #expect(all == taken(link, window.start), "\(link.row) at \(now)")
                }
            }
        }

        mutating func step() throws {
            now = now.advanced(
                byMicroseconds: Int64.random(in: 0...120_000_000, using: &random.random))
            let known = open.values.sorted { $0.event.id < $1.event.id }
                .randomElement(using: &random.random)
            switch (Int.random(in: 0..<10, using: &random.random), known) {
            case (0..<4, _): try hold()
            case (4, let known?): try extend(known)
            case (5, let known?), (6, let known?): try end(known, isSettled: true)
            case (7, let known?): try end(known, isSettled: false)
            case (8, _): expireDue()
            default:
                // Foreign charges, and as often adjustments that give back.
                let amounts = random.amounts()
                let isGiven = random.chance(0.5)
                try post(dimensions(), isGiven ? -amounts : amounts, at: now)
            }
        }

        private mutating func dimensions() -> Dimensions {
            [.app: random.name("app", of: 3), .team: random.name("team", of: 3)]
        }

        private mutating func hold() throws {
            let dimensions = dimensions()
            let chain = try book.chain(of: dimensions)
            let amounts = random.amounts()
            var event = Event(id: random.eventID(), kind: .budgetHeld, occurredAt: now)
            event.dimensions = dimensions
            event.amount = Picodollars(Int64(amounts.cost.amount))
            let before = rows
            do {
                event.detail = try BudgetBook.hold(
                    amounts, as: event.id, occurredAt: now, in: chain, &rows, at: now)
                #expect(full(chain, for: amounts, at: now) == nil)
                let hold = try #require(Hold(event, under: book))
                #expect(hold.amounts == amounts && hold.rows == chain.map(\.row))
                open[event.id] = hold
                held[event.id] = (amounts, hold.expires)
                for link in chain where link.budget.definition.enforcement == .hard {
                    let window = link.budget.window(of: now)
                    let balance = try #require(rows[link.row]).balance(of: window)
                    let limits = link.budget.definition.limits(in: window)
                    #expect(limits.excess(of: balance.posted + balance.held) == .zero)
                }
                check(chain)
            } catch let due as DueHolds {
                #expect(rows == before)
                for id in due.holds {
                    #expect(held[id].map { $0.expires <= now } == true)
                    expire(id)
                }
            } catch let refusal as BudgetRefusal {
                #expect(rows == before)
                #expect(refusal.budget == full(chain, for: amounts, at: now))
                refusals += 1
            }
        }

        private mutating func extend(_ hold: Hold) throws {
            var more = random.amounts()
            more.requests = 0
            let chain = book.chain(of: hold)
            let before = rows
            do {
                let until = try #require(
                    try BudgetBook.extend(hold, by: more, in: chain, &rows, at: now))
                #expect(full(chain, for: more, at: hold.event.occurredAt) == nil)
                held[hold.event.id]?.amounts += more
                held[hold.event.id]?.expires = until
                for row in hold.rows {
                    #expect(rows[row]?.hold(hold.event.id)?.expires == until)
                }
                check(chain)
            } catch let due as DueHolds {
                #expect(rows == before && !due.holds.contains(hold.event.id))
                for id in due.holds { expire(id) }
            } catch is BudgetRefusal {
                #expect(rows == before)
                #expect(full(chain, for: more, at: hold.event.occurredAt) != nil)
                refusals += 1
            }
        }

        private mutating func end(_ hold: Hold, isSettled: Bool) throws {
            #expect(BudgetBook.end(hold.event.id, &rows))
            #expect(!BudgetBook.end(hold.event.id, &rows))
            note(hold.event.id)
            // What was used is rarely what was held, and sometimes more.
            let used = random.amounts()
            if isSettled {
                try post(hold.event.dimensions, used, at: hold.event.occurredAt)
            }
        }

        private mutating func note(_ id: EventID) {
            #expect(ended.insert(id).inserted, "ended twice")
            open[id] = nil
            held[id] = nil
        }

        private mutating func expire(_ id: EventID) {
            if BudgetBook.expire(id, &rows, at: now) { note(id) }
        }

        private mutating func expireDue() {
            for (id, hold) in held {
                let isDue = hold.expires <= now
                #expect(BudgetBook.expire(id, &rows, at: now) == isDue)
                if isDue { note(id) }
            }
        }

        private mutating func post(
            _ dimensions: Dimensions, _ amounts: Amounts, at time: Timestamp
        ) throws {
            for link in try book.chain(of: dimensions) {
                let window = link.budget.window(of: time).start
                rows[link.row, default: BudgetState()].post(amounts, in: window)
                posted[Place(row: link.row, window: window), default: .zero] += amounts
            }
        }

        /// Much later nothing is held anywhere.
        mutating func finish() {
            #expect(refusals > 0)
            now = now.advanced(byMicroseconds: 2 * Timestamp.dayMicroseconds)
            expireDue()
            #expect(open.isEmpty)
            for state in rows.values {
                #expect(state.holdCount == 0)
                #expect(state.windows.allSatisfy { $0.held == .zero })
            }
        }
    }
}
