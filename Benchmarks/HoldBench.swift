import Budgeting
import Budgets
import EventStore
import LedgerModel
import PriceBooks
import Pricing
import Synchronization

extension Benchmarks {
    private static let holdCallers = 1_024
    private static let pairsMax = 100_000
    /// What each call holds; the budget has room for just as many as are in flight.
    private static let heldUSD: Int64 = 10_000_000_000

    /// Holds and settlements of many callers on one hard budget, each pair with its request and
    /// charge; the limit is as many plain events from as many callers, one a call, through the same
    /// store.
    package func holds() async throws -> BenchmarkReport {
        let count = min(options.requests, Self.pairsMax)
        var runs: [BenchmarkReport.Run] = []
        var machine: Machine?
        var facts: [BenchmarkReport.Fact] = []
        for number in 1...options.runs {
            log("holds: run \(number) of \(options.runs)")
            let run = try await BenchmarkDatabase.withScratch(on: server, schema) { database in
                machine = try await database.machine()
                let bench = try await BudgetBench(database, at: options.now)
                // The first of each creates the rows and the months.
                try await bench.pair("first", spending: Self.heldUSD)
                try await database.settle()
                let pairs = try await call(1...count, callers: Self.holdCallers) { index in
                    try await bench.pair("\(number)-\(index)", spending: Self.heldUSD)
                }
                try await bench.check()
                try await database.settle()
                let released = try await call(1...count, callers: Self.holdCallers) { index in
                    try await bench.pair("r\(index)", spending: Self.heldUSD, isUsed: false)
                }
                try await bench.check()
                facts.append(
                    BenchmarkReport.Fact(
                        "released_pairs_per_second", Double(count) / released.seconds))
                try await database.settle()
                let plain = try await call(1...count, callers: Self.holdCallers) { index in
                    try await bench.appendPlain(UInt64(index))
                }
                return BenchmarkReport.Run(
                    events: Int64(count), seconds: pairs.seconds,
                    limit: Double(count) / plain.seconds, latency: pairs.latencies.summary)
            }
            runs.append(run)
        }
        var report = BenchmarkReport(name: "holds", runs: runs)
        report.facts = facts
        report.machine = machine
        return report
    }
}

/// A ledger with one budget, which the benchmarks of holds and leases share.
struct BudgetBench: Sendable {
    let ledger: PostgresLedger
    let budgets: BudgetService
    let now: Timestamp
    private static let name = "bench"

    init(_ database: BenchmarkDatabase, at now: Timestamp, isLeased: Bool = false) async throws {
        let id = try await database.ledgerID(named: "bench")
        let known = LedgerBudgets(ledger: id, pool: database.pool)
        let makeID: @Sendable () -> EventID = {
            EventID(at: now, entropy: (.random(in: 0...UInt64.max), .random(in: 0...UInt64.max)))
        }
        ledger = PostgresLedger(
            id: id, pool: database.pool, posting: known.posting, makeBatchID: makeID)
        budgets = BudgetService(
            ledger: ledger, budgets: known,
            prices: LedgerPrices(PriceSchedule(try Workload.priceBook())), pool: database.pool,
            makeID: makeID)
        self.now = now
        var budget = WrittenBudget(
            name: Self.name, limits: WrittenAmounts(usd: isLeased ? "100000000" : "1000000"))
        budget.window = "total"
        budget.leases = isLeased
        _ = try await budgets.change(
            Self.name, .set(try budget.definition()), by: "bench", at: now)
    }

    /// Sets money aside, and settles with the usage of a small call or releases it.
    ///
    /// - Parameter amount: nil for the price of that usage.
    func pair(_ id: String, spending amount: Int64? = nil, isUsed: Bool = true) async throws {
        let usage: Usage = [.inputTokens: 1_200, .outputTokens: 340]
        _ = try await budgets.hold(
            HoldWish(
                requestID: id,
                dimensions: [.app: "bench", .provider: "openai", .model: "gpt-4o-mini"],
                usage: amount == nil ? usage : Usage(),
                cost: amount.map { Picodollars($0) }), at: now)
        if isUsed {
            _ = try await budgets.settle(id, Settlement(usage: usage), at: now)
        } else {
            _ = try await budgets.release(id, at: now)
        }
    }

    /// Nothing is held any more, and what the budget says is the sum of the events.
    func check() async throws {
        guard let status = try await budgets.show(Self.name, at: now, limit: 1).first,
            status.balance.held == .zero, status.balance.posted.cost > .zero,
            try await budgets.check(at: now).isEmpty
        else { throw BenchmarkFailure("the budget does not say what the ledger says") }
    }

    func appendPlain(_ number: UInt64) async throws {
        var event = Event(
            id: EventID(at: now, entropy: (number, .random(in: 0...UInt64.max))),
            kind: .budgetReleased, occurredAt: now)
        event.dimensions[.app] = "bench"
        var batch = EntryBatch(for: ledger.id)
        var encoder = EntryEncoder()
        try batch.add(event, using: &encoder)
        _ = try await ledger.append(batch)
    }
}
