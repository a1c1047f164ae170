import LedgerModel
import Pricing
import Testing

@Suite("Conditions of prices")
struct ConditionTests {
    private let million: Usage = [.inputTokens: 1_000_000]

    @Test("a later start date supersedes, a price without one has always applied")
    func startDates() throws {
        let book = try acme(
            """
            m:
              prices:
              - {input_mtok: 10}
              - {from: 2025-06-10, input_mtok: 2}
              - {from: "2026-01-01T12:00:00Z", until: 2026-07-01, input_mtok: 1}
              - {from: 2026-07-01, input_mtok: 3}
            """)
        #expect(try book.price(million, "m", at: "2015-01-01") == "10")
        #expect(try book.price(million, "m", at: "2025-06-09T23:59:59.999999Z") == "10")
        #expect(try book.price(million, "m", at: "2025-06-10") == "2")
        #expect(try book.price(million, "m", at: "2026-01-01T11:59:59Z") == "2")
        #expect(try book.price(million, "m", at: "2026-01-01T12:00:00Z") == "1")
        #expect(try book.price(million, "m", at: "2026-07-01") == "3")
    }

    @Test("a superseded list is gone with all its units")
    func wholeLists() throws {
        let book = try acme(
            """
            m:
              prices:
              - {input_mtok: 10, cache_read_mtok: 1}
              - {from: 2026-01-01, input_mtok: 2}
            """)
        let usage: Usage = [.inputTokens: 1_000_000, .cacheReadInputTokens: 1_000_000]
        #expect(try book.price(usage, "m", at: "2025-01-01") == "1")
        #expect(try book.price(usage, "m", at: "2026-01-01") == "2")
    }

    @Test("before its first price and after its last a model is unpriced")
    func outOfForce() throws {
        let book = try acme("m: {from: 2025-01-01, until: 2026-01-01, input_mtok: 2}")
        let reason = "no price for model m was in force"
        #expect(try book.price(million, "m", at: "2024-12-31T23:59:59Z") == reason)
        #expect(try book.price(million, "m", at: "2025-12-31T23:59:59Z") == "2")
        #expect(try book.price(million, "m", at: "2026-01-01") == reason)
    }

    @Test("hours of the day are UTC, end exclusive, and may span midnight")
    func hours() throws {
        let book = try acme(
            """
            day:
              prices:
              - {input_mtok: 1}
              - {hours: "00:30-16:30", input_mtok: 2}
            night:
              prices:
              - {input_mtok: 1}
              - {hours: "16:30-00:30", input_mtok: 2}
            """)
        let moments = [
            ("00:29:59", "1", "2"), ("00:30:00", "2", "1"), ("16:29:59", "2", "1"),
            ("16:30:00", "1", "2"), ("23:59:59", "1", "2"), ("00:00:00", "1", "2"),
        ]
        for (clock, day, night) in moments {
            #expect(try book.price(million, "day", at: "2026-03-01T\(clock)Z") == day)
            #expect(try book.price(million, "night", at: "2026-03-01T\(clock)Z") == night)
        }
        // 01:00 in Berlin is midnight UTC.
        #expect(try book.price(million, "day", at: "2026-03-01T01:00:00+01:00") == "1")
    }

    @Test("a service tier changes the units that it names")
    func tiers() throws {
        let book = try acme(
            """
            m:
              prices:
              - {input_mtok: 2, cache_read_mtok: 1, output_mtok: 8}
              - {tier: flex, input_mtok: 1, output_mtok: 4}
              - {tier: flex, from: 2026-06-01, input_mtok: 0.5}
            """)
        let usage: Usage = [
            .inputTokens: 2_000_000, .cacheReadInputTokens: 1_000_000, .outputTokens: 1_000_000,
        ]
        #expect(try book.price(usage, "m") == "11")
        #expect(try book.price(usage, "m", tier: "flex", at: "2026-05-31") == "6")
        #expect(try book.price(usage, "m", tier: "Flex") == "5.5")
    }

    @Test(
        "words for no particular tier mean the standard prices",
        arguments: [
            nil, "standard", "default", "auto", "Standard", "on_demand", "",
        ] as [String?])
    func standardWords(_ word: String?) throws {
        let book = try acme("m: {input_mtok: 2}")
        #expect(try book.price(million, "m", tier: word.map { Name($0) }) == "2")
    }

    @Test("a tier that the book does not know is unpriced, not standard")
    func unknownTier() throws {
        let book = try acme("m: {input_mtok: 2}")
        for tier in ["batch", "flex", "priority", "turbo"] {
            #expect(
                try book.price(million, "m", tier: Name(tier))
                    == "no price for service tier \(tier) of model m")
        }
    }

    @Test("a provider's factor prices a tier that a model does not name, only on tokens")
    func factors() throws {
        let book = try acme(
            """
            m: {input_mtok: {0: 2, 1000: 4}, web_searches_kcount: 10}
            own:
              prices:
              - {input_mtok: 2}
              - {tier: batch, from: 2026-01-01, input_mtok: 1.5}
            """, provider: "tiers: {batch: 0.5}")
        let usage: Usage = [.inputTokens: 1_000, .webSearches: 1]
        #expect(try book.price(usage, "m", tier: "batch") == "0.011")
        #expect(try book.price([.inputTokens: 2_000], "m", tier: "batch") == "0.004")
        #expect(try book.price(million, "own", tier: "batch", at: "2025-01-01") == "1")
        #expect(try book.price(million, "own", tier: "batch") == "1.5")
    }

    @Test("a region has its own prices or factor, elsewhere the standard prices hold")
    func regions() throws {
        let book = try acme(
            """
            m:
              prices:
              - {input_mtok: 2, output_mtok: 8}
              - {region: eu, input_mtok: 3}
              - {region: eu, tier: batch, input_mtok: 1.4}
            n: {input_mtok: 2}
            """, provider: "regions: {us: 1.1}")
        #expect(try book.price(million, "m", region: "eu") == "3")
        #expect(try book.price(million, "m", region: "EU") == "3")
        #expect(try book.price([.outputTokens: 1_000_000], "m", region: "eu") == "8")
        #expect(try book.price(million, "m", tier: "batch", region: "eu") == "1.4")
        #expect(
            try book.price(million, "m", tier: "batch", region: "us")
                == "no price for service tier batch of model m")
        #expect(try book.price(million, "m", region: "moon") == "2")
        #expect(try book.price(million, "n", region: "us") == "2.2")
    }

    @Test("of a fallback provider's models only the standard prices are used")
    func fallback() throws {
        let book = try PriceFile.read(
            """
            tally_prices: 1
            name: test
            providers:
              acme:
                models:
                  m:
                    prices:
                    - {input_mtok: 2}
                    - {tier: flex, input_mtok: 1}
              reseller:
                fallback: [acme]
                models: {}
            """)
        #expect(try book.price(million, "m", provider: "reseller") == "2")
        #expect(
            try book.price(million, "m", provider: "reseller", tier: "flex")
                == "no price for service tier flex of model m")
    }

    @Test("the first model that matches wins, in lower case, with dates written either way")
    func matching() throws {
        let book = try acme(
            """
            exact: {match: {or: [exact, {starts_with: pre-}]}, input_mtok: 1}
            dated: {also: [m-2025-12-11], input_mtok: 2}
            ends: {match: {ends_with: -mini}, input_mtok: 3}
            both: {match: {and: [{contains: big}, {contains: fast}]}, input_mtok: 4}
            regex: {match: {regex: "^o[134](-|$)"}, input_mtok: 5}
            optional: {match: {regex: "^gpt-5x?\\\\d"}, input_mtok: 7}
            inside: {match: {regex: "q+r$"}, input_mtok: 8}
            late: {match: {contains: 1399}, input_mtok: 6}
            """)
        let expected: [(Name, String)] = [
            ("EXACT", "1"), ("pre-mini", "1"), ("m-20251211", "2"), ("m-2025-12-11", "2"),
            ("m-20251399", "6"), ("x-mini", "3"), ("fast-and-big", "4"), ("o3-pro", "5"),
            ("gpt-51", "7"), ("gpt-5x1", "7"), ("a-qqr", "8"),
        ]
        for (name, price) in expected {
            #expect(try book.price(million, name) == price, "\(name)")
        }
        #expect(try book.price(million, "o31", provider: "acme").hasPrefix("no price for model"))
    }

    @Test("with the provider litellm, the provider is taken from the model's name")
    func litellm() throws {
        let book = try acme("m: {input_mtok: 2}")
        #expect(try book.price(million, "acme/m", provider: "litellm") == "2")
        #expect(try book.price(million, "acme/m", provider: " LiteLLM ") == "2")
    }

    @Test("the last published book whose date has come is in force")
    func schedule() throws {
        let books = try [1, 2, 3].map { try acme("m: {input_mtok: \($0)}") }
        var schedule = PriceSchedule()
        var none = Rater(schedule)
        #expect(
            try none.rate(million, provider: "acme", model: "m", at: time("2026-01-01")).rating
                == .unpriced(.noBook))
        schedule.publish(books[0], effectiveFrom: nil)
        schedule.publish(books[1], effectiveFrom: try time("2026-01-01"))
        schedule.publish(books[2], effectiveFrom: try time("2025-06-01"))
        var rater = Rater(schedule)
        let expected = [("2025-01-01", 0), ("2025-06-01", 2), ("2026-02-01", 2)]
        for (date, index) in expected {
            let result = try rater.rate(
                million, provider: "acme", model: "m", at: time(date))
            #expect(result.book == books[index].id)
            #expect(result.rating == .priced(Picodollars(Int64(index + 1) * 1_000_000_000_000)))
        }
    }
}
