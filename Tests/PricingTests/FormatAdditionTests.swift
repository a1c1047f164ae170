import LedgerModel
import Pricing
import Testing

@Suite("Weekdays, versions, regions and sellers of one house")
struct FormatAdditionTests {
    private let million: Usage = [.inputTokens: 1_000_000]

    @Test("a list of weekdays refines hours, and a later date starts anew")
    func weekdays() throws {
        let book = try acme(
            """
            m:
              prices:
              - {input_mtok: 1}
              - {hours: "01:00-04:00", input_mtok: 2}
              - {from: 2026-08-23, weekdays: [sat, sun], input_mtok: 1}
              - {hours: "06:00-10:00", weekdays: [mon], input_mtok: 3}
            """)
        // 2026-08-22 was a Saturday, 2026-08-24 a Monday.
        #expect(try book.price(million, "m", at: "2026-08-22T02:00:00Z") == "2")
        #expect(try book.price(million, "m", at: "2026-08-29T02:00:00Z") == "1")
        #expect(try book.price(million, "m", at: "2026-08-31T02:00:00Z") == "2")
        #expect(try book.price(million, "m", at: "2026-08-31T06:00:00Z") == "3")
        #expect(try book.price(million, "m", at: "2026-09-01T06:00:00Z") == "1")
        #expect(try book.price(million, "m", at: "1999-12-27T06:00:00Z") == "3")
        #expect(try PriceFile.read(book.canonicalText).id == book.id)
    }

    @Test(
        "weekdays that contradict each other are refused",
        arguments: [
            ("weekdays: [mon, noday]", "weekdays must be a list of mon, tue"),
            ("weekdays: []", "weekdays must name a day"),
        ])
    func badWeekdays(_ condition: String, _ message: String) {
        let error = #expect(throws: PriceFileError.self) {
            try acme("m:\n  prices:\n  - {input_mtok: 1}\n  - {\(condition), input_mtok: 2}")
        }
        #expect(error?.message.hasPrefix(message) == true, "\(error?.message ?? "")")
    }

    @Test("two lists for one weekday are refused, and so is a week with a day without price")
    func overlappingWeekdays() {
        #expect(throws: PriceFileError.self) {
            try acme(
                """
                m:
                  prices:
                  - {input_mtok: 1}
                  - {weekdays: [mon, tue], input_mtok: 2}
                  - {weekdays: [tue, wed], input_mtok: 3}
                """)
        }
        #expect(throws: PriceFileError.self) {
            try acme("m:\n  prices:\n  - {weekdays: [mon, tue], input_mtok: 2}")
        }
    }

    @Test(
        "a version's suffix is a date, a number or a word of vendors",
        arguments: [
            "m-1", "m-1-20250805", "m-1-2025-08-05", "m-1@20250805", "m-1-05-06", "m-1-09-2025",
            "m-1-0324", "m-1-2407", "m-1-250805", "m-1-001", "m-1-latest", "m-1-preview",
            "m-1-preview-05-06", "m-1@default", "m-1-v1:0", "m-1-20250805-v1:0",
            "m-1-20250805-v2", "m-1:0", "m-1-v1:0:200k", "M-1-LATEST",
            "publishers/x/models/m-1",
        ] as [Name])
    func versions(_ name: Name) throws {
        let book = try acme("x: {match: {version_of: m-1}, input_mtok: 1}")
        #expect(try book.price(million, name) == "1")
        #expect(try PriceFile.read(book.canonicalText).id == book.id)
    }

    @Test(
        "a neighbour is no version",
        arguments: [
            "m-10", "m-1x", "m-1-2", "m-1-22", "m-1-ultra", "m-1-v9", "m-1-9999", "m-1-999",
            "m-1-preview-tts", "m-1-20259905", "m-1.5", "eu.m-1", "us-east-1/m-1", "am-1", "m-1-",
            "m-1-100", "m-1-05", "m-1-2025",
        ] as [Name])
    func neighbours(_ name: Name) throws {
        let book = try acme("x: {match: {version_of: m-1}, input_mtok: 1}")
        #expect(try book.price(million, name) == "no price for model \(name) of acme")
    }

    @Test("a fine-tuned model's owner may follow its name")
    func fineTuned() throws {
        let book = try acme("x: {match: {version_of: \"ft:m-1\"}, input_mtok: 1}")
        #expect(try book.price(million, "ft:m-1-2025-04-14:acme::x") == "1")
        #expect(try book.price(million, "ft:m-1:acme:x:y") == "1")
        #expect(try book.price(million, "ft:m-10:acme::x").hasPrefix("no price"))
    }

    @Test("a model's factor for a region covers every tier, and a star any other region")
    func regions() throws {
        let book = try acme(
            """
            m:
              regions: {us: 1.1, global: 1, "*": 1.5}
              prices:
              - {input_mtok: 2}
              - {tier: batch, input_mtok: 1}
              - {region: eu, input_mtok: 5}
            """, provider: "regions: {us: 3, jp: 3}")
        #expect(try book.price(million, "m", region: "US") == "2.2")
        #expect(try book.price(million, "m", tier: "batch", region: "us") == "1.1")
        #expect(try book.price(million, "m", region: "global") == "2")
        #expect(try book.price(million, "m", region: "jp") == "3")
        #expect(try book.price(million, "m", region: "eu") == "5")
        #expect(try book.price(million, "m") == "2")
        #expect(try PriceFile.read(book.canonicalText).id == book.id)
    }

    @Test("models of the same seller keep their tiers; those of a fallback don't")
    func sameSeller() throws {
        let book = try PriceFile.read(
            """
            tally_prices: 1
            name: test
            providers:
              a:
                same_seller: [b]
                fallback: [c]
                models: {m: {input_mtok: 1}}
              b:
                models:
                  m: {input_mtok: 9}
                  n:
                    prices:
                    - {input_mtok: 2}
                    - {tier: batch, input_mtok: 1}
              c:
                models:
                  n: {input_mtok: 9}
                  o:
                    prices:
                    - {input_mtok: 3}
                    - {tier: batch, input_mtok: 1}
            """)
        #expect(try book.price(million, "m", provider: "a") == "1")
        #expect(try book.price(million, "n", provider: "a") == "2")
        #expect(try book.price(million, "n", provider: "a", tier: "batch") == "1")
        #expect(
            try book.price(million, "o", provider: "a", tier: "batch")
                == "no price for service tier batch of model o")
        #expect(try PriceFile.read(book.canonicalText).id == book.id)
        #expect(throws: PriceFileError.self) {
            try acme("m: {input_mtok: 1}", provider: "same_seller: [nobody]")
        }
    }

    @Test("a book without the new words keeps its text, and so its id")
    func oldBooks() throws {
        let book = try acme("m: {match: {starts_with: m-}, hours: \"00:00-24:00\", input_mtok: 1}")
        #expect(
            book.canonicalText == """
                tally_prices: 1
                name: test
                providers:
                  acme:
                    models:
                      m: {match: {starts_with: m-}, hours: "00:00-24:00", input_mtok: 1}

                """)
    }

    @Test(
        "genai-prices' times of day may have an offset",
        arguments: [
            ("00:30:00+00:00", "16:30:00+00:00"), ("00:30:00Z", "16:30:00Z"), ("00:30", "16:30"),
            ("02:30:00+02:00", "18:30:00+02:00"), ("19:30:00-05:00", "11:30:00-05:00"),
        ])
    func offsets(start: String, end: String) throws {
        let book = try PriceFile.read(
            """
            [{"id": "acme", "models": [{"id": "m", "match": {"equals": "m"}, "prices": [
              {"prices": {"input_mtok": 1}},
              {"constraint": {"start_time": "\(start)", "end_time": "\(end)"},
               "prices": {"input_mtok": 2}}]}]}]
            """)
        #expect(try book.price(million, "m", at: "2026-11-20T00:29:59Z") == "1")
        #expect(try book.price(million, "m", at: "2026-11-20T00:30:00Z") == "2")
        #expect(try book.price(million, "m", at: "2026-11-20T16:29:59Z") == "2")
        #expect(try book.price(million, "m", at: "2026-11-20T16:30:00Z") == "1")
    }

    @Test("LiteLLM's sellers, multipliers, hours and bounds are read")
    func litellm() throws {
        let book = try PriceFile.read(
            """
            {"azure/large": {"litellm_provider": "azure", "input_cost_per_token": 8e-6},
             "azure_ai/large": {"litellm_provider": "azure_ai", "input_cost_per_token": 2e-6},
             "azure_ai/r1": {"litellm_provider": "azure_ai", "input_cost_per_token": 3e-6},
             "vertex_ai/claude@1": {"litellm_provider": "vertex_ai-anthropic_models",
               "input_cost_per_token": 3e-6, "regional_endpoint_uplift_multiplier": 1.1},
             "gemini/g": {"litellm_provider": "gemini", "input_cost_per_token": 1e-6},
             "opus": {"litellm_provider": "anthropic", "input_cost_per_token": 5e-6,
               "provider_specific_entry": {"us": 1.1, "fast": 2.0}},
             "gpt": {"litellm_provider": "openai", "input_cost_per_token": 1e-5,
               "input_cost_per_token_above_272k_tokens": 2e-5,
               "input_cost_per_token_above_272k_tokens_flex": 1e-5,
               "input_cost_per_token_above_100k_tokens_priority": 1e-5,
               "regional_processing_uplift_multiplier_eu": 1.1},
             "flash": {"litellm_provider": "deepseek", "input_cost_per_token": 3e-7,
               "off_peak_pricing": {"input_cost_per_token": 1.5e-7, "windows": [
                 {"hours_utc": ["00:00-01:00", "04:00-06:00", "10:00-00:00"],
                  "weekdays": [1, 2, 3, 4, 5]},
                 {"hours_utc": "00:00-00:00", "weekdays": [6, 7]}]}}}
            """)
        #expect(try book.price(million, "large", provider: "azure") == "8")
        #expect(try book.price(million, "large", provider: "azure_ai") == "2")
        #expect(try book.price(million, "r1", provider: "azure") == "3")
        #expect(try book.price(million, "claude@1", provider: "google") == "3")
        #expect(
            try book.price(million, "claude@1", provider: "google", region: "us-east5") == "3.3")
        #expect(try book.price(million, "claude@1", provider: "google", region: "global") == "3")
        #expect(
            try book.price(million, "opus", provider: "anthropic", tier: "fast", region: "us")
                == "11")
        let small: Usage = [.inputTokens: 100_000]
        #expect(try book.price(small, "gpt", provider: "openai", tier: "flex") == "0.5")
        #expect(try book.price(small, "gpt", provider: "openai", region: "eu") == "1.1")
        #expect(
            try book.price(small, "gpt", provider: "openai", tier: "priority")
                == "no price for service tier priority of model gpt")
        #expect(
            try book.price(million, "flash", provider: "deepseek", at: "2026-11-20T09:59:59Z")
                == "0.3")
        #expect(
            try book.price(million, "flash", provider: "deepseek", at: "2026-11-20T10:00:00Z")
                == "0.15")
        #expect(
            try book.price(million, "flash", provider: "deepseek", at: "2026-11-21T09:00:00Z")
                == "0.15")
    }
}
