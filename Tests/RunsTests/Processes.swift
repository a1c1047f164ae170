import Access
import LedgerModel
import LedgerSQL
import Postgres
import PostgresTesting
import Runs
import StoreTesting
import Synchronization
import Testing

/// A ledger whose runs several processes work on.
extension TestLedger {
    /// The registry of one process, with short intervals, so that tests need not wait.
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
            pool: pool, instance: uniqueID(), kinds: [RunKind("work", work: work)],
            settings: settings)
    }

    func ask(_ runs: LongRuns, _ request: String = "please") async throws -> Run {
        try await runs.start("work", request, in: id, id: uniqueID(), scope: .read)
    }

    /// Waits until a run satisfies a condition.
    func wait(
        _ runs: LongRuns, _ run: Run, until isTrue: (Run) -> Bool
    ) async throws -> Run {
        var found: Run?
        try await eventually("the run is as it should be") {
            found = try await runs.find(run.id, in: id)
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

/// Notes, in order.
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
