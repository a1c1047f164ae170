import Budgeting
import Budgets
import EventStore
import LedgerModel
import LedgerTesting
import Postgres
import Testing

/// Instances that hold from memory; each test looks after their leases as the service does.
@Suite("Leases of a ledger", .serialized, .timeLimit(.minutes(5)))
struct LeaseTests {
    @Test("a hot budget is held from memory; a settlement books hold, request and charge at once")
    func settled() async throws {
        try await Bench.with { bench in
            try await bench.defineLeased("a", usd: "1")
            try await bench.heat()
            let before = try await bench.status("a")
            #expect(before.leased.cost > .zero && before.held == .zero)
            let head = try await bench.ledger.head().position
            let held = try await bench.hold("call")
            #expect(held.state == .held && !held.isRepeated && held.budgets.count == 1)
            let again = try await bench.hold("call")
            #expect(again.isRepeated && again.hold.event == held.hold.event)
            #expect(try await bench.ledger.head().position == head, "nothing is written")

            let settled = try await bench.settle("call")
            #expect(settled.state == .settled && settled.cost == Bench.cost)
            let kinds = try await bench.events().filter { $0.position > head }.map(\.event.kind)
            #expect(kinds == [.budgetHeld, .requestCompleted, .chargeRated, .budgetSettled])
            let after = try await bench.status("a")
            #expect(after.held == .zero && after.balance.posted.cost == .charges(1))
            #expect(after.leased.cost + .charges(1) == before.leased.cost)

            let repeated = try await bench.settle("call")
            #expect(repeated.state == .settled && repeated.isRepeated)
            await #expect(throws: HoldInvalid.otherSettlement("call")) {
                try await bench.settle("call", [.inputTokens: 1])
            }
            await bench.service.returnLeases(at: .present)
            #expect(try await bench.status("a").leased == .zero)
        }
    }

    @Test("what is released from memory leaves no trace, and comes back")
    func released() async throws {
        try await Bench.with { bench in
            try await bench.defineLeased("a", usd: "1")
            try await bench.heat()
            let before = try await bench.events().count
            for number in 0..<100 {
                try await bench.hold("call-\(number)")
                let ended = try await bench.service.release("call-\(number)", at: .present)
                #expect(ended.state == .released)
            }
            let again = try await bench.hold("call-99")
            #expect(again.state == .released && again.isRepeated)
            await #expect(throws: HoldInvalid.otherHold("call-98")) {
                try await bench.hold("call-98", usage: [.inputTokens: 7])
            }
            #expect(try await bench.events().count == before)
            #expect(bench.service.countLeases().holds == 100)
            // Its usage comes all the same: the charge counts.
            let late = try await bench.settle("call-50")
            #expect(late.state == .settled && late.cost == Bench.cost)
            #expect(try await bench.status("a").balance.posted.cost == .charges(1))
            await bench.service.returnLeases(at: .present)
            #expect(try await bench.status("a").balance.held == .zero)
        }
    }

    @Test("a hold that is a second old is in the ledger, and any instance ends it")
    func elsewhere() async throws {
        try await Bench.with(2) { bench in
            try await bench.defineLeased("a", usd: "1")
            try await bench.heat()
            try await bench.hold("call")
            let settled = try await bench.tending(0) {
                try await bench.settle("call", through: 1)
            }
            #expect(settled.state == .settled && settled.cost == Bench.cost)
            // The instance that made it learns of that.
            let repeated = try await bench.settle("call", through: 0)
            #expect(repeated.isRepeated)
            await #expect(throws: HoldInvalid.unknown("other")) {
                try await bench.settle("other", through: 1)
            }
            #expect(try await bench.events(.chargeRated).count == 1)
            for instance in bench.instances {
                await instance.service.returnLeases(at: .present)
            }
            let balance = try await bench.status("a").balance
            #expect(balance.held == .zero && balance.posted.cost == .charges(1))
        }
    }

    @Test("a request that two instances hold is charged once")
    func twice() async throws {
        try await Bench.with(2) { bench in
            try await bench.defineLeased("a", usd: "1")
            for number in 0..<2 { try await bench.heat(through: number) }
            for number in 0..<2 { try await bench.hold("call", through: number) }
            for number in 0..<2 {
                let settled = try await bench.settle("call", through: number)
                #expect(settled.state == .settled && settled.isRepeated == (number == 1))
            }
            for instance in bench.instances {
                await instance.service.returnLeases(at: .present)
            }
            #expect(try await bench.events(.chargeRated).count == 1)
            let balance = try await bench.status("a").balance
            #expect(balance.held == .zero && balance.posted.cost == .charges(1))
        }
    }

    @Test("nobody is refused while money is idle elsewhere: it is recalled and given back")
    func recalled() async throws {
        try await Bench.with(2) { bench in
            try await bench.defineLeased("a", usd: "0.1")
            try await bench.heat()
            #expect(try await bench.status("a").leased.cost > .zero)
            let all = try await bench.tending(0) {
                try await bench.hold("large", usd: "0.1", through: 1)
            }
            #expect(all.state == .held)
            #expect(try await bench.status("a").leased == .zero)
            #expect(try await bench.events(.budgetLeaseRecalled).count == 1)
            // Now it is full, and that is said at once.
            let refusal = await #expect(throws: BudgetRefusal.self) {
                try await bench.hold("more", usd: "0.001")
            }
            #expect(refusal?.balance.held.cost == PicodollarSum(usd: "0.1"))
            #expect(try await bench.events(.budgetLeaseRecalled).count == 1)
        }
    }

    @Test("what a dead instance has leased comes back after its term")
    func dead() async throws {
        try await Bench.with(2) { bench in
            try await bench.defineLeased("a", usd: "0.1")
            try await bench.heat()
            try await bench.hold("lost")
            // Nobody looks after the leases of the first instance any more.
            let all = try await bench.hold("large", usd: "0.1", through: 1)
            #expect(all.state == .held)
            let returned = try await bench.events(.budgetLeaseReturned)
            #expect(returned.map { $0.event.detail?["expired"] } == ["true"])
            // Its hold is over with it; the charge counts all the same.
            try await bench.settle("lost")
            #expect(try await bench.status("a").balance.posted.cost == .charges(1))
            await bench.service.returnLeases(at: .present)
            try await bench.settle("large", through: 1)
            #expect(try await bench.status("a").balance.held == .zero)
        }
    }

    @Test("an own lease does not stand in the way of a large call")
    func own() async throws {
        try await Bench.with { bench in
            try await bench.defineLeased("a", usd: "0.1")
            try await bench.heat()
            try await bench.hold("small")
            try await bench.hold("large", usd: "0.097")
            let status = try await bench.status("a")
            #expect(status.leased == .zero && status.left.cost == .zero)
            #expect(status.holds?.count == 2, "the small one was written down")
        }
    }

    @Test("a budget without leases beside a leased one is decided by its row")
    func mixed() async throws {
        try await Bench.with { bench in
            try await bench.defineLeased("a", usd: "1")
            try await bench.heat()
            try await bench.define("b", usd: "0.003")
            let head = try await bench.ledger.head().position
            try await bench.hold("call")
            #expect(try await bench.ledger.head().position > head)
            await #expect(throws: BudgetRefusal.self) { try await bench.hold("more") }
            await bench.service.returnLeases(at: .present)
        }
    }

    @Test("whatever callers do, holds and leases never pass the limit, and all of it comes back")
    func crowd() async throws {
        let seed = testSeed()
        try await Bench.with(3) { bench in
            try await bench.defineLeased("a", usd: "1.3")
            for number in 0..<3 { try await bench.heat(through: number) }
            let done = Count()
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<3 {
                    group.addTask {
                        try await bench.tend(number, until: done)
                    }
                }
                try await withThrowingTaskGroup(of: Void.self) { callers in
                    for caller in 0..<24 {
                        callers.addTask {
                            var random = RandomEvents(seed: seed &+ UInt64(caller))
                            for round in 0..<40 {
                                let id = "call-\(caller)-\(round)"
                                try await Self.call(id, caller % 3, &random, bench)
                            }
                        }
                    }
                    defer { done.add() }
                    try await callers.waitForAll()
                }
                try await group.waitForAll()
            }
            for instance in bench.instances {
                await instance.service.returnLeases(at: .present)
            }
            let fromMemory = bench.instances.map { $0.service.countLeases().holds }
            #expect(fromMemory.allSatisfy { $0 > 0 }, "\(fromMemory)")
            let limit = try #require(PicodollarSum(usd: "1.3"))
            let fold = try LeaseFold(try await bench.events(), limit: limit)
            let balance = try await bench.status("a").balance
            #expect(balance.held == .zero && fold.held == .zero && fold.leased == .zero)
            #expect(balance.posted.cost == fold.posted)
        }
    }

    private static func call(
        _ id: String, _ instance: Int, _ random: inout RandomEvents, _ bench: Bench
    ) async throws {
        do {
            try await bench.hold(id, through: instance)
        } catch is BudgetRefusal {
            return
        }
        // Sometimes it is ended elsewhere, or twice.
        let other = random.chance(0.1) ? (instance + 1) % 3 : instance
        if random.chance(0.5) {
            _ = try await bench.instances[instance].service.release(id, at: .present)
        } else {
            try await settle(id, through: other, bench)
            if random.chance(0.2) { try await bench.settle(id, through: instance) }
        }
    }

    /// Under load an instance may need longer to write a hold than a call elsewhere waits for it.
    private static func settle(
        _ id: String, through instance: Int, _ bench: Bench, tries: Int = 3
    ) async throws {
        do { try await bench.settle(id, through: instance) } catch HoldInvalid.unknown
            where tries > 1
        { try await settle(id, through: instance, bench, tries: tries - 1) }
    }
}

extension Bench {
    fileprivate func defineLeased(_ name: String, usd: String) async throws {
        try await define(name, usd: usd) { $0.leases = true }
        for instance in instances { _ = try await instance.budgets.reload() }
    }

    /// Asks often enough that a lease is taken.
    fileprivate func heat(through number: Int = 0) async throws {
        let service = instances[number].service
        for call in 0..<4 {
            try await hold("heat-\(number)-\(call)", through: number)
            _ = try await service.release("heat-\(number)-\(call)", at: .present)
        }
        await service.tendLeases(at: .present)
        #expect(service.countLeases().leases == 1)
    }

    /// Looks after the leases of an instance ten times a second, as the service does.
    fileprivate func tend(_ number: Int, until done: Count) async throws {
        while done.value == 0 {
            await instances[number].service.tendLeases(at: .present)
            try await instances[number].pool.session { try $0.execute("SELECT pg_sleep(0.1)") }
        }
    }

    /// Looks after the leases of an instance while a body runs.
    fileprivate func tending<T: Sendable>(
        _ number: Int, _ body: @escaping @Sendable () async throws -> T
    ) async throws -> T {
        let done = Count()
        return try await withThrowingTaskGroup(of: T?.self) { group in
            group.addTask {
                try await tend(number, until: done)
                return nil
            }
            group.addTask {
                defer { done.add() }
                return try await body()
            }
            var value: T?
            for try await result in group { value = result ?? value }
            return try #require(value)
        }
    }
}

/// What the events of one undivided budget say, checked wherever something is set aside.
private struct LeaseFold {
    private(set) var posted = PicodollarSum.zero
    private(set) var held = PicodollarSum.zero
    private(set) var leased = PicodollarSum.zero
    private var open: [EventID: PicodollarSum] = [:]

    init(_ events: [RecordedEvent], limit: PicodollarSum) throws {
        for recorded in events {
            let event = recorded.event
            let cost = event.amount.map { PicodollarSum($0) } ?? .zero
            switch event.kind {
            case .budgetHeld:
                open[event.causeID ?? event.id, default: .zero] += cost
                held += cost
                if event.detail?["leases"] != nil { leased = leased - cost }
            case .budgetLeased: leased += cost
            case .budgetLeaseReturned: leased = leased - cost
            case .budgetSettled, .budgetReleased, .budgetExpired:
                let hold = try #require(event.causeID)
                let known = open.removeValue(forKey: hold)
                let ended = try #require(known, "ended twice")
                held = held - ended
            case .chargeRated: posted += cost
            default: break
            }
            #expect(leased >= .zero, "at \(recorded.position)")
            if event.kind == .budgetHeld || event.kind == .budgetLeased {
                #expect(posted + held + leased <= limit, "at \(recorded.position)")
            }
        }
    }
}
