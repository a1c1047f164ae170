import Budgets
import LedgerModel
import LedgerTesting
import Synchronization
import Testing

/// One lease, from many threads at once.
@Suite("Stripes of leases")
struct LeaseStripeTests {
    @Test("threads never have more than the lease together, and all of it comes back")
    func threads() async throws {
        let seed = testSeed()
        let lease = try StripedLease(calls: 500)
        let threads = 4
        let inFlight = InFlight()
        await withTaskGroup(of: Void.self) { group in
            for thread in 0..<threads {
                group.addTask { @concurrent in
                    var random = SeededGenerator(seed: seed &+ UInt64(thread))
                    var open: [Name] = []
                    for number in 0..<(isSoaking ? 400_000 : 20_000) {
                        let name = Name("\(thread)-\(number)")
                        if case .held = lease.hold(name) {
                            // Counted after it was taken, and not any more before it is given back.
                            inFlight.begin()
                            open.append(name)
                        }
                        // More than the lease has, all together.
                        if open.count > 150 || Bool.random(using: &random), !open.isEmpty {
                            let index = Int.random(in: open.indices, using: &random)
                            inFlight.end()
                            #expect(lease.stripes.release(open.remove(at: index)) != nil)
                        }
                    }
                    for name in open {
                        inFlight.end()
                        #expect(lease.stripes.release(name) != nil)
                    }
                }
            }
            group.addTask { @concurrent in
                // Everything is gathered now and then, as by whoever looks after the leases.
                for _ in 0..<200 {
                    _ = lease.stripes.idle(lease.place)
                    await Task.yield()
                }
            }
        }
        #expect(inFlight.most <= lease.calls, "more than there was")
        #expect(inFlight.most > lease.calls / 4, "it shows little")
        #expect(lease.stripes.idle(lease.place) == lease.idle)
        #expect(lease.stripes.holdCount == 0)
    }

    @Test("a call finds what other stripes have")
    func whole() throws {
        let lease = try StripedLease(calls: 40)
        // Each of these leaves a portion in some stripe.
        for number in 0..<lease.calls {
            guard case .held = lease.hold(Name("a\(number)")) else {
                Issue.record("call \(number) was not held, though there was room")
                return
            }
        }
        guard case .missed = lease.hold("one more") else {
            Issue.record("more was held than leased")
            return
        }
        #expect(lease.stripes.release("a7") != nil)
        guard case .held = lease.hold("one more") else {
            Issue.record("what came back was not found")
            return
        }
    }

    @Test("a request that comes again has one hold, whether a stripe or the table has it")
    func repetition() throws {
        let lease = try StripedLease(calls: 100)
        for gathers in [false, true] {
            let name: Name = gathers ? "b" : "a"
            guard case .held = lease.hold(name) else {
                Issue.record("it was not held")
                return
            }
            if gathers { _ = lease.stripes.tick(at: .zero) }
            guard case .repeated(_, isReleased: false) = lease.hold(name) else {
                Issue.record("it was held twice")
                return
            }
            #expect(lease.stripes.release(name) != nil)
            guard case .repeated(_, isReleased: true) = lease.hold(name) else {
                Issue.record("it was held again")
                return
            }
            #expect(lease.stripes.release(name) != nil, "a second release is no mistake")
        }
        #expect(lease.stripes.release("c") == nil)
        #expect(lease.stripes.idle(lease.place) == lease.idle)
    }

    @Test("a recalled row hands out nothing more, and what stripes hold of it is written down")
    func recall() throws {
        let lease = try StripedLease(calls: 100)
        for number in 0..<10 { _ = lease.hold(Name("\(number)")) }
        let due = lease.stripes.close([lease.place.row], at: .zero)
        #expect(due.count == 10)
        guard case .missed = lease.hold("one more") else {
            Issue.record("it was held after the recall")
            return
        }
        let leases = Set(due.flatMap { $0.draws.map(\.lease) })
        for number in 0..<10 {
            lease.stripes.wrote(Name("\(number)"), .taken(from: leases), at: .zero)
        }
        let moves = lease.stripes.moves(at: .zero) { EventID(high: 1, low: 1) }
        guard case .giveBack(_, let given, isLast: true)? = moves.first?.move else {
            Issue.record("it does not give back: \(moves)")
            return
        }
        #expect(given == lease.idle - Amounts(cost: PicodollarSum(10_000), requests: 10))
    }

    @Test("a lease that is lost is lost for stripes as well")
    func loss() throws {
        let lease = try StripedLease(calls: 100)
        for number in 0..<50 { _ = lease.hold(Name("\(number)")) }
        #expect(lease.stripes.write("7") != nil)
        lease.stripes.wrote("7", .unknown, at: .zero)
        for number in 50..<100 {
            guard case .missed = lease.hold(Name("\(number)")) else {
                Issue.record("it was held from a lease that is lost")
                return
            }
        }
    }
}

private final class InFlight: Sendable {
    private let now = Atomic<Int64>(0)
    private let highest = Atomic<Int64>(0)

    func begin() {
        let count = now.add(1, ordering: .sequentiallyConsistent).newValue
        highest.max(count, ordering: .relaxed)
    }

    func end() { now.subtract(1, ordering: .sequentiallyConsistent) }

    var most: Int64 { highest.load(ordering: .relaxed) }
}

/// Stripes with one lease that has room for some calls of a thousand picodollars.
private struct StripedLease {
    let stripes = LeaseStripes()
    let place: LeasePlace
    let calls: Int64
    let idle: Amounts
    private let call: LeaseCall
    private let ask: LeaseTable.Ask

    init(calls: Int64) throws {
        self.calls = calls
        let now = Timestamp(year: 2026, month: 11, day: 30)
        place = LeasePlace(row: "0", window: now)
        let amounts = Amounts(cost: PicodollarSum(1_000), requests: 1)
        ask = LeaseTable.Ask(place: place, amounts: amounts)
        let id = EventID(at: now, entropy: (1, 2))
        let event = Event(id: id, kind: .budgetHeld, occurredAt: now)
        call = LeaseCall(Hold(event, rows: ["0"], each: HeldPart(amounts), expires: now))
        for number in 0..<4 { _ = stripes.hold(Name("warm \(number)"), call, [ask], at: .zero) }
        _ = stripes.moves(at: .zero) { id }
        idle = Amounts(cost: PicodollarSum(1_000 * Int128(calls)), requests: calls)
        let grant = try Self.grant(idle, to: id, at: now)
        stripes.granted(place, id, grant, position: 1, asked: .seconds(1))
    }

    private static func grant(
        _ amounts: Amounts, to id: EventID, at now: Timestamp
    ) throws -> LeaseGrant {
        var definition = try BudgetDefinition(
            name: "a",
            limits: Limits(
                cost: PicodollarSum(amounts.cost.amount * 2), requests: amounts.requests * 2),
            schedule: WindowSchedule(unit: .total))
        definition.leases = true
        let link = try #require(try BudgetBook(supposing: [definition]).chain(of: [:]).first)
        var state = BudgetState()
        let grant = try link.lease(
            LeaseWish(
                lease: id, isNew: true, window: now, idle: .zero, target: amounts,
                need: Amounts(cost: PicodollarSum(1_000), requests: 1)), &state, at: now)
        try #require(grant.added == amounts)
        return grant
    }

    func hold(_ id: Name) -> LeaseTable.Answer { stripes.hold(id, call, [ask], at: .seconds(1)) }
}
