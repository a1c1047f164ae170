import LedgerModel
import Pricing
import Testing

@Suite("Audits of a book")
struct PriceAuditTests {
    private static let time = Timestamp(year: 2026, month: 11, day: 29)

    private func audit(_ book: PriceBook, _ source: String) throws -> PriceAudit {
        try book.audit(against: PriceFile.reading(source), at: Self.time, reasons: PriceReasons())
    }

    private func words(_ audit: PriceAudit) -> [String] {
        audit.rows.map { row in
            let difference = row.difference
            let unit = difference.unit.map(\.name) ?? "no model"
            let place = [difference.tier, difference.region].compactMap(\.self)
            let prices = [BookDifference.Side.first, .second].map {
                difference.price(of: $0) ?? "-"
            }
            return ([difference.model, unit] + place + ["above \(difference.above)"] + prices)
                .joined(separator: " ")
        }
    }

    @Test("each unit, bound, tier and region is compared, and nothing that the source leaves open")
    func prices() throws {
        let book = try acme(
            """
            m:
              regions: {us: 1.1, eu: 1.2}
              prices:
              - {input_mtok: {0: 1, 200000: 2}, cache_read_mtok: 0.1, output_mtok: 4}
              - {from: 2026-01-01, input_mtok: {0: 2, 200000: 4}, output_mtok: 8}
              - {tier: batch, input_mtok: 1}
              - {tier: flex, input_mtok: 1, output_mtok: 4}
            n: {input_mtok: 0.30000000000000004, output_mtok: 3}
            """)
        let audit = try audit(
            book,
            """
            {"acme/m": {"litellm_provider": "acme", "input_cost_per_token": 2e-6,
              "input_cost_per_token_above_200k_tokens": 5e-6, "output_cost_per_token": 8e-6,
              "cache_read_input_token_cost": 2e-6, "output_cost_per_reasoning_token": 9e-6,
              "input_cost_per_token_batches": 1e-6, "input_cost_per_token_flex": 3e-6,
              "regional_processing_uplift_multiplier_us": 1.1,
              "regional_processing_uplift_multiplier_eu": 1.5},
             "acme/n": {"litellm_provider": "acme", "input_cost_per_token": 3e-7},
             "acme/o": {"litellm_provider": "acme", "input_cost_per_token": 1e-6},
             "acme/p": {"litellm_provider": "acme", "input_cost_per_token": 0}}
            """)
        let found = words(audit)
        #expect(found.contains("m input_tokens above 200000 4 5"))
        #expect(found.contains("m input_tokens flex above 0 1 3"))
        #expect(found.contains("m reasoning_output_tokens above 0 - 9"))
        #expect(found.contains("m output_tokens eu above 0 9.6 12"))
        #expect(found.contains("acme/o no model above 0 - -"))
        #expect(!found.contains { $0.contains("batch above") || $0.contains(" us above 0") })
        #expect(!found.contains { $0.hasPrefix("n ") || $0.contains("cache_read") })
        #expect(audit.names == 3)
        #expect(audit.equal == 1)
        #expect(audit.unexplained == audit.rows.count)
    }

    @Test("genai-prices is compared at every time that it knows")
    func dates() throws {
        let book = try acme("m: {input_mtok: 1}")
        let audit = try audit(
            book,
            """
            [{"id": "acme", "models": [{"id": "m", "match": {"equals": "m"}, "prices": [
              {"prices": {"input_mtok": 2}},
              {"constraint": {"start_date": "2026-01-01"}, "prices": {"input_mtok": 1}}]}]}]
            """)
        #expect(words(audit) == ["m input_tokens above 0 1 2"])
        #expect(audit.rows.first?.difference.until == Timestamp(year: 2026, month: 1, day: 1))
    }

    @Test("a reason holds for the price that it names, and zero explains itself")
    func reasons() throws {
        func audit(_ price: String) throws -> PriceAudit {
            let source = try PriceFile.reading(
                """
                {"deepseek-reasoner": {"litellm_provider": "deepseek",
                  "input_cost_per_token": \(price), "output_cost_per_token": 4.2e-7}}
                """)
            return PriceBook.default.audit(against: source, at: Self.time, reasons: .builtIn)
        }
        #expect(try audit("2.8e-7").rows.isEmpty)
        #expect(try audit("2.9e-7").unexplained == 1)
        let zero = try audit("0")
        #expect(zero.rows.count == 1)
        #expect(zero.unexplained == 0)
    }

    @Test("an older file of genai-prices explains itself by its age")
    func age() throws {
        func audit(_ date: String) throws -> PriceAudit {
            let source = try PriceFile.reading(
                """
                [{"id": "openai", "models": [{"id": "gpt-4o", "match": {"equals": "gpt-4o"},
                  "prices": [{"prices": {"input_mtok": 9}}, {"constraint":
                    {"start_date": "\(date)"}, "prices": {"input_mtok": 8}}]}]}]
                """)
            return PriceBook.default.audit(against: source, at: Self.time, reasons: .builtIn)
        }
        #expect(try audit("2026-09-01").unexplained == 0)
        #expect(try audit("2028-09-01").unexplained == 2)
    }

    @Test("what a source says otherwise stands beside a shown price, with the reason")
    func notes() {
        let rows = PriceBook.default.show(model: "deepseek-reasoner", provider: "deepseek")
        let notes = rows.filter { $0.unit == .outputTokens && $0.price == "0.42" }
            .compactMap(\.note)
        #expect(notes.count == 1)
        #expect(notes.first?.contains("genai-prices: 2.19") == true, "\(notes)")
        let reason = "genai-prices stops at DeepSeek R1"
        #expect(notes.first?.ranges(of: reason).count == 1, "said once: \(notes)")
        #expect(
            PriceBook.default.show(model: "o3", provider: "openai").allSatisfy { row in
                row.note == nil || row.unit == .webSearches
            })
    }
}
