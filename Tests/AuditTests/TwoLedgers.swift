import Audit
import EventStore
import LedgerModel
import LedgerSQL
import LedgerTesting
import Postgres
import ReadModels
import StoreTesting
import Testing

/// Two ledgers in one database, and the queries of both.
struct TwoLedgers: Sendable {
    let queries: AuditQueries
    /// The configuration of the database, for the superuser.
    let configuration: PostgresConfiguration
    let admin: Pool
    let pool: Pool
    let ours: LedgerID
    let theirs: LedgerID

    static func with(_ body: (TwoLedgers) async throws -> Void) async throws {
        try await TestLedger.with("ours") { fixture in
            let (database, pool) = (fixture.database, fixture.pool)
            let theirs = try await database.ledger("theirs")
            try await fixture.append(entries(20, app: "open"))
            try await fixture.append(entries(30, app: "secret-app"), to: theirs)
            await theirs.close()
            try await ProjectionRunner(pool: pool).catchUp()
            let queries = AuditQueries(server: database.configuration, pool: pool) {
                "secret-of-a-test-\(uniqueID())"
            }
            try await body(
                TwoLedgers(
                    queries: queries, configuration: database.configuration,
                    admin: fixture.admin, pool: pool, ours: fixture.ledger.id,
                    theirs: theirs.id))
        }
    }

    private static func entries(
        _ count: Int, app: Name
    ) -> [(event: Event, charge: Event?)] {
        var random = RandomEvents(seed: UInt64(count))
        return (0..<count).map { _ in
            var request = random.request()
            request.dimensions[.app] = app
            return (request, random.charge(for: request))
        }
    }

    func ask(_ text: String, limits: AuditLimits = AuditLimits()) async throws -> AuditResult {
        try await queries.run(text, as: .ledger(ours), limits: limits)
    }

    /// How many sessions of audit roles the database has.
    func sessions() async throws -> Int {
        let found = try await admin.session { session in
            try session.query(
                """
                SELECT count(*) FROM pg_stat_activity WHERE usename LIKE 'tally_audit_%'
                    AND datname = current_database()
                """
            ).rows
        }
        return found[0][0].flatMap { Int($0) } ?? -1
    }

    /// Gives everybody two functions that can run for long and heed no cancel.
    func openBuiltIns() async throws {
        _ = try await admin.session { try $0.execute(Self.openBuiltIns) }
    }

    static let openBuiltIns = """
        GRANT EXECUTE ON FUNCTION pg_catalog.strpos(text, text), pg_catalog.repeat(text, integer)
        TO PUBLIC
        """

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
