import LedgerModel
import Pricing
import Testing

@Suite("The default book")
struct DefaultBookTests {
    private let million: Usage = [.inputTokens: 1_000_000, .outputTokens: 1_000_000]

    @Test(
        "common models are priced out of the box",
        arguments: [
            ("openai", "gpt-4o"), ("openai", "gpt-4o-mini"), ("openai", "o3"),
            ("openai", "gpt-4.1"),
            ("openai", "gpt-5"), ("anthropic", "claude-sonnet-4-5"),
            ("anthropic", "claude-sonnet-4-5-20250929"), ("anthropic", "claude-3-5-haiku-latest"),
            ("google", "gemini-2.5-pro"), ("google", "gemini-2.5-flash"),
            ("gcp.vertex_ai", "gemini-2.5-pro"), ("deepseek", "deepseek-chat"),
            ("mistral", "mistral-large-latest"), ("mistral_ai", "mistral-small-latest"),
            ("aws.bedrock", "anthropic.claude-sonnet-4-5-20250929-v1:0"), ("azure", "gpt-4o"),
            ("azure.ai.openai", "gpt-4o-mini"), ("x_ai", "grok-4"), ("groq", "openai/gpt-oss-120b"),
            ("perplexity", "sonar-pro"), ("cohere", "command-r-plus"),
        ] as [(Name, Name)])
    func common(provider: Name, model: Name) throws {
        let rating = try PriceBook.default.rate(
            million, provider: provider, model: model, at: time("2025-11-06"))
        guard case .priced(let amount) = rating else {
            Issue.record("\(provider) \(model): \(rating)")
            return
        }
        #expect(amount > .zero)
    }

    @Test("gpt-4o costs 2.50 and 10.00 per million tokens, also in 2023")
    func gpt4o() throws {
        let book = PriceBook.default
        for at in ["2023-11-16T18:00:00Z", "2026-11-23"] {
            #expect(
                try book.price([.inputTokens: 1_000_000], "gpt-4o", provider: "openai", at: at)
                    == "2.5")
            #expect(
                try book.price([.outputTokens: 1_000_000], "gpt-4o", provider: "openai", at: at)
                    == "10")
        }
    }

    @Test(
        "a batch of gpt-4o costs half, whenever it ran",
        arguments: [
            "2024-06-01", "2026-10-13", "2026-10-14", "2026-11-23",
        ])
    func batch(_ at: String) throws {
        #expect(
            try PriceBook.default.price(
                million, "gpt-4o", provider: "openai", tier: "batch", at: at) == "6.25")
    }

    @Test("embeddings, long contexts and one-hour cache writes are priced")
    func others() throws {
        let book = PriceBook.default
        #expect(
            try book.price(
                [.inputTokens: 1_000_000], "text-embedding-3-small", provider: "openai") == "0.02")
        let claude: Usage = [.inputTokens: 1_000, .cacheWriteOneHourInputTokens: 1_000]
        #expect(try book.price(claude, "claude-sonnet-4-5", provider: "anthropic") == "0.006")
        #expect(
            try book.price(
                [.inputTokens: 300_000], "claude-sonnet-4-5", provider: "anthropic") == "1.8")
    }

    @Test("o3 became cheaper on 2025-06-10")
    func dated() throws {
        let book = PriceBook.default
        let before = try book.price(million, "o3", provider: "openai", at: "2025-06-09")
        let after = try book.price(million, "o3", provider: "openai", at: "2025-06-10")
        #expect([before, after] == ["50", "10"])
    }

    @Test("unknown models are unpriced")
    func unknown() throws {
        #expect(
            try PriceBook.default.price(million, "gpt-nonesuch", provider: "openai")
                == "no price for model gpt-nonesuch of openai")
    }

    @Test("it is large, and the same when read back")
    func size() throws {
        let book = PriceBook.default
        #expect(book.modelCount > 4_000)
        #expect(try PriceFile.read(book.canonicalText).id == book.id)
        #expect(book.name.hasPrefix("default 20"))
    }

    @Test("show prints every price of a model, or those in force at a time")
    func show() throws {
        let book = PriceBook.default
        let all = book.show(model: "o3", provider: "openai")
        let then = try book.show(model: "o3", provider: "openai", at: time("2025-01-01"))
        #expect(all.count > then.count)
        let input = then.first { $0.unit == .inputTokens && $0.tier == nil }
        #expect(input?.price == "10")
        #expect(input?.per == "1M tokens")
        let listed = try book.list(at: time("2026-01-01"))
            .first { $0.provider == "openai" && $0.model == "gpt-4o" }
        #expect(listed?.input == "2.5")
        #expect(listed?.output == "10")
    }
}
