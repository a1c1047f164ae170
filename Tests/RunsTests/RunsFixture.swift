import Access
import LedgerModel
import LedgerSQL
import Migrations
import Postgres
import PostgresTesting
import Runs
import Synchronization
import Testing

/// A ledger without events in a database of its own, and processes that work on runs.
struct RunsFixture {
    let pool: Pool
    let ledger: LedgerID

    static func run(_ body: (RunsFixture) async throws -> Void) async throws {
        let server = try await TestServer.shared()
        let template = try await server.template(named: "runs") { configuration in
            let connection = try await Connection.open(configuration)
            _ = try await Migrator(files: ledgerMigrations).migrate(on: connection)
            await connection.close()
        }
        try await server.withScratchDatabase(from: template) { configuration in
            var service = configuration
            service.user = "tally_service"
            let admin = try await Connection.open(configuration)
            try await admin.session { session in
                // Grants on a database do not come along with its template.
                _ = try session.execute(
                    "DO $$ BEGIN EXECUTE format('GRANT CONNECT ON DATABASE %I TO "
                        + "tally_service', current_database()); END $$")
            }
            await admin.close()
            let pool = Pool(service, size: 6)
            let ledger = try await LedgerDirectory(pool: pool).create("run")
            do {
                try await body(RunsFixture(pool: pool, ledger: ledger))
            } catch {
                await pool.close()
                throw error
            }
            await pool.close()
        }
    }

    /// What one process would work with; it is quick, so that tests need not wait.
    func process(
        runningMax: Int = 2, heartbeat: Duration = .milliseconds(20),
        silence: Duration = .seconds(1),
        _ work: @escaping @Sendable (RunContext) async throws -> RunOutcome
    ) -> LongRuns {
        var settings = LongRuns.Settings()
        settings.runningMax = runningMax
        settings.heartbeat = heartbeat
        settings.heartbeatAgeMax = silence
        settings.poll = .milliseconds(10)
        return LongRuns(
            pool: pool, instance: Self.id(), kinds: [RunKind("work", work: work)],
            settings: settings)
    }

    static func id() -> EventID {
        EventID(high: UInt64.random(in: 0...UInt64.max), low: UInt64.random(in: 0...UInt64.max))
    }

    func ask(_ runs: LongRuns, _ request: String = "please") async throws -> Run {
        try await runs.start("work", request, in: ledger, id: Self.id(), scope: .read)
    }

    /// Waits until a run satisfies a condition.
    func wait(
        _ runs: LongRuns, _ run: Run, until isTrue: (Run) -> Bool
    ) async throws -> Run {
        var found: Run?
        try await eventually("the run is as it should be") {
            found = try await runs.find(run.id, in: ledger)
            return found.map(isTrue) ?? false
        }
        return try #require(found)
    }
}

/// Lets a process work for as long as the body takes, then stops it in an orderly way.
func working<T>(_ runs: LongRuns, _ body: () async throws -> T) async throws -> T {
    let task = Task { await runs.run() }
    do {
        let value = try await body()
        task.cancel()
        await task.value
        return value
    } catch {
        task.cancel()
        await task.value
        throw error
    }
}

/// Waits for something that never comes; a cancelled task ends it.
func forever() async throws {
    let (stream, continuation) = AsyncStream<Void>.makeStream()
    defer { continuation.finish() }
    for await _ in stream {}
    try Task.checkCancellation()
}

/// What was noted, in order.
final class Notes: Sendable {
    private let notes = Mutex<[String]>([])

    func add(_ note: String) { notes.withLock { $0.append(note) } }
    var all: [String] { notes.withLock { $0 } }
}

/// Closed until it is opened; a cancelled task does not wait.
final class Gate: Sendable {
    private let isOpen = Mutex(false)

    func open() { isOpen.withLock { $0 = true } }

    func wait() async throws {
        while !isOpen.withLock({ $0 }) {
            try Task.checkCancellation()
            await Task.yield()
        }
    }
}
