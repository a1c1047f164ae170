import LedgerModel
import LedgerTesting
import Pricing
import Testing

@Suite("Books in layers")
struct LayerTests {
    private let usage: Usage = [.inputTokens: 1_000_000, .outputTokens: 1_000_000]

    private func book(_ name: String, _ providers: String) throws -> PriceBook {
        try PriceFile.read("tally_prices: 1\nname: \(name)\nproviders:\n\(providers)")
    }

    @Test("the upper book's models come first, and what it does not name keeps its price")
    func models() throws {
        let base = try book(
            "base",
            """
              acme:
                match: {starts_with: acme}
                tiers: {batch: 0.5}
                models:
                  small: {input_mtok: 1, output_mtok: 2}
                  large: {match: {starts_with: large}, input_mtok: 10, output_mtok: 20}
              other:
                models: {small: {input_mtok: 7}}

            """)
        let own = try book(
            "mine",
            """
              inhouse:
                models: {proto: {requests_kcount: 5}}
              acme:
                tiers: {priority: 2}
                models:
                  small: {input_mtok: 3}
                  large-2: {input_mtok: 4, output_mtok: 4}

            """)
        let layered = try own.laid(over: base)
        #expect(layered.name == "mine over base" && layered.modelCount == 5)
        #expect(layered.providers.map(\.id) == ["inhouse", "acme", "other"])
        #expect(try layered.price(usage, "large-2") == "8", "own models match first")
        #expect(try layered.price(usage, "large-1") == "30")
        #expect(try layered.price([.inputTokens: 1_000_000], "small") == "3")
        #expect(
            try layered.price(usage, "small") == own.price(usage, "small"),
            "a model of the same id is replaced as a whole")
        #expect(try layered.price(usage, "large-1", provider: "acme-eu", tier: "batch") == "15")
        #expect(try layered.price(usage, "large-1", tier: "priority") == "60")
        #expect(try layered.price([.inputTokens: 1_000_000], "small", provider: "other") == "7")
        #expect(try PriceFile.read(layered.canonicalText) == layered)
        #expect(try own.laid(over: layered) == layered, "again it is the same book")
    }

    @Test("over the built-in book, every request costs what its own layer says")
    func property() throws {
        let own = try book(
            "mine",
            """
              openai:
                models:
                  gpt-4o: {match: {version_of: gpt-4o}, input_mtok: 1, output_mtok: 2}
              acme:
                models: {frontier: {input_mtok: 3, output_mtok: 4}}

            """)
        let base = PriceBook.default
        let layered = try own.laid(over: base)
        #expect(layered.modelCount > base.modelCount)
        var random = SeededGenerator(seed: testSeed())
        for _ in 0..<300 {
            let provider = try #require(base.providers.randomElement(using: &random))
            guard let model = provider.models.randomElement(using: &random) else { continue }
            let usage: Usage = [
                .inputTokens: random.count(0...1_000_000), .outputTokens: random.count(0...9_999),
            ]
            let (seller, name) = (Name(provider.id), Name(model.id))
            let isOwn = try !own.price(usage, name, provider: seller).hasPrefix("no ")
            let expected = try (isOwn ? own : base).price(usage, name, provider: seller)
            #expect(try layered.price(usage, name, provider: seller) == expected, "\(name)")
        }
        #expect(try layered.price(usage, "gpt-4o-2024-08-06", provider: "openai") == "3")
        #expect(try layered.price(usage, "frontier") == "7")
        #expect(layered.name == "mine over \(base.name)")
    }

    @Test("the upper book's terms hold if it has any, and its name is said once")
    func termsAndNames() throws {
        let plain = "  acme:\n    models: {a: {input_mtok: 8}}\n"
        let terms = "discounts: [{name: half, percent_off: 50}]\n"
        let base = try book("base", plain + terms)
        let other = "  acme:\n    models: {b: {input_mtok: 4}}\n"
        let million: Usage = [.inputTokens: 1_000_000]
        let inherited = try book("mine", other).laid(over: base)
        #expect(try inherited.price(million, "b") == "2", "the terms below hold for all")
        let replaced = try book("mine", other + "discounts: [{name: all, factor: 0.25}]\n")
            .laid(over: inherited)
        #expect(replaced.name == "mine over base")
        #expect(try replaced.price(million, "a") == "2" && replaced.price(million, "b") == "1")
        var stack = base
        for index in 0..<9 { stack = try book("layer \(index)", other).laid(over: stack) }
        #expect(stack.name == "layer 8 over layer 7 over layer 6 over base")
    }

    @Test("a factor that has no exact form with a price of the other layer is refused")
    func inexact() throws {
        let base = try book(
            "base", "  acme:\n    models: {a: {input_mtok: 0.000000000000000001}}\n")
        let own = try book(
            "mine", "  acme:\n    tiers: {batch: 0.333333}\n    models: {b: {input_mtok: 1}}\n")
        #expect(throws: PriceFileError.self) { try own.laid(over: base) }
    }
}
