import Access
import Budgeting
import Budgets
import EventStore
import Foundation
import LedgerModel
import LedgerTesting
import Postgres
import PriceBooks
import Pricing
import StoreTesting
import Synchronization
import Testing

/// One process with the budgets of a ledger: each has its own writer, book and prices.
struct Instance: Sendable {
    let pool: Pool
    let ledger: PostgresLedger
    let budgets: LedgerBudgets
    let prices: LedgerPrices
    let service: BudgetService
}

/// A ledger with published prices, and some processes that work on it.
///
/// Times are those of the clock, since the database's decides when a hold is over; windows are years
/// or totals, so that no test runs across a border.
struct Bench: Sendable {
    let instances: [Instance]
    let now = Timestamp.present

    var service: BudgetService { instances[0].service }
    var ledger: PostgresLedger { instances[0].ledger }

    static func with(
        _ count: Int = 1, _ body: @Sendable (Bench) async throws -> Void
    ) async throws {
        try await LedgerDatabase.withScratch { database in
            var instances: [Instance] = []
            for number in 0..<count {
                instances.append(try await instance(of: database, publishes: number == 0))
            }
            let bench = Bench(instances: instances)
            try await body(bench)
            // Whatever a test did, the rows are what the ledger says.
            for instance in instances {
                let differences = try await instance.service.check(at: .present)
                #expect(differences.isEmpty, "\(differences)")
            }
            let report = try await Verifier(ledger: bench.ledger.id, pool: instances[0].pool)
                .verify()
            #expect(report.problem == nil)
            for instance in instances {
                await instance.ledger.close()
                await instance.pool.close()
            }
        }
    }

    private static func instance(
        of database: LedgerDatabase, publishes: Bool
    ) async throws -> Instance {
        let pool = Pool(database.asService, size: 6)
        let id = try await LedgerDirectory(pool: pool).create("main")
        let budgets = LedgerBudgets(ledger: id, pool: pool)
        let ledger = PostgresLedger(
            id: id, pool: pool, posting: budgets.posting, makeBatchID: uniqueID)
        if publishes {
            _ = try await PriceBookStore(pool: pool).publish(
                try PriceFile.read(
                    """
                    tally_prices: 1
                    name: tests
                    providers:
                      openai:
                        models:
                          small: {input_mtok: 2, output_mtok: 10}
                          tiny: {input_mtok: 1, output_mtok: 5}
                      anthropic:
                        models:
                          claude-sonnet-4-5:
                            input_mtok: {0: 3, 200000: 6}
                            cache_read_mtok: {0: 0.3, 200000: 0.6}
                            cache_write_mtok: {0: 3.75, 200000: 7.5}
                            cache_write_1h_mtok: {0: 6, 200000: 12}
                            output_mtok: {0: 15, 200000: 22.5}
                    """), effectiveFrom: nil, in: ledger, at: .present,
                entropy: (uniqueID().high, 7))
        }
        let prices = LedgerPrices(ledger: id, pool: pool)
        try await prices.refresh()
        return Instance(
            pool: pool, ledger: ledger, budgets: budgets, prices: prices,
            service: BudgetService(
                ledger: ledger, budgets: budgets, prices: prices, pool: pool, makeID: newID))
    }

    private static let newID: @Sendable () -> EventID = {
        EventID(at: .present, entropy: (uniqueID().high, uniqueID().high))
    }

    // MARK: Budgets

    @discardableResult
    func define(
        _ name: String, usd: String? = nil, tokens: Int64? = nil, requests: Int64? = nil,
        through number: Int = 0, _ change: (inout WrittenBudget) -> Void = { _ in }
    ) async throws -> BudgetStatus {
        var written = WrittenBudget(
            name: name, limits: WrittenAmounts(usd: usd, tokens: tokens, requests: requests))
        written.window = "total"
        change(&written)
        return try await instances[number].service.change(
            name, .set(try written.definition()), by: "a test", at: now)
    }

    func status(_ name: String) async throws -> BudgetStatus {
        try #require(try await service.show(name, at: .present, limit: 1).first)
    }

    // MARK: Requests

    /// A request of 1,000 input and 100 output tokens costs 0.003 USD.
    static let usage: Usage = [.inputTokens: 1_000, .outputTokens: 100]
    static let cost = Picodollars(3_000_000_000)

    func request(
        user: Name? = nil, usage: Usage = Self.usage, model: Name = "small",
        at time: Timestamp? = nil
    ) -> Event {
        let time = time ?? now
        var event = Event(
            id: EventID(at: time, entropy: (uniqueID().high, uniqueID().high)),
            kind: .requestCompleted, occurredAt: time)
        event.dimensions = [.provider: "openai", .model: model, .app: "chat"]
        event.dimensions[.user] = user
        event.usage = usage
        return event
    }

    /// Books requests with their charges, as ingest does.
    @discardableResult
    func ingest(_ requests: [Event], through number: Int = 0) async throws -> AppendReceipt {
        let instance = instances[number]
        var batch = EntryBatch(for: instance.ledger.id)
        var encoder = EntryEncoder()
        for request in requests {
            let charge = try instance.prices.withRater { rater in
                try ChargeRule.charge(for: request, rater: &rater)
            }
            try batch.add(request, charge: charge, using: &encoder)
        }
        return try await instance.ledger.append(batch)
    }

    // MARK: Holds

    func wish(
        _ id: String, user: Name? = nil, usage: Usage = Self.usage, model: Name = "small",
        usd: String? = nil
    ) throws -> HoldWish {
        var dimensions: Dimensions = [.provider: "openai", .model: model, .app: "chat"]
        dimensions[.user] = user
        return HoldWish(
            requestID: id, dimensions: dimensions, usage: usage,
            cost: try usd.map {
                Picodollars(Int64(try WrittenAmounts.money($0).amount))
            })
    }

    @discardableResult
    func hold(
        _ id: String, user: Name? = nil, usage: Usage = Self.usage, model: Name = "small",
        usd: String? = nil, through number: Int = 0
    ) async throws -> HoldAnswer {
        try await instances[number].service.hold(
            try wish(id, user: user, usage: usage, model: model, usd: usd), at: .present)
    }

    @discardableResult
    func settle(
        _ id: String, _ usage: Usage = Self.usage, through number: Int = 0
    ) async throws -> HoldAnswer {
        try await instances[number].service.settle(id, Settlement(usage: usage), at: .present)
    }

    func state(_ id: String) async throws -> HoldAnswer {
        let hold = try #require(try await service.find(id))
        return try await service.answer(hold, at: .present)
    }

    // MARK: Events

    func events(_ kinds: EventKind...) async throws -> [RecordedEvent] {
        var events: [RecordedEvent] = []
        while true {
            let page = try await ledger.events(
                after: events.last?.position ?? 0, limit: PostgresLedger.readLimitMax)
            if page.isEmpty { break }
            events += page
        }
        return kinds.isEmpty ? events : events.filter { kinds.contains($0.event.kind) }
    }
}

extension Timestamp {
    static var present: Timestamp {
        Timestamp(unixMicroseconds: Int64(Date.now.timeIntervalSince1970 * 1_000_000))
    }
}

extension PicodollarSum {
    /// So many charges of `Bench.cost`.
    static func charges(_ count: Int) -> PicodollarSum {
        PicodollarSum(Int128(Bench.cost.amount) * Int128(count))
    }
}

/// A number that several tasks count up.
final class Count: Sendable {
    private let number = Mutex(0)
    var value: Int { number.withLock { $0 } }
    func add(_ more: Int = 1) { number.withLock { $0 += more } }
}
