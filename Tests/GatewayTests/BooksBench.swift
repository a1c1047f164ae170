import Access
import Booking
import Budgeting
import Budgets
import EventStore
import Foundation
import Gateway
import HTTPTypes
import JSON
import LedgerModel
import Postgres
import PriceBooks
import Pricing
import Providers
import Routing
import StoreTesting
import Testing

/// One instance of the gateway's books on a ledger with prices, and a directory for its spool.
struct BooksBench: Sendable {
    let pool: Pool
    let ledgers: LedgerRegistry
    let ledger: OpenLedger
    let directory: String

    static func with(_ body: @Sendable (BooksBench) async throws -> Void) async throws {
        try await LedgerDatabase.withScratch { database in
            try await with(database, body)
        }
    }

    static func with(
        _ database: LedgerDatabase, _ body: @Sendable (BooksBench) async throws -> Void
    ) async throws {
        let pool = Pool(database.asService, size: 6)
        let id = try await LedgerDirectory(pool: pool).create("main")
        let ledgers = LedgerRegistry(pool: pool, makeID: newID)
        let ledger = try await ledgers.openLedger(id)
        if try await ledger.store.head().position == 0 {
            _ = try await PriceBookStore(pool: pool).publish(
                try PriceFile.read(prices), effectiveFrom: nil, in: ledger.store, at: Self.now,
                entropy: (uniqueID().high, 7))
        }
        try await ledger.prices.refresh()
        let directory = FileManager.default.temporaryDirectory
            .appending(path: "books-\(UUID().uuidString)").path
        let bench = BooksBench(pool: pool, ledgers: ledgers, ledger: ledger, directory: directory)
        try await body(bench)
        let differences = try await ledger.budgets.check(at: Self.now)
        #expect(differences.isEmpty, "\(differences)")
        #expect(try await Verifier(ledger: id, pool: pool).verify().problem == nil)
        await ledgers.close()
        await pool.close()
        try? FileManager.default.removeItem(atPath: directory)
    }

    private static let prices = """
        tally_prices: 1
        name: tests
        providers:
          openai:
            models:
              small: {input_mtok: 2, output_mtok: 10}
              tiny: {input_mtok: 1, output_mtok: 5}
        """

    static let newID: @Sendable () -> EventID = {
        EventID(at: Self.now, entropy: (uniqueID().high, uniqueID().high))
    }

    static var now: Timestamp {
        Timestamp(unixMicroseconds: Int64(Date().timeIntervalSince1970 * 1_000_000))
    }

    // MARK: Books

    func books(_ spool: BookingSpool? = nil) -> RequestBooks {
        RequestBooks(
            ledgers: ledgers, providers: .none, spool: spool, now: { BooksBench.now })
    }

    /// The spool of the directory, as a process opens it.
    func spool(bytesMax: Int = BookingSpool.spoolBytesMax) throws -> BookingSpool {
        try BookingSpool(directory: directory, spoolBytesMax: bytesMax, report: { _ in })
    }

    // MARK: Requests

    /// A request of 1,000 input and 100 output tokens costs 0.003 USD.
    static let usage: Usage = [.inputTokens: 1_000, .outputTokens: 100]
    static let cost = Picodollars(3_000_000_000)
    static let candidate = RouteCandidate(provider: "openai", key: nil, model: "small")

    func request(streamed: Bool = false, headers: HTTPFields = [:]) -> GatewayRequest {
        let body = Array(#"{"model":"small","max_tokens":100,"stream":\#(streamed)}"#.utf8)
        var dimensions = Dimensions()
        dimensions[.app] = "chat"
        return GatewayRequest(
            id: Self.newID(), api: .chatCompletions, headers: headers, body: body,
            json: try? JSONTree(parsing: body), ledger: ledger.store.id, key: nil,
            dimensions: dimensions, labels: nil, arrivedAt: Self.now)
    }

    static let expected = ExpectedUsage(
        usage: [.inputTokens: 1_000], maxTokens: 100, model: "small")

    func route(_ change: (inout RoutePolicy) -> Void = { _ in }) -> RoutePolicy {
        var route = RoutePolicy(name: "plain")
        change(&route)
        return route
    }

    func open(
        _ request: GatewayRequest, _ route: RoutePolicy, in books: RequestBooks
    ) async throws -> OpenRequest {
        try await books.open(
            request, route, expecting: Self.expected,
            candidates: [HoldCandidate(provider: "openai", model: "small")])
    }

    static func end(
        usage: Usage = Self.usage, _ change: (inout RequestEnd) -> Void = { _ in }
    ) -> RequestEnd {
        var metered = MeteredAnswer(usage: usage, isReported: true, isComplete: true)
        metered.responseID = "chatcmpl-1"
        var end = RequestEnd(metered: metered, status: 200, latency: .milliseconds(800))
        end.candidate = candidate
        end.timeToFirstToken = .milliseconds(200)
        end.stages = [
            (name: "route", time: .microseconds(12)), (name: "call", time: .milliseconds(1)),
        ]
        change(&end)
        return end
    }

    // MARK: The ledger

    func events(_ kinds: EventKind...) async throws -> [Event] {
        try await ledger.store.events(after: 0, limit: 10_000).map(\.event)
            .filter { kinds.isEmpty || kinds.contains($0.kind) }
    }

    /// Kinds of what was appended after the prices.
    func kinds() async throws -> [EventKind] {
        try await events().map(\.kind).filter {
            $0 != .pricesPublished && $0 != .budgetDefined && $0 != .budgetOpened
        }
    }

    @discardableResult
    func define(_ usd: String, _ change: (inout WrittenBudget) -> Void = { _ in }) async throws
        -> BudgetStatus
    {
        var written = WrittenBudget(name: "a", limits: WrittenAmounts(usd: usd))
        written.window = "total"
        change(&written)
        return try await ledger.budgets.change(
            "a", .set(try written.definition()), by: "a test", at: Self.now)
    }

    func status() async throws -> BudgetStatus {
        try #require(try await ledger.budgets.show("a", at: Self.now, limit: 1).first)
    }
}
