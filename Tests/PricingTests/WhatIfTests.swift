import LedgerModel
import Pricing
import Testing

@Suite("Mappings and discounts of a replay")
struct WhatIfTests {
    private func rating(
        _ whatIf: WhatIf, provider: Name?, model: Name, usage: Usage, tier: Name? = nil,
        book: PriceBook
    ) throws -> Rating {
        var rater = Rater(PriceSchedule(book), supposing: whatIf)
        return try rater.rate(
            usage, provider: provider, model: model, serviceTier: tier, at: time
        ).rating
    }

    private let time = Timestamp(year: 2026, month: 11, day: 20)

    private let book = """
        tally_prices: 1
        name: two sellers
        providers:
          near:
            tiers: {batch: 0.5}
            models:
              small: {input_mtok: 2, output_mtok: 10, web_searches_kcount: 10}
          far:
            models:
              large: {input_mtok: {0: 3, 1000: 6}, output_mtok: 15, requests_kcount: 1}
        """

    @Test("names, providers, prefixes, clauses and the default are tried in order")
    func order() throws {
        let whatIf = try WhatIfFile.read(
            """
            tally_map: 1
            models:
              near/small: far/a
              other: far/b
              "gpt-4*": {to: far/c, tokens: 1.12, tier: batch}
              maker/model: far/d
            match:
            - {provider: near, model: {ends_with: -x}, to: far/e}
            - {model: {regex: "^o[0-9]"}, to: far/f}
            default: far/g
            """)
        func target(_ provider: Name?, _ model: Name) -> String? {
            whatIf.target(provider: provider, model: model)?.model
        }
        #expect(target("Near", "SMALL") == "a")
        #expect(target(nil, "small") == "g", "a rule with a provider needs one")
        #expect(target("x", "other") == "b")
        #expect(target("openai", "gpt-4o-mini") == "c")
        #expect(target("maker", "model") == "d" && target("router", "maker/model") == "d")
        #expect(target("near", "a-x") == "e" && target("far", "a-x") == "g")
        #expect(target(nil, "o3") == "f")
        let mini = whatIf.target(provider: nil, model: "gpt-4")
        #expect(mini?.tokens == Factor("1.12") && mini?.tier == "batch")
        #expect(try WhatIfFile.read(whatIf.text) == whatIf, "\(whatIf.text)")
        let plain = try WhatIfFile.read("{\"a\": \"far/large\"}")
        #expect(plain.target(provider: nil, model: "a")?.description == "far/large")
        #expect(plain.target(provider: nil, model: "b") == nil)
    }

    @Test("the most specific discount applies, in percent or as a factor")
    func discounts() throws {
        var whatIf = WhatIf()
        whatIf.discounts = try ["*=1.5", "far=10%", "far/la*=-5%", "near=0.25"].map {
            try WhatIfFile.discount($0)
        }
        func factor(_ provider: String, _ model: String) -> String? {
            whatIf.discount(provider: provider, model: model)?.factor.description
        }
        #expect(factor("far", "large") == "1.05" && factor("far", "other") == "0.9")
        #expect(factor("near", "small") == "0.25" && factor("x", "y") == "1.5")
        #expect(try WhatIfFile.read(whatIf.text).discounts == whatIf.discounts)
        let price = try rating(
            whatIf, provider: "near", model: "small",
            usage: [.inputTokens: 1_000, .webSearches: 1], book: try PriceFile.read(book))
        // A quarter of 0.002 and 0.01 dollars: searches are discounted as well.
        #expect(price == .priced(Picodollars(3_000_000_000)))
    }

    @Test("a factor on tokens applies to prices and to bounds, strictly above them")
    func tokens() throws {
        let book = try PriceFile.read(book)
        var whatIf = WhatIf()
        whatIf.otherwise = WhatIf.Target("far/large")
        whatIf.otherwise?.tokens = try #require(Factor("1.25"))
        func price(_ input: Int64) throws -> Rating {
            try rating(
                whatIf, provider: "near", model: "small", usage: [.inputTokens: input], book: book)
        }
        // 800 × 1.25 is 1,000, which is not above the bound; 801 × 1.25 is. A request costs 0.001.
        #expect(try price(800) == .priced(Picodollars(4_000_000_000)))
        #expect(try price(801) == .priced(Picodollars(7_007_500_000)))
        whatIf.otherwise?.tokens = try #require(Factor("0.3"))
        // 3,333 × 0.3 = 999.9 and 3,334 × 0.3 = 1,000.2.
        #expect(try price(3_333) == .priced(Picodollars(3_999_700_000)))
        #expect(try price(3_334) == .priced(Picodollars(7_001_200_000)))
    }

    @Test("a factor without a decimal form of the rate is still exact, and rounded once")
    func exactness() throws {
        let book = try PriceFile.read(
            """
            tally_prices: 1
            name: fine
            providers: {p: {models: {m: {input_tokens: 0.000000000000000000000001}}}}
            """)
        var whatIf = WhatIf()
        whatIf.discounts = [try WhatIfFile.discount("p=0.000003")]
        // 1e-30 USD × 3 a token: 1e15 of them cost 0.003 picodollars.
        let usage: Usage = [.inputTokens: Usage.countMax]
        #expect(
            try rating(whatIf, provider: "p", model: "m", usage: usage, book: book)
                == .priced(.zero))
        whatIf.discounts = [try WhatIfFile.discount("p=999.999999")]
        #expect(
            try rating(whatIf, provider: "p", model: "m", usage: usage, book: book)
                == .priced(Picodollars(1_000_000)))
    }

    @Test("unpriced reasons name the model that a request is mapped to")
    func reasons() throws {
        let book = try PriceFile.read(book)
        var whatIf = WhatIf()
        whatIf.otherwise = WhatIf.Target("far/large")
        let searched = try rating(
            whatIf, provider: "near", model: "small", usage: [.webSearches: 1], book: book)
        #expect(searched == .unpriced(.noRate(.webSearches, model: "large")))
        let batch = try rating(
            whatIf, provider: "near", model: "small", usage: [.inputTokens: 1], tier: "batch",
            book: book)
        #expect(batch == .unpriced(.noTier("batch", model: "large")))
        whatIf.otherwise?.tier = "standard"
        let standard = try rating(
            whatIf, provider: "near", model: "small", usage: [.inputTokens: 1], tier: "batch",
            book: book)
        #expect(standard == .priced(Picodollars(1_003_000_000)))
        #expect(whatIf.unknownTarget(in: PriceSchedule(book)) == nil)
        whatIf.otherwise = WhatIf.Target("far/larg")
        let unknown = try #require(whatIf.unknownTarget(in: PriceSchedule(book)))
        #expect(unknown.target.model == "larg" && unknown.nearest == "large")
    }

    @Test("an invalid mapping or discount is refused with its line")
    func refusals() {
        let bad: [(text: String, line: Int?, part: String)] = [
            ("a: b", 1, "provider/model"), ("a: /b", 1, "provider/model"),
            ("a: [x]", 1, "must be text"), ("- a", 1, "mapping"),
            ("a: x/y\na: x/z", nil, "twice"), ("a: {tokens: 2}", 1, "to is missing"),
            ("a:\n  to: x/y\n  tokens: 0", 3, "above 0"),
            ("a:\n  to: x/y\n  tokens: 1.1234567", 3, "six"),
            ("a:\n  to: x/y\n  speed: 2", 3, "not known"),
            ("tally_map: 2", 1, "must be 1"), ("tally_map: 1\nmodel: {}", 2, "not known"),
            ("tally_map: 1\nmatch:\n- {to: x/y}", 3, "needs a model"),
            ("tally_map: 1\nmatch:\n- {model: {regex: \"(\"}, to: x/y}", 3, "regular"),
            ("tally_map: 1\ndiscounts: {a: ten}", 2, "percentage"),
            ("tally_map: 1\ndiscounts: {a: 101%}", 2, "percentage"), ("", nil, "empty"),
        ]
        for (text, line, part) in bad {
            do {
                _ = try WhatIfFile.read(text)
                Issue.record("\(text) was read")
            } catch {
                #expect(line == nil || error.line == line, "\(text): \(error)")
                #expect("\(error)".contains(part), "\(text): \(error)")
            }
        }
        for text in ["openai", "=10%", "openai=", "openai=-1", "openai=1e9"] {
            #expect(throws: PriceFileError.self, "\(text)") { try WhatIfFile.discount(text) }
        }
    }

    @Test("the body of a call may hold a mapping as an object or as a text, numbers stay exact")
    func body() throws {
        let object = try WhatIfFile.read(
            body: """
                {"book": "ledger", "to": "far/large", "discounts": {"far": "10%"},
                 "map_models": {"a": {"to": "near/small", "tokens": 1.123456}}}
                """)
        #expect(object.target(provider: nil, model: "a")?.tokens == Factor("1.123456"))
        #expect(object.otherwise?.model == "large" && object.discounts.count == 1)
        let text = try WhatIfFile.read(body: #"{"map_models": "a: near/small\nb: far/large"}"#)
        #expect(text.target(provider: nil, model: "b")?.model == "large")
        #expect(try WhatIfFile.read(body: "{}").isEmpty)
        #expect(throws: PriceFileError.self) {
            try WhatIfFile.read(body: #"{"map_models": {"a": "nowhere"}}"#)
        }
    }
}
