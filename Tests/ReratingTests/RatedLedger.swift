import EventStore
import LedgerModel
import LedgerSQL
import LedgerTesting
import Postgres
import PriceBooks
import Pricing
import ReadModels
import Replay
import Rerating
import StoreTesting
import Subscriptions
import Synchronization
import Testing

/// A ledger whose requests are rated and rated again.
extension TestLedger {
    // MARK: What is booked

    /// Appends requests with their charges under a schedule, as ingest does.
    func append(
        _ requests: [Event], under schedule: PriceSchedule, to ledger: PostgresLedger? = nil
    ) async throws {
        let ledger = ledger ?? self.ledger
        var rater = Rater(schedule)
        for start in stride(from: 0, to: requests.count, by: 300) {
            try await append(
                try requests[start..<min(requests.count, start + 300)].map {
                    ($0, try ChargeRule.charge(for: $0, rater: &rater))
                }, to: ledger)
        }
    }

    func publish(_ book: PriceBook, from: Timestamp? = nil) async throws {
        _ = try await PriceBookStore(pool: pool).publish(
            book, effectiveFrom: from, in: ledger, at: Timestamp(year: 2026, month: 11, day: 23),
            entropy: (uniqueID().high, 0))
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

    /// Rates requests without a price; returns how many got one.
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

    /// Credits free allowances.
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

    /// Checks that the chain verifies, that the read models agree with the ledger and with a
    /// rebuild, and that the recorded books reproduce every first charge.
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
        for table in ["spend_hourly", "spend_daily", "user_usage", "provider_usage", "unpriced"] {
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

/// A naive implementation: the cost of each request, from all events in order.
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
    /// Random prices for some of the models that `RandomEvents` uses; there are few choices, so
    /// that many prices stay the same.
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
