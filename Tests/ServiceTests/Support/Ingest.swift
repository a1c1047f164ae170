import LedgerTesting
import Synchronization
import Testing

/// One caller that ingests events at fixed times, and how long each took from its time on.
///
/// The times are fixed before: where one event waits, those after it are late as well and count with
/// that, as they would for callers who do not know of each other. A caller who waits for an answer
/// before the next call would see a standstill of ten seconds as one slow call of thousands.
final class Ingest: Sendable {
    private let client: TallyClient
    private let name: String
    private let state = Mutex(State())

    private struct State {
        var times: [Duration] = []
        var isDone = false
    }

    /// A hundred events a second.
    private static let interval: Duration = .milliseconds(10)
    /// So many that a percentile means something.
    private static let countMin = 500

    /// - Parameter name: begins the ids of the events.
    init(_ client: TallyClient, name: String) {
        self.client = client
        self.name = name
    }

    var count: Int { state.withLock { $0.times.count } }
    var p99: Duration { percentile(99) }
    var max: Duration { percentile(100) }

    var summary: String {
        "\(count) events beside, p50 \(percentile(50)), p99 \(p99), at most \(max)"
    }

    private func percentile(_ percent: Int) -> Duration {
        state.withLock { state in
            let rank = (state.times.count * percent + 99) / 100
            return state.times.isEmpty ? .zero : state.times.sorted()[Swift.max(0, rank - 1)]
        }
    }

    /// Ingests for as long as the work takes, and at least five seconds.
    func beside<T: Sendable>(_ work: @Sendable () async throws -> T) async throws -> T {
        try await withThrowingTaskGroup { group in
            group.addTask { [self] in try await ingest() }
            let result: T
            do { result = try await work() } catch {
                state.withLock { $0.isDone = true }
                throw error
            }
            state.withLock { $0.isDone = true }
            try await group.waitForAll()
            return result
        }
    }

    private func ingest() async throws {
        let begin = ContinuousClock.now
        while count < Self.countMin || !state.withLock({ $0.isDone }) {
            let number = count
            let due = begin + Self.interval * number
            try await Task.sleep(until: due)
            let report = try await client.ingest(EventText("\(name)-\(number)").text)
            state.withLock { $0.times.append(ContinuousClock.now - due) }
            #expect(report.counts == [1, 0, 0, 0])
        }
    }

    /// How many of the events the ledger has.
    func stored(in place: Place) async throws -> Int? {
        Int(
            try await place.psql(
                """
                SELECT count(DISTINCT external_id) FROM tally.events
                WHERE kind = 1 AND external_id LIKE '\(name)-%'
                """))
    }
}
