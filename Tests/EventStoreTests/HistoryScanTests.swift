import EventStore
import LedgerModel
import LedgerTesting
import Postgres
import StoreTesting
import Synchronization
import Testing

/// Counts what goes by, each event by its kind and its position.
private final class CountingWorker: HistoryWorker {
    struct Sums: Codable, Hashable, Sendable {
        var requests = 0
        var charges = 0
        var positions: Int64 = 0
    }

    private let query: HistoryQuery
    private let pool: Pool
    private let sums = Mutex(Sums())

    init(_ ledger: LedgerID, _ pool: Pool) {
        query = HistoryQuery(ledger, EventColumns([.kind], with: [.position]))
        self.pool = pool
    }

    func work(on page: HistoryPage) async throws {
        try await pool.transaction(readOnly: true) { session in
            try self.sums.withLock { sums in
                _ = try self.query.read(.page(page), in: session) { row in
                    if row.kind?.isRequest == true { sums.requests += 1 } else { sums.charges += 1 }
                    sums.positions += row.position
                }
            }
        }
    }

    func drain(into sums: inout Sums) {
        self.sums.withLock { mine in
            sums.requests += mine.requests
            sums.charges += mine.charges
            sums.positions += mine.positions
            mine = Sums()
        }
    }
}

@Suite("A scan of history")
struct HistoryScanTests {
    struct Stopped: Error {}

    @Test(
        "a scan that was stopped at a checkpoint goes on there, and counts every event once",
        arguments: [1, 2])
    func resumed(atCheckpoint last: Int) async throws {
        try await LedgerDatabase.withScratch { database in
            let ledger = try await database.ledger()
            let pool = Pool(database.asService, size: 4)
            var random = RandomEvents(seed: testSeed())
            var expected = CountingWorker.Sums()
            for _ in 0..<20 {
                // Each block is a page of 100 rows, so that the first step tells where it began.
                let entries = (0..<50).map { _ in
                    let request = random.request()
                    return Entry(request: request, charge: random.charge(for: request))
                }
                expected.requests += entries.count
                expected.charges += entries.count
                _ = try await ledger.append(batch(entries, for: ledger.id))
            }
            let end = try await ledger.head().position
            #expect(end == 2_000)
            expected.positions = end * (end + 1) / 2
            var scan = HistoryScan(ledger: ledger.id, pool: pool)
            scan.pageRows = 100
            scan.keepsStart = true
            let kept = Mutex<[String]>([])
            await #expect(throws: Stopped.self) {
                try await scan.run(
                    from: nil, beginningWith: CountingWorker.Sums(),
                    keep: { checkpoint in
                        try kept.withLock { kept in
                            kept.append(checkpoint)
                            if kept.count == last { throw Stopped() }
                        }
                    }, progress: { _, _ in },
                    makeWorker: { _ in CountingWorker(ledger.id, pool) })
            }
            // What comes later is not part of the history that was begun.
            _ = try await ledger.append(batch(random.entries(50), for: ledger.id))
            let first = Mutex<Int64?>(nil)
            let found = try await scan.run(
                from: kept.withLock { $0.last }, beginningWith: CountingWorker.Sums(), keep: nil,
                progress: { done, _ in first.withLock { $0 = $0 ?? done } },
                makeWorker: { (start) -> CountingWorker in
                    #expect(start.isResumed && start.end == end)
                    return CountingWorker(ledger.id, pool)
                })
            #expect(found.sums == expected)
            #expect(found.end == end)
            // Only the second checkpoint has a page: then the first step is not the first page.
            let step = try #require(first.withLock { $0 })
            #expect(last == 1 ? step < 250 : step > 150)
            let whole = try await scan.run(
                from: "of another version", beginningWith: CountingWorker.Sums(), keep: nil,
                progress: { _, _ in }, makeWorker: { _ in CountingWorker(ledger.id, pool) })
            #expect(whole.end > end)
            await pool.close()
        }
    }
}
