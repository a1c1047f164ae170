import EventStore
import LedgerModel
import LedgerTesting
import Pricing
import Rendering
import Replay
import StoreTesting
import Testing

@Suite("Importing books")
struct BookImportTests {
    private let now = Timestamp(year: 2026, month: 11, day: 20)

    private func request(_ index: UInt64, _ model: Name, daysAgo: Int64) -> Event {
        let time = now.advanced(byMicroseconds: -daysAgo * Timestamp.dayMicroseconds)
        var event = Event(
            id: EventID(at: time, entropy: (index, 1)), kind: .requestCompleted, occurredAt: time)
        event.dimensions = [.provider: "provider-0", .model: model]
        event.usage = [.inputTokens: 1_000_000, .outputTokens: 1_000_000]
        return event
    }

    @Test("a book alone takes prices of the last 30 days, a layer over the one in force none")
    func impact() async throws {
        try await TestLedger.with { fixture in
            let first = try Books.first()
            try await fixture.append(
                [
                    request(1, "model-0", daysAgo: 1), request(2, "model-1", daysAgo: 2),
                    request(3, "model-1", daysAgo: 3), request(4, "model-1", daysAgo: 40),
                    request(5, "dream", daysAgo: 4),
                ], under: first)
            let own = try PriceFile.read(
                """
                tally_prices: 1
                name: mine
                providers:
                  provider-0:
                    models: {model-0: {input_mtok: 3, output_mtok: 1}, dream: {input_mtok: 1, output_mtok: 1}}

                """)
            func imported(replacing: Bool) async throws -> (book: PriceBook, BookImpact) {
                let layered = try BookImport(
                    own, over: PriceSchedule(first), replaces: replacing, effectiveFrom: nil,
                    at: now)
                #expect((layered.base == nil) == replacing)
                let impact = try await BookImpact.of(
                    layered.book, on: fixture.ledger.id, pool: fixture.pool, at: now)
                return (layered.book, impact)
            }
            let (alone, loss) = try await imported(replacing: true)
            #expect(alone == own)
            #expect(loss.requests == 4 && loss.lost == 2 && loss.gained == 1)
            // 0.123456789 + 7 USD each.
            #expect(loss.lostCost.description == "14.246913578")
            #expect(loss.losses.map(\.model) == ["model-1"])
            #expect(
                loss.report.text().hasPrefix("2 of 4 requests of the last 30 days would have no"))
            let (layered, none) = try await imported(replacing: false)
            #expect(layered.name == "mine over first")
            #expect(none.losses.isEmpty && none.gained == 1)
            #expect(none.report.text().hasPrefix("no request of the last 30 days loses its price"))
        }
    }
}
