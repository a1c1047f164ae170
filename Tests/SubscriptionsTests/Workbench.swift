import Access
import EventStore
import LedgerModel
import LedgerTesting
import Migrations
import Postgres
import PostgresTesting
import Subscriptions
import Synchronization

/// A migrated database with a ledger and a table of what subscriptions did: one row for each
/// range that a member folded.
struct Workbench: Sendable {
    let pool: Pool
    /// As superuser, for what the service must not do.
    let admin: Pool
    let ledger: PostgresLedger
    private let nextID: @Sendable () -> EventID

    static func with(_ body: (Workbench) async throws -> Void) async throws {
        let server = try await TestServer.shared()
        let template = try await server.template(named: "subscriptions") { configuration in
            let connection = try await Connection.open(configuration)
            _ = try await Migrator(files: ledgerMigrations).migrate(on: connection)
            _ = try await connection.session { session in
                try session.execute(
                    """
                    CREATE TABLE tally.folded (member text, version integer, ledger_id bigint,
                        after bigint, up_to bigint);
                    GRANT ALL ON tally.folded TO tally_service
                    """)
            }
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
            let pool = Pool(configuration.loggedIn(as: "tally_service", password: nil), size: 8)
            let counter = Mutex<UInt64>(0)
            let nextID: @Sendable () -> EventID = {
                EventID(
                    high: counter.withLock {
                        $0 += 1; return $0
                    }, low: 1)
            }
            let id = try await LedgerDirectory(pool: pool).create("main")
            let bench = Workbench(
                pool: pool, admin: admin,
                ledger: PostgresLedger(id: id, pool: pool, makeBatchID: nextID), nextID: nextID)
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

    func anotherLedger(_ name: String) async throws -> PostgresLedger {
        PostgresLedger(
            id: try await LedgerDirectory(pool: pool).create(name), pool: pool,
            makeBatchID: nextID)
    }

    /// One block of so many events.
    func append(
        _ count: Int, _ random: inout RandomEvents, app: Name = "fine",
        to ledger: PostgresLedger? = nil
    ) async throws {
        let ledger = ledger ?? self.ledger
        var batch = EntryBatch(for: ledger.id)
        var encoder = EntryEncoder()
        for _ in 0..<count {
            var request = random.request()
            request.externalID = nil
            request.dimensions[.app] = app
            batch.add(request, using: &encoder)
        }
        _ = try await ledger.append(batch)
    }

    func administer(_ sql: String) async throws {
        _ = try await admin.session { try $0.execute(sql) }
    }

    func text(_ sql: String) async throws -> [[String?]] {
        try await admin.session { try $0.query(sql, rowsMax: 100_000).rows }
    }

    /// The ranges that a member folded, as `after-upTo`, in order.
    func ranges(of member: String) async throws -> [String] {
        try await text(
            "SELECT after || '-' || up_to FROM tally.folded WHERE member = '\(member)' "
                + "ORDER BY after, up_to"
        ).compactMap { $0[0] }
    }
}

/// Which members folded together, call by call, as `members after-upTo`.
final class Calls: Sendable {
    private let calls = Mutex<[String]>([])

    func add(_ members: [Member], _ range: EventRange) {
        let names = members.map(\.name).joined(separator: "+")
        calls.withLock { $0.append("\(names) \(range.after)-\(range.upTo)") }
    }

    /// What was called since the last time.
    func take() -> [String] {
        calls.withLock { calls in
            defer { calls = [] }
            return calls
        }
    }
}

extension SubscriptionGroup {
    /// Notes each range that a member folds; those that are fragile cannot fold the app "poison".
    static func noting(
        _ subscriptions: [Subscription], _ calls: Calls = Calls(), fragile: Set<String> = [],
        then: @escaping @Sendable (Session) throws -> Void = { _ in }
    ) -> SubscriptionGroup {
        SubscriptionGroup(
            folding: subscriptions, as: "notes",
            erase: { member, ledger, _, session in
                try session.execute(
                    "DELETE FROM tally.folded WHERE member = '\(member.name)' "
                        + "AND ledger_id = \(ledger) AND version < \(member.version)")
            },
            fold: { range, members, session in
                calls.add(members, range)
                for member in members {
                    try session.execute(
                        "INSERT INTO tally.folded VALUES ('\(member.name)', \(member.version), "
                            + "\(range.ledger), \(range.after), \(range.upTo))")
                    guard fragile.contains(member.name) else { continue }
                    try session.execute(
                        "SELECT 1 / (count(*) = 0)::int FROM tally.events WHERE app = 'poison' "
                            + "AND ledger_id = \(range.ledger) "
                            + "AND position > \(range.after) AND position <= \(range.upTo)")
                }
                try then(session)
                return range.count
            })
    }
}

extension Subscription {
    /// One that folds at every look.
    init(_ name: String, patience: Duration = .zero, page: Int64 = Self.pagePositionsMax) {
        self.init(name: name, definition: 1, patience: patience, pagePositionsMax: page)
    }
}

/// What a test lets happen in the middle of an effect.
struct Crashed: Error {}
