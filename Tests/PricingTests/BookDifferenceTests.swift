import LedgerModel
import LedgerTesting
import Pricing
import Testing

@Suite("Differences between price books")
struct BookDifferenceTests {
    /// Rows as people read them, without what is nil.
    private func lines(
        _ a: String, _ b: String, at: String? = nil, provider: String = ""
    ) throws -> [String] {
        let difference = try acme(a, provider: provider).difference(
            to: acme(b, provider: provider), at: at.map { try time($0) })
        return difference.rows.map { $0.text }
    }

    @Test("equal books don't differ, and neither do two spellings of the same prices")
    func equal() throws {
        let book = try acme("m: {input_mtok: 1}")
        #expect(book.difference(to: book).isEmpty)
        #expect(
            try lines(
                "m:\n  prices:\n  - {input_mtok: 1}\n  - {from: 2026-01-01, input_mtok: 1}",
                "m: {input_mtok: 1}") == [])
        #expect(
            try lines(
                "m: {input_mtok: {0: 1, 100: 2, 200: 3}}",
                "m: {input_tokens: {0: 1e-6, 100: 2e-6, 200: 0.000003}}") == [])
        #expect(
            try lines(
                "m:\n  prices:\n  - {input_mtok: 2}\n  - {tier: batch, input_mtok: 1}",
                "m: {input_mtok: 2}", provider: "tiers: {batch: 0.5}") == [])
    }

    @Test("other prices come with their ratio, and what one book lacks says which")
    func prices() throws {
        #expect(
            try lines(
                """
                a: {input_mtok: 1, output_mtok: 3, cache_read_mtok: 0.1}
                b: {input_mtok: 1}
                z: {input_mtok: 0}
                """,
                """
                a: {input_mtok: 1.25, output_mtok: 1, images_kcount: 5}
                c: {input_mtok: 1}
                z: {input_mtok: 2}
                """) == [
                    "a input_tokens 1 → 1.25 × 1.25",
                    "a cache_read_input_tokens 0.1 → -",
                    "a output_tokens 3 → 1 × 0.333333",
                    "a images - → 5",
                    "b only in first",
                    "c only in second",
                    "z input_tokens 0 → 2",
                ])
    }

    @Test("only the given models are compared, by the names that requests use")
    func named() throws {
        let a = try acme(
            "a:\n  also: [alias]\n  input_mtok: 1\nb: {input_mtok: 1}\nc: {input_mtok: 1}")
        let b = try acme("a:\n  also: [alias]\n  input_mtok: 2\nc: {input_mtok: 3}")
        func lines(_ names: String...) -> [String] {
            a.difference(to: b, of: names.map { UsedName(provider: "acme", model: Name($0)) })
                .rows.map(\.text)
        }
        #expect(lines("alias") == ["alias input_tokens 1 → 2 × 2"])
        #expect(lines("b", "nobody knows it") == ["b only in first"])
        #expect(lines().isEmpty)
        let free = [UsedName(provider: nil, model: "a")]
        #expect(a.difference(to: b, of: free).summary.modelsCompared <= 1)
    }

    @Test("levels, tiers and regions are compared separately, and a factor is reported once")
    func conditions() throws {
        #expect(
            try lines(
                """
                a:
                  prices:
                  - {input_mtok: {0: 1, 100: 2}, output_mtok: 5}
                  - {tier: flex, input_mtok: 0.7}
                  - {region: eu, input_mtok: 1.1}
                """,
                """
                a:
                  prices:
                  - {input_mtok: {0: 1, 100: 3}, output_mtok: 6}
                  - {tier: flex, input_mtok: 0.8}
                  - {region: eu, input_mtok: 1.1}
                """, provider: "tiers: {batch: 0.5}") == [
                    "a input_tokens above 100 2 → 3 × 1.5",
                    "a output_tokens 5 → 6 × 1.2",
                    "a tier flex input_tokens 0.7 → 0.8 × 1.142857",
                ])
    }

    @Test("a tier in only one book is reported, unless its standard prices already differ")
    func tiers() throws {
        let difference = try acme(
            "a: {input_mtok: 2, web_searches_kcount: 10}", provider: "tiers: {batch: 0.5}"
        ).difference(to: acme("a: {input_mtok: 2}"))
        #expect(
            difference.rows.map(\.text) == [
                "a web_searches 10 → -", "a tier batch input_tokens 1 → -",
            ])
    }

    @Test("prices are compared in every period, and periods with the same answer are one")
    func periods() throws {
        let a = """
            a:
              prices:
              - {input_mtok: 1}
              - {from: 2026-01-01, input_mtok: 2}
              - {from: 2026-02-01, input_mtok: 3}
              - {hours: "10:00-12:00", from: 2026-03-01, input_mtok: 4}
            """
        let b = "a: {input_mtok: 2}"
        #expect(
            try lines(a, b) == [
                "a until 2026-01-01 input_tokens 1 → 2 × 2",
                "a from 2026-02-01 until 2026-03-01 input_tokens 3 → 2 × 0.666667",
                "a from 2026-03-01 00:00-10:00 input_tokens 3 → 2 × 0.666667",
                "a from 2026-03-01 10:00-12:00 input_tokens 4 → 2 × 0.5",
                "a from 2026-03-01 12:00-24:00 input_tokens 3 → 2 × 0.666667",
            ])
        #expect(try lines(a, b, at: "2026-01-15") == [])
        #expect(
            try lines(a, b, at: "2026-03-15T11:00:00Z") == ["a input_tokens 4 → 2 × 0.5"])
    }

    @Test("models are paired by how a request that names them would be charged")
    func pairing() throws {
        #expect(
            try lines(
                "gpt: {match: {starts_with: gpt}, input_mtok: 1}",
                "gpt: {input_mtok: 1}\ngpt-2: {input_mtok: 2}")
                == ["gpt-2 input_tokens 1 → 2 × 2"])
    }

    @Test("a discount changes the compared prices, an allowance is reported separately")
    func terms() throws {
        let book = try acme("m: {input_mtok: 1, output_mtok: 2}")
        let other = try book.adopting(
            PriceFile.readTerms(
                """
                tally_terms: 1
                discounts: [{name: d, from: 2026-01-01, units: input_mtok, percent_off: 10}]
                allowances: [{name: free, units: images, free: 5, per: day}]
                """))
        let difference = book.difference(to: other)
        #expect(difference.rows.map(\.text) == ["m from 2026-01-01 input_tokens 1 → 0.9 × 0.9"])
        #expect(difference.allowancesOnlyInSecond.map(\.name) == ["free"])
        #expect(difference.allowancesOnlyInFirst.isEmpty)
    }

    @Test("the summary counts each row once, and is reversed if the books are swapped")
    func summary() throws {
        let a = try acme("a: {input_mtok: 1, output_mtok: 3}\nb: {input_mtok: 1}\ne: {images: 1}")
        let b = try acme(
            "a: {input_mtok: 2, output_mtok: 1, images: 1}\nc: {input_mtok: 1}\ne: {images: 1}")
        let there = a.difference(to: b).summary
        let back = b.difference(to: a).summary
        #expect(there.modelsCompared == 2 && there.modelsEqual == 1)
        #expect(there.modelsOnlyInFirst == 1 && there.modelsOnlyInSecond == 1)
        #expect(there.higher == 1 && there.lower == 1)
        #expect(there.pricesOnlyInFirst == 0 && there.pricesOnlyInSecond == 1)
        #expect(back.pricesOnlyInFirst == 1 && back.higher == 1 && back.lower == 1)
    }

    @Test("a tolerance permits small changes and new models, but no removals")
    func tolerance() throws {
        let a = try acme("a: {input_mtok: 100, output_mtok: 0}")
        let five = try #require(Factor("0.05"))
        for (book, isWithin) in [
            ("a: {input_mtok: 105, output_mtok: 0}", true),
            ("a: {input_mtok: 95, output_mtok: 0}", true),
            ("a: {input_mtok: 105.000000000001, output_mtok: 0}", false),
            ("a: {input_mtok: 94.9, output_mtok: 0}", false),
            ("a: {input_mtok: 100, output_mtok: 0.000001}", false),
            ("a: {input_mtok: 100}", false), ("b: {input_mtok: 1}", false),
            ("a: {input_mtok: 100, output_mtok: 0}\nb: {input_mtok: 1}", true),
            ("a: {input_mtok: 100, output_mtok: 0, images: 1}", false),
        ] {
            #expect(try a.difference(to: acme(book)).isWithin(five) == isWithin, "\(book)")
        }
    }

    @Test("the rows are exactly where two books charge differently")
    func faithful() throws {
        try forSeeds(150) { random in
            let a = try acme(randomModel(&random), provider: "tiers: {batch: 0.5}")
            let b = try acme(randomModel(&random), provider: "tiers: {batch: 0.5}")
            let at = try time("2026-01-01").advanced(
                byMicroseconds: random.count(0...400) * 6 * 3_600_000_000)
            let usage: Usage = [.inputTokens: random.count(1...300)]
            let difference = a.difference(to: b, at: at)
            let always = a.difference(to: b)
            let differs =
                try a.rate(usage, provider: "acme", model: "m", at: at)
                != b.rate(usage, provider: "acme", model: "m", at: at)
            let told = difference.rows.filter { $0.tier == nil }
                .filter { $0.above < usage.value(.inputTokens) }
            let here = always.rows.filter { row in
                row.tier == nil && row.above < usage.value(.inputTokens)
                    && row.from.map { $0 <= at } ?? true && row.until.map { at < $0 } ?? true
                    && row.hours?.contains(at.timeOfDay) ?? true
            }
            // A level that agrees again ends a difference below it, so only the last level counts.
            if told.isEmpty { #expect(!differs, "\(random)") }
            if differs { #expect(!here.isEmpty, "\(random)") }
            #expect(told.map(\.first) == here.map(\.first), "\(random)")
        }
    }

    private func randomModel(_ random: inout SeededGenerator) -> String {
        func price() -> String {
            random.bool()
                ? "\(random.count(1...2))"
                : "{0: \(random.count(1...2)), 100: \(random.count(1...2))}"
        }
        var lists = ["- {input_mtok: \(price())}"]
        for month in 1...3 where random.bool() {
            lists.append("- {from: 2026-0\(month)-01, input_mtok: \(price())}")
        }
        if random.bool() {
            lists.append("- {hours: \"06:00-18:00\", input_mtok: \(random.count(1...2))}")
        }
        if random.bool() { lists.append("- {tier: flex, input_mtok: 1}") }
        return "m:\n  prices:\n" + lists.map { "  " + $0 }.joined(separator: "\n")
    }
}

extension BookDifference.Row {
    fileprivate var text: String {
        var words = [model]
        if let onlyIn, unit == nil { return "\(model) only in \(onlyIn.rawValue)" }
        if let tier { words.append("tier \(tier)") }
        if let region { words.append("region \(region)") }
        if let from { words.append("from \(from.dayDescription)") }
        if let until { words.append("until \(until.dayDescription)") }
        if let hours { words.append("\(hours)") }
        words.append(unit?.name ?? "")
        if above > 0 { words.append("above \(above)") }
        words.append("\(price(of: .first) ?? "-") → \(price(of: .second) ?? "-")")
        if let ratio { words.append("× \(ratio)") }
        return words.joined(separator: " ")
    }
}
