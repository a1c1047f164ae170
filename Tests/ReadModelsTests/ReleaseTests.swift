import EventStore
import LedgerModel
import LedgerTesting
import Postgres
import ReadModels
import StoreTesting
import Subscriptions
import Testing

@Suite("Release of read models", .timeLimit(.minutes(3)))
struct ReleaseTests {
    private static let compared = ["spend", "users", "providers", "unpriced"]

    @Test(
        "after a release and a rebuild a read model is the fold of everything, conserved throughout"
    )
    func everything() async throws {
        try await TestLedger.with { bench in
            var stream = RandomStream(seed: testSeed())
            let quarantine = QuarantineService(ledger: bench.ledger, pool: bench.pool)
            let runner = bench.runner()
            var events: [Event] = []
            var leftOut: [EventID] = []
            func append(_ count: Int) async throws -> [Event] {
                let entries = stream.entries(count)
                try await bench.append(entries)
                let added = entries.flatMap { [$0.event] + ($0.charge.map { [$0] } ?? []) }
                events += added
                return added
            }
            _ = try await append(5)
            for _ in 0..<4 {
                try await runner.catchUp()
                try await halt(bench)
                let added = try await append(20)
                let one = try #require(added.randomElement(using: &stream.events.random)?.id)
                leftOut.append(one)
                for name in Self.compared {
                    _ = try await quarantine.add([one], to: name, because: "a test")
                }
            }
            try await runner.catchUp()
            func fold(without some: some Sequence<EventID>) -> NaiveFold {
                let some = Set(some)
                return NaiveFold(events.filter { !some.contains($0.id) })
            }
            #expect(try await NaiveFold(bench) == fold(without: leftOut))

            // Half of them, and more events, among them adjustments of what is left out.
            let half = Array(leftOut.prefix(2))
            let names = Set(ReadModel.all.map(\.name))
            _ = try await quarantine.release(half, because: "a test", readModels: names)
            _ = try await append(20)
            try await runner.catchUp()
            #expect(try await NaiveFold(bench) == fold(without: leftOut), "not before the rebuild")
            #expect(try await runner.conservation().allSatisfy(\.holds))

            _ = try await runner.rebuild()
            #expect(try await NaiveFold(bench) == fold(without: leftOut.dropFirst(2)))
            #expect(try await runner.conservation().allSatisfy(\.holds))

            _ = try await quarantine.release(leftOut, because: "the rest", readModels: names)
            _ = try await runner.rebuild()
            #expect(try await NaiveFold(bench) == NaiveFold(events))
            #expect(try await runner.conservation().allSatisfy(\.holds))
            let rows = try await quarantine.list().events
            #expect(rows.count == Self.compared.count * leftOut.count)
            #expect(rows.allSatisfy { $0.release != nil && !$0.isLeftOut })
        }
    }

    /// As if each had met an event in the next block that it can't take.
    private func halt(_ bench: TestLedger) async throws {
        let names = Self.compared.map { "'\($0)'" }.joined(separator: ", ")
        try await bench.administer(
            """
            UPDATE tally.places SET halted_at = now(), error = 'a test'
            WHERE subscription IN (\(names))
            """)
    }
}
