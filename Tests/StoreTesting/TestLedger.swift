import Access
package import EventStore
package import LedgerModel
package import Postgres
import PostgresTesting

/// A ledger in its own database, as used by one instance of the service.
package struct TestLedger: Sendable {
    package let database: LedgerDatabase
    /// Connections as the service's role.
    package let pool: Pool
    /// Connections as the superuser, for operations that the service may not do.
    package let admin: Pool
    package let ledger: PostgresLedger

    package var id: LedgerID { ledger.id }

    /// Lends a ledger, and removes its database afterwards.
    @discardableResult
    package static func with<T>(
        _ name: String = "main", _ body: (TestLedger) async throws -> T
    ) async throws -> T {
        try await LedgerDatabase.withScratch { database in
            try await with(name, in: database, body)
        }
    }

    /// Lends another instance that works on the same ledger.
    @discardableResult
    package func withAnother<T>(
        _ body: (TestLedger) async throws -> T
    ) async throws -> T {
        let name = try await LedgerDirectory(pool: pool).list().first { $0.id == ledger.id }?.name
        return try await Self.with(name ?? "main", in: database, body)
    }

    /// Another ledger of the database, through the same pool.
    package func anotherLedger(_ name: String) async throws -> PostgresLedger {
        PostgresLedger(
            id: try await LedgerDirectory(pool: pool).create(name), pool: pool,
            makeBatchID: uniqueID)
    }

    private static func with<T>(
        _ name: String, in database: LedgerDatabase, _ body: (TestLedger) async throws -> T
    ) async throws -> T {
        let pool = Pool(database.asService, size: 6)
        let admin = Pool(database.configuration, size: 2)
        let id = try await LedgerDirectory(pool: pool).create(name)
        let ledger = PostgresLedger(id: id, pool: pool, makeBatchID: uniqueID)
        let result: Result<T, any Error>
        do {
            result = .success(
                try await body(
                    TestLedger(database: database, pool: pool, admin: admin, ledger: ledger)))
        } catch {
            result = .failure(error)
        }
        await ledger.close()
        await pool.close()
        await admin.close()
        return try result.get()
    }

    // MARK: What is booked

    /// Appends entries as one batch.
    @discardableResult
    package func append(
        _ entries: [(event: Event, charge: Event?)]
    ) async throws -> AppendReceipt {
        try await append(entries, to: ledger)
    }

    /// Appends a single event, such as an adjustment.
    package func append(alone event: Event) async throws {
        try await append([(event, nil)])
    }

    /// Appends entries to another ledger of the database.
    @discardableResult
    package func append(
        _ entries: [(event: Event, charge: Event?)], to ledger: PostgresLedger
    ) async throws -> AppendReceipt {
        var batch = EntryBatch(for: ledger.id)
        var encoder = EntryEncoder()
        for entry in entries { try batch.add(entry.event, charge: entry.charge, using: &encoder) }
        return try await ledger.append(batch)
    }

    // MARK: What is there

    /// Every event, in order.
    package func events() async throws -> [RecordedEvent] {
        var events: [RecordedEvent] = []
        while true {
            let page = try await ledger.events(
                after: events.last?.position ?? 0, limit: PostgresLedger.readLimitMax)
            if page.isEmpty { return events }
            events += page
        }
    }

    /// The rows of a query as texts, run as the superuser.
    package func text(_ sql: String) async throws -> [[String?]] {
        try await admin.session { try $0.query(sql, rowsMax: 1_000_000).rows }
    }

    /// Runs SQL as the superuser.
    package func administer(_ sql: String) async throws {
        _ = try await admin.session { try $0.execute(sql) }
    }
}
