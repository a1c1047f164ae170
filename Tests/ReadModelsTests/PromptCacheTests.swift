import EventStore
import LedgerModel
import LedgerTesting
import Postgres
import ReadModels
import StoreTesting
import Testing

@Suite("The providers' prompt caches", .timeLimit(.minutes(3)))
struct PromptCacheTests {
    private static let start = Timestamp(year: 2026, month: 11, day: 20)

    @Test("live, rebuilt and naively folded turns are the same, however pages are cut")
    func fold() async throws {
        let seed = testSeed()
        try await TestLedger.with { bench in
            var stream = RandomStream(seed: seed)
            var traffic = AgentTraffic(seed: seed)
            let runner = bench.runner()
            var events: [Event] = []
            for step in 0..<12 {
                let fault = AgentTraffic.Fault.allCases[step % AgentTraffic.Fault.allCases.count]
                // Sessions of the faults follow one another into the next day.
                let hour = Self.start.advanced(
                    byMicroseconds: Int64(step) * 3 * Timestamp.hourMicroseconds)
                var entries: [(event: Event, charge: Event?)] = traffic.sessions(
                    4, from: hour, fault
                ).map { ($0.event(app: "agents"), nil) }
                entries += stream.entries(30)
                // Reports of different sessions and times come in any order.
                if step % 3 == 0 { entries.shuffle(using: &stream.events.random) }
                for batch in stride(from: 0, to: entries.count, by: 40) {
                    try await bench.append(
                        Array(entries[batch..<min(batch + 40, entries.count)]))
                    if stream.events.chance(0.4) { try await runner.catchUp() }
                }
                for entry in entries { events += [entry.event] + (entry.charge.map { [$0] } ?? []) }
            }
            try await runner.catchUp()
            let naive = NaiveTurns(events)
            #expect(naive.cells.keys.contains { $0.hasSuffix("moved") })
            #expect(naive.cells.keys.contains { $0.hasSuffix("within_1h") })
            #expect(try await held(by: bench) == naive.cells)
            #expect(try await hours(of: bench) == naive.cells)
            #expect(try await sessions(of: bench) == naive.sessions)
            _ = try await runner.rebuild(["prompt_cache"])
            #expect(try await held(by: bench) == naive.cells)
            #expect(try await sessions(of: bench) == naive.sessions)
        }
    }

    @Test("a question adds up cells by what is asked, and lists sessions by what they missed")
    func questions() async throws {
        try await TestLedger.with { bench in
            var traffic = AgentTraffic(seed: 5)
            let good = traffic.sessions(5, from: Self.start)
            let bad = traffic.sessions(5, from: Self.start, .promptStartEachTime)
            try await bench.append(
                good.map { ($0.event(app: "good"), nil) } + bad.map { ($0.event(app: "bad"), nil) })
            try await bench.runner().catchUp()
            func ask(_ by: [PromptCacheQuery.Part]) async throws -> [PromptCacheCell] {
                try await PromptCacheQuery(
                    ledger: bench.id, by: by, from: Self.start,
                    to: Self.start.advanced(byMicroseconds: 2 * Timestamp.dayMicroseconds)
                ).run(on: bench.pool).rows
            }
            let byApp = try await ask([.app])
            let ofGood = byApp.filter { $0.names[0] == "good" }
            #expect(
                ofGood.reduce(0) { $0 + $1.use.requests } == Int64(good.count))
            #expect(
                ofGood.reduce(0) { $0 + $1.use.read } == good.reduce(0) { $0 + Int128($1.read) })
            #expect(ofGood.filter { $0.turn == .first }.reduce(0) { $0 + $1.use.requests } == 5)
            let sessions = try await ask([.session, .app])
            #expect(sessions.count == 10)
            #expect(sessions.prefix(1).allSatisfy { $0.names[0] == "bad" })
            #expect(sessions.map(\.use.missed) == sessions.map(\.use.missed).sorted(by: >))
            let hours = try await PromptCacheHours(
                ledger: bench.id, times: [[Self.start], []]
            ).run(on: bench.pool).rows
            let inHour = (good + bad).filter {
                $0.at < Self.start.advanced(byMicroseconds: Timestamp.hourMicroseconds)
            }
            #expect(hours.reduce(0) { $0 + $1.use.requests } == Int64(inHour.count))
            #expect(hours.allSatisfy { PromptCacheHours.time(of: $0) == 0 })
        }
    }

    // MARK: What the tables hold

    private static let measures = """
        requests, input_tokens, cache_read_input_tokens, cache_write_input_tokens,
        cache_write_1h_input_tokens, readable_tokens, missed_tokens, warm_tokens, lost_turns,
        recovered_turns
        """
    private static let names = """
        coalesce(app, 'NULL'), coalesce(provider, 'NULL'), coalesce(model, 'NULL'),
        coalesce(service_tier, 'NULL'), coalesce(region, 'NULL')
        """

    private func held(by bench: TestLedger) async throws -> [String: [Int128]] {
        try await bench.sums(
            """
            SELECT concat_ws(' ', day, \(Self.names), coalesce(turn, 'NULL')), \(Self.measures)
            FROM tally.current_prompt_cache_daily
            """)
    }

    private func hours(of bench: TestLedger) async throws -> [String: [Int128]] {
        let sums = Self.measures.split { $0 == "," || $0 == "\n" || $0 == " " }
            .map { "coalesce(sum(\($0)), 0)" }.joined(separator: ", ")
        return try await bench.sums(
            """
            SELECT concat_ws(' ', (hour AT TIME ZONE 'UTC')::date, \(Self.names),
                coalesce(turn, 'NULL')) AS key, \(sums)
            FROM tally.prompt_cache_hourly JOIN tally.dimension_sets USING (ledger_id, level, set_id)
            WHERE version = (
                SELECT active_version FROM tally.projections WHERE name = 'prompt_cache')
            GROUP BY key
            """)
    }

    private func sessions(of bench: TestLedger) async throws -> [String: [Int128]] {
        try await bench.sums(
            """
            SELECT concat_ws(' ', session_id, coalesce(agent, 'NULL'), coalesce(model, 'NULL')),
                requests, input_tokens, cache_read_input_tokens, cache_write_input_tokens,
                cache_write_1h_input_tokens, readable_tokens, missed_tokens
            FROM tally.current_prompt_cache_sessions
            """)
    }
}

/// Turns of sessions, event by event.
private struct NaiveTurns {
    private(set) var cells: [String: [Int128]] = [:]
    private(set) var sessions: [String: [Int128]] = [:]
    private var last: [String: (at: Int64, input: Int64, way: [Name?], wasLost: Bool)] = [:]

    init(_ events: [Event]) {
        for event in events {
            switch event.kind {
            case .requestCompleted, .requestFailed: take(event)
            default: continue
            }
        }
    }

    private mutating func take(_ event: Event) {
        let names = ([.app, .provider, .model, .serviceTier, .region] as [Dimension])
            .map { event.dimensions[$0]?.string ?? "NULL" }
        let usage = event.usage
        let input = usage.value(.inputTokens)
        let tokens = [
            input, usage.value(.cacheReadInputTokens), usage.value(.cacheWriteInputTokens),
            usage.value(.cacheWriteOneHourInputTokens),
        ].map { Int128($0) }
        var turn = "NULL"
        var more: [Int128] = [0, 0, 0, 0, 0]
        if let session = event.dimensions[.session], input > 0 {
            let key = [session.string, event.dimensions[.agent]?.string, names[2]]
                .map { $0 ?? "NULL" }.joined(separator: " ")
            (turn, more) = follow(event, key)
            let row = [1] + tokens + more.prefix(2)
            sessions[key] = zip(
                sessions[key] ?? [Int128](repeating: 0, count: row.count), row
            ).map { $0 + $1 }
        }
        let cell = ([event.occurredAt.dayDescription] + names + [turn]).joined(separator: " ")
        let row = [1] + tokens + more
        cells[cell] = zip(cells[cell] ?? [Int128](repeating: 0, count: row.count), row)
            .map { $0 + $1 }
    }

    /// Class, and readable, missed and warm tokens, lost and recovered.
    private mutating func follow(_ event: Event, _ key: String) -> (String, [Int128]) {
        let (at, input) = (event.occurredAt.microseconds, event.usage.value(.inputTokens))
        let read = event.usage.value(.cacheReadInputTokens)
        let way = ([.provider, .serviceTier, .region, .apiKey] as [Dimension])
            .map { event.dimensions[$0] }
        var (kind, isLost) = ("first", false)
        var row: [Int128] = [0, 0, 0, 0, 0]
        if let before = last[key] {
            let minutes = Double(at - before.at) / 60_000_000
            if abs(minutes) <= 24 * 60 {
                if minutes > 60 {
                    kind = "later"
                } else if minutes > 5 {
                    kind = "within_1h"
                } else {
                    kind = way == before.way ? "within_5m" : "moved"
                }
                let readable = min(before.input, input)
                isLost = readable >= 1_024 && read < readable - read
                let isBack = before.wasLost && 4 * read >= 3 * readable
                let pings = max(0, at - before.at) / 270_000_000
                row = [
                    Int128(readable), Int128(max(0, readable - read)), Int128(readable * pings),
                    isLost ? 1 : 0, isBack ? 1 : 0,
                ]
            }
        }
        last[key] = (at, input, way, isLost)
        return (kind, row)
    }
}
