import Audit
import EventStore
import LedgerModel
import LedgerSQL
import Postgres
import ReadModels
import StoreTesting
import Testing

@Suite("Audit views of caches and batches", .timeLimit(.minutes(3)))
struct CacheViewTests {
    @Test("the facts of cache and batch events are columns, and those that are no numbers are NULL")
    func columns() async throws {
        try await TwoLedgers.with { bench in
            let time = Timestamp(year: 2026, month: 11, day: 1)
            func event(
                _ kind: EventKind, _ detail: [(key: Name, value: Name)]
            ) throws -> Event {
                var event = Event(
                    id: EventID(at: time, entropy: (uniqueID().high, uniqueID().low)), kind: kind,
                    occurredAt: time)
                event.dimensions = [.app: "cached", .provider: "p", .model: "m"]
                event.requestHash = Digest(hashing: "a request".utf8)
                event.detail = try Labels(detail)
                return event
            }
            var hit = try event(
                .cacheHit, [("tier", "disk"), ("bytes", "2048"), ("age_s", "soon")])
            hit.usage = [.inputTokens: 70]
            let events = [
                hit, try event(.cacheEvicted, [("count", "9"), ("reason", "capacity")]),
                try event(.cacheMiss, [("reason", "absent")]),
                try event(.batchFormed, [("form", "merged"), ("size", "4"), ("wait_ms", "12")]),
            ]
            var batch = EntryBatch(for: bench.ours)
            var encoder = EntryEncoder()
            for event in events { try batch.add(event, using: &encoder) }
            let ledger = PostgresLedger(id: bench.ours, pool: bench.pool, makeBatchID: uniqueID)
            _ = try await ledger.append(batch)
            await ledger.close()
            try await ProjectionRunner(pool: bench.pool).catchUp()
            let cached = try await bench.ask(
                """
                SELECT kind, tier, reason, bytes, age_s, entries,
                    request_hash = '\\x\(Digest(hashing: "a request".utf8))' AS is_hashed
                FROM audit.cache_events ORDER BY position
                """)
            #expect(
                cached.rows == [
                    ["cache.hit", "disk", nil, "2048", nil, "1", "t"],
                    ["cache.evicted", nil, "capacity", nil, nil, "9", "t"],
                    ["cache.miss", nil, "absent", nil, nil, "1", "t"],
                ])
            let batches = try await bench.ask(
                "SELECT form, size, wait_ms, duplicates FROM audit.batches")
            #expect(batches.rows == [["merged", "4", "12", nil]])
            let daily = try await bench.ask(
                """
                SELECT sum(hits), sum(misses), sum(evicted), sum(served_input_tokens),
                    sum(unpriced_hits), (SELECT max(wait_max_ms) FROM audit.batches_daily)
                FROM audit.cache_daily WHERE app = 'cached'
                """)
            #expect(daily.rows == [["1", "1", "9", "70", "1", "12"]])
            let spent = try await bench.ask(
                "SELECT count(*) FROM audit.spend_daily WHERE app = 'cached'")
            #expect(spent.rows == [["0"]], "a hit consumes nothing")
        }
    }
}
