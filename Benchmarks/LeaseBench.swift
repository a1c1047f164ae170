import Budgeting
import Budgets
import EventStore
import LedgerModel
import PriceBooks
import Pricing
import Synchronization

extension Benchmarks {
    /// Decisions that each thread makes from memory.
    private static let decisionsEach = 1_000_000
    /// Holds of the service that are measured beside them.
    private static let leaseHoldsMax = 200_000
    private static let callers = 2

    /// Holds decided from memory and given back by one thread, all from one slice of one budget;
    /// the limit is single events, one a call, through the same store in the same run.
    ///
    /// Facts say the same of two threads, and of the whole service: priced holds and their releases, of an
    /// instance that looks after its leases meanwhile, and holds that are settled.
    package func leases() async throws -> BenchmarkReport {
        let count = min(options.requests, Self.leaseHoldsMax)
        var runs: [BenchmarkReport.Run] = []
        var machine: Machine?
        var facts: [BenchmarkReport.Fact] = []
        for number in 1...options.runs {
            log("leases: run \(number) of \(options.runs)")
            let (seconds, latencies) = try await decide(threads: 1)
            facts.append(
                BenchmarkReport.Fact(
                    "two_threads_per_second",
                    2 * Double(Self.decisionsEach) / (try await decide(threads: 2)).seconds))
            let run = try await BenchmarkDatabase.withScratch(on: server, schema) { database in
                machine = try await database.machine()
                let bench = try await BudgetBench(database, at: options.now, isLeased: true)
                try await bench.warm()
                let tending = Task { await bench.tend() }
                defer { tending.cancel() }
                let released = try await call(1...count, callers: Self.callers) { index in
                    try await bench.pair("r\(number)-\(index)", isUsed: false)
                }
                facts.append(
                    BenchmarkReport.Fact(
                        "service_holds_per_second", Double(count) / released.seconds))
                facts.append(
                    BenchmarkReport.Fact(
                        "service_holds_from_memory", Double(bench.fromMemory()) / Double(count)))
                let pairs = min(count, 100_000)
                let settled = try await call(1...pairs, callers: 1_024) { index in
                    try await bench.pair("s\(number)-\(index)", isUsed: true)
                }
                facts.append(
                    BenchmarkReport.Fact(
                        "settled_pairs_per_second", Double(pairs) / settled.seconds))
                tending.cancel()
                await tending.value
                try await bench.check()
                try await database.settle()
                let plain = try await call(1...pairs, callers: 1_024) { index in
                    try await bench.appendPlain(UInt64(index))
                }
                return BenchmarkReport.Run(
                    events: Int64(Self.decisionsEach), seconds: seconds,
                    limit: Double(pairs) / plain.seconds, latency: latencies)
            }
            runs.append(run)
        }
        var report = BenchmarkReport(name: "leases", runs: runs)
        report.facts = facts
        report.machine = machine
        return report
    }

    /// Decides from one table, as several threads of a process do; each hold is given back.
    @concurrent
    private func decide(threads: Int) async throws -> (seconds: Double, BenchmarkReport.Latency) {
        let lease = try LeasedSlice(at: options.now)
        let start = ContinuousClock.now
        let all = try await withThrowingTaskGroup(of: Latencies.self) { group in
            for thread in 0..<threads {
                group.addTask { try lease.decide(Self.decisionsEach, thread) }
            }
            var all = Latencies()
            for try await latencies in group { all.add(latencies) }
            return all
        }
        let elapsed = seconds(since: start)
        guard lease.isWhole else {
            throw BenchmarkFailure("something is held still, or more was handed out than leased")
        }
        return (elapsed, all.summary)
    }
}

/// A table with one lease, and calls that all ask for the same.
private final class LeasedSlice: Sendable {
    private let leases = LeaseStripes()
    private let ask: LeaseTable.Ask
    private let event: Event
    private let expires: Timestamp
    private let idle: Amounts
    private let began = ContinuousClock.now
    /// One decision in so many is timed: the clock takes as long as a decision.
    private static let timedEvery = 64
    /// Calls that each thread has in flight.
    private static let inFlight = 16

    init(at now: Timestamp) throws {
        var definition = try BudgetDefinition(
            name: "bench", limits: Limits(cost: Lease.costMax, tokens: 1_000_000_000_000),
            schedule: WindowSchedule(unit: .total))
        definition.leases = true
        guard let link = try BudgetBook(supposing: [definition]).chain(of: [:]).first else {
            throw BenchmarkFailure("the budget counts nothing")
        }
        let place = LeasePlace(row: link.row, window: link.budget.window(of: now).start)
        let amounts = Amounts(cost: PicodollarSum(10_000_000_000), tokens: 1_540)
        ask = LeaseTable.Ask(place: place, amounts: amounts)
        let id = EventID(at: now, entropy: (1, 2))
        var event = Event(id: id, kind: .budgetHeld, occurredAt: now)
        event.dimensions = [.app: "bench", .provider: "openai", .model: "gpt-4o-mini"]
        (self.event, expires) = (event, now)
        let call = LeaseCall(Hold(event, rows: [link.row], each: HeldPart(amounts), expires: now))
        // Calls that find no lease are why one is taken.
        for number in 0..<200 { _ = leases.hold(Name("\(number)"), call, [ask], at: .zero) }
        guard case .take(let wish)? = leases.moves(at: .zero, newLease: { id }).first?.move else {
            throw BenchmarkFailure("no lease was wanted")
        }
        var state = BudgetState()
        let grant = try link.lease(wish, &state, at: now)
        // As if it were renewed meanwhile.
        leases.granted(place, id, grant, position: 1, asked: .seconds(3_600))
        idle = leases.idle(place)
    }

    /// Holds and gives back, some calls at a time; each has a name of its own.
    func decide(_ count: Int, _ thread: Int) throws -> Latencies {
        var latencies = Latencies()
        // Each thread its own, as each call of a service is.
        let call = LeaseCall(
            Hold(event, rows: [ask.place.row], each: HeldPart(ask.amounts), expires: expires))
        var names: [Name] = []
        names.reserveCapacity(Self.inFlight)
        for number in thread * count..<(thread + 1) * count {
            let name = Name(String(number, radix: 36))
            let isTimed = number % Self.timedEvery == 0
            let start = isTimed ? ContinuousClock.now : nil
            let now = began.duration(to: .now)
            let answer = leases.hold(name, call, [ask], at: now)
            guard case .held = answer else { throw BenchmarkFailure("a hold did not fit") }
            if let start { latencies.record(start.duration(to: .now)) }
            names.append(name)
            if names.count == Self.inFlight { giveBack(&names) }
        }
        giveBack(&names)
        return latencies
    }

    private func giveBack(_ names: inout [Name]) {
        for name in names { _ = leases.release(name) }
        names.removeAll(keepingCapacity: true)
    }

    /// Whether everything came back.
    var isWhole: Bool { leases.idle(ask.place) == idle && leases.holdCount == 0 }
}

extension BudgetBench {
    /// Makes the budget hot.
    func warm() async throws {
        for number in 0..<1_000 { try await pair("warm-\(number)", isUsed: number == 0) }
        await budgets.tendLeases(at: now)
        _ = budgets.countLeases()
    }

    func tend() async {
        while !Task.isCancelled {
            await budgets.tendLeases(at: now)
            try? await Task.sleep(for: .milliseconds(100))
        }
        await budgets.returnLeases(at: now)
    }

    func fromMemory() -> Int { budgets.countLeases().holds }
}
