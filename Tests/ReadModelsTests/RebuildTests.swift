import EventStore
import LedgerModel
import LedgerSQL
import LedgerTesting
import Postgres
import ReadModels
import StoreTesting
import Subscriptions
import Synchronization
import Testing

@Suite("Rebuild", .timeLimit(.minutes(3)))
struct RebuildTests {
    @Test("a rebuild while events come in loses nothing, and readers always see a whole version")
    func underLoad() async throws {
        let seed = testSeed()
        try await TestLedger.with { bench in
            var stream = RandomStream(seed: seed)
            var batches: [[(event: Event, charge: Event?)]] = []
            for _ in 0..<60 { batches.append(stream.entries(20)) }
            let events = batches.flatMap { $0 }.flatMap {
                [$0.event] + ($0.charge.map { [$0] } ?? [])
            }
            for batch in batches.prefix(20) { try await bench.append(batch) }
            try await bench.runner().catchUp()
            let before = try await requests(bench)
            let rest = Array(batches.dropFirst(20))
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    for batch in rest {
                        try await bench.append(batch)
                        try await bench.runner().catchUp()
                    }
                }
                group.addTask {
                    for _ in 0..<3 { _ = try await bench.runner().rebuild() }
                }
                group.addTask {
                    var last = before
                    for _ in 0..<60 {
                        let now = try await requests(bench)
                        #expect(now >= last, "a reader never sees less than before")
                        last = now
                    }
                }
                try await group.waitForAll()
            }
            try await bench.runner().catchUp()
            #expect(try await NaiveFold(bench) == NaiveFold(events))
            #expect(try await bench.runner().conservation().allSatisfy(\.holds))
            let versions = try await bench.text(
                "SELECT active_version, building_version, count(*) FROM tally.subscriptions "
                    + "WHERE active_version > 1 GROUP BY 1, 2")
            #expect(versions == [["4", nil, "\(ReadModel.all.count)"]])
        }
    }

    private func requests(_ bench: TestLedger) async throws -> Int64 {
        let query = try SpendQuery(
            ledger: bench.ledger.id, from: Timestamp(year: 2026, month: 1, day: 1),
            to: Timestamp(year: 2027, month: 1, day: 1))
        return try await query.run(on: bench.pool).rows.first?.requests ?? 0
    }

    @Test("of two rebuilds of one projection the later one wins, and the result is right")
    func twoRebuilds() async throws {
        try await TestLedger.with { bench in
            var stream = RandomStream(seed: 5)
            let entries = stream.entries(300)
            for start in stride(from: 0, to: 300, by: 10) {
                try await bench.append(Array(entries[start..<start + 10]))
            }
            try await bench.runner().catchUp()
            let outcomes = await withTaskGroup(of: Bool.self) { group in
                for _ in 0..<2 {
                    group.addTask { (try? await bench.runner().rebuild(["spend"])) != nil }
                }
                return await group.reduce(into: []) { $0.append($1) }
            }
            #expect(outcomes.contains(true))
            try await bench.runner().catchUp()
            // Whatever an abandoned one left behind goes with the next.
            _ = try await bench.runner().rebuild(["spend"])
            let events = entries.flatMap { [$0.event] + ($0.charge.map { [$0] } ?? []) }
            #expect(try await NaiveFold(bench) == NaiveFold(events))
        }
    }

    @Test("after a change of its fold a projection waits for a rebuild")
    func definition() async throws {
        try await TestLedger.with { bench in
            var stream = RandomStream(seed: 6)
            try await bench.append(stream.entries(10))
            try await bench.runner().catchUp()
            try await bench.administer(
                "UPDATE tally.subscriptions SET definition = 0 WHERE name = 'spend'")
            try await bench.append(stream.entries(10))
            try await bench.runner().catchUp()
            var spend = try #require(
                try await bench.runner().status().first { $0.subscription == "spend" })
            #expect(!spend.isCurrent && spend.lagPositions > 0)
            let told = Mutex<[Int64]>([])
            _ = try await bench.runner().rebuild(["spend"]) { done, total in
                told.withLock { $0 = [done, total] }
            }
            spend = try #require(
                try await bench.runner().status().first { $0.subscription == "spend" })
            #expect(spend.isCurrent && spend.lagPositions == 0 && spend.version == 2)
            #expect(told.withLock { $0 } == [spend.position, spend.position])
        }
    }

    @Test("a projection that is not known is refused by name")
    func unknown() async throws {
        try await TestLedger.with { bench in
            await #expect(throws: UnknownSubscription.self) {
                try await bench.runner().rebuild(["spends"])
            }
        }
    }
}
