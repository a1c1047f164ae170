import JSON
import LedgerModel
import LedgerTesting
import Pricing
import Testing

@Suite("Properties of rating")
struct RatingProperties {
    @Test("with one rate for everything the buckets add up to the whole")
    func bucketsAddUp() throws {
        try forSeeds { random in
            let words = UsageUnit.allCases.filter { $0.isTokens && $0.container != nil }
                .filter { _ in random.bool() }.map { "\(Quote.canonical(of: $0).word): 7" }
            let fields = ["input_mtok: 7", "output_mtok: 7"] + words
            let book = try acme("m: {\(fields.joined(separator: ", "))}")
            let usage = consistentUsage(&random)
            let whole = usage.value(.inputTokens) + usage.value(.outputTokens)
            let derivation = try book.derive(
                usage, provider: "acme", model: "m", at: time("2026-01-01"))
            #expect(derivation.lines.reduce(0) { $0 + $1.count } == whole, "\(fields) \(random)")
            #expect(
                derivation.rating == .priced(Picodollars(whole * 7_000_000)), "\(fields) \(random)")
        }
    }

    @Test("the buckets of a usage split in two add up to those of the usage")
    func linear() throws {
        let book = try acme(Self.everything)
        try forSeeds { random in
            let (a, b) = (consistentUsage(&random), consistentUsage(&random))
            var sum = Usage()
            for unit in UsageUnit.allCases where a.has(unit) || b.has(unit) {
                sum[unit] = a.value(unit) + b.value(unit)
            }
            let totals = try [a, b, sum].map { usage in
                try book.derive(usage, provider: "acme", model: "m", at: time("2026-01-01")).total
            }
            #expect(totals[0] + totals[1] == totals[2], "\(random)")
        }
    }

    @Test("an independent sum over disjoint parts gives the same amount")
    func agreesWithOracle() throws {
        let book = try acme(Self.everything)
        try forSeeds { random in
            let parts = Parts(&random)
            let derivation = try book.derive(
                parts.usage, provider: "acme", model: "m", at: time("2026-01-01"))
            #expect(derivation.total == parts.ninths, "\(random)")
            let exact = parts.ninths
            guard case .priced(let amount) = derivation.rating else {
                Issue.record("unpriced: \(random)")
                return
            }
            let distance = (Int128(amount.amount) * Rate.ninthsPerPicodollar - exact).magnitude * 2
            #expect(distance <= Rate.ninthsPerPicodollar.magnitude, "\(random)")
        }
    }

    @Test("a rater agrees with the book, before and after it has cached the plan")
    func raterAgrees() throws {
        let book = try acme(Self.everything + "\nn: {input_mtok: 1}")
        var rater = Rater(book)
        try forSeeds { random in
            let usage = consistentUsage(&random)
            let model: Name = random.bool() ? "m" : random.bool() ? "n" : "unknown"
            let at = try time("2026-01-01")
            let rating = try rater.rate(usage, provider: "acme", model: model, at: at).rating
            #expect(rating == (try book.rate(usage, provider: "acme", model: model, at: at)))
        }
    }

    @Test("a rate survives being written as a price, for every unit")
    func ratesRoundTrip() throws {
        try forSeeds { random in
            let unit = try #require(UsageUnit.allCases.randomElement(using: &random))
            let quote = Quote.canonical(of: unit)
            let digits = random.count(0...1_000_000_000_000_000_000)
            let price = decimal(Int128(digits), scale: Int(random.count(0...17)))
            guard let rate = try? Rate(price: price, per: quote.counts) else { return }
            #expect(rate.price(per: quote.counts) == price, "\(price) \(unit) \(random)")
        }
    }

    static let everything =
        "m: {input_mtok: 1.1, cache_read_mtok: 0.13, cache_write_mtok: 1.7, "
        + "cache_write_1h_mtok: 2.3, output_mtok: 5.9, output_reasoning_mtok: 7.1, "
        + "input_audio_mtok: 11.3, output_audio_mtok: 23.9, cache_audio_read_mtok: 0.37, "
        + "input_image_mtok: 3.1, output_image_mtok: 41.0000000000000003, "
        + "cache_image_read_mtok: 0.71}"
}

/// Disjoint counts with their own prices: the definition that the containment rule must satisfy.
private struct Parts {
    var usage = Usage()
    var ninths: Int128 = 0

    init(_ random: inout SeededGenerator) {
        let kinds: [([UsageUnit], String)] = [
            ([.inputTokens], "1.1"), ([.inputTokens, .cacheReadInputTokens], "0.13"),
            ([.inputTokens, .cacheWriteInputTokens], "1.7"),
            ([.inputTokens, .cacheWriteOneHourInputTokens], "2.3"), ([.outputTokens], "5.9"),
            ([.outputTokens, .reasoningOutputTokens], "7.1"),
            ([.inputTokens, .inputAudioTokens], "11.3"),
            ([.outputTokens, .outputAudioTokens], "23.9"),
            (
                [.inputTokens, .cacheReadInputTokens, .inputAudioTokens, .cacheReadAudioTokens],
                "0.37"
            ),
            ([.inputTokens, .inputImageTokens], "3.1"),
            ([.outputTokens, .outputImageTokens], "41.0000000000000003"),
            (
                [.inputTokens, .cacheReadInputTokens, .inputImageTokens, .cacheReadImageTokens],
                "0.71"
            ),
        ]
        for (units, price) in kinds {
            let count = random.bool() ? random.count(0...1_000_000) : 0
            for unit in units { usage[unit] = usage.value(unit) + count }
            let scaled = scaledDecimal(price, scale: 18) ?? 0
            ninths += Int128(count) * scaled * 9
        }
    }
}

/// A consistent usage: every count is a sum of disjoint parts.
private func consistentUsage(_ random: inout SeededGenerator) -> Usage { Parts(&random).usage }
