import LedgerModel
import Pricing
import Testing

@Suite("The money that caches and batches saved")
struct CacheSavingTests {
    private static let book = """
        tally_prices: 1
        name: acme
        providers:
          acme:
            tiers: {batch: 0.5}
            models:
              flat: {input_mtok: 2.5, cache_read_mtok: 1.25, output_mtok: 10}
              stepped: {input_mtok: {0: 3, 200000: 6}, output_mtok: 15}
              asked: {input_mtok: 1, requests_kcount: 2}
          plain:
            models:
              flat: {input_mtok: 2.5, output_mtok: 10}

        """

    private func saving(
        _ kind: EventKind, _ usage: Usage, model: Name = "flat", of provider: Name = "acme",
        tier: Name? = nil, detail: [(key: Name, value: Name)] = []
    ) throws -> Event? {
        let time = Timestamp(year: 2026, month: 11, day: 1)
        var event = Event(id: EventID(at: time, entropy: (1, 2)), kind: kind, occurredAt: time)
        event.dimensions = [.app: "search", .provider: provider, .model: model]
        event.dimensions[.serviceTier] = tier
        event.usage = usage
        event.detail = try Labels(detail)
        var rater = Rater(try PriceFile.read(Self.book))
        return try SavingRule.saving(for: event, rater: &rater)
    }

    @Test("a hit saves what its answer would have cost, less what looking it up did")
    func hit() throws {
        let usage: Usage = [
            .inputTokens: 1_200, .cacheReadInputTokens: 1_000, .outputTokens: 300,
        ]
        let plain = try #require(try saving(.cacheHit, usage))
        #expect(plain.kind == .savingRated && plain.amount == nil && plain.bookID != nil)
        #expect(plain.saved?.description == "0.00475")
        #expect(plain.usage.isEmpty && plain.dimensions[.app] == "search")
        let looked = try saving(.cacheHit, usage, detail: [("overhead_pico", "750000000")])
        #expect(looked?.saved?.description == "0.004")
        let dear = try saving(.cacheHit, [.inputTokens: 1], detail: [("overhead_pico", "3500000")])
        #expect(dear?.saved?.description == "-0.000001", "a look-up may cost more than it saves")
    }

    @Test("a hit without usage saves nothing that is known, and one without a price says why")
    func unknown() throws {
        #expect(try saving(.cacheHit, Usage()) == nil)
        let other = try #require(try saving(.cacheHit, [.inputTokens: 5], model: "other"))
        #expect(other.saved == nil)
        #expect(other.detail?[SavingRule.unpricedKey] == "no price for model other of acme")
        for kind in [EventKind.cacheMiss, .cacheStored, .batchFormed] {
            #expect(try saving(kind, [.inputTokens: 5], tier: "batch") == nil)
        }
    }

    @Test("a batch at the batch price saves the difference to the standard price")
    func batch() throws {
        let usage: Usage = [.inputTokens: 1_000_000, .outputTokens: 100_000]
        #expect(
            try saving(.batchCompleted, usage, tier: "batch")?.saved?.description == "1.75")
        #expect(
            try saving(.batchCompleted, usage, tier: "Batch")?.saved?.description == "1.75")
        #expect(try saving(.batchCompleted, usage) == nil, "merged calls have the standard price")
        #expect(try saving(.batchCompleted, Usage(), tier: "batch") == nil)
        let none = try #require(
            try saving(.batchCompleted, usage, of: "plain", tier: "batch"))
        #expect(none.saved == nil)
        #expect(
            none.detail?[SavingRule.unpricedKey]
                == "no price for service tier batch of model flat")
    }

    @Test("bounds and prices per request go by the requests of a batch, not by their sum")
    func sizes() throws {
        func saved(_ model: Name, _ tokens: Int64, _ detail: [(Name, Name)]) throws -> String? {
            try saving(
                .batchCompleted, [.inputTokens: tokens], model: model, tier: "batch",
                detail: detail.map { (key: $0.0, value: $0.1) })?.saved?.description
        }
        #expect(try saved("stepped", 1_000_000, [("size", "10")]) == "1.5")
        #expect(try saved("stepped", 1_000_000, [("size", "5")]) == "1.5", "200,000 each")
        #expect(try saved("stepped", 1_000_001, [("size", "5")]) == "3.000003")
        #expect(
            try saved("stepped", 1_000_000, [("size", "9"), ("succeeded", "2")]) == "3",
            "those that were answered have the usage")
        #expect(try saved("stepped", 1_000_000, [("size", "many")]) == "3", "as one request")
        #expect(try saved("stepped", 1_000_000, [("size", "0")]) == "3")
        // The price of a request is no price of tokens, so the tier does not change it.
        #expect(try saved("asked", 1_000_000, [("size", "10")]) == "0.5")
    }

    @Test("a cost of a cache that is no number is refused, and of other kinds just a detail")
    func refused() throws {
        let time = Timestamp(year: 2026, month: 11, day: 1)
        for (key, value) in [
            ("overhead_pico", "cheap"), ("overhead_pico", "-5"), ("write_pico", "1.5"),
            ("write_pico", ""), ("overhead_pico", "1234567890123456"),
        ] as [(Name, Name)] {
            var event = Event(
                id: EventID(at: time, entropy: (1, 2)), kind: .cacheHit, occurredAt: time)
            event.detail = try Labels([(key, value)])
            #expect(
                throws: EventRefusal.notPicodollars(field: "detail.\(key)", value)
            ) { try event.validate() }
            event.kind = .batchFormed
            try event.validate()
        }
        #expect(
            EventRefusal.notPicodollars(field: "detail.write_pico", "x").description
                == "detail.write_pico is \"x\": expected a whole number of picodollars (1e-12 USD) "
                + "of at most 15 digits")
    }
}
