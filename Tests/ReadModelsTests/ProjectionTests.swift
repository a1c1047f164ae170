import EventStore
import LedgerModel
import LedgerTesting
import Postgres
import ReadModels
import StoreTesting
import Subscriptions
import Synchronization
import Testing

@Suite("Projections", .timeLimit(.minutes(3)))
struct ProjectionTests {
    @Test("live, rebuilt and naively folded read models are the same")
    func liveIsRebuiltIsNaive() async throws {
        let seed = testSeed()
        try await TestLedger.with { bench in
            var stream = RandomStream(seed: seed)
            let runner = bench.runner()
            var events: [Event] = []
            for _ in 0..<12 {
                let entries = stream.entries(Int.random(in: 1...80, using: &stream.events.random))
                try await bench.append(entries)
                for entry in entries { events += [entry.event] + (entry.charge.map { [$0] } ?? []) }
                if stream.events.chance(0.7) { try await runner.catchUp() }
            }
            try await runner.catchUp()
            let naive = NaiveFold(events)
            let live = try await NaiveFold(bench)
            #expect(live.spend == naive.spend)
            #expect(live.users == naive.users)
            #expect(live.providers == naive.providers)
            #expect(live.timings == naive.timings)
            #expect(live.unpriced == naive.unpriced)
            #expect(try await runner.conservation().allSatisfy(\.holds))
            let rebuilt = try await runner.rebuild()
            #expect(rebuilt.map(\.version) == ReadModel.all.map { _ in 2 })
            #expect(try await NaiveFold(bench) == naive, "the old version is gone, the new right")
            let versions = try await bench.text(
                """
                SELECT DISTINCT version FROM (
                    SELECT version FROM tally.spend_hourly
                    UNION ALL SELECT version FROM tally.user_usage
                    UNION ALL SELECT version FROM tally.answer_lengths
                ) AS kept
                """)
            #expect(versions == [["2"]])
            let conserved = try await Set(runner.conservation().map(\.projection))
            // Of the others the ledger's blocks say nothing.
            #expect(conserved == ["answers", "providers", "spend", "token_estimates", "users"])
        }
    }

    @Test("two runners at once fold every event exactly once while it is appended")
    func twoRunners() async throws {
        let seed = testSeed()
        try await TestLedger.with { bench in
            let events = try await withThrowingTaskGroup(of: [Event].self) { group in
                for _ in 0..<2 {
                    let runner = bench.runner()
                    group.addTask {
                        await runner.run()
                        return []
                    }
                }
                group.addTask { try await produce(RandomStream(seed: seed), in: bench) }
                // The runners go on until they are cancelled, so the first to end is the producer.
                let events = try await group.next() ?? []
                group.cancelAll()
                return events
            }
            #expect(try await NaiveFold(bench) == NaiveFold(events))
            #expect(try await bench.runner().conservation().allSatisfy(\.holds))
        }
    }

    /// Appends a stream, and returns its events once they are folded.
    private func produce(_ stream: RandomStream, in bench: TestLedger) async throws -> [Event] {
        var stream = stream
        var events: [Event] = []
        for _ in 0..<40 {
            let entries = stream.entries(25)
            try await bench.append(entries)
            for entry in entries { events += [entry.event] + (entry.charge.map { [$0] } ?? []) }
        }
        // Another runner may hold the last range for a moment.
        repeat {
            try await bench.runner().catchUp()
        } while try await bench.runner().status().contains { $0.lagPositions > 0 }
        return events
    }

    @Test("an event that cannot be folded halts its projection just before it, and no other")
    func poison() async throws {
        try await TestLedger.with { bench in
            try await bench.administer("CREATE TABLE tally.fragile (n bigint)")
            try await bench.administer("GRANT ALL ON tally.fragile TO tally_service")
            let events = Mutex<[SubscriptionEvent]>([])
            let runner = bench.runner([fragile, .spend]) { event in
                events.withLock { $0.append(event) }
            }
            var random = RandomEvents(seed: 7)
            for index in 0..<9 {
                var request = random.request()
                request.dimensions[.app] = index == 6 ? "poison" : "fine"
                try await bench.append([(request, nil)])
            }
            try await runner.catchUp()
            let status = try await runner.status()
            let fragile = try #require(status.first { $0.subscription == "fragile" })
            #expect(fragile.position == 6)
            #expect(fragile.lagPositions == 3)
            #expect(fragile.halted?.contains("positions 7 to 7 cannot be folded") == true)
            #expect(fragile.halted?.contains("division by zero") == true)
            let spend = try #require(status.first { $0.subscription == "spend" })
            #expect(spend.position == 9 && spend.halted == nil && spend.lagPositions == 0)
            #expect(events.withLock { $0.count } == 1, "it is said once")
            #expect(try await bench.text("SELECT sum(n) FROM tally.fragile") == [["6"]])
            // Mended, it goes on where it stopped.
            try await bench.administer("DELETE FROM tally.fragile")
            try await bench.administer("ALTER TABLE tally.fragile ADD mended int")
            try await bench.administer("INSERT INTO tally.fragile VALUES (0, 1)")
            try await runner.resume("fragile", of: bench.ledger.id)
            try await runner.catchUp()
            #expect(try await bench.text("SELECT sum(n) FROM tally.fragile") == [["3"]])
        }
    }

    @Test("a hole in the positions is an alarm, and nothing is skipped")
    func gap() async throws {
        try await TestLedger.with { bench in
            var random = RandomEvents(seed: 8)
            for _ in 0..<5 { try await bench.append([(random.request(), nil)]) }
            try await bench.administer("DELETE FROM tally.events WHERE position = 4")
            let runner = bench.runner()
            try await runner.catchUp()
            for status in try await runner.status() {
                #expect(status.position == 3)
                #expect(status.halted?.contains("expected 1 events, found 0") == true)
            }
        }
    }

    @Test("a missing block is an alarm too")
    func missingBlock() async throws {
        try await TestLedger.with { bench in
            var random = RandomEvents(seed: 9)
            for _ in 0..<5 { try await bench.append([(random.request(), nil)]) }
            try await bench.administer("DELETE FROM tally.blocks WHERE block = 2")
            let runner = bench.runner([.spend])
            try await runner.catchUp()
            let status = try #require(try await runner.status().first)
            #expect(status.position < 2)
            #expect(status.halted?.contains("run tally verify") == true)
        }
    }

    @Test("conservation finds a row that somebody changed by hand")
    func conservation() async throws {
        try await TestLedger.with { bench in
            var stream = RandomStream(seed: 3)
            try await bench.append(stream.entries(100))
            let runner = bench.runner()
            try await runner.catchUp()
            #expect(try await runner.conservation().allSatisfy(\.holds))
            // The last is one of the levels with few names.
            for (table, level) in [
                ("spend_daily", 10), ("provider_usage", 30), ("spend_hourly", 12),
            ] {
                try await bench.administer(
                    """
                    UPDATE tally.\(table) SET cost_pico = coalesce(cost_pico, 0) + 1 WHERE ctid = (
                        SELECT ctid FROM tally.\(table) WHERE level = \(level) LIMIT 1)
                    """)
            }
            let wrong = try await runner.conservation().filter { !$0.holds }
            #expect(
                wrong.map { "\($0.projection) \($0.grain)" }.sorted() == [
                    "providers 24", "spend 1", "spend 24",
                ])
            #expect(wrong.allSatisfy { $0.cost.amount == $0.costExpected.amount + 1 })
        }
    }

    @Test("ten dimensions of 512 bytes each fit into a read model")
    func longNames() async throws {
        try await TestLedger.with { bench in
            var random = RandomEvents(seed: 4)
            var request = random.request()
            for dimension in Dimension.allCases {
                request.dimensions[dimension] = Name(
                    String(
                        (0..<512).map { _ in "abcdefghijklmnopqrstuvwxyz".randomElement() ?? "a" }))
            }
            try await bench.append([(request, random.charge(for: request))])
            let runner = bench.runner()
            try await runner.catchUp()
            #expect(try await runner.status().allSatisfy { $0.halted == nil && $0.position == 2 })
        }
    }
}

/// Fails on an event whose app is "poison", until its table has a column more.
private let fragile = ReadModel(
    "fragile", definition: 1, patience: .milliseconds(200),
    byHand: HandFold(
        fold: { range, _, found, session in
            _ = try session.execute(
                """
                INSERT INTO tally.fragile SELECT \(found.events) / CASE WHEN EXISTS (
                        SELECT FROM tally.events WHERE app = 'poison' AND position > \(range.after)
                            AND position <= \(range.upTo))
                    AND NOT EXISTS (SELECT FROM pg_attribute WHERE attname = 'mended') THEN 0
                    ELSE 1 END
                """)
        },
        erase: { _, _ in 0 }))
