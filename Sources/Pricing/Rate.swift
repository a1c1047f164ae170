import JSON
package import LedgerModel

/// An exact price of one stored count of a `UsageUnit`, in ninths of 1e-24 USD.
///
/// Real books have 17 decimals per million tokens, so 1e-24 USD is the grain. Prices per hour
/// require ninths of it: audio is counted in microseconds, 3,600 has a factor of nine, and $0.111
/// an hour has no finite decimal per microsecond. In ninths, every price that a book can state per
/// token, per thousand, per million, per second or per hour is an integer.
package struct Rate: Hashable, Comparable, Sendable {
    package let ninths: Int128

    package init(ninths: Int128) {
        precondition(ninths >= 0, "a rate is never negative")
        self.ninths = ninths
    }

    package static let zero = Rate(ninths: 0)
    package static func < (a: Rate, b: Rate) -> Bool { a.ninths < b.ninths }

    /// Ninths of 1e-24 USD in one picodollar; amounts are divided by it once, at the end.
    package static let ninthsPerPicodollar: Int128 = 9_000_000_000_000

    /// The rate that makes `counts` stored counts cost `price` dollars.
    package init(price: some StringProtocol, per counts: Int64) throws(Flaw) {
        guard let scaled = scaledDecimal(price, scale: 24) else {
            throw isDecimal(price) ? .inexact : .notANumber
        }
        guard scaled >= 0 else { throw .negative }
        let (product, overflow) = scaled.multipliedReportingOverflow(by: 9)
        guard !overflow, product % Int128(counts) == 0 else { throw .inexact }
        guard product / Int128(counts) <= Self.ninthsMax else { throw .tooLarge }
        self.init(ninths: product / Int128(counts))
    }

    /// The nearest rate to a price that was once a binary floating-point number and carries its
    /// noise, such as 0.0002833333333333333; nil if it is still too long or too large.
    init?(nearPrice price: some StringProtocol, per counts: Int64) {
        guard let scaled = scaledDecimal(price, scale: 32), scaled >= 0 else { return nil }
        let (product, overflow) = scaled.multipliedReportingOverflow(by: 9)
        guard !overflow else { return nil }
        let ninths = dividedHalfEven(product, by: Int128(counts) * 100_000_000)
        guard ninths <= Self.ninthsMax else { return nil }
        self.init(ninths: ninths)
    }

    /// Why a text is not a price.
    package enum Flaw: Error { case notANumber, negative, inexact, tooLarge }

    /// 1,000 USD for one count: anything more is a typo.
    private static let ninthsMax: Int128 = 9_000_000_000_000_000_000_000_000_000

    /// The price of `counts` stored counts, as an exact decimal of dollars.
    ///
    /// Exact for the counts that books use (a million tokens, an hour); otherwise ninths of 1e-24
    /// USD are rounded half-even.
    package func price(per counts: Int64) -> String {
        dollars(ninths: ninths * Int128(counts))
    }

    /// This rate times a factor; nil if the product has no exact form.
    package func scaled(by factor: Factor) -> Rate? {
        let (product, overflow) = ninths.multipliedReportingOverflow(by: Int128(factor.millionths))
        guard !overflow, product % 1_000_000 == 0 else { return nil }
        return Rate(ninths: product / 1_000_000)
    }
}

/// A multiplier of prices, such as 0.5 for a batch; exact to six decimals.
package struct Factor: Hashable, Sendable, CustomStringConvertible {
    package let millionths: Int64

    init(millionths: Int64) {
        self.millionths = millionths
    }

    /// Reads a decimal between 0 and 1,000 with at most six decimals.
    package init?(_ text: some StringProtocol) {
        guard let value = scaledDecimal(text, scale: 6), (0...1_000_000_000).contains(value) else {
            return nil
        }
        millionths = Int64(value)
    }

    package var description: String { decimal(Int128(millionths), scale: 6) }
}

/// An amount in ninths of 1e-24 USD as dollars, rounded half-even at 1e-24.
package func dollars(ninths: Int128) -> String {
    let (whole, rest) = ninths.quotientAndRemainder(dividingBy: 9_000_000_000_000)
    // Most prices are whole picodollars, and short integers are printed several times faster.
    return rest == 0
        ? decimal(whole, scale: 12) : decimal(dividedHalfEven(ninths, by: 9), scale: 24)
}

private func isDecimal(_ text: some StringProtocol) -> Bool {
    !text.isEmpty && text.utf8.contains { (48...57).contains($0) }
        && text.utf8.allSatisfy { (48...57).contains($0) || "+-.eE".utf8.contains($0) }
}

/// A way to quote a price: so many dollars for so many stored counts of a unit.
package struct Quote: Sendable {
    /// The word in a price file.
    package let word: String
    package let unit: UsageUnit
    /// Stored counts that the price buys.
    package let counts: Int64

    /// The form in which books are written: per million tokens, per hour, per thousand things.
    package static func canonical(of unit: UsageUnit) -> Quote { canonicals[Int(unit.rawValue)] }

    /// Reads the canonical words, their synonyms in genai-prices, and a unit's own name for the
    /// price of one.
    package init?(word: some StringProtocol) {
        if let quote = Self.byWord[String(word)] {
            self = quote
        } else if let unit = UsageUnit(name: word) {
            self.init(word: unit.name, unit: unit, counts: unit.scale)
        } else {
            return nil
        }
    }

    private init(word: String, unit: UsageUnit, counts: Int64) {
        self.word = word
        self.unit = unit
        self.counts = counts
    }

    private static let words: [UsageUnit: String] = [
        .inputTokens: "input_mtok", .cacheReadInputTokens: "cache_read_mtok",
        .cacheWriteInputTokens: "cache_write_mtok",
        .cacheWriteOneHourInputTokens: "cache_write_1h_mtok", .outputTokens: "output_mtok",
        .reasoningOutputTokens: "output_reasoning_mtok", .inputAudioTokens: "input_audio_mtok",
        .outputAudioTokens: "output_audio_mtok", .cacheReadAudioTokens: "cache_audio_read_mtok",
        .inputImageTokens: "input_image_mtok", .outputImageTokens: "output_image_mtok",
        .cacheReadImageTokens: "cache_image_read_mtok", .inputSeconds: "input_hours",
        .outputSeconds: "output_hours", .inputCharacters: "input_mchars",
        .webSearches: "web_searches_kcount", .images: "images_kcount",
        .requests: "requests_kcount",
    ]

    private static let canonicals: [Quote] = UsageUnit.allCases.map { unit in
        let word = words[unit] ?? unit.name
        let counts: Int64 =
            word.hasSuffix("_hours")
            ? 3_600 * unit.scale
            : word.hasSuffix("_kcount") ? 1_000 : word == unit.name ? unit.scale : 1_000_000
        return Quote(word: word, unit: unit, counts: counts)
    }

    private static let byWord: [String: Quote] = {
        var quotes = Dictionary(uniqueKeysWithValues: canonicals.map { ($0.word, $0) })
        quotes["input_audio_hours"] = canonical(of: .inputSeconds)
        quotes["output_audio_hours"] = canonical(of: .outputSeconds)
        return quotes
    }()
}
