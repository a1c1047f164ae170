import Access
package import EventStore
package import LedgerModel
import Migrations
package import Postgres
package import PostgresTesting
import Synchronization

/// A migrated database for one test, with the rights of its roles.
///
/// All are copies of one template, created at the first call.
package struct LedgerDatabase: Sendable {
    /// The configuration for the superuser.
    package let configuration: PostgresConfiguration

    /// Lends a fresh database, and removes it afterwards.
    package static func withScratch<T>(
        on server: TestServer? = nil, _ body: (LedgerDatabase) async throws -> T
    ) async throws -> T {
        guard let server else { return try await withScratch(on: TestServer.shared(), body) }
        let template = try await server.template(named: "ledgers") { configuration in
            let connection = try await Connection.open(configuration)
            _ = try await ledgerSchema.migrate(on: connection)
            await connection.close()
        }
        return try await server.withScratchDatabase(from: template) { configuration in
            let database = LedgerDatabase(configuration: configuration)
            try await database.execute(grants)
            return try await body(database)
        }
    }

    /// The configuration for the service's role.
    package var asService: PostgresConfiguration {
        configuration.loggedIn(as: "tally_service", password: nil)
    }

    /// A ledger, created if it is missing, with its own pool, as in one process.
    package func ledger(
        _ name: String = "main", through configuration: PostgresConfiguration? = nil,
        posting: PostingSource = .none
    ) async throws -> PostgresLedger {
        let directory = LedgerDirectory(pool: Pool(asService, size: 1))
        let id = try await directory.create(name)
        return PostgresLedger(
            id: id, pool: Pool(configuration ?? asService, size: 4), posting: posting,
            makeBatchID: uniqueID)
    }

    /// Runs SQL as the superuser.
    @discardableResult
    package func execute(_ sql: String) async throws -> Int {
        let connection = try await Connection.open(configuration)
        defer { Task { await connection.close() } }
        return try await connection.session { try $0.execute(sql) }
    }

    /// The grants of the first migration on the database, which copies of a template lack.
    private static let grants = """
        DO $$ BEGIN
            EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database());
            EXECUTE format('GRANT CREATE, CONNECT ON DATABASE %I TO tally_owner',
                current_database());
            EXECUTE format('GRANT CONNECT ON DATABASE %I TO tally_service', current_database());
        END $$
        """
}

/// A new id, unique in this process: the next number, so the same in every run.
package let uniqueID: @Sendable () -> EventID = {
    EventID(high: lastID.add(1, ordering: .relaxed).newValue, low: 1)
}

private let lastID = Atomic<UInt64>(0)
