import Estimating
import EventStore
import LedgerModel
import LedgerTesting
import Performance
import Postgres
import ReadModels
import StoreTesting
import Testing

@Suite("How requests do, by the hour", .timeLimit(.minutes(3)))
struct PerformanceModelTests {
    private static let to = Timestamp(year: 2100, month: 1, day: 1)

    @Test("live, rebuilt and naively folded performance is the same, however pages are cut")
    func fold() async throws {
        let seed = testSeed()
        try await TestLedger.with { bench in
            var stream = RandomStream(seed: seed, days: 1)
            let runner = bench.runner()
            var events: [Event] = []
            for _ in 0..<8 {
                let entries = stream.entries(60).map { entry in
                    (event: Self.routed(entry.event, &stream.events), charge: entry.charge)
                }
                try await bench.append(entries)
                for entry in entries { events += [entry.event] + (entry.charge.map { [$0] } ?? []) }
                if stream.events.chance(0.6) { try await runner.catchUp() }
            }
            try await runner.catchUp()
            let naive = NaivePerformance(events)
            #expect(naive.sums.count > 50)
            #expect(naive.cells.keys.contains { $0.contains(" queue ") })
            try await expect(naive, in: bench)
            _ = try await runner.rebuild(["performance"])
            try await expect(naive, in: bench)
        }
    }

    @Test("a question adds up what it groups by, by hour, by day and as a whole")
    func questions() async throws {
        let seed = testSeed()
        try await TestLedger.with { bench in
            var stream = RandomStream(seed: seed, days: 3)
            let entries = stream.entries(200).map { entry in
                (event: Self.routed(entry.event, &stream.events), charge: entry.charge)
            }
            try await bench.append(entries)
            try await bench.runner().catchUp()
            func ask(
                _ by: [PerformanceQuery.Part], _ interval: PerformanceQuery.Interval = .none
            ) async throws -> [PerformanceRow] {
                try await PerformanceQuery(
                    ledger: bench.id, by: by, from: .earliest, to: Self.to, interval: interval
                ).run(on: bench.pool).rows
            }
            let whole = try #require(try await ask([]).first)
            for (by, interval) in [
                ([.app, .route], .none), ([.model], .hour), ([], .day),
                ([.app, .provider, .model, .operation, .route], .hour),
            ] as [([PerformanceQuery.Part], PerformanceQuery.Interval)] {
                let rows = try await ask(by, interval)
                var sum = PerformanceSums()
                for row in rows { sum += row.sums }
                #expect(sum == whole.sums)
                #expect(rows.allSatisfy { Set($0.group.keys).isSubset(of: by) })
                let keys = rows.map { "\($0.start) \($0.group.sorted { "\($0)" < "\($1)" })" }
                #expect(Set(keys).count == keys.count)
            }
            let requests = entries.map(\.event).filter { $0.kind.isRequest }
            #expect(whole.sums.requests == Int64(requests.count))
            let routed = try await PerformanceQuery(
                ledger: bench.id, from: .earliest, to: Self.to, filters: [.route: "fast"]
            ).run(on: bench.pool).rows
            #expect(
                routed.first?.sums.requests
                    == Int64(requests.filter { $0.detail?["route"] == "fast" }.count))
            // Two times that are asked about at once are told apart.
            let day = Timestamp(year: 2026, month: 11, day: 22)
            let next = day.advanced(byMicroseconds: Timestamp.dayMicroseconds)
            let spans = try await PerformanceQuery(
                ledger: bench.id,
                spans: [.init(from: .earliest, to: day), .init(from: day, to: next)]
            ).run(on: bench.pool).rows
            for row in spans {
                #expect(
                    row.sums.requests
                        == Int64(
                            requests.filter {
                                row.start == day
                                    ? $0.occurredAt >= day && $0.occurredAt < next
                                    : $0.occurredAt < day
                            }.count))
            }
        }
    }

    @Test("slots tell the five minutes of an hour apart, for objectives")
    func slots() async throws {
        try await TestLedger.with { bench in
            let now = Timestamp(year: 2026, month: 11, day: 23)
                .advanced(byMicroseconds: 36_600_000_000)
            var random = RandomEvents(seed: 3, now: now)
            var entries: [(event: Event, charge: Event?)] = []
            // Every twentieth request of the last twenty minutes fails, none before.
            for index in 0..<600 {
                let time = now.advanced(byMicroseconds: -Int64(index) * 6_000_000)
                var event = Event(
                    id: EventID(at: time, entropy: (random.random.next(), random.random.next())),
                    kind: index < 200 && index % 20 == 0 ? .requestFailed : .requestCompleted,
                    occurredAt: time)
                event.dimensions[.provider] = "openai"
                event.dimensions[.model] = "gpt-4o"
                if event.kind == .requestFailed { event.status = 503 }
                event.latency = 1_000_000
                entries.append((event, nil))
            }
            try await bench.append(entries)
            try await bench.runner().catchUp()
            let look = PerformanceLook(in: bench.id, at: now, on: bench.pool)
            let objective = ServiceObjective(
                name: "up", goal: .availability, missesPerMillion: 10_000, provider: "openai")
            let (_, standings) = try await look.standings(of: [objective])
            let standing = try #require(standings.first)
            #expect(standing.counts == ObjectiveCounts(missed: 10, of: 600))
            let burn = try #require(standing.burns.first)
            #expect(burn.long.missed == 10)
            #expect(burn.short.of < 200)
            #expect(abs((burn.shortRate ?? 0) - 5) < 2)
            // Slowly, and for so long: only the longest times are breached.
            #expect(standing.burns.map(\.isBreached) == [false, false, true])
            // Nothing happened a week before, so there is nothing to compare with.
            #expect(try await look.regressions().regressions.isEmpty)
        }
    }

    /// Some requests come by a route of the gateway, with the times of their stages.
    private static func routed(_ event: Event, _ random: inout RandomEvents) -> Event {
        guard event.kind.isRequest, random.chance(0.6) else { return event }
        var event = event
        // An attempt that failed names its request.
        if event.kind == .requestFailed, random.chance(0.3) {
            event.causeID = EventID(
                at: event.occurredAt, entropy: (random.random.next(), random.random.next()))
        }
        var pairs: [(key: Name, value: Name)] = []
        if random.chance(0.8) { pairs.append(("route", random.chance(0.5) ? "fast" : "cheap")) }
        if random.chance(0.7) {
            let times = CallStage.allCases.filter { _ in random.chance(0.4) }.map {
                "\($0.rawValue):\(Int64.random(in: 0...500_000, using: &random.random))"
            }
            pairs.append(("stages", Name(times.joined(separator: ","))))
        }
        event.detail = try? Labels(pairs)
        return event
    }

    // MARK: What the table holds

    private func expect(_ naive: NaivePerformance, in bench: TestLedger) async throws {
        let key = """
            (hour AT TIME ZONE 'UTC')::text, coalesce(app, 'NULL'), coalesce(provider, 'NULL'),
            coalesce(model, 'NULL'), coalesce(operation, 'NULL'), coalesce(route, 'NULL')
            """
        let stages = CallStage.allCases.map { "coalesce(\($0.rawValue)_us, 0)" }
            .joined(separator: ", ")
        let sums = try await bench.sums(
            """
            SELECT concat_ws(' ', \(key)), requests, failed_requests, unpriced_requests, cost_pico,
                input_tokens, output_tokens, staged_requests, \(stages)
            FROM tally.current_performance_hourly
            """)
        #expect(sums == naive.sums)
        let columns = [
            "failures", "latency", "time_to_first_token", "output_rate", "queue", "latency_slots",
            "first_token_slots",
        ]
        let cells = try await bench.sums(
            """
            SELECT concat_ws(' ', \(key), metric, cell >> 48), cell & 281474976710655
            FROM tally.current_performance_hourly, LATERAL (
                \(columns.map { "SELECT '\($0)' AS metric, unnest(\($0)) AS cell" }
                    .joined(separator: " UNION ALL "))
            ) AS told
            """)
        #expect(cells == naive.cells)
    }
}

/// The read model, event by event.
private struct NaivePerformance {
    private(set) var sums: [String: [Int128]] = [:]
    private(set) var cells: [String: [Int128]] = [:]

    init(_ events: [Event]) {
        var requests: [EventID: Event] = [:]
        for event in events where event.kind.isRequest { requests[event.id] = event }
        let unpriced = Set(events.filter { $0.unpriced != nil }.map(\.id))
        for event in events {
            if event.kind.isRequest { take(event) }
            guard event.kind == .chargeRated || event.kind == .chargeAdjusted,
                let request = event.causeID.flatMap({ requests[$0] })
            else { continue }
            let wasUnpriced = event.previousID.map { unpriced.contains($0) } ?? false
            add(
                [
                    0, 0, (event.unpriced == nil ? 0 : 1) - (wasUnpriced ? 1 : 0),
                    Int128(event.amount?.amount ?? 0),
                ], to: Self.key(request))
        }
    }

    private mutating func take(_ event: Event) {
        let key = Self.key(event)
        let stages = CallStage.times((event.detail?["stages"]?.string ?? "").utf8)
        let isFailed = event.kind == .requestFailed
        add(
            [
                1, isFailed ? 1 : 0, 0, 0, Int128(event.usage.value(.inputTokens)),
                Int128(event.usage.value(.outputTokens)), stages.isEmpty ? 0 : 1,
            ]
                + CallStage.allCases.map { stage in
                    Int128(stages.filter { $0.stage == stage }.reduce(0) { $0 + $1.time })
                }, to: key)
        func count(_ metric: String, _ bucket: Int) {
            cells["\(key) \(metric) \(bucket)", default: [0]][0] += 1
        }
        var failure: FailureClass?
        if isFailed {
            let told = FailureClass(status: event.status, errorType: event.errorType?.string)
            failure = told
            count("failures", told.rawValue + (event.causeID == nil ? 0 : 16))
        } else {
            if let latency = event.latency {
                count("latency", LengthHistogram.bucket(of: latency))
                let output = event.usage.value(.outputTokens)
                let time = latency - (event.timeToFirstToken ?? 0)
                if output > 0, time >= 1_000 {
                    count(
                        "output_rate",
                        LengthHistogram.bucket(of: output * 1_000_000_000 / time))
                }
            }
            if let first = event.timeToFirstToken {
                count("time_to_first_token", LengthHistogram.bucket(of: first))
            }
        }
        if let queue = stages.first(where: { $0.stage == .schedule }) {
            count("queue", LengthHistogram.bucket(of: queue.time))
        }
        for (metric, time) in [
            ("latency_slots", event.latency), ("first_token_slots", event.timeToFirstToken),
        ] {
            count(
                metric,
                SlotBucket(
                    at: event.occurredAt, failure: failure, isAttempt: event.causeID != nil,
                    microseconds: time
                ).number)
        }
    }

    private mutating func add(_ values: [Int128], to key: String) {
        let width = 7 + CallStage.allCases.count
        let padded = values + [Int128](repeating: 0, count: width - values.count)
        sums[key] = zip(sums[key] ?? [Int128](repeating: 0, count: width), padded)
            .map { $0 + $1 }
    }

    private static func key(_ request: Event) -> String {
        let hour = request.occurredAt.timeOfDay / Timestamp.hourMicroseconds
        let start = "\(request.occurredAt.dayDescription) \(hour < 10 ? "0" : "")\(hour):00:00"
        let names = [Dimension.app, .provider, .model, .operation].map {
            request.dimensions[$0]?.string ?? "NULL"
        }
        return ([start] + names + [request.detail?["route"]?.string ?? "NULL"])
            .joined(separator: " ")
    }
}
