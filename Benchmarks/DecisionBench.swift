import EventStore
import LedgerModel
import Synchronization

extension Benchmarks {
    private static let decisionCallers = 64
    private static let decisionsMax = 100_000
    /// The row that all decisions change.
    private static let account = StateKey(kind: 1, name: "benchmark")

    /// Decisions of many callers on the same state row, one per call; the limit is plain events of
    /// the same shape from as many callers, through the same store.
    package func decisions() async throws -> BenchmarkReport {
        let count = min(options.requests, Self.decisionsMax)
        var runs: [BenchmarkReport.Run] = []
        var machine: Machine?
        for number in 1...options.runs {
            log("decisions: run \(number) of \(options.runs)")
            let run = try await BenchmarkDatabase.withScratch(on: server, schema) { database in
                machine = try await database.machine()
                let ledger = try await database.ledger(named: "bench")
                let ids = decisionIDs(count + 1, seed: UInt64(number))
                // The first of each creates the row and the months, with cold caches.
                _ = try await ledger.append(Self.hold(ids[0]))
                _ = try await Self.appendPlain(ids[ids.count - 1], to: ledger)
                try await database.settle()
                let decided = try await call(1...count, callers: Self.decisionCallers) { index in
                    _ = try await ledger.append(Self.hold(ids[index]))
                }
                let held = try await ledger.state(of: Self.account)
                guard Self.amount(held) == Int64(count + 1) else {
                    throw BenchmarkFailure("\(count + 1) were held, the state says \(held)")
                }
                try await database.settle()
                let plain = try await call(
                    ids.count - 1 - count...ids.count - 2, callers: Self.decisionCallers
                ) { index in
                    _ = try await Self.appendPlain(ids[index], to: ledger)
                }
                guard try await ledger.head().position == Int64(2 * count + 2) else {
                    throw BenchmarkFailure(
                        "\(2 * count + 2) events were appended, others are there")
                }
                return BenchmarkReport.Run(
                    events: Int64(count), seconds: decided.seconds,
                    limit: Double(count) / plain.seconds, latency: decided.latencies.summary)
            }
            runs.append(run)
        }
        var report = BenchmarkReport(name: "decisions", runs: runs)
        report.machine = machine
        return report
    }

    /// Ids for the decisions of a run and for its plain events.
    private func decisionIDs(_ count: Int, seed: UInt64) -> [EventID] {
        var random = SplitMix(state: seed)
        return (0..<2 * count).map { index in
            let time = options.now.advanced(byMicroseconds: Int64(index - 2 * count) * 1_000)
            return EventID(at: time, entropy: (random.next(), random.next()))
        }
    }

    /// Makes all calls, many at a time.
    func call(
        _ calls: ClosedRange<Int>, callers: Int,
        _ body: @escaping @Sendable (Int) async throws -> Void
    ) async throws -> (seconds: Double, latencies: Latencies) {
        let waiting = Mutex(calls.lowerBound)
        let next: @Sendable () -> Int? = {
            waiting.withLock { next in
                defer { next += 1 }
                return next <= calls.upperBound ? next : nil
            }
        }
        let start = ContinuousClock.now
        return try await withThrowingTaskGroup(of: Latencies.self) { group in
            for _ in 0..<callers {
                group.addTask {
                    var latencies = Latencies()
                    while let index = next() {
                        let start = ContinuousClock.now
                        try await body(index)
                        latencies.record(start.duration(to: .now))
                    }
                    return latencies
                }
            }
            var latencies = Latencies()
            for try await caller in group { latencies.add(caller) }
            return (seconds(since: start), latencies)
        }
    }

    private static func hold(_ id: EventID) -> Decision {
        Decision(id: id, on: [account]) { rows, _ in
            let held = amount(rows[account]) + 1
            rows[account] = withUnsafeBytes(of: held.bigEndian) { [UInt8]($0) }
            return [event(id)]
        }
    }

    private static func appendPlain(
        _ id: EventID, to ledger: PostgresLedger
    ) async throws -> AppendReceipt {
        var batch = EntryBatch(for: ledger.id)
        var encoder = EntryEncoder()
        try batch.add(event(id), using: &encoder)
        return try await ledger.append(batch)
    }

    private static func event(_ id: EventID) -> Event {
        var event = Event(id: id, kind: .budgetHeld, occurredAt: id.time)
        event.dimensions[.app] = "benchmark"
        event.amount = Picodollars(1)
        return event
    }

    private static func amount(_ state: [UInt8]) -> Int64 {
        state.reduce(0) { $0 << 8 | Int64($1) }
    }
}
