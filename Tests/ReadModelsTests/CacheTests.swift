import EventStore
import LedgerModel
import LedgerTesting
import Postgres
import ReadModels
import StoreTesting
import Testing

@Suite("What caches and batches did", .timeLimit(.minutes(3)))
struct CacheTests {
    @Test("live, rebuilt and naively folded caches and batches are the same")
    func fold() async throws {
        let seed = testSeed()
        try await TestLedger.with { bench in
            var stream = RandomStream(seed: seed)
            let runner = bench.runner()
            var naive = NaiveCache()
            for _ in 0..<8 {
                var entries = stream.entries(20)
                for _ in 0..<60 {
                    let index = Int.random(in: 0...entries.count, using: &stream.events.random)
                    entries.insert(stream.events.cacheOrBatch(), at: index)
                }
                try await bench.append(entries)
                for entry in entries { naive.add(entry.event, entry.charge) }
                if stream.events.chance(0.6) { try await runner.catchUp() }
            }
            try await runner.catchUp()
            #expect(naive.caches.count > 20 && naive.batches.count > 10)
            #expect(try await held(by: bench) == naive)
            _ = try await runner.rebuild(["cache", "batches"])
            #expect(try await held(by: bench) == naive)
        }
    }

    @Test("what hits served and batches used is in no sum of usage, users, providers or cost")
    func nothingConsumed() async throws {
        let seed = testSeed()
        try await TestLedger.with { bench in
            var stream = RandomStream(seed: seed)
            let runner = bench.runner()
            func sums() async throws -> [[String?]] {
                try await runner.catchUp()
                return try await bench.text(
                    """
                    SELECT (SELECT (sum(requests), sum(input_tokens), sum(cost_pico))
                            FROM tally.current_spend_daily),
                        (SELECT (sum(requests), sum(input_tokens), sum(cost_pico))
                            FROM tally.current_user_usage),
                        (SELECT (sum(requests), sum(input_tokens), sum(cost_pico))
                            FROM tally.current_provider_usage),
                        (SELECT (sum(requests), sum(cost_pico))
                            FROM tally.current_answer_usage),
                        (SELECT (sum(prompts), sum(saved_pico)) FROM tally.current_prompt_savings)
                    """)
            }
            try await bench.append(stream.entries(80))
            let before = try await sums()
            try await bench.append((0..<200).map { _ in stream.events.cacheOrBatch() })
            #expect(try await sums() == before)
        }
    }

    private static let time = Timestamp(year: 2026, month: 11, day: 2)
    private static let end = Timestamp(year: 2026, month: 11, day: 3)

    /// An event some seconds into the day.
    private func event(
        _ kind: EventKind, _ second: Int64, app: Name = "a", key: UInt8? = nil,
        _ detail: [(key: Name, value: Name)] = [], usage: Usage = [:]
    ) throws -> Event {
        let time = Self.time.advanced(byMicroseconds: second * 1_000_000)
        var event = Event(
            id: EventID(at: time, entropy: (uniqueID().high, uniqueID().low)), kind: kind,
            occurredAt: time)
        event.dimensions = [.app: app, .provider: "p", .model: "m"]
        event.requestHash = key.map { Digest(hashing: [$0]) }
        if !detail.isEmpty { event.detail = try Labels(detail) }
        event.usage = usage
        return event
    }

    private func saving(of event: Event, _ saved: Int64?) -> Event {
        var saving = Event(
            id: .charge(for: event.id, after: nil), kind: .savingRated,
            occurredAt: event.occurredAt)
        saving.causeID = event.id
        saving.saved = saved.map { Picodollars($0) }
        return saving
    }

    @Test("caches are asked for by app, tier and reason, with the position they are true at")
    func cacheQuery() async throws {
        try await TestLedger.with { bench in
            let usage: Usage = [.inputTokens: 100, .outputTokens: 10]
            let priced = try event(
                .cacheHit, 1, [("tier", "memory"), ("bytes", "50")], usage: usage)
            let unpriced = try event(.cacheHit, 2, [("tier", "disk")], usage: usage)
            try await bench.append([
                (priced, saving(of: priced, 900)), (unpriced, saving(of: unpriced, nil)),
                (try event(.cacheMiss, 3, [("reason", "absent")]), nil),
                (try event(.cacheStored, 4, [("write_pico", "40"), ("bytes", "70")]), nil),
                (try event(.cacheEvicted, 5, app: "b", [("count", "7"), ("unused", "3")]), nil),
            ])
            try await bench.runner().catchUp()
            func rows(_ by: [CacheQuery.Part]) async throws -> [CacheRow] {
                let answer = try await CacheQuery(
                    ledger: bench.ledger.id, by: by, from: Self.time, to: Self.end
                ).run(on: bench.pool)
                #expect(answer.position == 7)
                return answer.rows
            }
            let apps = try await rows([.app])
            #expect(apps.map { $0.group[.app] } == ["a", "b"])
            #expect(apps[0].hits == 2 && apps[0].misses == 1 && apps[0].unpricedHits == 1)
            #expect(apps[0].hitRatio.map { abs($0 - 2.0 / 3) < 1e-9 } == true)
            #expect(apps[0].saved.amount == 900 && apps[0].storing.amount == 40)
            #expect(apps[0].inputTokens == 200 && apps[0].bytesServed == 50)
            #expect(apps[0].stored == 1 && apps[0].bytesStored == 70)
            #expect(apps[1].evicted == 7 && apps[1].unusedEvicted == 3)
            #expect(apps[1].hitRatio == nil)
            let tiers = try await rows([.tier, .match, .reason])
            #expect(tiers.first?.group == [.tier: "memory", .match: "exact"])
            #expect(tiers.contains { $0.group == [.reason: "absent"] && $0.misses == 1 })
        }
    }

    @Test("batches are asked for by form, with how long they waited")
    func batchQuery() async throws {
        try await TestLedger.with { bench in
            func formed(_ second: Int64, _ wait: Name, _ size: Name) throws -> (Event, Event?) {
                let detail: [(key: Name, value: Name)] = [
                    ("form", "merged"), ("wait_ms", wait), ("size", size), ("duplicates", "1"),
                ]
                return (try event(.batchFormed, second, detail), nil)
            }
            var job = try event(
                .batchCompleted, 9,
                [
                    ("form", "job"), ("succeeded", "3"), ("failed", "1"), ("retries", "2"),
                    ("deadline_misses", "1"),
                ], usage: [.inputTokens: 300])
            job.dimensions[.serviceTier] = "batch"
            let merged = try event(.batchCompleted, 10, [("form", "merged")], usage: [:])
            try await bench.append([
                try formed(1, "2", "1"), try formed(2, "4", "5"), try formed(3, "6", "8"),
                (job, saving(of: job, 77)), (merged, nil),
            ])
            try await bench.runner().catchUp()
            let answer = try await BatchQuery(
                ledger: bench.ledger.id, by: [.form, .day], from: Self.time, to: Self.end
            ).run(on: bench.pool)
            #expect(answer.position == 6 && answer.rows.count == 2)
            let rows = answer.rows
            #expect(rows.map { $0.group[.form] } == ["merged", "job"])
            #expect(rows[0].batches == 3 && rows[0].loneBatches == 1 && rows[0].requests == 14)
            let wait = try #require(rows[0].wait)
            #expect(wait.mean == 4 && wait.p50 == 4 && wait.p95 == 6 && wait.max == 6)
            #expect(rows[0].duplicates == 3 && rows[0].completed == 1)
            #expect(rows[1].wait == nil && rows[1].succeeded == 3 && rows[1].failed == 1)
            #expect(rows[1].saved.amount == 77 && rows[1].unpricedBatches == 0)
            #expect(rows[1].retries == 2 && rows[1].deadlineMisses == 1)
        }
    }

    @Test("the requests that miss most are listed with what they cost when asked again")
    func misses() async throws {
        try await TestLedger.with { bench in
            func asked(
                _ second: Int64, _ key: UInt8, _ cost: Int64?
            ) throws -> (event: Event, charge: Event?) {
                let request = try event(
                    .requestCompleted, second, key: key, usage: [.inputTokens: 5])
                var charge = Event(
                    id: .charge(for: request.id, after: nil), kind: .chargeRated,
                    occurredAt: request.occurredAt)
                charge.causeID = request.id
                charge.amount = cost.map { Picodollars($0) }
                charge.unpriced = cost == nil ? "no price" : nil
                return (request, charge)
            }
            let paid = try asked(2, 1, 500)
            var stored = try event(.cacheStored, 3, key: 1)
            stored.causeID = paid.event.id
            var adjusted = Event(
                id: .charge(for: paid.event.id, after: paid.charge?.id), kind: .chargeAdjusted,
                occurredAt: paid.event.occurredAt)
            (adjusted.causeID, adjusted.previousID) = (paid.event.id, paid.charge?.id)
            adjusted.amount = Picodollars(-100)
            let misses = try [(1, 1), (4, 1), (5, 1), (6, 2), (7, 2), (8, 3)].map { miss in
                (
                    try event(
                        .cacheMiss, miss.0, key: miss.1,
                        [("reason", miss.0 == 1 ? "absent" : "expired")]), Event?.none
                )
            }
            try await bench.append(
                [paid, (stored, nil), try asked(9, 2, 70), try asked(10, 3, nil)]
                    + misses + [(try event(.cacheMiss, 11), nil)])
            try await bench.append(alone: adjusted)
            func rows(limit: Int = 10) async throws -> LookedAnswer<MissedRow> {
                try await MissedQuery(
                    ledger: bench.ledger.id, from: Self.time, to: Self.end,
                    page: AnswerPage(limit: limit)
                ).run(on: bench.pool)
            }
            let found = try await rows().answer.rows
            #expect(found.map(\.misses) == [3, 2, 1])
            #expect(found.map(\.cost) == [PicodollarSum(400), PicodollarSum(70), nil])
            #expect(found[0].repeats == PicodollarSum(800) && found[0].reason == "expired")
            #expect(found[0].requestHash == Digest(hashing: [1]) && found[0].app == "a")
            #expect(try await rows(limit: 1).answer.nextOffset == 1)
            let first = Self.time.advanced(byMicroseconds: 1_000_000)
            #expect(try await rows().from == first)
        }
    }

    @Test("answers that were stored and never hit are listed, the largest first")
    func waste() async throws {
        try await TestLedger.with { bench in
            func stored(
                _ second: Int64, _ key: UInt8, _ bytes: Name
            ) throws -> (Event, Event?) {
                (try event(.cacheStored, second, key: key, [("bytes", bytes)]), nil)
            }
            try await bench.append([
                try stored(1, 1, "10"), try stored(2, 1, "10"), try stored(3, 2, "500"),
                try stored(4, 3, "7"), try stored(5, 4, "big"), try stored(60, 5, "999"),
                (try event(.cacheHit, 6, key: 3), nil),
                // A hit of what had been stored before this time.
                (try event(.cacheHit, 1, key: 2), nil),
            ])
            let answer = try await WastedQuery(
                ledger: bench.ledger.id, from: Self.time, to: Self.end, storedForHours: 1,
                at: Self.time.advanced(byMicroseconds: (3_600 + 30) * 1_000_000)
            ).run(on: bench.pool)
            let rows = answer.looked.answer.rows
            #expect(rows.map(\.requestHash) == [2, 1, 4].map { Digest(hashing: [$0]) })
            #expect(rows.map(\.bytes) == [500, 20, nil] && rows.map(\.stores) == [1, 2, 1])
            #expect(answer.entries == 4 && answer.wasted == 3 && answer.bytes == 520)
        }
    }

    private func held(by bench: TestLedger) async throws -> NaiveCache {
        NaiveCache(
            caches: try await bench.sums(
                """
                SELECT concat_ws(' ', day, coalesce(app, '-'), coalesce(team, '-'),
                        coalesce(provider, '-'), coalesce(model, '-'), coalesce(tier, '-'),
                        coalesce(match, '-'), coalesce(reason, '-')),
                    hits, misses, stored, unpriced_hits, evicted, unused_evicted, invalidated,
                    bytes_served, bytes_stored, bytes_evicted, saved_pico, storing_pico,
                    input_tokens, output_tokens
                FROM tally.current_cache_daily
                """),
            batches: try await bench.sums(
                """
                SELECT concat_ws(' ', day, coalesce(app, '-'), coalesce(team, '-'),
                        coalesce(provider, '-'), coalesce(model, '-'), coalesce(form, '-')),
                    batches, lone_batches, requests, duplicates, waited_ms,
                    (SELECT coalesce(sum(cell & 281474976710655), 0) FROM unnest(waits) AS cell),
                    completed, unpriced_batches, succeeded, failed, expired, retries,
                    deadline_misses, saved_pico, input_tokens, output_tokens
                FROM tally.current_batches_daily
                """))
    }
}

/// What caches and batches did, computed in the most obvious way.
private struct NaiveCache: Equatable {
    var caches: [String: [Int128]] = [:]
    var batches: [String: [Int128]] = [:]

    mutating func add(_ event: Event, _ saving: Event?) {
        func number(_ key: Name) -> Int128? {
            event.detail?[key].flatMap { text in
                let digits = text.string
                let isCount = (1...15).contains(digits.count) && digits.allSatisfy(\.isNumber)
                return isCount ? Int128(digits) : nil
            }
        }
        func sum(_ key: Name, of kind: EventKind) -> Int128 {
            event.kind == kind ? number(key) ?? 0 : 0
        }
        let kind = event.kind
        let saved = Int128(saving?.saved?.amount ?? 0)
        let names =
            [event.occurredAt.dayDescription]
            + [Dimension.app, .team, .provider, .model].map { event.dimensions[$0]?.string ?? "-" }
        let hasSaving = saving?.saved != nil
        let (input, output) = (
            Int128(event.usage.value(.inputTokens)), Int128(event.usage.value(.outputTokens))
        )
        switch kind {
        case .cacheHit, .cacheMiss, .cacheStored, .cacheEvicted, .cacheInvalidated:
            let isHit = kind == .cacheHit
            let reason = event.detail?[kind == .cacheInvalidated ? "by" : "reason"]
            let group =
                names + [
                    event.detail?["tier"]?.string ?? "-",
                    isHit ? event.detail?["match"]?.string ?? "exact" : "-",
                    reason?.string ?? "-",
                ]
            Self.add(
                [
                    isHit ? 1 : 0, kind == .cacheMiss ? 1 : 0, kind == .cacheStored ? 1 : 0,
                    isHit && !event.usage.isEmpty && !hasSaving ? 1 : 0,
                    kind == .cacheEvicted ? number("count") ?? 1 : 0,
                    sum("unused", of: .cacheEvicted),
                    kind == .cacheInvalidated ? number("count") ?? 1 : 0,
                    sum("bytes", of: .cacheHit), sum("bytes", of: .cacheStored),
                    sum("bytes", of: .cacheEvicted), saved, sum("write_pico", of: .cacheStored),
                    isHit ? input : 0, isHit ? output : 0,
                ], to: &caches[group.joined(separator: " "), default: []])
        case .batchFormed, .batchCompleted:
            let isFormed = kind == .batchFormed
            let group = names + [event.detail?["form"]?.string ?? "-"]
            Self.add(
                [
                    isFormed ? 1 : 0, isFormed && number("size") == 1 ? 1 : 0,
                    sum("size", of: .batchFormed), sum("duplicates", of: .batchFormed),
                    sum("wait_ms", of: .batchFormed),
                    isFormed && number("wait_ms") != nil ? 1 : 0, isFormed ? 0 : 1,
                    saving != nil && !hasSaving ? 1 : 0, sum("succeeded", of: .batchCompleted),
                    sum("failed", of: .batchCompleted), sum("expired", of: .batchCompleted),
                    sum("retries", of: .batchCompleted),
                    sum("deadline_misses", of: .batchCompleted), saved, isFormed ? 0 : input,
                    isFormed ? 0 : output,
                ], to: &batches[group.joined(separator: " "), default: []])
        default: break
        }
    }

    private static func add(_ values: [Int128], to sums: inout [Int128]) {
        if sums.isEmpty { sums = values } else { sums = zip(sums, values).map { $0 + $1 } }
    }
}
