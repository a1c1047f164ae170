import Access
import EventStore
import LedgerModel
import LedgerSQL
import LedgerTesting
import Postgres
import PostgresTesting
import ReadModels
import Subscriptions
import Synchronization

/// A migrated scratch database with one ledger, used as the service's own role.
struct Workbench: Sendable {
    let pool: Pool
    /// As superuser, for what the service must not do.
    let admin: Pool
    let ledger: PostgresLedger

    static func with(_ body: (Workbench) async throws -> Void) async throws {
        let server = try await TestServer.shared()
        let template = try await server.template(named: "projections_template") { configuration in
            let directory = "\(#filePath)".split(separator: "/").dropLast(3).joined(separator: "/")
            let migrator = Migrator(
                files: try Migrator.load(directory: "/\(directory)/migrations"))
            let connection = try await Connection.open(configuration)
            _ = try await migrator.migrate(on: connection)
            await connection.close()
        }
        try await server.withScratchDatabase(from: template) { configuration in
            let admin = Pool(configuration, size: 2)
            _ = try await admin.session { session in
                // Grants on a database do not come along with its template.
                try session.execute(
                    "DO $$ BEGIN EXECUTE format('GRANT CONNECT ON DATABASE %I TO tally_service', "
                        + "current_database()); END $$")
            }
            var service = configuration
            service.user = "tally_service"
            let pool = Pool(service, size: 6)
            let id = try await LedgerDirectory(pool: pool).create("main")
            let counter = Mutex<UInt64>(0)
            let ledger = PostgresLedger(id: id, pool: pool) {
                EventID(
                    high: counter.withLock {
                        $0 += 1; return $0
                    }, low: 1)
            }
            let bench = Workbench(pool: pool, admin: admin, ledger: ledger)
            do {
                try await body(bench)
            } catch {
                await bench.close()
                throw error
            }
            await bench.close()
        }
    }

    private func close() async {
        await ledger.close()
        await pool.close()
        await admin.close()
    }

    func runner(
        _ projections: [Projection] = Projection.all,
        report: @escaping @Sendable (SubscriptionEvent) -> Void = { _ in }
    ) -> ProjectionRunner {
        ProjectionRunner(pool: pool, projections: projections, report: report)
    }

    @discardableResult
    func append(_ entries: [(event: Event, charge: Event?)]) async throws -> AppendReceipt {
        var batch = EntryBatch(for: ledger.id)
        var encoder = EntryEncoder()
        for entry in entries { try batch.add(entry.event, charge: entry.charge, using: &encoder) }
        return try await ledger.append(batch)
    }

    func administer(_ sql: String) async throws {
        _ = try await admin.session { try $0.execute(sql) }
    }

    func text(_ sql: String) async throws -> [[String?]] {
        try await admin.session { try $0.query(sql).rows }
    }
}

/// A random stream: requests with charges, some of which are adjusted again and again, with and
/// without a price, what reconciliations book, and events that no read model counts.
struct RandomStream {
    var events: RandomEvents
    private var charged: [(request: Event, charge: Event)] = []

    init(seed: UInt64, days: Int64 = 3) {
        events = RandomEvents(seed: seed, days: days)
    }

    mutating func entries(_ count: Int) -> [(event: Event, charge: Event?)] {
        var entries: [(event: Event, charge: Event?)] = []
        for _ in 0..<count {
            if events.chance(0.2), let last = charged.popLast() {
                let adjustment = adjustment(of: last.charge, for: last.request)
                entries.append((adjustment, nil))
                // It may be adjusted again, but not always.
                if events.chance(0.6) { charged.append((last.request, adjustment)) }
            } else if events.chance(0.1) {
                var hit = events.request()
                hit.kind = .cacheHit
                entries.append((hit, nil))
            } else if events.chance(0.05) {
                entries.append((reconciliation(), nil))
            } else if events.chance(0.2) {
                entries.append(events.optimization())
            } else {
                let request = events.request()
                let charge = events.charge(for: request)
                charged.append((request, charge))
                entries.append((request, charge))
            }
        }
        return entries
    }

    private mutating func reconciliation() -> Event {
        let request = events.request()
        let start = request.occurredAt.startOfDay
        var booked = Event(
            id: EventID(at: start, entropy: (events.random.next(), events.random.next())),
            kind: .chargeReconciled, occurredAt: start)
        booked.dimensions[.provider] = request.dimensions[.provider]
        booked.dimensions[.model] = request.dimensions[.model]
        booked.amount = Picodollars(Int64(events.random.next() % 1_000) - 500)
        return booked
    }

    /// Priced or unpriced before, priced or unpriced now; one that takes a price back has both an
    /// amount and a reason.
    private mutating func adjustment(of charge: Event, for request: Event) -> Event {
        var adjusted = charge
        adjusted.id = .charge(for: request.id, after: charge.id)
        adjusted.kind = .chargeAdjusted
        adjusted.previousID = charge.id
        adjusted.unpriced = events.chance(0.4) ? events.name("reason", of: 2) : nil
        adjusted.amount = Picodollars(Int64(events.random.next() % 1_000) - 500)
        if adjusted.unpriced != nil, charge.unpriced != nil { adjusted.amount = nil }
        return adjusted
    }
}
