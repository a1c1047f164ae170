import Budgets
import LedgerModel
import LedgerTesting
import Testing

/// Instances that take, use, settle, give back and die, in random order: commits and what they are
/// told of them come late.
@Suite("Leases of many instances")
struct LeaseProperties {
    @Test("no limit is passed, nobody is refused while money is idle anywhere, all comes back")
    func interleavings() throws { try interleave(LeaseTable.self) }

    @Test("the same where stripes hand out portions of the leases")
    func striped() throws { try interleave(LeaseStripes.self) }

    private func interleave<Table: LeaseHolding>(_ table: Table.Type) throws {
        let seed = testSeed()
        var counts = LeaseCounts()
        for run in 0..<UInt64(isSoaking ? 2_000 : 60) {
            var world = try LeaseWorld<Table>(seed: seed &+ run)
            for _ in 0..<1_000 { try world.step() }
            try world.finish()
            counts.add(world.counts)
        }
        // Or the test would show nothing.
        #expect(counts.fromMemory > counts.fromRows / 8, "\(counts)")
        #expect(counts.refused > 0 && counts.recalled > 0 && counts.died > 0, "\(counts)")
        #expect(counts.late > 0 && counts.expired > 0, "\(counts)")
    }
}

/// What happened in a world, or the test would show nothing.
private struct LeaseCounts {
    var fromMemory = 0, fromRows = 0, refused = 0, recalled = 0, died = 0, late = 0, expired = 0

    mutating func add(_ other: LeaseCounts) {
        fromMemory += other.fromMemory
        fromRows += other.fromRows
        refused += other.refused
        recalled += other.recalled
        died += other.died
        late += other.late
        expired += other.expired
    }
}

/// The table of an instance, and its stripes: the same to those who use them.
private protocol LeaseHolding {
    typealias Instant = LeaseTable.Instant

    init()
    mutating func hold(
        _ id: Name, _ call: LeaseCall, _ asks: [LeaseTable.Ask], at now: Instant
    ) -> LeaseTable.Answer
    mutating func release(_ id: Name) -> LeasedHold?
    mutating func write(_ id: Name) -> LeasedHold?
    mutating func wrote(_ id: Name, _ outcome: LeaseTable.Outcome, at now: Instant)
    mutating func tick(recalled: Set<Name>, at now: Instant) -> [LeasedHold]
    mutating func close(_ rows: Set<Name>?, at now: Instant) -> [LeasedHold]
    mutating func moves(
        at now: Instant, newLease: () -> EventID
    ) -> [(place: LeasePlace, move: LeaseMove)]
    mutating func granted(
        _ place: LeasePlace, _ lease: EventID, _ grant: LeaseGrant, position: Int64,
        asked: Instant)
    mutating func gaveBack(_ place: LeasePlace, _ lease: EventID, isLast: Bool)
    mutating func failed(
        _ place: LeasePlace, _ lease: EventID, _ reason: LeaseRefusal?, at now: Instant)
    func idle(_ place: LeasePlace) -> Amounts
    func usable(_ place: LeasePlace, at now: Instant) -> Amounts
    var leased: Int { get }
}

extension LeaseTable: LeaseHolding {
    fileprivate var leased: Int { leaseCount }
}

extension LeaseStripes: LeaseHolding {
    fileprivate var leased: Int { counts.leases }
}

/// Some instances, the row of one budget, and what is under way between them.
private struct LeaseWorld<Table: LeaseHolding> {
    private(set) var counts = LeaseCounts()
    private let book: BudgetBook
    private let link: ChainLink
    private let window: Window
    private let limits: Limits
    private var rows = BudgetRows()
    private var random: RandomEvents
    private var elapsed: Int64 = 0
    private let start = Timestamp(year: 2026, month: 11, day: 28)

    private var tables: [Table] = (0..<3).map { _ in Table() }
    /// Dead instances are told nothing any more.
    private var lives = [0, 0, 0]
    private var flights: [Flight] = []
    private var receipts: [Receipt] = []
    /// Calls in progress, by the instance that made the hold; those in rows are known to all.
    private var inMemory: [EventID: (instance: Int, life: Int, cost: PicodollarSum)] = [:]
    private var inRows: [EventID: PicodollarSum] = [:]
    private var ended: Set<EventID> = []
    /// What was charged after its lease was over.
    private var late = Amounts.zero

    private struct Flight {
        let instance: Int
        let life: Int
        let work: Work

        enum Work {
            case book(LeasedHold)
            case settle(LeasedHold, Amounts)
            case move(LeasePlace, LeaseMove, asked: LeaseTable.Instant)
        }
    }

    private struct Receipt {
        let instance: Int
        let life: Int
        let tell: (inout Table, LeaseTable.Instant) -> Void
    }

    init(seed: UInt64) throws {
        random = RandomEvents(seed: seed)
        var shelf = Shelf()
        let calls = Int64.random(in: 40...300, using: &random.random)
        let limit = Limits(cost: PicodollarSum(Int128(1_700 * calls)), requests: calls)
        let defined = try shelf.define(
            try budget("a", limit) { definition in
                definition.leases = true
                definition.holdSeconds = 3_600
            })
        try shelf.complete(defined)
        book = shelf.book
        link = try #require(try book.chain(of: [:]).first)
        window = link.budget.window(of: start)
        limits = limit
    }

    private var now: Timestamp { start.advanced(byMicroseconds: elapsed) }
    private var instant: LeaseTable.Instant { .microseconds(elapsed) }
    private var place: LeasePlace { LeasePlace(row: link.row, window: window.start) }
    private var row: BudgetState { rows[link.row] ?? BudgetState() }

    // MARK: Steps

    mutating func step() throws {
        elapsed += Int64.random(in: 0...20_000, using: &random.random)
        let instance = Int.random(in: 0..<3, using: &random.random)
        switch Int.random(in: 0..<40, using: &random.random) {
        case 0..<14: try hold(at: instance)
        case 14..<20: end()
        case 20..<27: look(around: instance)
        case 27..<33: try commitOne()
        case 33..<38: receiveOne()
        case 38: elapsed += Int64.random(in: 0...600_000, using: &random.random)
        default: if random.chance(0.2) { die(instance) }
        }
        check()
    }

    private mutating func hold(at instance: Int, tries: Int = 2) throws {
        var event = Event(
            id: EventID(at: now, entropy: (random.random.next(), random.random.next())),
            kind: .budgetHeld, occurredAt: now)
        event.externalID = Hold.identity(of: event.id.description)
        let amounts = Amounts(
            cost: PicodollarSum(Int128.random(in: 0...3_000, using: &random.random)), tokens: 7,
            requests: 1)
        event.amount = Picodollars(Int64(amounts.cost.amount))
        let hold = Hold(event, rows: [link.row], each: HeldPart(amounts), expires: now)
        let ask = LeaseTable.Ask(place: place, amounts: amounts.limited(by: limits))
        if case .held = tables[instance].hold(
            hold.requestID, LeaseCall(hold), [ask], at: instant)
        {
            inMemory[event.id] = (instance, lives[instance], amounts.cost)
            counts.fromMemory += 1
            return
        }
        try holdInRow(event.id, amounts)
    }

    /// As the service does: what is due is ended, leases are recalled, and then it is final.
    private mutating func holdInRow(_ id: EventID, _ amounts: Amounts) throws {
        for _ in 0..<4 {
            do {
                _ = try BudgetBook.hold(
                    amounts, as: id, occurredAt: now, in: [link], &rows, at: now)
                inRows[id] = amounts.cost
                counts.fromRows += 1
                return
            } catch let due as DueHolds {
                for id in due.holds { expire(id) }
            } catch let refusal as BudgetRefusal {
                if refusal.balance.leased != .zero {
                    counts.recalled += 1
                    try recall()
                    continue
                }
                counts.refused += 1
                #expect(
                    tables.allSatisfy { $0.usable(place, at: instant) == .zero }, "idle elsewhere")
                let taken = refusal.balance.posted + refusal.balance.held + amounts
                #expect(limits.excess(of: taken) != .zero)
                return
            }
        }
        Issue.record("leases came and went while a caller waited")
    }

    /// Everybody alive gives back; what dead instances have comes back after its term.
    private mutating func recall() throws {
        for instance in tables.indices {
            let due = tables[instance].tick(recalled: [link.row], at: instant)
            take(due, at: instance)
        }
        try settleAll()
        for instance in tables.indices { moves(of: instance) }
        try settleAll()
        if row.hasLeases { elapsed += 2_000_000 }
    }

    private mutating func end() {
        let (id, inRow) = (
            inMemory.keys.sorted().randomElement(using: &random.random),
            inRows.keys.sorted().randomElement(using: &random.random)
        )
        if random.chance(0.5), let id, let call = inMemory[id] {
            let name = Name(id.description)
            if lives[call.instance] != call.life {
                // Its instance is gone, and nobody else knows it: the charge counts all the same.
                post(call.cost, isLate: true)
                inMemory[id] = nil
            } else if random.chance(0.4) {
                if tables[call.instance].release(name) != nil { inMemory[id] = nil }
            } else if let leased = tables[call.instance].write(name) {
                let used = Amounts(cost: call.cost, tokens: 1, requests: 1)
                flights.append(
                    Flight(
                        instance: call.instance, life: call.life, work: .settle(leased, used)))
            }
        } else if let inRow, let cost = inRows.removeValue(forKey: inRow) {
            #expect(BudgetBook.end(inRow, &rows))
            if random.chance(0.6) { post(cost, isLate: false) }
        }
    }

    private mutating func post(_ cost: PicodollarSum, isLate: Bool) {
        let charge = Amounts(cost: cost, tokens: 1, requests: 1)
        rows[link.row, default: BudgetState()].post(charge, in: window.start)
        guard isLate else { return }
        late += charge
        counts.late += 1
    }

    private mutating func look(around instance: Int) {
        take(tables[instance].tick(recalled: [], at: instant), at: instance)
        moves(of: instance)
    }

    private mutating func take(_ due: [LeasedHold], at instance: Int) {
        flights += due.map {
            Flight(instance: instance, life: lives[instance], work: .book($0))
        }
    }

    private mutating func moves(of instance: Int) {
        let next = { [id = random.eventID()] in id }
        flights += tables[instance].moves(at: instant, newLease: next).map {
            Flight(
                instance: instance, life: lives[instance],
                work: .move($0.place, $0.move, asked: instant))
        }
    }

    private mutating func die(_ instance: Int) {
        counts.died += 1
        tables[instance] = Table()
        lives[instance] += 1
        // Some of what it had sent arrives all the same.
        let life = lives[instance]
        flights.removeAll { flight in
            flight.instance == instance && flight.life < life && random.chance(0.5)
        }
    }

    private mutating func expire(_ id: EventID) {
        guard let open = row.hold(id), open.expires <= now else { return }
        counts.expired += 1
        if open.isLease {
            #expect(rows[link.row]?.remove(id) != nil)
        } else {
            #expect(BudgetBook.expire(id, &rows, at: now))
            inRows[id] = nil
        }
    }

    // MARK: Commits

    /// Commits the oldest of some instance, as each has one writer.
    private mutating func commitOne() throws {
        guard let instance = flights.map(\.instance).randomElement(using: &random.random),
            let index = flights.firstIndex(where: { $0.instance == instance })
        else { return }
        try commit(flights.remove(at: index))
    }

    private mutating func settleAll() throws {
        while !flights.isEmpty { try commit(flights.removeFirst()) }
        while !receipts.isEmpty { receiveOne() }
    }

    private mutating func receiveOne() {
        guard !receipts.isEmpty else { return }
        let receipt = receipts.remove(at: Int.random(in: 0..<receipts.count, using: &random.random))
        guard receipt.life == lives[receipt.instance] else { return }
        receipt.tell(&tables[receipt.instance], instant)
    }

    private mutating func commit(_ flight: Flight) throws {
        let tell: (inout Table, LeaseTable.Instant) -> Void
        switch flight.work {
        case .book(let leased): tell = try book(leased)
        case .settle(let leased, let used): tell = settle(leased, used)
        case .move(let place, .take(let wish), let asked):
            var state = row
            let grant = Result { () throws(LeaseRefusal) in try link.lease(wish, &state, at: now) }
            if case .success(let grant) = grant {
                rows[link.row] = state
                #expect(grant.share.covers(grant.added) || grant.share == .zero)
            }
            tell = { table, now in
                switch grant {
                case .success(let grant):
                    table.granted(place, wish.lease, grant, position: 1, asked: asked)
                case .failure(let reason): table.failed(place, wish.lease, reason, at: now)
                }
            }
        case .move(let place, .giveBack(let lease, let given, let isLast), _):
            let isDone = rows[link.row]?.draw(given, from: lease, isLast: isLast) == true
            tell = { table, now in
                if isDone {
                    table.gaveBack(place, lease, isLast: isLast)
                } else {
                    table.failed(place, lease, .lost, at: now)
                }
            }
        }
        receipts.append(Receipt(instance: flight.instance, life: flight.life, tell: tell))
    }

    private mutating func book(
        _ leased: LeasedHold
    ) throws -> (inout Table, LeaseTable.Instant) -> Void {
        let hold = leased.hold
        if inRows[hold.event.id] != nil || ended.contains(hold.event.id) {
            return { table, now in table.wrote(hold.requestID, .elsewhere, at: now) }
        }
        do {
            let booked = try BudgetBook.book(leased, in: [link], &rows, at: now)
            inRows[hold.event.id] = hold.amounts.cost
            ended.insert(hold.event.id)
            inMemory[hold.event.id] = nil
            let drawn = booked.drawn
            return { table, now in table.wrote(hold.requestID, .taken(from: drawn), at: now) }
        } catch {
            return { table, now in table.wrote(hold.requestID, .refused, at: now) }
        }
    }

    private mutating func settle(
        _ leased: LeasedHold, _ used: Amounts
    ) -> (inout Table, LeaseTable.Instant) -> Void {
        let id = leased.hold.event.id
        let name = leased.hold.requestID
        if ended.contains(id) {
            return { table, now in table.wrote(name, .elsewhere, at: now) }
        }
        let drawn = leased.draw(&rows)
        ended.insert(id)
        inMemory[id] = nil
        post(used.cost, isLate: drawn.isEmpty)
        return { table, now in table.wrote(name, .taken(from: drawn), at: now) }
    }

    // MARK: What must hold

    private func check() {
        let balance = row.balance(of: window)
        let excess = limits.excess(of: balance.posted + balance.held - late)
        #expect(excess == .zero, "\(balance) at \(now)")
        let leases = row.leases
        #expect(leases.reduce(.zero) { $0 + $1.amounts } == balance.leased)
        for table in tables {
            let idle = table.idle(place)
            #expect(idle.covers(.zero), "handed out more than it has")
        }
        // What instances may still hand out is set aside, unless the term of their lease is over.
        let inTerm = tables.reduce(Amounts.zero) { sum, table in
            sum + table.usable(place, at: instant)
        }
        #expect(balance.leased.covers(inTerm), "\(balance.leased) of \(inTerm)")
        #expect(BudgetState(row.bytes) == row)
    }

    mutating func finish() throws {
        try settleAll()
        for instance in tables.indices {
            take(tables[instance].close(nil, at: instant), at: instance)
        }
        try settleAll()
        for instance in tables.indices { moves(of: instance) }
        try settleAll()
        elapsed += 10_000_000
        for hold in row.holds where hold.expires <= now { expire(hold.id) }
        #expect(row.leases.isEmpty && row.balance(of: window).leased == .zero)
        #expect(tables.allSatisfy { $0.leased == 0 })
        for id in inRows.keys { #expect(BudgetBook.end(id, &rows)) }
        #expect(row.holdCount == 0 && row.balance(of: window).held == .zero)
    }
}
