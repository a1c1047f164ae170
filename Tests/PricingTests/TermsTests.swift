import LedgerModel
import LedgerTesting
import Pricing
import Testing

@Suite("Terms")
struct TermsTests {
    private static let models = """
        small: {input_mtok: 1, cache_read_mtok: 0.1, output_mtok: 4, web_searches_kcount: 10}
        big:
          prices:
          - {input_mtok: {0: 10, 1000: 20}, cache_write_mtok: 12.5, output_mtok: 40}
          - {tier: flex, input_mtok: 6}
        """

    private func book(_ terms: String) throws -> PriceBook {
        try acme(Self.models, provider: "tiers: {batch: 0.5}").adopting(
            PriceFile.readTerms("tally_terms: 1\n" + terms))
    }

    @Test("a discount multiplies the rates that it covers, while it is in force")
    func discount() throws {
        let book = try book(
            """
            discounts:
            - {name: deal, from: 2026-01-01, until: 2027-01-01, model: small, percent_off: 12.5}
            """)
        let usage: Usage = [.inputTokens: 1_000_000, .webSearches: 1_000]
        #expect(try book.price(usage, "small") == "9.625")
        #expect(try book.price(usage, "small", at: "2025-12-31T23:59:59Z") == "11")
        #expect(try book.price(usage, "small", at: "2027-01-01") == "11")
        #expect(try book.price([.inputTokens: 1_000], "big") == "0.01")
    }

    @Test("units, tier, region and provider narrow a discount")
    func narrow() throws {
        let book = try book(
            """
            discounts:
            - {name: output, units: output_tokens, factor: 0.5}
            - {name: batch, tier: batch, units: [input_mtok], factor: 0.8}
            - {name: standard, tier: default, model: big, units: [input_tokens], factor: 0.9}
            - {name: here, region: EU, units: [cache_read_mtok], factor: 0}
            """)
        let both: Usage = [.inputTokens: 1_000, .outputTokens: 1_000]
        #expect(try book.price(both, "small") == "0.003")
        #expect(try book.price(both, "small", tier: "batch") == "0.0014")
        #expect(try book.price(both, "big", tier: "auto") == "0.029")
        #expect(try book.price(both, "big", tier: "flex") == "0.026")
        let cached: Usage = [.inputTokens: 1_000, .cacheReadInputTokens: 1_000]
        #expect(try book.price(cached, "small", region: "eu") == "0")
        #expect(try book.price(cached, "small", region: "us") == "0.0001")
    }

    @Test("of several discounts on a unit the last applies, they don't multiply")
    func last() throws {
        let book = try book(
            """
            discounts:
            - {name: all, percent_off: 10}
            - {name: input of small, model: {starts_with: sm}, units: input_tokens, percent_off: 50}
            """)
        let both: Usage = [.inputTokens: 1_000, .outputTokens: 1_000]
        #expect(try book.price(both, "small") == "0.0041")
        #expect(try book.price(both, "big") == "0.045")
    }

    @Test("an implied rate is discounted with the rate that implies it, and the derivation says so")
    func implied() throws {
        let book = try book(
            "discounts: [{name: writes, units: cache_write_mtok, percent_off: 20}]")
        let usage: Usage = [
            .inputTokens: 1_500, .cacheWriteOneHourInputTokens: 1_000, .outputTokens: 10,
        ]
        let derivation = try book.derive(
            usage, provider: "acme", model: "big", at: time("2026-06-01"))
        let line = try #require(
            derivation.lines.first { $0.unit == .cacheWriteOneHourInputTokens })
        let origin = try #require(line.origin)
        #expect(origin.unit == .cacheWriteInputTokens)
        #expect(origin.source.discount?.name == "writes")
        #expect(origin.listRate.price(per: 1_000_000) == "12.5")
        #expect(line.rate.price(per: 1_000_000) == "10")
        let input = try #require(derivation.lines.first { $0.unit == .inputTokens })
        #expect(input.origin?.above == 1_000)
        #expect(input.origin?.source.discount == nil)
        #expect(input.listAmount == input.amount)
    }

    @Test("a traced derivation names the list and the factors of each rate")
    func traced() throws {
        let book = try book("discounts: [{name: all, percent_off: 10}]")
        let usage: Usage = [.inputTokens: 1_000, .outputTokens: 10]
        for (tier, factor, named) in [
            ("batch", Factor("0.5"), nil), ("flex", nil, "flex"),
        ] as [(Name, Factor?, String?)] {
            let derivation = try book.derive(
                usage, provider: "acme", model: "big", serviceTier: tier, at: time("2026-06-01"))
            let line = try #require(derivation.lines.first { $0.unit == .inputTokens })
            #expect(line.origin?.source.tierFactor == factor)
            #expect(line.origin?.source.list.tier == named)
        }
    }

    @Test("rating, deriving and a rater agree on every discounted price")
    func agreement() throws {
        let book = try book(
            """
            discounts:
            - {name: all, percent_off: 12.5, until: 2026-07-01}
            - {name: input, units: input_mtok, percent_off: 25, from: 2026-03-01}
            """)
        var rater = Rater(book)
        try forSeeds { random in
            let usage: Usage = [
                .inputTokens: random.count(0...5_000), .outputTokens: random.count(0...5_000),
            ]
            let model: Name = random.bool() ? "small" : "big"
            let tier: Name? = ["batch", "flex", nil][Int(random.count(0...2))]
            let at = try time("2026-01-01").advanced(
                byMicroseconds: random.count(0...365) * Timestamp.dayMicroseconds)
            let derivation = try book.derive(
                usage, provider: "acme", model: model, serviceTier: tier, at: at)
            let rated = try rater.rate(
                usage, provider: "acme", model: model, serviceTier: tier, at: at)
            let untraced = try rater.derive(
                usage, provider: "acme", model: model, serviceTier: tier, at: at)
            #expect(rated.rating == derivation.rating, "\(random)")
            #expect(untraced.lines.map(\.amount) == derivation.lines.map(\.amount), "\(random)")
        }
    }

    @Test("terms are part of the book's text and id; without any the text stays what it was")
    func identity() throws {
        let plain = try acme(Self.models, provider: "tiers: {batch: 0.5}")
        let book = try book(
            """
            allowances:
            - {name: free, provider: acme, units: [output_tokens, input_tokens], free: 1e6, per: day}
            discounts:
            - {name: "10 %", from: 2026-01-01, model: {or: [small, big]}, tier: flex, percent_off: 10}
            """)
        #expect(book.id != plain.id)
        #expect(book.canonicalText.hasPrefix(plain.canonicalText))
        #expect(
            book.canonicalText.hasSuffix(
                """
                discounts:
                - {name: "10 %", from: 2026-01-01, model: {or: [small, big]}, tier: flex, factor: 0.9}
                allowances:
                - {name: free, provider: acme, units: [output_tokens, input_tokens], free: 1000000, \
                per: day}

                """))
        let again = try PriceFile.read(book.canonicalText)
        #expect(again.id == book.id)
        #expect(again.terms == book.terms)
        #expect(try again.adopting(TermsDraft(Terms())).id == plain.id)
        #expect(try plain.adopting(TermsDraft(book.terms)).id == book.id)
    }

    @Test(
        "invalid terms are refused with their line",
        arguments: [
            ("discounts: [{name: a}]", 2, "a discount needs percent_off or factor"),
            ("discounts:\n- {percent_off: 1}", 3, "the discount needs a name"),
            ("discounts:\n- {name: a, factor: 1, percent_off: 1}", 3, "either percent_off or"),
            ("discounts:\n- {name: a, percent_off: 101}", 3, "percent_off must be from 0 to 100"),
            ("discounts:\n- {name: a, percent_off: 0.00001}", 3, "percent_off must be from 0 to"),
            ("discounts:\n- {name: a, factor: -1}", 3, "factor must be from 0 to 1000"),
            ("discounts:\n- {name: a, factor: 1, colour: red}", 3, "\"colour\" is not known here"),
            ("discounts:\n- {name: a, factor: 1, units: [smell]}", 3, "\"smell\" is not a unit"),
            ("discounts:\n- {name: a, factor: 1, units: []}", 3, "units is empty"),
            ("discounts:\n- {name: a, factor: 1, from: soon}", 3, "from must be a date"),
            (
                "discounts:\n- {name: a, factor: 1, from: 2026-02-01, until: 2026-01-01}", 3,
                "the terms end at 2026-01-01T00:00:00Z, before they begin"
            ),
            (
                "discounts:\n- {name: a, factor: 1}\n- {name: a, factor: 0.9, model: big}", 4,
                "there are two discounts named \"a\""
            ),
            (
                "discounts:\n- {name: a, factor: 1}\n- {name: b, factor: 0.9}", 4,
                "\"b\": these discounts have the same conditions as those on line 3"
            ),
            (
                "discounts:\n- {name: a, factor: 1, until: 2026-03-01}\n"
                    + "- {name: b, factor: 0.9, from: 2026-02-01}", 4,
                "\"b\": discounts from 2026-02-01T00:00:00Z overlap those until"
            ),
            (
                "discounts:\n- {name: a, factor: 1}\n- {name: b, provider: acne, factor: 0.9}", 4,
                "\"b\" covers no model of book test"
            ),
            ("allowances:\n- {name: a, free: 1, per: day}", 3, "an allowance needs units"),
            (
                "allowances:\n- {name: a, units: images, free: 0.5, per: day}", 3,
                "an allowance needs free"
            ),
            ("allowances:\n- {name: a, units: images, free: 5, per: week}", 3, "per: day or month"),
            (
                "allowances:\n- {name: a, units: [images, input_hours], free: 5, per: day}", 3,
                "seconds and counts cannot share"
            ),
            ("gifts: []", 2, "\"gifts\" is not known here"),
        ])
    func refused(_ terms: String, line: Int, message: String) throws {
        let error = #expect(throws: PriceFileError.self) { try book(terms) }
        #expect(error?.line == line)
        #expect(error?.message.contains(message) == true, "\(error?.message ?? "")")
    }

    @Test("a discount without an exact product is refused, also through a factor or a fallback")
    func inexact() throws {
        let plain = try PriceFile.read(
            """
            tally_prices: 1
            name: fine
            providers:
              acme:
                tiers: {batch: 0.5}
                models: {m: {input_mtok: 0.000000000000000002}}
              seller:
                fallback: [acme]
                models: {}
            """)
        for (terms, fails) in [
            ("{name: a, factor: 0.5}", true), ("{name: a, factor: 3}", false),
            ("{name: a, provider: seller, factor: 0.1}", true),
            ("{name: a, units: output_mtok, factor: 0.1}", false),
        ] {
            let draft = try PriceFile.readTerms("tally_terms: 1\ndiscounts:\n- \(terms)")
            guard fails else {
                _ = try plain.adopting(draft)
                continue
            }
            let error = #expect(throws: PriceFileError.self) { try plain.adopting(draft) }
            #expect(error?.line == 3)
            #expect(error?.message.contains("has more than 24 decimals") == true)
        }
    }

    @Test("prices and terms are distinguished by their first key")
    func kinds() throws {
        let terms = "tally_terms: 1\ndiscounts: []"
        let error = #expect(throws: PriceFileError.self) { try PriceFile.read(terms) }
        #expect(error?.message.contains("tally prices terms") == true)
        #expect(throws: PriceFileError.self) {
            try PriceFile.readTerms("tally_prices: 1\nname: x\nproviders: {}")
        }
    }
}
