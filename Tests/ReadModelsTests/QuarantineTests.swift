import EventStore
import LedgerModel
import LedgerTesting
import Postgres
import ReadModels
import StoreTesting
import Subscriptions
import Testing

@Suite("Quarantine of read models", .timeLimit(.minutes(3)))
struct QuarantineTests {
    /// The read models that are compared with the naive fold.
    private static let compared = ["spend", "users", "providers", "unpriced"]

    @Test("a read model is the fold of everything but its quarantined events, also when rebuilt")
    func leftOut() async throws {
        try await TestLedger.with { bench in
            var stream = RandomStream(seed: testSeed())
            let quarantine = QuarantineService(ledger: bench.ledger, pool: bench.pool)
            let runner = bench.runner()
            var events: [Event] = []
            var leftOut: Set<EventID> = []
            func append(_ count: Int) async throws -> [Event] {
                let entries = stream.entries(count)
                try await bench.append(entries)
                let added = entries.flatMap { [$0.event] + ($0.charge.map { [$0] } ?? []) }
                events += added
                return added
            }
            _ = try await append(5)
            for _ in 0..<8 {
                try await runner.catchUp()
                // As if each had met an event in the next block that it can't take.
                try await halt(bench)
                let added = try await append(
                    Int.random(in: 5...40, using: &stream.events.random))
                let some = (0..<3).compactMap { _ in
                    added.randomElement(using: &stream.events.random)?.id
                }
                leftOut.formUnion(some)
                for name in Self.compared {
                    _ = try await quarantine.add(some, to: name, because: "a test")
                }
                try await runner.catchUp()
            }
            let naive = NaiveFold(events.filter { !leftOut.contains($0.id) })
            #expect(try await NaiveFold(bench) == naive)
            #expect(try await runner.conservation().allSatisfy(\.holds))
            let quarantined = try await quarantine.list().events
            #expect(quarantined.count == Self.compared.count * leftOut.count)

            _ = try await runner.rebuild()
            #expect(try await NaiveFold(bench) == naive, "rebuilt, it leaves out the same")
            #expect(try await runner.conservation().allSatisfy(\.holds))
        }
    }

    @Test("what one read model leaves out, another counts, and both are conserved")
    func others() async throws {
        try await TestLedger.with { bench in
            var random = RandomEvents(seed: testSeed())
            let runner = bench.runner()
            let request = random.request()
            let charge = random.charge(for: request)
            try await bench.append([(random.request(), nil)])
            try await runner.catchUp()
            try await halt(bench, ["spend"])
            try await bench.append([(request, charge)])
            let quarantine = QuarantineService(ledger: bench.ledger, pool: bench.pool)
            _ = try await quarantine.add([request.id, charge.id], to: "spend", because: "a test")
            try await runner.catchUp()
            let conserved = try await runner.conservation()
            #expect(conserved.allSatisfy { $0.holds })
            let requests = Dictionary(grouping: conserved, by: \.projection)
                .mapValues { Set($0.map(\.requests)) }
            #expect(requests["spend"] == [1])
            #expect(requests["users"] == [2])
        }
    }

    /// Halts some read models where they are.
    private func halt(_ bench: TestLedger, _ names: [String] = compared) async throws {
        let names = names.map { "'\($0)'" }.joined(separator: ", ")
        try await bench.administer(
            """
            UPDATE tally.places SET halted_at = now(), error = 'a test'
            WHERE subscription IN (\(names))
            """)
    }
}
