import Access
import EventStore
import LedgerModel
import LedgerSQL
import LedgerTesting
import Migrations
import Postgres
import PostgresTesting
import Synchronization
import Testing

/// A migrated database of its own for one test.
struct LedgerDatabase {
    let configuration: PostgresConfiguration

    /// Lends a fresh database, and removes it afterwards.
    static func withScratch<T>(
        _ body: (LedgerDatabase) async throws -> T
    ) async throws -> T {
        let server = try await TestServer.shared()
        let template = try await server.template(named: "ledger_template") { configuration in
            let connection = try await Connection.open(configuration)
            _ = try await Migrator(files: ledgerMigrations).migrate(on: connection)
            await connection.close()
        }
        return try await server.withScratchDatabase(from: template) { configuration in
            try await body(LedgerDatabase(configuration: configuration))
        }
    }

    /// As `withScratch`, migrated on the spot: privileges on a database are not copied with it.
    static func withFresh<T>(_ body: (LedgerDatabase) async throws -> T) async throws -> T {
        try await TestServer.shared().withScratchDatabase { configuration in
            let connection = try await Connection.open(configuration)
            _ = try await Migrator(files: ledgerMigrations).migrate(on: connection)
            await connection.close()
            return try await body(LedgerDatabase(configuration: configuration))
        }
    }

    /// The same database as the service logs in to it.
    var asService: PostgresConfiguration {
        configuration.loggedIn(as: "tally_service", password: nil)
    }

    /// A ledger, made if it is missing, with a pool of its own: what one process would have.
    func ledger(
        _ name: String = "main", through configuration: PostgresConfiguration? = nil
    ) async throws -> PostgresLedger {
        let directory = LedgerDirectory(pool: Pool(asService, size: 1))
        let id = try await directory.create(name)
        return PostgresLedger(
            id: id, pool: Pool(configuration ?? asService, size: 4), makeBatchID: randomBatchID)
    }

    /// Runs a text as the superuser, past all privileges.
    @discardableResult
    func execute(_ sql: String) async throws -> Int {
        let connection = try await Connection.open(configuration)
        defer { Task { await connection.close() } }
        return try await connection.session { try $0.execute(sql) }
    }
}

/// The stores that keep the contract.
enum StoreKind: CaseIterable { case memory, postgres }

/// Lends an empty store of a kind; what is in the database at the end is verified.
func withStore(
    _ kind: StoreKind, _ body: (any LedgerStore) async throws -> Void
) async throws {
    switch kind {
    case .memory:
        let ticks = Shared(Int64(0))
        try await body(
            MemoryLedger(id: LedgerID(7)) {
                ticks.update { ticks in
                    ticks += 1
                    return Timestamp.earliest.advanced(byMicroseconds: ticks)
                }
            })
    case .postgres:
        try await LedgerDatabase.withScratch { database in
            let ledger = try await database.ledger()
            try await body(ledger)
            let report = try await Verifier(
                ledger: ledger.id, pool: Pool(database.asService, size: 1)
            ).verify()
            #expect(report.problem == nil)
        }
    }
}

/// Names commits; only their being unique matters, so they follow from no seed.
let randomBatchID: @Sendable () -> EventID = {
    EventID(high: UInt64.random(in: 0...UInt64.max), low: UInt64.random(in: 0...UInt64.max))
}

/// What a caller reports: a request, perhaps with its charge.
struct Entry: Sendable, Hashable {
    var request: Event
    var charge: Event?

    var rows: Int { charge == nil ? 1 : 2 }
}

extension RandomEvents {
    mutating func entry(charged: Bool? = nil) -> Entry {
        let request = request()
        let isCharged = charged ?? chance(0.6)
        return Entry(request: request, charge: isCharged ? charge(for: request) : nil)
    }

    mutating func entries(_ count: Int, charged: Bool? = nil) -> [Entry] {
        (0..<count).map { _ in entry(charged: charged) }
    }
}

func batch(_ entries: [Entry], for ledger: LedgerID) throws -> EntryBatch {
    var batch = EntryBatch(for: ledger)
    var encoder = EntryEncoder()
    for entry in entries {
        try batch.add(entry.request, charge: entry.charge, using: &encoder)
    }
    return batch
}

extension LedgerStore {
    func append(_ entries: [Entry]) async throws -> AppendReceipt {
        try await append(batch(entries, for: id))
    }

    /// Every event, read a page at a time.
    func everything(pageSize: Int = 1_000) async throws -> [RecordedEvent] {
        var events: [RecordedEvent] = []
        while true {
            let page = try await self.events(
                after: events.last?.position ?? 0, limit: pageSize)
            if page.isEmpty { return events }
            events += page
        }
    }
}

extension AppendReceipt.Outcome {
    var position: Int64 {
        switch self {
        case .appended(let position), .duplicate(let position), .conflict(let position): position
        }
    }

    var isAppended: Bool { if case .appended = self { true } else { false } }
    var isDuplicate: Bool { if case .duplicate = self { true } else { false } }
    var isConflict: Bool { if case .conflict = self { true } else { false } }
}

extension AppendReceipt {
    var isAllAppended: Bool { outcomes.allSatisfy(\.isAppended) }
    var isAllDuplicate: Bool { outcomes.allSatisfy(\.isDuplicate) }
}

/// Both testing libraries have one; events are drawn from this.
typealias SeededGenerator = LedgerTesting.SeededGenerator

/// A value that several tasks write.
final class Shared<Value: Sendable>: Sendable {
    private let mutex: Mutex<Value>

    init(_ value: Value) { mutex = Mutex(value) }

    var value: Value { mutex.withLock { $0 } }

    @discardableResult
    func update<Result: Sendable>(
        _ change: sending (inout sending Value) -> sending Result
    ) -> Result {
        mutex.withLock { change(&$0) }
    }
}
