import Foundation
import LedgerModel
import Pricing
import Testing

/// The files in `TALLY_TEST_DATA`, by default `../shared/data` beside the package.
private let dataFolder: URL = {
    if let path = ProcessInfo.processInfo.environment["TALLY_TEST_DATA"] {
        return URL(fileURLWithPath: path)
    }
    let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    return root.appendingPathComponent("../shared/data").standardizedFileURL
}()

private let bookFile = dataFolder.appendingPathComponent("genai-prices-data.json")
private let usagesFile = dataFolder.appendingPathComponent("genai-prices-usages-half.json")

private let hasData = [bookFile, usagesFile].allSatisfy {
    FileManager.default.isReadableFile(atPath: $0.path)
}

@Suite("The recorded usages of genai-prices")
struct GenAIPricesDataTests {
    @Test(
        "every recorded usage has its expected input and output price, unrounded",
        .enabled(if: hasData, "genai-prices-data.json and its usages are not in TALLY_TEST_DATA"))
    func recordedUsages() throws {
        let book = try PriceFile.read(String(contentsOf: bookFile, encoding: .utf8))
        let rows = try JSONDecoder().decode([Row].self, from: Data(contentsOf: usagesFile))
        let at = try time("2025-11-06T12:00:00Z")
        var compared = 0
        var differences: [String] = []
        for row in rows {
            for extraction in row.extracted {
                let usage = try extraction.usageInOurUnits()
                for extractor in extraction.extractors {
                    guard let model = row.model else { continue }
                    let found = try compare(
                        book.derive(
                            usage, provider: Name(extractor.providerID), model: Name(model),
                            at: at),
                        with: extractor)
                    compared += 1
                    let pair = "\(extractor.providerID) \(model)"
                    if let found, !Self.pricedElsewhere.contains(pair) {
                        differences.append("\(pair): \(found)")
                    }
                }
            }
        }
        #expect(compared > 1_000)
        #expect(differences.isEmpty, "\(differences.count) of \(compared) differ")
    }

    /// Recorded against prices that are not in the file beside them: the expected values are
    /// those of the project's newer `new_data/v2/data.json` (separate rates for image tokens, the
    /// provider zai, one more model of aws).
    private static let pricedElsewhere: Set<String> = [
        "google gemini-3-pro-image-preview", "google gemini-2.5-flash-image",
        "aws openai.gpt-5.6-luna", "zai glm-5.2",
    ]

    private func compare(_ derivation: Derivation, with expected: Extractor) throws -> String? {
        guard let input = expected.inputPrice, let output = expected.outputPrice else {
            if case .unpriced = derivation.rating { return nil }
            return "priced, but not expected to be"
        }
        func sum(_ isInput: Bool) -> Int128 {
            derivation.lines.filter { line in
                isInput
                    ? line.unit.ancestors.contains(.inputTokens) || line.unit == .inputTokens
                    : line.unit.ancestors.contains(.outputTokens) || line.unit == .outputTokens
            }.reduce(0) { $0 + $1.amount }
        }
        let wanted = try [input, output].map {
            try #require(scaledDecimal($0, scale: 24)) * 9
        }
        if [sum(true), sum(false)] == wanted { return nil }
        return "\(dollars(ninths: sum(true))) + \(dollars(ninths: sum(false))) instead of "
            + "\(input) + \(output) (\(derivation.rating))"
    }

    struct Row: Decodable {
        let model: String?
        let extracted: [Extraction]
    }

    struct Extraction: Decodable {
        let usage: [String: Int64]
        let extractors: [Extractor]

        /// Theirs counts all cache writes together, ours tells the lifetimes apart; counts that
        /// we don't keep are parts of others that we do.
        func usageInOurUnits() throws -> Usage {
            var result = Usage()
            for (key, unit) in GenAIPricesDataTests.units {
                if let count = usage[key] { result[unit] = count }
            }
            if let oneHour = usage["cache_write_1h_tokens"], oneHour > 0 {
                result[.cacheWriteInputTokens] = result.value(.cacheWriteInputTokens) - oneHour
            }
            return result
        }
    }

    struct Extractor: Decodable {
        let providerID: String
        let inputPrice: String?
        let outputPrice: String?

        enum CodingKeys: String, CodingKey {
            case providerID = "provider_id"
            case inputPrice = "input_price"
            case outputPrice = "output_price"
        }
    }

    private static let units: [String: UsageUnit] = [
        "input_tokens": .inputTokens, "output_tokens": .outputTokens,
        "cache_read_tokens": .cacheReadInputTokens, "cache_write_tokens": .cacheWriteInputTokens,
        "cache_write_1h_tokens": .cacheWriteOneHourInputTokens,
        "output_reasoning_tokens": .reasoningOutputTokens,
        "input_audio_tokens": .inputAudioTokens, "output_audio_tokens": .outputAudioTokens,
        "cache_audio_read_tokens": .cacheReadAudioTokens, "input_image_tokens": .inputImageTokens,
        "output_image_tokens": .outputImageTokens,
        "cache_image_read_tokens": .cacheReadImageTokens, "web_searches": .webSearches,
    ]
}
