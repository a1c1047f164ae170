import LedgerModel
import LedgerTesting
import Pricing
import Testing
import UsageExtraction

@Suite("Price files")
struct PriceFileTests {
    @Test("a book of one model takes six lines")
    func minimal() throws {
        let book = try PriceFile.read(
            """
            tally_prices: 1
            name: mine
            providers:
              acme:
                models:
                  frontier-1: {input_mtok: 3, output_mtok: 15}
            """)
        #expect(book.name == "mine")
        #expect(book.modelCount == 1)
        #expect(try book.price([.inputTokens: 1_000_000], "frontier-1") == "3")
    }

    @Test("prices may be quoted for one count")
    func singleCounts() throws {
        let book = try acme("m: {input_tokens: 2.5e-6, requests: 0.005, input_seconds: 0.0001}")
        let same = try acme("m: {input_mtok: 2.50, requests_kcount: 5, input_hours: 0.36}")
        #expect(book == same)
        #expect(book.id == same.id)
    }

    @Test("a book is written and read back as the same book, byte for byte")
    func roundTrip() throws {
        try forSeeds(200) { random in
            let book = PriceBook(name: text(&random), providers: providers(&random))
            let again = try PriceFile.read(PriceFile.write(book))
            let isSame = (
                again.providers == book.providers, again.canonicalText == book.canonicalText,
                again.id == book.id
            )
            #expect(isSame == (true, true, true), "\(random)")
        }
    }

    @Test("a book's id changes with any price, and is written as a UUID")
    func identity() throws {
        let a = try acme("m: {input_mtok: 1}")
        let b = try acme("m: {input_mtok: 1.000000000000000001}")
        #expect(a.id != b.id)
        #expect(PriceBookID(a.id.description) == a.id)
        #expect(a.id.description.utf8.count == 36)
        #expect(Digest(hashing: a.canonicalText.utf8) == a.digest)
    }

    @Test(
        "an error is named with its line",
        arguments: [
            ("m: {input_mtok: -1}", 6, "input_mtok is -1: a price is never negative"),
            ("m: {input_mtok: cheap}", 6, "input_mtok must be a decimal number, not \"cheap\""),
            ("m: {input_mtok: 0x10}", 6, "input_mtok must be a decimal number, not \"0x10\""),
            ("m: {input_mtok: .nan}", 6, "input_mtok must be a decimal number, not \".nan\""),
            (
                "m: {input_mtok: 1e-30}", 6,
                "input_mtok is 1e-30, which is not a whole number of 1e-24 USD per count: round it"
            ),
            (
                "m: {input_tokens: 1001}", 6,
                "input_tokens is 1001: more than 1000 USD per count"
            ),
            ("m: {input_mtok: 1, input_tokens: 1}", 6, "input_tokens has two prices here"),
            ("m: {input_mtok: {0: 1, 5: 2, 5: 3}}", 6, "\"5\" is given twice"),
            (
                "m: {input_mtok: {0: 1, 5: 2, 4: 3}}", 6,
                "input_mtok above 4 overlaps the price above 5: write the bounds in ascending order"
            ),
            (
                "m: {input_mtok: {5: 2}}", 6,
                "input_mtok has no price above 0 input tokens: add one as \"0\""
            ),
            ("m: {input_mtok: 1}\nn: {}\nm: {}", 6, "\"m\" is given twice"),
            (
                "m:\n  prices:\n  - {input_mtok: 1}\n  - {output_mtok: 1}", 9,
                "model m: these prices have the same conditions as those on line 8"
            ),
            (
                "m:\n  prices:\n  - {from: 2026-01-01, input_mtok: 1}\n"
                    + "  - {from: 2025-01-01, input_mtok: 1}", 9,
                "model m: prices from 2025-01-01T00:00:00Z come after those from "
                    + "2026-01-01T00:00:00Z on line 8: sort the lists by date"
            ),
            (
                "m:\n  prices:\n  - {from: 2024-01-01, until: 2026-01-01, input_mtok: 1}\n"
                    + "  - {from: 2025-01-01, input_mtok: 1}", 9,
                "model m: prices from 2025-01-01T00:00:00Z overlap those until 2026-01-01T00:00:00Z "
                    + "on line 8"
            ),
            (
                "m:\n  prices:\n  - {from: 2024-01-01, until: 2025-01-01, input_mtok: 1}\n"
                    + "  - {from: 2025-02-01, input_mtok: 1}", 9,
                "model m has no price from 2025-01-01T00:00:00Z to 2025-02-01T00:00:00Z: close the gap"
            ),
            (
                "m:\n  prices:\n  - {input_mtok: 1}\n  - {hours: 01:00-05:00, input_mtok: 1}\n"
                    + "  - {hours: 04:00-06:00, input_mtok: 1}", 10,
                "model m: the hours overlap those on line 9"
            ),
            (
                "m: {hours: 01:00-05:00, input_mtok: 1}", 6,
                "model m has prices only for some hours: add a list without hours"
            ),
            (
                "m: {from: 2026-01-01, until: 2025-01-01, input_mtok: 1}", 6,
                "the prices end at 2025-01-01T00:00:00Z, before they begin at 2026-01-01T00:00:00Z"
            ),
            (
                "m: {from: soon, input_mtok: 1}", 6,
                "from must be a date such as 2026-11-23 or a time such as 2026-11-23T09:00:00Z, not "
                    + "\"soon\""
            ),
            ("m: {match: {regex: \"(\"}}", 6, "\"(\" is not a regular expression"),
            (
                "m: {match: {like: x}}", 6,
                "\"like\" is not a match clause: use equals, starts_with, ends_with, contains, "
                    + "regex, version_of, or, and"
            ),
        ])
    func errors(_ models: String, line: Int, message: String) throws {
        do {
            _ = try acme(models)
            Issue.record("accepted: \(models)")
        } catch let error as PriceFileError {
            #expect(error.message == message)
            #expect(error.line == line)
        }
    }

    @Test("an unknown unit is refused by name, with the units that there are")
    func unknownUnit() throws {
        let error = #expect(throws: PriceFileError.self) {
            try acme("m: {input_mtok: 1, smell_mtok: 2}")
        }
        #expect(error?.line == 6)
        #expect(error?.message.contains("\"smell_mtok\" is not known here") == true)
        #expect(error?.message.contains("cache_write_1h_mtok") == true)
    }

    @Test(
        "for a file that is not a price file, the error says what would be one",
        arguments: [
            "", "hello", "{}", "a: 1", "[1, 2]", "{\"a\": {\"b\": 1}}", "tally_prices: 2",
            "tally_prices: 1", "{\"a\": ", "\u{0}",
        ])
    func noPriceFile(_ text: String) {
        #expect(throws: PriceFileError.self) { try PriceFile.read(text) }
    }

    @Test("a deeply nested file is refused, not a crash")
    func deep() {
        let clause = String(repeating: "{or: [", count: 400) + String(repeating: "]}", count: 400)
        #expect(throws: PriceFileError.self) {
            try acme("m: {match: \(clause), input_mtok: 1}")
        }
        #expect(throws: PriceFileError.self) {
            try PriceFile.read(String(repeating: "[", count: 100_000))
        }
    }

    @Test("JSON escapes are read, surrogate pairs too")
    func escapes() throws {
        let book = try PriceFile.read(
            #"[{"id":"a\/b","models":[{"id":"\ud83d\ude00\u00e9","match":{"equals":"x\\ud83d"},"#
                + #""prices":{"input_mtok":1.50}}]}]"#)
        #expect(book.providers.first?.id == "a/b")
        #expect(book.providers.first?.models.first?.id == "😀é")
        #expect(book.providers.first?.models.first?.match == .equals(#"x\ud83d"#))
    }

    @Test("LiteLLM's names are measure, bound, lifetime and tier")
    func litellmNames() throws {
        let reading = try PriceFile.reading(Self.litellm)
        #expect(reading.format == .litellm)
        let book = reading.book
        func price(_ usage: Usage, tier: Name? = nil) throws -> String {
            try book.price(usage, "big-1", provider: "acme", tier: tier)
        }
        #expect(try price([.inputTokens: 100_000]) == "0.1")
        #expect(try price([.inputTokens: 300_000]) == "0.6")
        #expect(try price([.inputTokens: 100_000], tier: "batch") == "0.05")
        #expect(try price([.inputTokens: 300_000], tier: "batch") == "0.3")
        #expect(try price([.inputTokens: 100_000], tier: "priority") == "0.2")
        #expect(
            try price([.inputTokens: 1_000, .cacheWriteOneHourInputTokens: 1_000]) == "0.002")
        #expect(
            try price([.inputTokens: 1_000, .cacheWriteInputTokens: 1_000]) == "0.00125")
        #expect(try price([.inputTokens: 1_000, .webSearches: 1]) == "0.011")
        #expect(
            reading.omissions.map(\.description) == [
                "ocr_cost_per_page, which events don't count: left out 1 time, first on line 14"
            ])
    }

    private static let litellm = """
        {
          "sample_spec": {"litellm_provider": "one of", "input_cost_per_token": 0.0},
          "acme/big-1": {
            "litellm_provider": "acme", "mode": "chat",
            "input_cost_per_token": 1e-06,
            "input_cost_per_token_above_200k_tokens": 2e-06,
            "input_cost_per_token_batches": 5e-07,
            "input_cost_per_token_above_200k_tokens_batches": 1e-06,
            "input_cost_per_token_priority": 2e-06,
            "output_cost_per_token": 4e-06,
            "cache_creation_input_token_cost": 1.25e-06,
            "cache_creation_input_token_cost_above_1hr": 2e-06,
            "search_context_cost_per_query": {"search_context_size_medium": 0.01},
            "ocr_cost_per_page": 0.001
          }
        }
        """
}

// MARK: - Arbitrary books

private func text(_ random: inout SeededGenerator) -> String {
    // No U+FEFF: if a scalar begins with it, Foundation treats it as a byte order mark when Yams
    // decodes it.
    let alphabet: [Character] = [
        "a", "b", "é", "e\u{301}", "\u{2028}", "\u{85}", " ", "-", ":", "#", "{", "}", "\"", "\\",
        "'", "😀", "0", ".", "/", "\t", "\u{7F}", "~", ",", "[", "&", "*", "!",
    ]
    let count = Int(random.count(1...12))
    return String((0..<count).compactMap { _ in alphabet.randomElement(using: &random) })
}

private func providers(_ random: inout SeededGenerator) -> [Provider] {
    (0..<random.count(0...3)).map { index in
        var provider = Provider(id: (text(&random) + "\(index)").lowercased())
        if random.bool() { provider.match = clause(&random) }
        if random.bool() { provider.modelMatch = clause(&random) }
        if random.bool() { provider.tierFactors["batch"] = Factor("0.5") }
        if random.bool() { provider.sameSellers = [provider.id] }
        if random.bool() { provider.regionFactors[text(&random).lowercased()] = Factor("1.1") }
        provider.models = (0..<random.count(0...4)).map { model in
            let id = text(&random) + "\(model)"
            let regions = random.bool() ? ["*": Factor.one] : [:]
            return Model(
                id: id, match: clause(&random), regionFactors: regions, prices: lists(&random))
        }
        return provider
    }
}

private func clause(_ random: inout SeededGenerator, depth: Int = 0) -> MatchClause {
    let name = text(&random).lowercased()
    switch random.count(0...(depth < 3 ? 7 : 5)) {
    case 0: return .equals(name)
    case 1: return .startsWith(name)
    case 2: return .endsWith(name)
    case 3: return .contains(name)
    case 4: return .regex("^o[134]")
    case 5: return .versionOf(name)
    case 6: return .any((0..<random.count(0...3)).map { _ in clause(&random, depth: depth + 1) })
    default: return .all((0..<random.count(0...3)).map { _ in clause(&random, depth: depth + 1) })
    }
}

private func lists(_ random: inout SeededGenerator) -> [PriceList] {
    var lists = [PriceList(rates: rates(&random))]
    if random.bool() {
        let from = Timestamp(microseconds: random.count(0...800_000_000_000_000))
        lists.append(PriceList(from: from, rates: rates(&random)))
    }
    if random.bool() {
        let minute: Int64 = 60_000_000
        let hours = DailyHours(
            start: random.count(0...700) * minute, end: random.count(701...1_440) * minute)
        lists.append(PriceList(hours: hours, rates: rates(&random)))
    }
    if random.bool() {
        let days = (0..<7).filter { _ in random.bool() } + [6]
        lists.append(PriceList(weekdays: Weekdays(days), rates: rates(&random)))
    }
    if random.bool() { lists.append(PriceList(tier: "flex", rates: rates(&random))) }
    if random.bool() {
        lists.append(PriceList(tier: "flex", region: "eu", rates: rates(&random)))
    }
    return lists
}

private func rates(_ random: inout SeededGenerator) -> [UnitRate] {
    let units = UsageUnit.allCases.filter { $0 == .outputTokens || random.count(0...4) == 0 }
    return units.map { unit in
        let steps = (1..<random.count(1...3)).map { step in
            UnitRate.Step(above: step * 1_000, rate: rate(&random))
        }
        return UnitRate(unit: unit, base: rate(&random), steps: steps)
    }
}

/// Any rate that a price per million tokens or per hour can state.
private func rate(_ random: inout SeededGenerator) -> Rate {
    Rate(ninths: Int128(random.count(0...1_000_000_000_000)) * 9 * 1_000_000)
}
