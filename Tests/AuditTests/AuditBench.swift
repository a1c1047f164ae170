import Access
import Audit
import EventStore
import LedgerModel
import LedgerSQL
import LedgerTesting
import Postgres
import PostgresTesting
import ReadModels
import Synchronization
import Testing

/// A migrated scratch database with two ledgers, and the queries to both.
struct AuditBench: Sendable {
    let queries: AuditQueries
    let admin: Pool
    let pool: Pool
    let ours: LedgerID
    let theirs: LedgerID

    static func with(_ body: (AuditBench) async throws -> Void) async throws {
        let server = try await TestServer.shared()
        let template = try await server.template(named: "audit_template") { configuration in
            let directory = "\(#filePath)".split(separator: "/").dropLast(3).joined(separator: "/")
            let migrator = Migrator(files: try Migrator.load(directory: "/\(directory)/migrations"))
            let connection = try await Connection.open(configuration)
            _ = try await migrator.migrate(on: connection)
            await connection.close()
        }
        try await server.withScratchDatabase(from: template) { configuration in
            let admin = Pool(configuration, size: 2)
            _ = try await admin.session { session in
                // Grants on a database do not come along with its template.
                try session.execute(
                    "DO $$ BEGIN EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', "
                        + "current_database()); EXECUTE format('GRANT CONNECT ON DATABASE %I TO "
                        + "tally_service', current_database()); END $$")
            }
            var service = configuration
            service.user = "tally_service"
            let pool = Pool(service, size: 4)
            let ours = try await LedgerDirectory(pool: pool).create("ours")
            let theirs = try await LedgerDirectory(pool: pool).create("theirs")
            let queries = AuditQueries(server: configuration, pool: pool) {
                "secret-\(UInt64.random(in: 0...UInt64.max))-\(UInt64.random(in: 0...UInt64.max))"
            }
            let bench = AuditBench(
                queries: queries, admin: admin, pool: pool, ours: ours, theirs: theirs)
            try await bench.fill(ours, app: "open", count: 20)
            try await bench.fill(theirs, app: "secret-app", count: 30)
            try await ProjectionRunner(pool: pool).catchUp()
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
        await pool.close()
        await admin.close()
    }

    private func fill(_ id: LedgerID, app: Name, count: Int) async throws {
        let ledger = PostgresLedger(id: id, pool: pool) {
            EventID(high: UInt64.random(in: 0...UInt64.max), low: UInt64.random(in: 0...UInt64.max))
        }
        var random = RandomEvents(seed: UInt64(count))
        var batch = EntryBatch(for: id)
        var encoder = EntryEncoder()
        for _ in 0..<count {
            var request = random.request()
            request.dimensions[.app] = app
            try batch.add(request, charge: random.charge(for: request), using: &encoder)
        }
        _ = try await ledger.append(batch)
        await ledger.close()
    }

    func ask(_ text: String, limits: AuditLimits = AuditLimits()) async throws -> AuditResult {
        try await queries.run(text, as: .ledger(ours), limits: limits)
    }

    /// The sentence with which a query is refused; nil if it is not.
    func refusal(_ text: String, limits: AuditLimits = AuditLimits()) async throws -> AuditRefusal?
    {
        do {
            _ = try await ask(text, limits: limits)
            return nil
        } catch let refusal as AuditRefusal {
            return refusal
        }
    }
}

extension AuditRefusal? {
    var words: String { map { "\($0)" } ?? "it was not refused" }
}

extension AuditRefusal {
    var sqlState: String? {
        if case .query(_, let sqlState, _) = self { sqlState } else { nil }
    }
}
