import EventStore
import Export
import LedgerModel
import LedgerTesting
import PriceBooks
import Pricing
import StoreTesting
import Testing

private let listPrices = """
    tally_prices: 1
    name: list
    providers:
      openai:
        models:
          gpt-4o:
            prices:
            - {input_mtok: 2.5, cache_read_mtok: 1.25, output_mtok: 10, web_searches_kcount: 10}
            - {tier: batch, input_mtok: 1.25, output_mtok: 5}
          gpt-long: {input_mtok: {0: 1, 200000: 2}, output_mtok: 4}
          whisper: {input_hours: 0.36}
    """
private let discounted =
    listPrices + """

        discounts:
        - {name: half, factor: 0.5}
        """

@Suite("FOCUS")
struct FocusTests {
    private struct Request {
        var model: Name = "gpt-4o"
        var tier: Name?
        var usage: [UsageUnit: Int64] = [:]
        var app: Name = "search"
    }

    /// Books requests under a book, one batch after another, and exports all of them.
    private func export(
        _ version: FocusVersion = .oneTwo, _ bookings: (book: String, [Request])...
    ) async throws -> ParsedTable {
        try await TestLedger.with { fixture in
            var random = RandomEvents(seed: 7, days: 1)
            for (text, requests) in bookings {
                let book = try PriceFile.read(text)
                try await PriceBookStore(pool: fixture.pool).keep(book)
                var rater = Rater(book)
                var batch = EntryBatch(for: fixture.ledger.id)
                var encoder = EntryEncoder()
                for request in requests {
                    var event = random.request()
                    event.kind = .requestCompleted
                    event.usage = Usage()
                    for (unit, count) in request.usage { event.usage[unit] = count }
                    event.dimensions = Dimensions()
                    event.dimensions[.provider] = "openai"
                    event.dimensions[.model] = request.model
                    event.dimensions[.serviceTier] = request.tier
                    event.dimensions[.app] = request.app
                    event.dimensions[.team] = "growth"
                    let charge = try ChargeRule.charge(for: event, rater: &rater)
                    try batch.add(event, charge: charge, using: &encoder)
                }
                _ = try await fixture.ledger.append(batch)
            }
            var request = ExportRequest(.focus)
            request.focusVersion = version
            let table = ParsedTable(try await fixture.text(request))
            #expect(FocusValidator(version).violations(of: table) == [])
            return table
        }
    }

    private func sum(_ table: ParsedTable, _ column: String) -> Int128? {
        table.rows.reduce(0 as Int128?) { sum, row in
            sum.flatMap { sum in picodollars(row[column]).map { sum + $0 } }
        }
    }

    @Test(
        "each version has all of its columns",
        arguments: [(FocusVersion.oneZero, 43), (.oneOne, 50), (.oneTwo, 57), (.oneThree, 65)])
    func columns(version: FocusVersion, count: Int) async throws {
        let table = try await export(
            version, (discounted, [Request(usage: [.inputTokens: 1_200, .outputTokens: 300])]))
        #expect(table.columns.filter { !$0.hasPrefix("x_") }.count == count)
        #expect(table.rows.allSatisfy { $0["x_App"] == "search" && $0["x_Team"] == "growth" })
    }

    @Test("list costs are those before the discount, and each meter has its price")
    func discount() async throws {
        let table = try await export(
            .oneTwo, (discounted, [Request(usage: [.inputTokens: 1_200, .outputTokens: 300])]))
        #expect(sum(table, "ListCost") == 6_000_000_000)
        #expect(sum(table, "ContractedCost") == 3_000_000_000)
        #expect(sum(table, "BilledCost") == 3_000_000_000)
        let words = table.rows.map { row in
            ["SkuMeter", "ListUnitPrice", "ContractedUnitPrice", "PricingQuantity", "PricingUnit"]
                .map { row[$0] ?? "" }.joined(separator: " ")
        }
        #expect(
            Set(words) == [
                "Input Tokens 2.5 1.25 0.0012 1000000 Tokens",
                "Output Tokens 10 5 0.0003 1000000 Tokens",
            ])
        #expect(table.rows.map { $0["x_InputTokens"] } == ["1200", ""])
    }

    @Test("a price of an SKU is the same in every book that lists it, and another one elsewhere")
    func skuPrices() async throws {
        let usage: [UsageUnit: Int64] = [.inputTokens: 1_000, .outputTokens: 10]
        let dearer = listPrices.replacing("input_mtok: 2.5", with: "input_mtok: 3")
        let table = try await export(
            .oneTwo, (listPrices, [Request(usage: usage), Request(tier: "batch", usage: usage)]),
            (discounted, [Request(usage: usage)]), (dearer, [Request(usage: usage)]))
        let inputs = table.rows.filter { $0["SkuMeter"] == "Input Tokens" }
        let ids = inputs.map { $0["SkuPriceId"] ?? "" }
        #expect(ids.count == 4)
        #expect(ids[0] == ids[2] && Set(ids).count == 3, "\(ids)")
        #expect(Set(inputs.map { $0["SkuId"] }).count == 1)
        #expect(Set(table.rows.compactMap { $0["x_PriceBookId"] }).count == 3)
    }

    @Test("bounds, searches, times and free counts are meters of their own")
    func meters() async throws {
        let table = try await export(
            .oneTwo,
            (
                listPrices,
                [
                    Request(
                        usage: [
                            .inputTokens: 1_000, .cacheReadInputTokens: 600, .outputTokens: 7,
                            .webSearches: 3,
                        ]),
                    Request(model: "gpt-long", usage: [.inputTokens: 300_000, .outputTokens: 1]),
                    Request(model: "gpt-long", usage: [.inputTokens: 200_000]),
                    Request(model: "whisper", usage: [.inputSeconds: 90_000_000]),
                    Request(model: "gpt-9", usage: [.inputTokens: 5]),
                ]
            ))
        func cells(_ column: String, _ model: String) -> Set<String> {
            Set(table.rows.filter { $0["x_Model"] == model }.map { $0[column] ?? "" })
        }
        #expect(
            cells("SkuMeter", "gpt-4o")
                == ["Input Tokens", "Cached Input Tokens", "Output Tokens", "Web Searches"])
        #expect(cells("ConsumedQuantity", "gpt-4o") == ["400", "600", "7", "3"])
        #expect(cells("ListUnitPrice", "gpt-long") == ["2", "1", "4"])
        #expect(cells("PricingQuantity", "whisper") == ["0.025"])
        #expect(cells("ConsumedQuantity", "whisper") == ["90"])
        #expect(cells("x_PriceState", "gpt-9") == ["unpriced"])
        #expect(cells("BilledCost", "gpt-9") == ["0"])
    }

    @Test("what the meters of a charge book adds up to it, however they are rounded")
    func rounding() async throws {
        let fine = """
            tally_prices: 1
            name: fine
            providers:
              openai:
                models:
                  gpt-4o: {input_mtok: 0.0000015, cache_read_mtok: 0.0000005, output_mtok: 0.0000025}
            """
        let requests = (1..<40).map { count in
            Request(
                usage: [
                    .inputTokens: Int64(count * 2), .cacheReadInputTokens: Int64(count),
                    .outputTokens: Int64(count),
                ])
        }
        let table = try await export(.oneTwo, (fine, requests))
        let book = try PriceFile.read(fine)
        var rater = Rater(book)
        var expected: Int128 = 0
        for request in requests {
            var usage = Usage()
            for (unit, count) in request.usage { usage[unit] = count }
            let rated = try rater.rate(
                usage, provider: "openai", model: "gpt-4o",
                at: Timestamp(year: 2026, month: 1, day: 1))
            if case .priced(let amount) = rated.rating { expected += Int128(amount.amount) }
        }
        #expect(expected > 0 && sum(table, "BilledCost") == expected)
    }
}
