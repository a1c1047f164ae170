import EventStore
import LedgerModel
import LedgerTesting
import Postgres
import ReadModels
import StoreTesting
import Subscriptions
import Testing

@Suite("Rebuild of one ledger", .timeLimit(.minutes(3)))
struct LedgerRebuildTests {
    @Test("what read models hold of one ledger is made again in place, and others are not touched")
    func inPlace() async throws {
        let seed = testSeed()
        try await TestLedger.with { bench in
            var stream = RandomStream(seed: seed)
            var batches: [[(event: Event, charge: Event?)]] = []
            for _ in 0..<20 { batches.append(stream.entries(20)) }
            let events = batches.flatMap { $0 }.flatMap {
                [$0.event] + ($0.charge.map { [$0] } ?? [])
            }
            for batch in batches { try await bench.append(batch) }
            try await bench.runner().catchUp()
            let before = try await NaiveFold(bench)
            #expect(before == NaiveFold(events))
            // Somebody changed what a read model holds.
            _ = try await bench.text(
                "UPDATE tally.user_usage SET requests = requests + 7 RETURNING 1")
            #expect(try await NaiveFold(bench) != before)
            let versions =
                "SELECT name, active_version, last_version FROM tally.subscriptions ORDER BY 1"
            let known = try await bench.text(versions)
            let rebuilt = try await bench.runner().rebuild(of: bench.ledger.id)
            #expect(rebuilt.count == ReadModel.all.count)
            #expect(try await NaiveFold(bench) == before)
            #expect(try await bench.text(versions) == known, "no version is used up")
            #expect(try await bench.runner().conservation().allSatisfy(\.holds))
            // What comes afterwards goes on from the same place.
            let more = stream.entries(20)
            try await bench.append(more)
            try await bench.runner().catchUp()
            let all = events + more.flatMap { [$0.event] + ($0.charge.map { [$0] } ?? []) }
            #expect(try await NaiveFold(bench) == NaiveFold(all))
        }
    }

    @Test("a rebuild of one ledger while events come in loses nothing")
    func underLoad() async throws {
        let seed = testSeed()
        try await TestLedger.with { bench in
            var stream = RandomStream(seed: seed)
            var batches: [[(event: Event, charge: Event?)]] = []
            for _ in 0..<40 { batches.append(stream.entries(10)) }
            let events = batches.flatMap { $0 }.flatMap {
                [$0.event] + ($0.charge.map { [$0] } ?? [])
            }
            let rest = batches
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    for batch in rest {
                        try await bench.append(batch)
                        try await bench.runner().catchUp()
                    }
                }
                group.addTask {
                    for _ in 0..<3 {
                        _ = try await bench.runner().rebuild(["spend"], of: bench.ledger.id)
                    }
                }
                try await group.waitForAll()
            }
            try await bench.runner().catchUp()
            #expect(try await NaiveFold(bench) == NaiveFold(events))
        }
    }
}
