import EventStore
import LedgerModel
import Postgres
import Pricing
import ReadModels
import Recommendations
import StoreTesting
import Testing

@Suite("Advice on batches", .timeLimit(.minutes(3)))
struct BatchAdviceTests {
    private static let day = Timestamp(year: 2026, month: 11, day: 10)

    private func event(
        _ kind: EventKind, _ app: Name, _ detail: [(key: Name, value: Name)]
    ) throws -> Event {
        var event = Event(
            id: EventID(at: Self.day, entropy: (uniqueID().high, uniqueID().low)), kind: kind,
            occurredAt: Self.day)
        event.dimensions = [.app: app, .provider: "acme", .model: "plain"]
        event.detail = try Labels(detail)
        return event
    }

    @Test("batches of one request and missed deadlines are told, without a price, and others not")
    func advice() async throws {
        try await TestLedger.with { bench in
            var entries: [(event: Event, charge: Event?)] = []
            for number in 0..<100 {
                let size: Name = number < 50 ? "1" : "8"
                entries.append((try event(.batchFormed, "lone", [("size", size)]), nil))
                let few: Name = number < 49 ? "1" : "8"
                entries.append((try event(.batchFormed, "full", [("size", few)]), nil))
            }
            for (app, late) in [("late", "20"), ("full", "19")] as [(Name, Name)] {
                let detail: [(key: Name, value: Name)] = [
                    ("succeeded", "1000"), ("deadline_misses", late),
                ]
                entries.append((try event(.batchCompleted, app, detail), nil))
            }
            try await bench.append(entries)
            try await ProjectionRunner(pool: bench.pool, projections: ReadModel.all).catchUp()
            let answer = try await RecommendationQuery(
                ledger: bench.ledger.id, from: Self.day,
                to: Self.day.advanced(byMicroseconds: Timestamp.dayMicroseconds)
            ).run(on: bench.pool, prices: PriceSchedule())
            #expect(answer.recommendations.map(\.kind) == [.loneBatches, .deadlineMisses])
            let lone = try #require(answer.recommendations.first)
            #expect(lone.dimensions[.app] == "lone")
            #expect(
                lone.sentence == "of 100 batches of app lone, model plain, 50 have one request: "
                    + "cost unknown, waiting has no price")
            #expect(answer.recommendations.last?.dimensions[.app] == "late")
        }
    }
}
