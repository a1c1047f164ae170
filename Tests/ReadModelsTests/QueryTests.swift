import EventStore
import LedgerModel
import LedgerSQL
import LedgerTesting
import Postgres
import ReadModels
import StoreTesting
import Testing

@Suite("Queries of read models", .timeLimit(.minutes(3)))
struct QueryTests {
    private let monday = Timestamp(year: 2026, month: 11, day: 16)

    private func entry(
        _ index: UInt64, day: Int64, hour: Int64 = 0, app: Name, cost: Int64?, latency: Int64? = nil
    ) -> (event: Event, charge: Event?) {
        let time = monday.advanced(
            byMicroseconds: day * Timestamp.dayMicroseconds + hour * Timestamp.hourMicroseconds)
        var request = Event(
            id: EventID(at: time, entropy: (index, index)), kind: .requestCompleted,
            occurredAt: time)
        request.dimensions = [.provider: "openai", .model: "gpt-4o", .app: app, .user: "u-1"]
        request.usage = [.inputTokens: 100, .outputTokens: 10]
        request.latency = latency
        var charge = Event(
            id: .charge(for: request.id, after: nil), kind: .chargeRated, occurredAt: time)
        charge.causeID = request.id
        charge.dimensions = request.dimensions
        charge.amount = cost.map { Picodollars($0) }
        if cost == nil { charge.unpriced = "no price" }
        return (request, charge)
    }

    @Test("spend by app and day has shares, trends and the position it is true at")
    func spend() async throws {
        try await TestLedger.with { bench in
            try await bench.append([
                entry(1, day: 0, app: "a", cost: 100), entry(2, day: 1, app: "a", cost: 150),
                entry(3, day: 1, hour: 3, app: "b", cost: 50), entry(4, day: 2, app: "b", cost: 10),
            ])
            try await bench.runner().catchUp()
            let day = Timestamp.dayMicroseconds
            let daily = try await SpendQuery(
                ledger: bench.ledger.id, by: [.app], from: monday.advanced(byMicroseconds: day),
                to: monday.advanced(byMicroseconds: 3 * day), interval: .day
            ).run(on: bench.pool)
            #expect(daily.position == 8)
            #expect(
                daily.rows.map { "\($0.group[.app] ?? "") \($0.startsAt.dayDescription)" } == [
                    "a 2026-11-17", "b 2026-11-17", "b 2026-11-18",
                ])
            #expect(daily.rows.map(\.cost?.amount) == [150, 50, 10])
            #expect(daily.rows.map(\.share) == [0.75, 0.25, 1])
            #expect(daily.rows.map(\.trend) == [0.5, nil, -0.8])
            #expect(daily.rows[0].inputTokens == 100 && daily.rows[0].requests == 1)
            let whole = try await SpendQuery(
                ledger: bench.ledger.id, from: monday.advanced(byMicroseconds: day),
                to: monday.advanced(byMicroseconds: 2 * day)
            ).run(on: bench.pool)
            #expect(whole.rows.map(\.cost?.amount) == [200])
            #expect(whole.rows.first?.trend == 1, "the day before cost 100")
            let hourly = try await SpendQuery(
                ledger: bench.ledger.id, by: [.app, .model],
                from: monday.advanced(byMicroseconds: day + 1),
                to: monday.advanced(byMicroseconds: day + 4 * Timestamp.hourMicroseconds),
                interval: .hour, filters: [.app: "b"]
            ).run(on: bench.pool)
            #expect(hourly.rows.map(\.cost?.amount) == [50])
            #expect(hourly.rows.first?.startsAt.description == "2026-11-17T03:00:00Z")
            // By day the level by app and model answers; with a filter by operation, the full one.
            for only: [Dimension: Name] in [[:], [.provider: "openai"], [.operation: "none"]] {
                let pairs = try await SpendQuery(
                    ledger: bench.ledger.id, by: [.app, .model], from: monday,
                    to: monday.advanced(byMicroseconds: 3 * day), filters: only
                ).run(on: bench.pool)
                let expected = only[.operation] == nil ? ["a gpt-4o 250", "b gpt-4o 60"] : []
                #expect(
                    pairs.rows.map {
                        "\($0.group[.app] ?? "") \($0.group[.model] ?? "") \($0.cost?.amount ?? -1)"
                    } == expected)
            }
            let monthly = try await SpendQuery(
                ledger: bench.ledger.id, by: [.provider], from: monday,
                to: monday.advanced(byMicroseconds: 30 * day), interval: .month
            ).run(on: bench.pool)
            #expect(monthly.rows.map(\.startsAt.dayDescription) == ["2026-11-01"])
            #expect(monthly.rows.map(\.cost?.amount) == [310])
            #expect(throws: SpendQuery.Refusal.notKept(.user)) {
                try SpendQuery(ledger: bench.ledger.id, by: [.user], from: monday, to: .earliest)
            }
        }
    }

    @Test("a sum of nothing but requests without a price is unknown, as is what follows from it")
    func unknownSums() async throws {
        try await TestLedger.with { bench in
            try await bench.append([
                entry(1, day: 0, app: "a", cost: nil), entry(2, day: 0, app: "b", cost: 40),
                entry(3, day: 1, app: "a", cost: 60), entry(4, day: 1, app: "b", cost: nil),
                entry(5, day: 1, app: "c", cost: nil), entry(6, day: 1, app: "c", cost: 40),
            ])
            try await bench.runner().catchUp()
            let day = Timestamp.dayMicroseconds
            let rows = try await SpendQuery(
                ledger: bench.ledger.id, by: [.app], from: monday.advanced(byMicroseconds: day),
                to: monday.advanced(byMicroseconds: 2 * day)
            ).run(on: bench.pool).rows
            #expect(rows.map(\.group[.app]) == ["a", "c", "b"])
            #expect(rows.map(\.cost?.amount) == [60, 40, nil])
            #expect(rows.map(\.unpricedRequests) == [0, 1, 1])
            #expect(rows.map(\.share) == [0.6, 0.4, nil])
            #expect(rows.map(\.previousCost?.amount) == [nil, 0, 40])
            #expect(rows.map(\.trend) == [nil, nil, nil])
        }
    }

    @Test("percentiles lie within two percent of the exact ones")
    func percentiles() async throws {
        let seed = testSeed()
        try await TestLedger.with { bench in
            var random = SeededGenerator(seed: seed)
            var exact: [Int64] = []
            var entries: [(event: Event, charge: Event?)] = []
            for index in 0..<2_000 {
                let latency = Int64(1) << Int64.random(in: 0...34, using: &random)
                exact.append(latency + Int64.random(in: 0..<latency, using: &random))
                entries.append(
                    entry(
                        UInt64(index), day: Int64(index % 3), app: "a", cost: 1,
                        latency: exact[index]))
            }
            try await bench.append(entries)
            try await bench.runner().catchUp()
            exact.sort()
            let answer = try await ProviderQuery(
                ledger: bench.ledger.id, from: monday,
                to: monday.advanced(byMicroseconds: 3 * Timestamp.dayMicroseconds)
            ).run(on: bench.pool)
            let row = try #require(answer.rows.first)
            #expect(answer.rows.count == 1 && row.requests == 2_000 && row.cost.amount == 2_000)
            let latency = try #require(row.latency)
            #expect(latency.count == 2_000)
            #expect(row.timeToFirstToken == nil)
            for (found, part) in [(latency.p50, 50), (latency.p95, 95), (latency.p99, 99)] {
                let wanted = exact[2_000 * part / 100 - 1]
                #expect(
                    abs(found - wanted) * 1_000 <= wanted * 17 + 1_000,
                    "p\(part) is \(wanted), found \(found)")
            }
        }
    }

    @Test("buckets of durations meet without gaps, and powers of two start one")
    func buckets() async throws {
        try await TestLedger.with { bench in
            let wrong = try await bench.text(
                """
                SELECT count(*) FROM generate_series(0, 1886) AS b
                WHERE tally.duration_bucket(tally.duration_bucket_start(b)) <> b
                    OR tally.duration_bucket(tally.duration_bucket_start(b + 1) - 1) <> b
                    OR tally.duration_bucket(tally.duration_bucket_middle(b)) <> b
                    OR (tally.duration_bucket_start(b + 1) - tally.duration_bucket_start(b)) * 32
                        > greatest(tally.duration_bucket_start(b), 32)
                """)
            #expect(wrong == [["0"]])
            let powers = try await bench.text(
                """
                SELECT count(*) FROM generate_series(0, 62) AS e
                WHERE tally.duration_bucket_start(tally.duration_bucket(1::bigint << e))
                    <> 1::bigint << e
                """)
            #expect(powers == [["0"]])
        }
    }

    @Test("users are ordered by cost, and an adjustment takes a request off the unpriced ones")
    func usersAndUnpriced() async throws {
        try await TestLedger.with { bench in
            let priced = entry(1, day: 0, app: "a", cost: 7)
            var other = entry(2, day: 0, app: "a", cost: nil)
            other.event.dimensions[.user] = "u-2"
            other.charge?.dimensions[.user] = "u-2"
            try await bench.append([priced, other])
            try await bench.runner().catchUp()
            let end = monday.advanced(byMicroseconds: Timestamp.dayMicroseconds)
            let unpricedQuery = UnpricedQuery(ledger: bench.ledger.id, from: monday, to: end)
            let before = try await unpricedQuery.run(on: bench.pool)
            #expect(before.rows.map(\.requests) == [1])
            #expect(before.rows.first?.reason == "no price")
            #expect(before.rows.first?.inputTokens == 100)
            var adjusted = try #require(other.charge)
            adjusted.kind = .chargeAdjusted
            adjusted.previousID = adjusted.id
            adjusted.id = .charge(for: other.event.id, after: adjusted.id)
            adjusted.unpriced = nil
            adjusted.amount = Picodollars(9)
            try await bench.append([(adjusted, nil)])
            try await bench.runner().catchUp()
            let after = try await unpricedQuery.run(on: bench.pool)
            #expect(after.rows.isEmpty && after.position == 5)
            let users = try await UserQuery(ledger: bench.ledger.id, from: monday, to: end)
                .run(on: bench.pool)
            #expect(users.rows.map(\.user) == ["u-2", "u-1"])
            #expect(users.rows.map(\.cost.amount) == [9, 7])
            #expect(users.rows.map(\.unpricedRequests) == [0, 0])
        }
    }
}
