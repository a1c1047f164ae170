import Foundation
import LedgerModel
import Pricing
import Testing
import UsageExtraction

@Suite("docs/prices.md")
struct PricesPageTests {
    @Test("every book on the page can be read and prices what it says")
    func books() throws {
        let root = URL(fileURLWithPath: #filePath)
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        let page = try String(
            contentsOf: root.appendingPathComponent("docs/prices.md"), encoding: .utf8)
        let books = try page.components(separatedBy: "```yaml\n").dropFirst()
            .compactMap { $0.components(separatedBy: "\n```").first }
            .map { try PriceFile.read($0) }
        #expect(books.count == 3)
        let book = books[1]
        #expect(books[2].providers[0].extractors.map(\.flavor) == ["chat"])
        let terms = try page.components(separatedBy: "```yml\n").dropFirst()
            .compactMap { $0.components(separatedBy: "\n```").first }
            .map { try PriceBook.default.adopting(PriceFile.readTerms($0)).terms }
        #expect(terms.map(\.discounts.count) == [2])
        #expect(terms.map(\.allowances.count) == [1])
        let usage: Usage = [.inputTokens: 100_000]
        let model: Name = "frontier-1-2026-03-01"
        #expect(try book.price(usage, model, at: "2026-02-01T12:00:00Z") == "0.5")
        #expect(try book.price(usage, model, at: "2026-03-01T12:00:00Z") == "0.3")
        #expect(try book.price(usage, model, at: "2026-03-01T17:00:00Z") == "0.15")
        #expect(try book.price(usage, model, tier: "batch", region: "eu") == "0.16")
        #expect(
            try book.price(usage, model, tier: "batch", at: "2026-03-01T12:00:00Z") == "0.15")
        #expect(try book.price(usage, "gpt-x", provider: "ac-me") == "0.1")
        #expect(try book.price(usage, "frontier-2-20260301", region: "us") == "0.44")
        #expect(try book.price(usage, "frontier-2", region: "br") == "0.48")
        #expect(try book.price(usage, "frontier-2", region: "global") == "0.4")
        #expect(
            try book.price(usage, "frontier-20")
                == "no price for model frontier-20 of acme; the nearest known name is frontier-2")
        #expect(try book.price(usage, "frontier-hosted", at: "2026-11-20") == "0.4")
        #expect(try book.price(usage, "frontier-hosted", at: "2026-11-21") == "0.3")
    }
}
