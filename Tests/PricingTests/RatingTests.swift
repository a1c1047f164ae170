import LedgerModel
import Pricing
import Testing

@Suite("Rating")
struct RatingTests {
    @Test("input and output cost their rates per million tokens")
    func plain() throws {
        let book = try acme("m: {input_mtok: 2.5, output_mtok: 10}")
        #expect(try book.price([.inputTokens: 1_000, .outputTokens: 200], "m") == "0.0045")
    }

    @Test("cached tokens are never priced twice")
    func cachedOnce() throws {
        let book = try acme("m: {input_mtok: 2.5, cache_read_mtok: 1.25, output_mtok: 10}")
        let usage: Usage = [.inputTokens: 1_200, .cacheReadInputTokens: 1_024, .outputTokens: 340]
        // 176 × 2.5 + 1024 × 1.25 + 340 × 10, per million.
        #expect(try book.price(usage, "m") == "0.00512")
    }

    @Test("reasoning tokens without a price of their own cost what output costs, once")
    func reasoningOnce() throws {
        let book = try acme("m: {input_mtok: 2.5, output_mtok: 10}")
        let usage: Usage = [.inputTokens: 0, .outputTokens: 340, .reasoningOutputTokens: 128]
        #expect(try book.price(usage, "m") == "0.0034")
        let apart = try acme("m: {input_mtok: 2.5, output_mtok: 10, output_reasoning_mtok: 20}")
        #expect(try apart.price(usage, "m") == "0.00468")
    }

    @Test("one-hour cache writes have their own price, or that of cache writes")
    func cacheWrites() throws {
        let usage: Usage = [
            .inputTokens: 1_000, .cacheWriteInputTokens: 300, .cacheWriteOneHourInputTokens: 500,
        ]
        let both = try acme("m: {input_mtok: 3, cache_write_mtok: 3.75, cache_write_1h_mtok: 6}")
        #expect(try both.price(usage, "m") == "0.004725")
        let one = try acme("m: {input_mtok: 3, cache_write_mtok: 3.75}")
        #expect(try one.price(usage, "m") == "0.0036")
        let none = try acme("m: {input_mtok: 3}")
        #expect(try none.price(usage, "m") == "0.003")
    }

    @Test("cached audio counts in cached and in audio input, and is charged once")
    func cachedAudio() throws {
        let usage: Usage = [
            .inputTokens: 1_000, .cacheReadInputTokens: 400, .inputAudioTokens: 300,
            .cacheReadAudioTokens: 100,
        ]
        let book = try acme(
            "m: {input_mtok: 1, cache_read_mtok: 0.1, input_audio_mtok: 10, cache_audio_read_mtok: 2}"
        )
        // 400 plain, 300 cached text, 200 fresh audio, 100 cached audio.
        #expect(try book.price(usage, "m") == "0.00263")
        // Without its own price it costs as much as audio.
        let dear = try acme("m: {input_mtok: 1, cache_read_mtok: 0.1, input_audio_mtok: 10}")
        #expect(try dear.price(usage, "m") == "0.00343")
        // Audio at the price of text is not priced separately.
        let same = try acme("m: {input_mtok: 1, cache_read_mtok: 0.1, input_audio_mtok: 1}")
        #expect(try same.price(usage, "m") == "0.00064")
    }

    @Test("cached and audio tokens that may overlap by an unknown count are unpriced")
    func unknownOverlap() throws {
        let book = try acme("m: {input_mtok: 1, cache_read_mtok: 0.1, input_audio_mtok: 10}")
        let usage: Usage = [
            .inputTokens: 1_000, .cacheReadInputTokens: 400, .inputAudioTokens: 300,
        ]
        #expect(
            try book.price(usage, "m")
                == "cache_read_input_tokens and input_audio_tokens may overlap: give "
                + "cache_read_audio_tokens")
    }

    @Test("parts that exceed their whole are unpriced, with the excess")
    func contradiction() throws {
        let book = try acme("m: {input_mtok: 1, cache_write_mtok: 2, input_audio_mtok: 10}")
        let usage: Usage = [
            .inputTokens: 100, .cacheWriteInputTokens: 60, .inputAudioTokens: 60,
        ]
        #expect(
            try book.price(usage, "m")
                == "the parts of input_tokens are 20 more than input_tokens")
    }

    @Test("a used unit without a rate makes the request unpriced, never free")
    func noRate() throws {
        let book = try acme("m: {input_mtok: 1}")
        #expect(
            try book.price([.inputTokens: 5, .outputTokens: 1], "m")
                == "no price for output_tokens of model m")
        #expect(try book.price([.inputTokens: 5, .outputTokens: 0], "m") == "0.000005")
        #expect(
            try book.price([.inputTokens: 5, .webSearches: 1], "m")
                == "no price for web_searches of model m")
    }

    @Test("a usage without counts is unpriced, and so is a model without rates")
    func nothingKnown() throws {
        let book = try acme("m: {input_mtok: 1}\nbare: {}")
        let price = try book.price([:], "m")
        #expect(price == "no usage was reported")
        #expect(
            try book.price([.inputTokens: 5], "bare") == "no price for model bare was in force")
    }

    @Test("a rate of zero is a price of zero")
    func free() throws {
        let book = try acme("m: {input_mtok: 0, output_mtok: 0}")
        #expect(try book.price([.inputTokens: 5_000, .outputTokens: 7], "m") == "0")
    }

    @Test("unknown models and providers are unpriced, not zero")
    func unknown() throws {
        let book = try acme("m: {input_mtok: 1}")
        #expect(try book.price([.inputTokens: 5], "n") == "no price for model n of acme")
        #expect(
            try book.price([.inputTokens: 5], "m", provider: "umbrella")
                == "no prices for provider umbrella")
        #expect(
            try book.price([.inputTokens: 5], "m", provider: nil)
                == "no provider is known for model m")
    }

    @Test("a price per request is charged once, whether or not requests are counted")
    func perRequest() throws {
        let book = try acme("m: {input_mtok: 1, requests_kcount: 12}\nfree: {input_mtok: 1}")
        #expect(try book.price([.inputTokens: 1_000], "m") == "0.013")
        #expect(try book.price([.inputTokens: 1_000, .requests: 1], "m") == "0.013")
        #expect(try book.price([.inputTokens: 1_000, .requests: 3], "m") == "0.037")
        #expect(try book.price([.inputTokens: 1_000, .requests: 3], "free") == "0.001")
    }

    @Test("bounds apply to the whole request: all input chooses the rate of every count")
    func cliffs() throws {
        let book = try acme(
            "m: {input_mtok: {0: 3, 200000: 6}, output_mtok: {0: 15, 200000: 22.5, 500000: 30}}")
        #expect(try book.price([.inputTokens: 200_000, .outputTokens: 10], "m") == "0.60015")
        #expect(try book.price([.inputTokens: 200_001, .outputTokens: 10], "m") == "1.200231")
        #expect(try book.price([.inputTokens: 600_000, .outputTokens: 10], "m") == "3.6003")
    }

    @Test("prices per hour are exact although 3,600 has no finite decimal inverse")
    func hours() throws {
        let book = try acme("whisper: {input_hours: 0.111}")
        #expect(try book.price([.inputSeconds: 3_600_000_000], "whisper") == "0.111")
        // 1 s: 0.111 / 3600 = 0.0000308333…
        #expect(try book.price([.inputSeconds: 1_000_000], "whisper") == "0.000030833333")
        let derivation = try book.derive(
            [.inputSeconds: 3 * 3_600_000_000], provider: "acme", model: "whisper",
            at: time("2026-01-01"))
        #expect(dollars(ninths: derivation.total) == "0.333")
    }

    @Test("amounts are rounded once and half-even")
    func halfEven() throws {
        // Half a picodollar per token.
        let book = try acme("m: {input_mtok: 0.0000005}")
        let expected: [(Int64, Int64)] = [(1, 0), (2, 1), (3, 2), (4, 2), (5, 2), (7, 4)]
        for (tokens, picodollars) in expected {
            let rating = try book.rate(
                [.inputTokens: tokens], provider: "acme", model: "m", at: time("2026-01-01"))
            #expect(rating == .priced(Picodollars(picodollars)), "\(tokens) tokens")
        }
    }

    @Test("an amount beyond what an event can hold is an error")
    func overflow() throws {
        let book = try acme("m: {input_tokens: 1000}")
        #expect(throws: RatingOverflow.self) {
            try book.price([.inputTokens: 1_000_000_000_000_000], "m")
        }
        #expect(throws: RatingOverflow.self) { try book.price([.inputTokens: 9_224], "m") }
        #expect(try book.price([.inputTokens: 9_223], "m") == "9223000")
    }

    @Test("a derivation's lines add up to what is charged")
    func derivation() throws {
        let book = try acme("m: {input_mtok: 2.5, cache_read_mtok: 1.25, output_mtok: 10}")
        let derivation = try book.derive(
            [.inputTokens: 1_200, .cacheReadInputTokens: 1_024, .outputTokens: 340],
            provider: "acme", model: "m", at: time("2026-01-01"))
        let counts = Dictionary(
            uniqueKeysWithValues: derivation.lines.map { ($0.unit, $0.count) })
        #expect(
            counts == [.inputTokens: 176, .cacheReadInputTokens: 1_024, .outputTokens: 340])
        #expect(dollars(ninths: derivation.total) == "0.00512")
        #expect(derivation.rating == .priced(Picodollars(5_120_000_000)))
    }

    @Test(
        "a recorded answer that contradicts itself has no lines to price, whichever rate is missing"
    )
    func contradictoryDerivation() throws {
        let book = try acme("m: {input_mtok: 5, cache_read_mtok: 1.25}")
        let derivation = try book.derive(
            [.inputTokens: 100, .cacheReadInputTokens: 130, .outputTokens: 7],
            provider: "acme", model: "m", at: time("2026-01-01"))
        #expect(derivation.rating == .unpriced(.partsExceedWhole(.inputTokens, by: 30)))
    }
}
