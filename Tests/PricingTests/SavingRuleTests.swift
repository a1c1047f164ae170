import LedgerModel
import Pricing
import Testing

@Suite("The money that an optimization saved")
struct SavingRuleTests {
    private static let book = """
        tally_prices: 1
        name: acme
        providers:
          acme:
            models:
              flat: {input_mtok: 2.5, output_mtok: 10}
              stepped: {input_mtok: {0: 3, 200000: 6}, output_mtok: 15, requests_kcount: 1}
              speech: {input_hours: 1}

        """

    private func saving(
        _ model: Name?, before: Int64?, after: Int64?, kind: EventKind = .promptOptimized
    ) throws -> Event? {
        let time = Timestamp(year: 2026, month: 11, day: 1)
        var event = Event(id: EventID(at: time, entropy: (1, 2)), kind: kind, occurredAt: time)
        event.dimensions = [.app: "search", .provider: "acme"]
        event.dimensions[.model] = model
        event.optimization.tokensBefore = before
        event.optimization.tokensAfter = after
        var rater = Rater(try PriceFile.read(Self.book))
        return try SavingRule.saving(for: event, rater: &rater)
    }

    @Test("tokens are worth the input price, and a bound that is no longer crossed counts")
    func priced() throws {
        let flat = try #require(try saving("flat", before: 18_661, after: 11_675))
        #expect(flat.kind == .savingRated && flat.amount == nil && flat.bookID != nil)
        #expect(flat.saved?.description == "0.017465")
        #expect(flat.dimensions[.app] == "search")
        let stepped = try #require(try saving("stepped", before: 210_000, after: 190_000))
        #expect(
            stepped.saved?.description == "0.69", "1.26 less 0.57; the price a request is in both")
        #expect(try saving("flat", before: 10, after: 30)?.saved?.description == "-0.00005")
        #expect(try saving("flat", before: 10, after: 10)?.saved == .zero)
    }

    @Test("a saving without a price stays unknown, with the reason, and is not a charge")
    func unpriced() throws {
        for (model, reason) in [
            ("other", "no price for model other of acme"),
            ("speech", "no price for input_tokens of model speech"),
        ] as [(Name, Name)] {
            let saving = try #require(try saving(model, before: 10, after: 5))
            #expect(saving.saved == nil && saving.unpriced == nil)
            #expect(saving.detail?[SavingRule.unpricedKey] == reason)
        }
        #expect(try saving(nil, before: 10, after: 5)?.saved == nil)
    }

    @Test("only an optimization that counts its tokens has a saving, and always the same id")
    func which() throws {
        #expect(try saving("flat", before: nil, after: nil) == nil)
        #expect(try saving("flat", before: 10, after: 5, kind: .requestCompleted) == nil)
        let first = try saving("flat", before: 10, after: 5)
        #expect(first?.id == (try saving("stepped", before: 11, after: 5))?.id)
    }
}
