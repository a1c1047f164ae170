import EventStore
import LedgerModel
import LedgerTesting
import Postgres
import Pricing
import ReadModels
import Recommendations
import StoreTesting
import Testing

@Suite("Advice on how requests do", .timeLimit(.minutes(3)))
struct PerformanceAdviceTests {
    private static let day = Timestamp(year: 2026, month: 11, day: 10)

    private static func requests(
        _ count: Int, _ app: Name, by provider: Name = "acme", _ random: inout SeededGenerator,
        _ shape: (Int, inout Event) throws -> Void
    ) rethrows -> [(event: Event, charge: Event?)] {
        try (0..<count).map { index in
            let time = day.advanced(byMicroseconds: Int64(index) * 60_000_000)
            var event = Event(
                id: EventID(at: time, entropy: (random.next(), random.next())),
                kind: .requestCompleted, occurredAt: time)
            event.dimensions = [.app: app, .provider: provider, .model: "plain"]
            event.latency = 900_000
            try shape(index, &event)
            return (event, nil)
        }
    }

    @Test("each kind is told where it is due, with impact and confidence, and a good one not")
    func advice() async throws {
        try await TestLedger.with { bench in
            var random = SeededGenerator(seed: 21)
            var entries = Self.requests(300, "good", &random) { index, event in
                event.timeToFirstToken = Int64(300_000 + index * 100)
            }
            entries += Self.requests(300, "limited", &random) { index, event in
                guard index % 20 == 0 else { return }
                event.kind = .requestFailed
                event.status = 429
                event.latency = nil
            }
            entries += Self.requests(300, "shaky", &random) { index, event in
                guard index % 30 == 0 else { return }
                event.kind = .requestFailed
                event.status = 503
                event.latency = nil
            }
            entries += Self.requests(300, "tail", &random) { index, event in
                event.timeToFirstToken = index % 50 == 0 ? 9_000_000 : 300_000
            }
            entries += try Self.requests(300, "queued", &random) { _, event in
                event.detail = try Labels([
                    ("route", "slow-lane"), ("stages", "schedule:400000,call:500000"),
                ])
            }
            entries += Self.requests(300, "two", by: "slow", &random) { _, event in
                event.timeToFirstToken = 900_000
            }
            entries += Self.requests(300, "two", by: "quick", &random) { _, event in
                event.timeToFirstToken = 300_000
            }
            try await bench.append(entries)
            try await ProjectionRunner(pool: bench.pool, projections: ReadModel.all).catchUp()
            let answer = try await RecommendationQuery(
                ledger: bench.ledger.id, from: Self.day,
                to: Self.day.advanced(byMicroseconds: Timestamp.dayMicroseconds)
            ).run(on: bench.pool, prices: PriceSchedule())
            let kinds: [Recommendation.Kind: Name] = [
                .rateLimited: "limited", .unreliableProvider: "shaky", .slowTail: "tail",
                .longQueue: "queued", .slowProvider: "two",
            ]
            let found = answer.recommendations.filter { kinds[$0.kind] != nil }
            #expect(found.count == kinds.count)
            for recommendation in found {
                #expect(recommendation.dimensions[.app] == kinds[recommendation.kind])
                #expect(recommendation.impact != nil)
                #expect(recommendation.confidence != nil)
                #expect(!recommendation.remedy.isEmpty)
            }
            let slow = found.first { $0.kind == .slowProvider }
            #expect(slow?.dimensions[.provider] == "slow")
            #expect(slow?.confidence == .high)
            #expect(found.first { $0.kind == .rateLimited }?.impact == "15 failures a day fewer")
        }
    }
}
