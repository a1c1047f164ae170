import Access
import EventStore
import Experimenting
import Experiments
import LedgerModel
import LedgerSQL
import LedgerTesting
import Migrations
import Postgres
import PostgresTesting
import ReadModels
import Synchronization

/// A migrated scratch database with one ledger and its experiments.
struct Bench: Sendable {
    let pool: Pool
    let ledger: PostgresLedger

    var service: ExperimentService { ExperimentService(ledger: ledger, pool: pool) }
    var runner: ProjectionRunner { ProjectionRunner(pool: pool) }

    static let now = Timestamp(year: 2026, month: 11, day: 23)

    static func with(_ body: (Bench) async throws -> Void) async throws {
        let server = try await TestServer.shared()
        let template = try await server.template(named: "experimenting") { configuration in
            let connection = try await Connection.open(configuration)
            _ = try await Migrator(files: ledgerMigrations).migrate(on: connection)
            await connection.close()
        }
        try await server.withScratchDatabase(from: template) { configuration in
            let pool = Pool(configuration, size: 6)
            let id = try await LedgerDirectory(pool: pool).create("main")
            let ledger = PostgresLedger(id: id, pool: pool) {
                EventID(high: .random(in: 0 ... .max), low: .random(in: 0 ... .max))
            }
            do {
                try await body(Bench(pool: pool, ledger: ledger))
            } catch {
                await ledger.close()
                await pool.close()
                throw error
            }
            await ledger.close()
            await pool.close()
        }
    }

    func define(
        _ name: String = "tone", arms: String = "control=50,short=50", unit: String = "user",
        metrics: String = "cost,failure"
    ) async throws -> Experiment {
        try await service.define(
            try ExperimentDefinition(name: name, arms: arms, unit: unit, metrics: metrics),
            at: Self.now)
    }

    func append(_ entries: [(event: Event, charge: Event?)]) async throws {
        var batch = EntryBatch(for: ledger.id)
        var encoder = EntryEncoder()
        for entry in entries { try batch.add(entry.event, charge: entry.charge, using: &encoder) }
        _ = try await ledger.append(batch)
    }

    func text(_ sql: String) async throws -> [[String?]] {
        try await pool.session { try $0.query(sql, rowsMax: 100_000).rows }
    }

    /// What the read model holds, unit by unit.
    func units() async throws -> [String: [Int128]] {
        let rows = try await text(
            """
            SELECT concat_ws(' ', experiment, arm, encode(key, 'hex')), requests, failed_requests,
                unpriced_requests, cost_pico, timed_requests, latency_us, judgements, quality_ppm
            FROM tally.experiment_units
            """)
        return Dictionary(
            uniqueKeysWithValues: rows.map { row in
                (row[0] ?? "", row.dropFirst().map { Int128($0 ?? "") ?? -1 })
            })
    }
}

/// Requests of users in arms, with charges and what is observed later.
struct Traffic {
    var events: RandomEvents

    init(seed: UInt64) {
        events = RandomEvents(seed: seed, now: Bench.now, days: 2)
    }

    mutating func request(
        _ labels: [(key: Name, value: Name)], user: Name?, cost: Int64?, isFailed: Bool = false,
        latency: Int64? = nil, quality: Int32? = nil
    ) throws -> (event: Event, charge: Event?) {
        var request = events.request()
        request.externalID = nil
        request.id = EventID(
            at: request.occurredAt, entropy: (events.random.next(), events.random.next()))
        request.kind = isFailed ? .requestFailed : .requestCompleted
        request.dimensions[.user] = user
        request.dimensions[.session] = user.map { Name("s-\($0)") }
        request.latency = latency
        request.quality = quality
        request.labels = try Labels(labels)
        var charge = events.charge(for: request)
        charge.amount = cost.map { Picodollars($0) }
        charge.unpriced = cost == nil ? "unknown model" : nil
        return (request, charge)
    }

    mutating func adjustment(of charge: Event, to amount: Int64?) -> Event {
        var adjusted = charge
        adjusted.id = .charge(for: charge.causeID ?? charge.id, after: charge.id)
        adjusted.kind = .chargeAdjusted
        adjusted.previousID = charge.id
        adjusted.amount = amount.map { Picodollars($0) }
        adjusted.unpriced = amount == nil ? "taken back" : nil
        return adjusted
    }
}
