import EventStore
package import LedgerModel
import LedgerSQL
package import Postgres
import Pricing
import Replay
import Rerating
import Synchronization

/// The benchmarks of `tally bench`: each in a scratch database, each beside its limit.
///
/// A run and its limit directly follow each other, so that both are measured under the same
/// conditions.
package struct Benchmarks: Sendable {
    let server: PostgresConfiguration
    let schema: Migrator
    package let options: Options
    let log: @Sendable (String) -> Void

    package struct Options: Sendable {
        /// Stored events: half of them requests, half their charges.
        package var events = 1_000_000
        package var runs = 3
        package var workload = WorkloadKind.narrow
        /// A CSV of TIMESTAMP, ContextTokens, GeneratedTokens.
        package var trace: String?
        /// The end of the workload's period.
        package var now: Timestamp

        package init(now: Timestamp) {
            self.now = now
        }

        var requests: Int { max(1, events / 2) }
    }

    /// - Parameters:
    ///   - server: a server where databases may be created; its existing databases are not changed.
    ///   - log: called with progress messages.
    package init(
        server: PostgresConfiguration, schema: Migrator, options: Options,
        log: @escaping @Sendable (String) -> Void = { _ in }
    ) {
        self.server = server
        self.schema = schema
        self.options = options
        self.log = log
    }

    /// The requests in one batch, and the number of callers.
    private static let batchRequests = 2_000
    private static let callers = 4

    /// Rating, encoding, hashing and committing; the limit is a COPY of the same rows.
    package func append() async throws -> BenchmarkReport {
        let batches = workload()
        var runs: [BenchmarkReport.Run] = []
        var facts: [BenchmarkReport.Fact] = []
        var machine: Machine?
        for number in 1...options.runs {
            log("append: run \(number) of \(options.runs)")
            let (rows, run) = try await BenchmarkDatabase.withScratch(on: server, schema) {
                database in
                machine = try await database.machine()
                try await database.settle()
                let start = ContinuousClock.now
                let waiting = Mutex(batches[...])
                let (_, events, latencies) = try await fill(
                    database,
                    from: {
                        waiting.withLock { $0.popFirst() }
                    })
                let taken = seconds(since: start)
                let bytes = try await database.bytesPerEvent(events)
                facts = [BenchmarkReport.Fact("bytes_per_event", bytes)]
                return (try await database.rows(), (events, taken, latencies.summary))
            }
            let limit = try await BenchmarkDatabase.copyInSeconds(
                rows, months: months(of: batches), on: server, schema)
            runs.append(
                BenchmarkReport.Run(
                    events: run.0, seconds: run.1, limit: Double(run.0) / limit,
                    latency: run.2))
        }
        var report = BenchmarkReport(name: "append", runs: runs)
        report.facts = facts
        report.machine = machine
        return report
    }

    /// Recomputing every leaf, block and link; the limit is a COPY of the same rows out.
    package func verify() async throws -> BenchmarkReport {
        try await reading("verify") { database, ledger in
            let report = try await Verifier(ledger: ledger, pool: database.pool).verify()
            if let problem = report.problem { throw BenchmarkFailure("verify found \(problem)") }
            return report.events
        }
    }

    /// Rating the whole history under another book; the limit is a COPY of the same rows out.
    package func replay() async throws -> BenchmarkReport {
        let book = try Workload.priceBook()
        return try await reading("replay") { database, ledger in
            let replay = PriceReplay(ledger: ledger, pool: database.pool)
            let report = try await replay.run(
                ReplayRequest(prices: .book(book), groupedBy: [.model, .team]))
            return report.eventsRead
        }
    }

    /// Rating the whole history again under its own prices, so that nothing is booked; the limit
    /// is a COPY of the same rows out.
    package func rerate() async throws -> BenchmarkReport {
        let prices = PriceSchedule(try Workload.priceBook())
        return try await reading("rerate") { database, ledger in
            let store = PostgresLedger(id: ledger, pool: database.pool) {
                EventID(high: UInt64.random(in: 0...UInt64.max), low: 1)
            }
            let seen = Mutex<Int64>(0)
            let report = try await Rerater(ledger: store, pool: database.pool)
                .run(
                    RerateRequest(prices: prices),
                    progress: { done, _ in seen.withLock { $0 = done } })
            guard report.adjusted == 0, report.requests > 0 else {
                throw BenchmarkFailure("rerate booked \(report.adjusted) adjustments")
            }
            return seen.withLock { $0 }
        }
    }

    /// Rebuilding the projections; the limit is a COPY of the same rows out.
    ///
    /// - Parameter rebuild: rebuilds them and returns the number of events that it read.
    package func rebuild(
        _ rebuild: @Sendable (PostgresConfiguration, Pool, LedgerID) async throws -> Int64
    ) async throws -> BenchmarkReport {
        try await reading("rebuild") { database, ledger in
            try await rebuild(database.configuration, database.pool, ledger)
        }
    }

    /// Measures something that reads a whole ledger, each time beside a COPY of the same rows out.
    private func reading(
        _ name: String, _ body: (BenchmarkDatabase, LedgerID) async throws -> Int64
    ) async throws -> BenchmarkReport {
        try await BenchmarkDatabase.withScratch(on: server, schema) { database in
            log("\(name): filling a ledger")
            let (ledger, stored, _) = try await fill(database, from: batches())
            try await database.settle()
            // The first read of a table after it was written sets hint bits on all of its pages.
            _ = try await database.copyOutSeconds()
            var runs: [BenchmarkReport.Run] = []
            for number in 1...options.runs {
                log("\(name): run \(number) of \(options.runs)")
                let start = ContinuousClock.now
                let events = try await body(database, ledger)
                let taken = seconds(since: start)
                guard events == stored else {
                    throw BenchmarkFailure("\(name) went through \(events) events of \(stored)")
                }
                let limit = Double(stored) / (try await database.copyOutSeconds())
                runs.append(BenchmarkReport.Run(events: events, seconds: taken, limit: limit))
            }
            var report = BenchmarkReport(name: name, runs: runs)
            report.machine = try await database.machine()
            return report
        }
    }

    // MARK: The ledger that is read and written

    func workload() -> [[Event]] {
        let next = batches()
        var all: [[Event]] = []
        while let batch = next() { all.append(batch) }
        return all
    }

    /// The batches of the workload, generated on demand.
    func batches() -> @Sendable () -> [Event]? {
        let state = Mutex(
            (workload: Workload(options, count: options.requests), left: options.requests))
        return {
            state.withLock { state in
                let count = min(state.left, Self.batchRequests)
                state.left -= count
                return count == 0 ? nil : state.workload.requests(count)
            }
        }
    }

    func months(of batches: [[Event]]) -> [Timestamp] {
        Set(batches.flatMap { $0.map { $0.id.time.month.start } }).sorted()
    }

    /// Appends everything through a few concurrent callers; returns the events stored and the
    /// latencies.
    func fill(
        _ database: BenchmarkDatabase, from next: @escaping @Sendable () -> [Event]?,
        named name: String = "bench"
    ) async throws -> (LedgerID, Int64, Latencies) {
        let ledger = try await database.ledger(named: name)
        let book = try Workload.priceBook()
        return try await withThrowingTaskGroup(of: (Int64, Latencies).self) { group in
            for _ in 0..<Self.callers {
                group.addTask {
                    var rater = Rater(book)
                    var rows: Int64 = 0
                    var latencies = Latencies()
                    while let requests = next() {
                        let start = ContinuousClock.now
                        let batch = try Self.batch(of: requests, ledger.id, &rater)
                        rows += Int64(batch.rowCount)
                        _ = try await ledger.append(batch)
                        latencies.record(start.duration(to: .now))
                    }
                    return (rows, latencies)
                }
            }
            var (rows, latencies) = (Int64(0), Latencies())
            for try await result in group {
                rows += result.0
                latencies.add(result.1)
            }
            return (ledger.id, rows, latencies)
        }
    }

    private static func batch(
        of requests: [Event], _ ledger: LedgerID, _ rater: inout Rater
    ) throws -> EntryBatch {
        var batch = EntryBatch(for: ledger)
        var encoder = EntryEncoder()
        for request in requests {
            let charge = try ChargeRule.charge(for: request, rater: &rater)
            try batch.add(request, charge: charge, using: &encoder)
        }
        return batch
    }
}

/// A benchmark that failed, so that its result would be meaningless.
package struct BenchmarkFailure: Error, CustomStringConvertible {
    package let description: String

    init(_ description: String) {
        self.description = description
    }
}
