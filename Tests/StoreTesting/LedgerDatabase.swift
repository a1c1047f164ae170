import Access
package import EventStore
package import LedgerModel
import Migrations
package import Postgres
package import PostgresTesting
import Synchronization

/// A migrated database of its own for one test, with the rights of its roles.
///
/// All come from one template, made when the first is asked for.
package struct LedgerDatabase: Sendable {
    /// As the superuser, past all privileges.
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

    /// The same database as the service logs in to it.
    package var asService: PostgresConfiguration {
        configuration.loggedIn(as: "tally_service", password: nil)
    }

    /// A ledger, made if it is missing, with a pool of its own: what one process would have.
    package func ledger(
        _ name: String = "main", through configuration: PostgresConfiguration? = nil
    ) async throws -> PostgresLedger {
        let directory = LedgerDirectory(pool: Pool(asService, size: 1))
        let id = try await directory.create(name)
        return PostgresLedger(
            id: id, pool: Pool(configuration ?? asService, size: 4), makeBatchID: uniqueID)
    }

    /// Runs a text as the superuser, past all privileges.
    @discardableResult
    package func execute(_ sql: String) async throws -> Int {
        let connection = try await Connection.open(configuration)
        defer { Task { await connection.close() } }
        return try await connection.session { try $0.execute(sql) }
    }

    /// What the first migration grants on the database: a copy of a template lacks it.
    private static let grants = """
        DO $$ BEGIN
            EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database());
            EXECUTE format('GRANT CREATE, CONNECT ON DATABASE %I TO tally_owner',
                current_database());
            EXECUTE format('GRANT CONNECT ON DATABASE %I TO tally_service', current_database());
        END $$
        """
}

/// An id that nothing else in this process has: the next number, so the same in every run.
package let uniqueID: @Sendable () -> EventID = {
    EventID(high: lastID.add(1, ordering: .relaxed).newValue, low: 1)
}

private let lastID = Atomic<UInt64>(0)
