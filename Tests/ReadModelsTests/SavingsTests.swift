import EventStore
import LedgerModel
import LedgerSQL
import LedgerTesting
import Postgres
import ReadModels
import StoreTesting
import Testing

@Suite("What prompt optimization saved", .timeLimit(.minutes(3)))
struct SavingsTests {
    /// Savings by day, app and model, computed in the most obvious way.
    private struct Naive: Equatable {
        var groups: [String: [Int128]] = [:]
        var stages: [String: [Int128]] = [:]

        mutating func add(_ event: Event, _ saving: Event?) {
            let counts = event.optimization
            let names = [Dimension.app, .model].map { event.dimensions[$0]?.string ?? "NULL" }
            let group = ([event.occurredAt.dayDescription] + names).joined(separator: " ")
            let isCounted = counts.tokensBefore != nil
            let saved = saving?.saved.map { Int128($0.amount) }
            Self.add(
                [
                    1, isCounted && saved == nil ? 1 : 0, counts.lossyStages == nil ? 0 : 1,
                    Int128(counts.tokensBefore ?? 0), Int128(counts.tokensAfter ?? 0), saved ?? 0,
                    event.quality == nil ? 0 : 1, Int128(event.quality ?? 0),
                    Int128(counts.usefulOutputTokens == nil ? 0 : counts.tokensAfter ?? 0),
                    Int128(counts.usefulOutputTokens ?? 0),
                ], to: &groups[group, default: []])
            guard let whole = counts.tokensSaved else { return }
            var parts =
                (counts.stages?.pairs ?? []).map { ($0.stage.string, $0.saved, false) }
                + (counts.lossyStages?.pairs ?? []).map { ($0.stage.string, $0.saved, true) }
            if parts.isEmpty { parts = [("", whole, false)] }
            var upTo: Int128 = 0
            for (stage, tokens, isLossy) in parts.sorted(by: { $0.0 < $1.0 }) {
                let before = Self.worth(upTo, of: whole, saved ?? 0)
                upTo += Int128(tokens)
                Self.add(
                    [
                        1, saved == nil ? 1 : 0, Int128(tokens),
                        Self.worth(upTo, of: whole, saved ?? 0) - before,
                    ], to: &stages["\(group) \(stage) \(isLossy)", default: []])
            }
        }

        /// Rounded half away from zero, as PostgreSQL's numeric is.
        private static func worth(_ part: Int128, of whole: Int64, _ saved: Int128) -> Int128 {
            if whole == 0 { return 0 }
            let product = saved * part * (whole < 0 ? -1 : 1)
            let divisor = Int128(whole.magnitude)
            let magnitude = (2 * Int128(product.magnitude) + divisor) / (2 * divisor)
            return product < 0 ? -magnitude : magnitude
        }

        private static func add(_ values: [Int128], to sums: inout [Int128]) {
            if sums.isEmpty { sums = values } else { sums = zip(sums, values).map { $0 + $1 } }
        }
    }

    private func held(by bench: TestLedger) async throws -> Naive {
        func sums(_ sql: String) async throws -> [String: [Int128]] {
            let rows = try await bench.admin.session { try $0.query(sql, rowsMax: 100_000).rows }
            return Dictionary(
                uniqueKeysWithValues: rows.map { row in
                    (row[0] ?? "", row.dropFirst().map { Int128($0 ?? "") ?? -1 })
                })
        }
        return Naive(
            groups: try await sums(
                """
                SELECT concat_ws(' ', day, coalesce(app, 'NULL'), coalesce(model, 'NULL')),
                    sum(prompts), sum(unpriced_prompts), sum(lossy_prompts), sum(tokens_before),
                    sum(tokens_after), sum(saved_pico), sum(judged_prompts), sum(quality_ppm),
                    sum(answered_tokens), sum(useful_output_tokens)
                FROM tally.current_prompt_savings GROUP BY 1
                """),
            stages: try await sums(
                """
                SELECT concat_ws(' ', day, coalesce(app, 'NULL'), coalesce(model, 'NULL'), stage,
                        CASE WHEN is_lossy THEN 'true' ELSE 'false' END),
                    sum(prompts), sum(unpriced_prompts), sum(tokens_saved), sum(saved_pico)
                FROM tally.current_prompt_stage_savings GROUP BY 1
                """))
    }

    @Test("live, rebuilt and naively folded savings are the same, and stages add up to the whole")
    func fold() async throws {
        let seed = testSeed()
        try await TestLedger.with { bench in
            var events = RandomEvents(seed: seed, days: 3)
            let runner = bench.runner()
            var naive = Naive()
            for _ in 0..<10 {
                let count = Int.random(in: 1...60, using: &events.random)
                let entries: [(event: Event, charge: Event?)] = (0..<count).map { _ in
                    events.chance(0.8) ? events.optimization() : (events.request(), nil)
                }
                try await bench.append(entries)
                for entry in entries where entry.event.kind == .promptOptimized {
                    naive.add(entry.event, entry.charge)
                }
                if events.chance(0.6) { try await runner.catchUp() }
            }
            try await runner.catchUp()
            #expect(try await held(by: bench) == naive)
            let sums = try await bench.text(
                """
                SELECT sum(saved_pico) = (
                        SELECT sum(saved_pico) FROM tally.current_prompt_stage_savings)
                    AND sum(saved_pico) = (SELECT sum(saved_pico) FROM tally.events)
                    AND sum(tokens_before - tokens_after)
                        = (SELECT sum(tokens_saved) FROM tally.current_prompt_stage_savings)
                FROM tally.current_prompt_savings
                """)
            #expect(sums == [["t"]])
            _ = try await runner.rebuild(["savings"])
            #expect(try await held(by: bench) == naive)
        }
    }

    @Test("the id of a saving is the same in SQL as in Swift")
    func derivedID() async throws {
        var events = RandomEvents(seed: testSeed())
        try await TestLedger.with { bench in
            for _ in 0..<20 {
                let id = events.request().id
                let found = try await bench.text("SELECT tally.charge_id('\(id)')")
                #expect(found == [[EventID.charge(for: id, after: nil).description]])
            }
        }
    }

    @Test("savings are asked for by app, day and stage, with the position they are true at")
    func query() async throws {
        try await TestLedger.with { bench in
            var events = RandomEvents(seed: 4)
            func entry(
                _ app: Name, _ saved: Int64?, _ stages: [(name: Name, saved: Int64, Bool)]
            ) throws -> (Event, Event?) {
                var (event, _) = events.optimization()
                let time = Timestamp(year: 2026, month: 11, day: 2)
                event.externalID = nil
                event.occurredAt = time
                event.id = EventID(
                    at: time, entropy: (events.random.next(), events.random.next()))
                event.dimensions = [.app: app]
                event.quality = 900_000
                event.optimization = try PromptOptimization(
                    tokensBefore: 1_000, tokensAfter: 600,
                    stages: stages.map { ($0.name, $0.saved, $0.2) }, usefulOutputTokens: 300)
                var saving = Event(
                    id: .charge(for: event.id, after: nil), kind: .savingRated, occurredAt: time)
                saving.causeID = event.id
                saving.saved = saved.map { Picodollars($0) }
                return (event, saving)
            }
            try await bench.append([
                try entry("a", 1_000, [("minify", 300, true), ("cut", 100, false)]),
                try entry("a", nil, [("minify", 400, true)]), try entry("b", 7, []),
            ])
            try await bench.runner().catchUp()
            func rows(_ by: [SavingsQuery.Part]) async throws -> [SavingsRow] {
                let answer = try await SavingsQuery(
                    ledger: bench.ledger.id, by: by, from: Timestamp(year: 2026, month: 11, day: 2),
                    to: Timestamp(year: 2026, month: 11, day: 3)
                ).run(on: bench.pool)
                #expect(answer.position == 6)
                return answer.rows
            }
            let apps = try await rows([.app, .day])
            #expect(
                apps.map(\.group) == [
                    [.app: "a", .day: "2026-11-02"], [.app: "b", .day: "2026-11-02"],
                ])
            #expect(apps[0].prompts == 2 && apps[0].unpricedPrompts == 1)
            #expect(apps[0].saved.amount == 1_000 && apps[0].tokensSaved == 800)
            #expect(apps[0].whole?.compressionRatio == 0.6 && apps[0].whole?.quality == 0.9)
            #expect(apps[0].whole?.efficiency == 0.5)
            let stages = try await rows([.stage])
            #expect(stages.map { $0.group[.stage] } == ["minify", "cut", nil])
            #expect(stages.map(\.saved.amount) == [750, 250, 7])
            #expect(stages.map(\.isLossless) == [true, false, nil])
        }
    }
}
