import JSON
package import LedgerModel
package import UsageExtraction

/// What an extractor read from a recorded answer, and how a book priced it.
///
/// The shape of `tests/dataset/usages.json` of genai-prices.
package struct RecordedExtraction: Sendable {
    package let provider: String
    package let flavor: String
    /// Zeros are omitted.
    package let counts: [Measure: Int64]
    /// Dollars, unrounded; nil if there was no price.
    package let inputPrice: RecordedPrice?
    package let outputPrice: RecordedPrice?

    package init(
        provider: String, flavor: String, counts: [Measure: Int64], inputPrice: RecordedPrice?,
        outputPrice: RecordedPrice?
    ) {
        self.provider = provider
        self.flavor = flavor
        self.counts = counts
        self.inputPrice = inputPrice
        self.outputPrice = outputPrice
    }
}

/// An exact amount of dollars with its original text.
package struct RecordedPrice: Sendable {
    package let text: String
    /// In ninths of 1e-24 USD, as in `Derivation`.
    let ninths: Int128

    /// nil for anything that is not a decimal, or is finer than 1e-24 USD.
    package init?(_ text: String) {
        guard let scaled = scaledDecimal(text, scale: 24) else { return nil }
        let (ninths, overflow) = scaled.multipliedReportingOverflow(by: 9)
        if overflow { return nil }
        self.text = text
        self.ninths = ninths
    }
}

/// Where a book and its extractors differ from what was recorded.
package struct RecordedDifference: Hashable, Sendable {
    /// `extractor`, `answer`, `model`, a measure, `input_price` or `output_price`.
    package let what: String
    package let expected: String
    package let found: String
}

/// Compares a book with recorded extractions, as of one time.
package struct BookCheck: Sendable {
    package let book: PriceBook
    package let time: Timestamp
    private let extractors: ExtractorCatalog

    package init(_ book: PriceBook, at time: Timestamp) {
        self.book = book
        self.time = time
        extractors = book.extractors
    }

    /// How the extractor's reading of the answer differs from the recorded one; empty if it
    /// doesn't.
    ///
    /// Prices only what could be read: one difference has one cause.
    package func differences(
        of answer: some AnswerDocument, model: String?, from recorded: RecordedExtraction
    ) -> [RecordedDifference] {
        func refused(_ what: String, _ reason: String) -> [RecordedDifference] {
            [RecordedDifference(what: what, expected: "a usage", found: reason)]
        }
        guard
            let extractor = extractors.extractor(of: recorded.provider, flavor: recorded.flavor)
        else {
            let flavors = extractors.flavors(of: recorded.provider).joined(separator: ", ")
            return refused(
                "extractor",
                "no extractor \(recorded.flavor) for \(recorded.provider)"
                    + (flavors.isEmpty ? "" : ": there are \(flavors)"))
        }
        do throws(ExtractionRefusal) {
            let reported = try extractor.read(answer)
            let usage = try reported.usageUnchecked()
            var found: [RecordedDifference] = []
            if let own = reported.model, own != model {
                found.append(
                    RecordedDifference(what: "model", expected: model ?? "none", found: own))
            }
            found += try differences(of: reported, from: recorded)
            return found + prices(of: usage, model: reported.model ?? model, from: recorded)
        } catch {
            return refused("answer", error.description)
        }
    }

    private func differences(
        of reported: ReportedUsage, from recorded: RecordedExtraction
    ) throws(ExtractionRefusal) -> [RecordedDifference] {
        let expected = try Self.comparable(recorded.counts)
        let found = try Self.comparable(reported.counts)
        return Set(expected.keys).union(found.keys).sorted().compactMap { name in
            let (a, b) = (expected[name] ?? 0, found[name] ?? 0)
            return a == b
                ? nil : RecordedDifference(what: name, expected: String(a), found: String(b))
        }
    }

    /// Counts by name, with cache writes split by lifetime as events keep them.
    private static func comparable(
        _ counts: [Measure: Int64]
    ) throws(ExtractionRefusal) -> [String: Int64] {
        let usage = try ReportedUsage(model: nil, counts: counts).usageUnchecked()
        var result: [String: Int64] = [:]
        for unit in usage.units { result[unit.name] = usage.value(unit) }
        for (measure, count) in counts {
            if case .unkept(let name) = measure { result[name] = count }
        }
        return result
    }
}

// MARK: - Prices

extension BookCheck {
    private func prices(
        of usage: Usage, model: String?, from recorded: RecordedExtraction
    ) -> [RecordedDifference] {
        let found = found(usage, model: model, of: recorded.provider)
        return [
            ("input_price", recorded.inputPrice, found.input),
            ("output_price", recorded.outputPrice, found.output),
        ].compactMap { what, expected, amount in
            if expected?.ninths == amount { return nil }
            return RecordedDifference(
                what: what, expected: expected?.text ?? "no price",
                found: amount.map { dollars(ninths: $0) } ?? "no price: \(found.reason)")
        }
    }

    /// The two sums of a derivation: input and output.
    ///
    /// A used unit without a rate makes a request unpriced, but genai-prices calls the rest of its
    /// derivation the price; for a model listed without any price it is zero. A contradictory usage
    /// has no price there either.
    private func found(
        _ usage: Usage, model: String?, of provider: String
    ) -> (input: Int128?, output: Int128?, reason: String) {
        guard let model else { return (nil, nil, "the request names no model") }
        let derivation: Derivation
        do throws(RatingOverflow) {
            derivation = try book.derive(
                usage, provider: Name(provider), model: Name(model), at: time)
        } catch {
            return (nil, nil, error.description)
        }
        switch derivation.rating {
        case .priced, .unpriced(.noRate), .unpriced(.noUsage): break
        case .unpriced(.notInForce) where isWithoutPrices(model, of: provider): break
        case .unpriced(let reason): return (nil, nil, reason.description)
        }
        func sum(_ direction: UsageUnit.Direction) -> Int128 {
            derivation.lines.filter { $0.unit.direction == direction }
                .reduce(0) { $0 + $1.amount }
        }
        return (sum(.input), sum(.output), "")
    }

    /// Whether the book knows the model but never has a price for it.
    private func isWithoutPrices(_ model: String, of provider: String) -> Bool {
        let found = try? book.find(provider: Name(provider), model: Name(model))
        return found?.model.prices.isEmpty == true
    }
}

extension UsageUnit {
    fileprivate enum Direction { case input, output }

    /// Whether the unit is input or output; nil for searches, images and requests.
    fileprivate var direction: Direction? {
        switch self {
        case .inputTokens, .inputSeconds, .inputCharacters: .input
        case .outputTokens, .outputSeconds: .output
        case .webSearches, .images, .requests: nil
        default: ancestors.contains(.inputTokens) ? .input : .output
        }
    }
}
