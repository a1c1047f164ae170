import Access
import EventStore
import LedgerModel
import LedgerSQL
import LedgerTesting
import Migrations
import Postgres
import PostgresTesting
import PriceBooks
import Pricing
import ReadModels
import Replay
import Rerating
import Subscriptions
import Synchronization
import Testing

/// A migrated database with a ledger, as one instance of the service has it.
struct Bench: Sendable {
    let configuration: PostgresConfiguration
    let pool: Pool
    let ledger: PostgresLedger

    static func with(_ body: (Bench) async throws -> Void) async throws {
        let server = try await TestServer.shared()
        let template = try await server.template(named: "rerating") { configuration in
            let connection = try await Connection.open(configuration)
            _ = try await Migrator(files: ledgerMigrations).migrate(on: connection)
            await connection.close()
        }
        try await server.withScratchDatabase(from: template) { configuration in
            let admin = try await Connection.open(configuration)
            _ = try await admin.session { session in
                // Grants on a database do not come along with its template.
                try session.execute(
                    "DO $$ BEGIN EXECUTE format('GRANT CONNECT ON DATABASE %I TO tally_service', "
                        + "current_database()); END $$")
            }
            await admin.close()
            let bench = try await Bench(on: configuration)
            try await bench.closing { try await body(bench) }
        }
    }

    private init(on configuration: PostgresConfiguration) async throws {
        self.configuration = configuration
        pool = Pool(configuration.loggedIn(as: "tally_service", password: nil), size: 6)
        let id = try await LedgerDirectory(pool: pool).create("rated")
        ledger = PostgresLedger(id: id, pool: pool) {
            EventID(
                high: UInt64.random(in: 0...UInt64.max), low: UInt64.random(in: 0...UInt64.max))
        }
    }

    /// Another instance on the same database.
    func withAnother(_ body: (Bench) async throws -> Void) async throws {
        let other = try await Bench(on: configuration)
        try await other.closing { try await body(other) }
    }

    private func closing(_ body: () async throws -> Void) async throws {
        do {
            try await body()
        } catch {
            await close()
            throw error
        }
        await close()
    }

    private func close() async {
        await ledger.close()
        await pool.close()
    }

    func anotherLedger(_ name: String) async throws -> PostgresLedger {
        PostgresLedger(id: try await LedgerDirectory(pool: pool).create(name), pool: pool) {
            EventID(
                high: UInt64.random(in: 0...UInt64.max), low: UInt64.random(in: 0...UInt64.max))
        }
    }

    // MARK: What is booked

    /// Appends requests with their charges under a schedule, as ingest does.
    func append(
        _ requests: [Event], under schedule: PriceSchedule, to ledger: PostgresLedger? = nil
    ) async throws {
        let ledger = ledger ?? self.ledger
        var rater = Rater(schedule)
        for start in stride(from: 0, to: requests.count, by: 300) {
            var batch = EntryBatch(for: ledger.id)
            var encoder = EntryEncoder()
            for request in requests[start..<min(requests.count, start + 300)] {
                try batch.add(
                    request, charge: try ChargeRule.charge(for: request, rater: &rater),
                    using: &encoder)
            }
            _ = try await ledger.append(batch)
        }
    }

    func publish(_ book: PriceBook, from: Timestamp? = nil) async throws {
        _ = try await PriceBookStore(pool: pool).publish(
            book, effectiveFrom: from, in: ledger, at: Timestamp(year: 2026, month: 11, day: 23),
            entropy: (UInt64.random(in: 0...UInt64.max), UInt64.random(in: 0...UInt64.max)))
    }

    /// The prices that the ledger uses now.
    func schedule() async throws -> PriceSchedule {
        let ledgerPrices = LedgerPrices(ledger: ledger.id, pool: pool)
        try await ledgerPrices.refresh()
        return ledgerPrices.schedule
    }

    @discardableResult
    func rerate(
        _ schedule: PriceSchedule, isDryRun: Bool = false,
        _ change: (inout RerateRequest) -> Void = { _ in }
    ) async throws -> RerateReport {
        var request = RerateRequest(prices: schedule)
        request.isDryRun = isDryRun
        change(&request)
        return try await Rerater(ledger: ledger, pool: pool).run(request)
    }

    /// Rates what had no price; how many requests got one.
    @discardableResult
    func rateUnpriced() async throws -> Int64 {
        let booked = Mutex<Int64>(0)
        let reactor = UnpricedReactor(
            pool: pool, open: { _ in try await priced() },
            refused: { Issue.record("request \($1) of ledger \($0)") },
            priced: { _, count in booked.withLock { $0 += count } })
        try await catchUp(reactor.subscription)
        return booked.withLock { $0 }
    }

    /// Credits what allowances make free.
    func credit() async throws {
        try await catchUp(
            AllowanceReactor(pool: pool, open: { _ in try await priced() }).subscription)
    }

    func catchUp(_ subscription: SubscriptionGroup) async throws {
        try await SubscriptionRunner(pool: pool, groups: [subscription]).catchUp()
    }

    /// The ledger with its newest prices.
    func priced() async throws -> PricedLedger {
        let ledgerPrices = LedgerPrices(ledger: ledger.id, pool: pool)
        try await ledgerPrices.refresh()
        let published = ledgerPrices.published
        return PricedLedger(
            store: ledger, schedule: published.schedule, publication: published.position)
    }

    // MARK: What is there

    func events() async throws -> [RecordedEvent] {
        var events: [RecordedEvent] = []
        while true {
            let page = try await ledger.events(
                after: events.last?.position ?? 0, limit: PostgresLedger.readLimitMax)
            if page.isEmpty { return events }
            events += page
        }
    }

    func text(_ sql: String) async throws -> [[String?]] {
        try await pool.session { try $0.query(sql, rowsMax: 1_000_000).rows }
    }

    /// The chain verifies, the read models hold what the ledger holds and are what a rebuild
    /// makes, and the recorded books give every first charge back.
    func audit() async throws {
        #expect(try await Verifier(ledger: ledger.id, pool: pool).verify().problem == nil)
        let runner = ProjectionRunner(pool: pool)
        try await runner.catchUp()
        #expect(try await runner.conservation().allSatisfy(\.holds))
        let live = try await readModels()
        _ = try await runner.rebuild()
        #expect(try await readModels() == live)
        let replayed = try await PriceReplay(ledger: ledger.id, pool: pool)
            .run(ReplayRequest(prices: .recorded))
        #expect(replayed.check?.isExact == true, "\(replayed.check?.problems ?? [])")
        #expect(replayed.total.recorded == replayed.total.replayed)
    }

    private func readModels() async throws -> [[[String?]]] {
        var models: [[[String?]]] = []
        for table in ["spend", "user_usage", "provider_usage", "unpriced"] {
            models.append(
                try await text(
                    """
                    SELECT (to_jsonb(held) - 'version')::text FROM tally.\(table) AS held
                    WHERE to_jsonb(held) ->> 'requests' <> '0' OR '\(table)' <> 'unpriced'
                    ORDER BY 1
                    """))
        }
        return models
    }
}

/// The obvious way: what each request is booked at, from all events in order.
struct NaiveChains {
    private(set) var requests: [EventID: Event] = [:]
    private(set) var charges: [EventID: [Event]] = [:]

    init(_ events: [RecordedEvent]) {
        for event in events.map(\.event) {
            if event.kind.isRequest { requests[event.id] = event }
            guard event.kind.isCharge, let cause = event.causeID else { continue }
            charges[cause, default: []].append(event)
        }
    }

    /// Cost by request; nil where the last charge has no price.
    var costs: [EventID: Int128?] {
        charges.mapValues { chain in
            guard chain.last?.unpriced == nil else { return nil }
            return chain.reduce(0) { $0 + Int128($1.amount?.amount ?? 0) }
        }
    }

    var sum: PicodollarSum {
        charges.values.joined().compactMap(\.amount).reduce(into: .zero) { $0 += $1 }
    }

    var unpriced: Int64 { Int64(charges.values.count { $0.last?.unpriced != nil }) }

    /// What each request costs under a schedule.
    func costs(under schedule: PriceSchedule) throws -> [EventID: Int128?] {
        var rater = Rater(schedule)
        var costs: [EventID: Int128?] = [:]
        for request in requests.values {
            guard let charge = try ChargeRule.charge(for: request, rater: &rater) else { continue }
            costs[request.id] = .some(charge.amount.map { Int128($0.amount) })
        }
        return costs
    }
}

enum Books {
    /// Prices for some of the models that `RandomEvents` makes, each a choice of the generator;
    /// few choices, so that much stays as it was.
    static func random(_ random: inout RandomEvents) throws -> PriceBook {
        var text = "tally_prices: 1\nname: random\nproviders:\n"
        for provider in 0..<3 {
            text += "  provider-\(provider):\n    tiers: {x-0: 0.5, x-1: 1, x-2: 2}\n    models:\n"
            text += "      model-0: {input_mtok: 1, output_mtok: 3}\n"
            for model in 1..<5 where random.chance(0.7) {
                let price = random.chance(0.5) ? "2" : "2.5"
                let searches = random.chance(0.5) ? ", web_searches_kcount: 10" : ""
                let hours = random.chance(0.5) ? ", input_hours: 0.36" : ""
                text += "      model-\(model): {input_mtok: \(price), output_mtok: 4"
                text += "\(searches)\(hours)}\n"
            }
        }
        return try PriceFile.read(text)
    }
}
