import JSON
import LedgerModel
import LedgerTesting
import Pricing
import Testing

@Suite("The most that a usage can cost")
struct RateCeilingTests {
    private func ceiling(
        _ bounds: UsageBounds, of model: Name = "m", under book: PriceBook, tier: Name? = nil
    ) throws -> Rating {
        var rater = Rater(book)
        return try rater.ceiling(
            bounds, provider: "acme", model: model, serviceTier: tier, at: time("2026-01-01"))
    }

    @Test("no usage within the bounds costs more, whatever the rates and the tiers are")
    func neverBelow() throws {
        try forSeeds(isSoaking ? 5_000 : 400) { random in
            let book = try acme(Self.model(&random))
            let bounds = UsageBounds(Self.bounds(&random))
            guard case .priced(let most) = try ceiling(bounds, under: book) else {
                Issue.record("unpriced: \(random)")
                return
            }
            for _ in 0..<8 {
                let usage = Self.usage(within: bounds, &random)
                guard (try? usage.validate()) != nil, bounds.contain(usage) else {
                    Issue.record("the generator leaves its bounds: \(usage.units) \(random)")
                    return
                }
                let rating = try book.rate(
                    usage, provider: "acme", model: "m", at: time("2026-01-01"))
                guard case .priced(let amount) = rating else { continue }
                #expect(amount <= most, "\(usage) \(random)")
            }
        }
    }

    @Test("input is taken at the rate of writes, and what is cached at its own")
    func writes() throws {
        let book = try acme(Self.sonnet)
        let input: Usage = [.inputTokens: 150_000, .outputTokens: 32_000]
        // 150,000 × 3.75 + 32,000 × 15 millionths.
        #expect(try ceiling(UsageBounds(input), under: book) == .priced(usd("1.0425")))
        // 144,000 × 0.3 + 6,000 × 3.75 + 32,000 × 15 millionths.
        #expect(
            try ceiling(UsageBounds(input, cached: 144_000), under: book)
                == .priced(usd("0.5457")))
        // What is written for an hour has to be asked for.
        var hour = input
        hour[.cacheWriteOneHourInputTokens] = 10_000
        #expect(try ceiling(UsageBounds(hour), under: book) == .priced(usd("1.065")))
        // A caller that writes nothing says so.
        var none = input
        none[.cacheWriteInputTokens] = 0
        #expect(try ceiling(UsageBounds(none), under: book) == .priced(usd("0.93")))
    }

    @Test("a tier counts from its first token, and a cheaper tier above does not hide a dearer one")
    func tiers() throws {
        let book = try acme(
            """
            m: {input_mtok: {0: 1, 1000: 5}, output_mtok: 2}
            n: {input_mtok: {0: 5, 1000: 1}, output_mtok: 2}
            """)
        func most(_ model: Name, _ input: Int64) throws -> Rating {
            try ceiling(UsageBounds([.inputTokens: input]), of: model, under: book)
        }
        #expect(try most("m", 1_000) == .priced(usd("0.001")))
        #expect(try most("m", 1_001) == .priced(usd("0.005005")))
        #expect(try most("n", 1_001) == .priced(usd("0.005")), "as a thousand tokens cost")
        #expect(try most("n", 6_000) == .priced(usd("0.006")))
    }

    @Test("what has no price has no ceiling either")
    func unpriced() throws {
        let book = try acme(Self.sonnet)
        #expect(
            try ceiling(UsageBounds([.inputTokens: 1, .webSearches: 1]), under: book)
                == .unpriced(.noRate(.webSearches, model: "m")))
        guard case .unpriced = try ceiling(UsageBounds([.inputTokens: 1]), of: "x", under: book)
        else {
            Issue.record("an unknown model has a price")
            return
        }
    }

    private static let sonnet =
        "m: {input_mtok: 3, cache_read_mtok: 0.3, cache_write_mtok: 3.75, "
        + "cache_write_1h_mtok: 6, output_mtok: 15}"

    private func usd(_ text: String) throws -> Picodollars {
        Picodollars(Int64(try #require(scaledDecimal(text, scale: 12))))
    }

    // MARK: Random books, bounds and usages

    private static func model(_ random: inout SeededGenerator) -> String {
        var fields: [String] = []
        for unit in UsageUnit.allCases where unit.isTokens {
            let isWhole = unit == .inputTokens || unit == .outputTokens
            guard isWhole || random.bool() else { continue }
            let base = random.count(0...50)
            let word = Quote.canonical(of: unit).word
            guard random.bool() else {
                fields.append("\(word): \(base)")
                continue
            }
            let steps = [random.count(1...50_000), random.count(50_001...120_000)]
                .map { "\($0): \(random.count(0...50))" }
            fields.append("\(word): {0: \(base), \(steps.joined(separator: ", "))}")
        }
        return "m: {\(fields.joined(separator: ", "))}"
    }

    private static func bounds(_ random: inout SeededGenerator) -> Usage {
        var bounds: Usage = [
            .inputTokens: random.count(0...150_000), .outputTokens: random.count(0...20_000),
        ]
        for unit in UsageUnit.allCases where unit.isTokens && random.count(0...3) == 0 {
            guard let container = unit.container, bounds.has(container) else { continue }
            bounds[unit] = random.count(0...bounds.value(container))
        }
        // Cached sound and images would leave it open what overlaps.
        for unit in [UsageUnit.cacheReadAudioTokens, .cacheReadImageTokens] { bounds[unit] = 0 }
        return bounds
    }

    /// A consistent usage within bounds, made of disjoint parts.
    private static func usage(
        within bounds: UsageBounds, _ random: inout SeededGenerator
    ) -> Usage {
        var usage = Usage()
        func most(_ unit: UsageUnit, _ other: Int64) -> Int64 {
            bounds.counts[unit] ?? other
        }
        let input = random.count(0...bounds.counts.value(.inputTokens))
        let output = random.count(0...bounds.counts.value(.outputTokens))
        usage[.inputTokens] = input
        usage[.outputTokens] = output
        func fill(_ whole: Int64, _ parts: [(unit: UsageUnit, most: Int64)]) {
            var rest = whole
            for part in parts.shuffled(using: &random) {
                let count = random.count(0...min(rest, part.most))
                usage[part.unit] = count
                rest -= count
            }
        }
        let all = bounds.counts.value(.inputTokens)
        fill(
            input,
            [
                (.cacheReadInputTokens, most(.cacheReadInputTokens, all)),
                (.cacheWriteInputTokens, most(.cacheWriteInputTokens, all)),
                (.cacheWriteOneHourInputTokens, most(.cacheWriteOneHourInputTokens, 0)),
                (.inputAudioTokens, most(.inputAudioTokens, 0)),
                (.inputImageTokens, most(.inputImageTokens, 0)),
            ])
        fill(
            output,
            [
                (
                    .reasoningOutputTokens,
                    most(.reasoningOutputTokens, bounds.counts.value(.outputTokens))
                ),
                (.outputAudioTokens, most(.outputAudioTokens, 0)),
                (.outputImageTokens, most(.outputImageTokens, 0)),
            ])
        return usage
    }
}
