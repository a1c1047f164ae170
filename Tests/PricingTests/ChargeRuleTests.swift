import LedgerModel
import Pricing
import Testing

@Suite("The charge rule")
struct ChargeRuleTests {
    private static let time = Timestamp(year: 2026, month: 11, day: 23)

    private func rater() throws -> Rater {
        Rater(
            try PriceFile.read(
                """
                tally_prices: 1
                name: test
                providers:
                  openai:
                    models:
                      gpt-4o: {input_mtok: 2.5, output_mtok: 10, requests_kcount: 1}
                """))
    }

    private func request(_ kind: EventKind, model: Name = "gpt-4o", _ usage: Usage) -> Event {
        var event = Event(
            id: EventID(at: Self.time, entropy: (1, 2)), kind: kind, occurredAt: Self.time)
        event.dimensions = [.provider: "openai", .model: model, .app: "search"]
        event.usage = usage
        return event
    }

    @Test("a completed request is charged, with its dimensions, its time and the book")
    func completed() throws {
        var rater = try rater()
        let request = request(.requestCompleted, [.inputTokens: 1_000, .outputTokens: 100])
        let charge = try #require(try ChargeRule.charge(for: request, rater: &rater))
        #expect(charge.id == .charge(for: request.id, after: nil))
        #expect(charge.kind == .chargeRated)
        #expect(charge.causeID == request.id)
        #expect(charge.occurredAt == request.occurredAt)
        #expect(charge.dimensions == request.dimensions)
        // 1,000 × 2.5 µ$ + 100 × 10 µ$ + a request of 0.001 $.
        #expect(charge.amount == Picodollars(4_500_000_000))
        let book = try #require(rater.schedule.book(at: Self.time))
        #expect(charge.bookID == EventID(high: book.id.high, low: book.id.low))
        #expect(charge.unpriced == nil)
    }

    @Test("a failed request is charged if it reported any usage")
    func failed() throws {
        var rater = try rater()
        #expect(try ChargeRule.charge(for: request(.requestFailed, [:]), rater: &rater) == nil)
        let broken = request(.requestFailed, [.outputTokens: 5])
        #expect(try ChargeRule.charge(for: broken, rater: &rater)?.amount != nil)
    }

    @Test("a request without a price gets a charge that says why, never one of zero")
    func unpriced() throws {
        var rater = try rater()
        let silent = try ChargeRule.charge(for: request(.requestCompleted, [:]), rater: &rater)
        #expect(silent?.amount == nil)
        #expect(silent?.unpriced == "no usage was reported")
        let unknown = try ChargeRule.charge(
            for: request(.requestCompleted, model: "other", [.inputTokens: 1]), rater: &rater)
        #expect(unknown?.unpriced == "no price for model other of openai")
        #expect(unknown?.bookID != nil)
        var bookless = Rater(PriceSchedule())
        let early = try ChargeRule.charge(
            for: request(.requestCompleted, [.inputTokens: 1]), rater: &bookless)
        #expect(early?.unpriced == "no price book is in force")
        #expect(early?.bookID == nil)
    }

    @Test("other events are not charged")
    func others() throws {
        var rater = try rater()
        #expect(try ChargeRule.charge(for: request(.cacheHit, [:]), rater: &rater) == nil)
    }
}
