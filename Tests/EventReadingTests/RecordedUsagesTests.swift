import EventReading
import Foundation
import JSON
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

@Suite("Recorded usages")
struct RecordedUsagesTests {
    private func check(_ usages: String, _ book: String = Self.book) throws -> [String] {
        let at = try #require(Timestamp(rfc3339: "2025-11-06T12:00:00Z"))
        let report = try RecordedUsages.check(
            Array(usages.utf8), with: BookCheck(PriceFile.read(book), at: at))
        #expect(report.rows - report.exactRows <= report.differences.count)
        #expect((report.exactRows == report.rows) == report.differences.isEmpty)
        return report.differences.map {
            "\($0.row) \($0.provider) \($0.flavor) \($0.what): \($0.expected), \($0.found)"
        }
    }

    private static let book = """
        tally_prices: 1
        name: test
        providers:
          openai:
            models: {m: {input_mtok: 1, cache_read_mtok: 0.1, output_mtok: 3}}
        """

    static func row(
        prompt: Int = 100, cached: Int = 40, expected: String = "100", cachedExpected: Int = 40,
        input: String? = "0.000064", output: String? = "0.00003", flavor: String = "chat",
        model: String = "m"
    ) -> String {
        let prices = [("input_price", input), ("output_price", output)].compactMap { key, price in
            price.map { #", "\#(key)": "\#($0)""# }
        }
        return """
            [{"model": "\(model)", "body": {"model": "\(model)", "usage": {"prompt_tokens": \(prompt),
             "completion_tokens": 10, "prompt_tokens_details": {"cached_tokens": \(cached)}}},
             "extracted": [{"usage": {"input_tokens": \(expected), "output_tokens": 10,
              "cache_read_tokens": \(cachedExpected)},
              "extractors": [{"provider_id": "openai", "api_flavor": "\(flavor)"\(prices.joined())}]}]}]
            """
    }

    @Test("recorded usages are reproduced, and each difference is named with both values")
    func differences() throws {
        #expect(try check(Self.row()) == [])
        #expect(
            try check(Self.row(cachedExpected: 41)) == [
                "0 openai chat cache_read_input_tokens: 41, 40"
            ])
        #expect(
            try check(Self.row(input: "0.000064000000000000000001")) == [
                "0 openai chat input_price: 0.000064000000000000000001, 0.000064"
            ])
        #expect(
            try check(Self.row(output: nil)) == ["0 openai chat output_price: no price, 0.00003"])
        #expect(
            try check(Self.row(model: "n")) == [
                "0 openai chat input_price: 0.000064, no price: no price for model n of openai",
                "0 openai chat output_price: 0.00003, no price: no price for model n of openai",
            ])
        #expect(try check(Self.row(input: nil, output: nil, model: "n")) == [])
        let missing = try check(Self.row(flavor: "telegraph"))
        #expect(missing.count == 1)
        #expect(
            missing.first?.hasPrefix(
                "0 openai telegraph extractor: a usage, no extractor telegraph for openai: there are "
                    + "chat, ") == true)
    }

    @Test("an unreadable answer is one difference with its sentence")
    func unreadable() throws {
        #expect(
            try check(Self.row(prompt: -1)) == [
                "0 openai chat answer: a usage, usage.prompt_tokens is -1: input_tokens is a whole "
                    + "number from 0 to 1000000000000000"
            ])
        // More cached than input: a contradiction has no price in either implementation.
        #expect(
            try check(Self.row(cached: 101, cachedExpected: 101, input: nil, output: nil)) == [])
    }

    @Test(
        "a file of another shape is refused with the row",
        arguments: [
            ("", "not JSON at byte 0: it is empty"), ("{}", "a list of rows with body"),
            ("[{}]", "row 0 needs body and extracted"), ("[7]", "row 0 needs body and extracted"),
            (#"[{"body": {}, "extracted": [{}]}]"#, "row 0: each of extracted needs usage"),
            (
                RecordedUsagesTests.row(expected: "1.5"),
                "row 0: the count of input_tokens must be a whole number"
            ),
            (RecordedUsagesTests.row(input: "much"), "row 0: \"much\" is not a price in dollars"),
            (
                RecordedUsagesTests.row().replacing("cache_read_tokens", with: "moon_tokens"),
                "row 0: moon_tokens is not a known unit of usage"
            ),
        ])
    func refused(file: String, words: String) throws {
        let error = try #require(throws: RecordedUsages.Fault.self) { try check(file) }
        #expect(error.description.contains(words), "\(error)")
    }

    /// Rows that the file beside the recording cannot express; see docs/decisions/0010.
    ///
    /// The file is genai-prices' frozen `data.json` of its first form (its `test_frozen_v1_data.py`
    /// names the digest); the recording was made with newer data.
    private static let notInTheBook: Set<String> = [
        "google output_price", "aws input_price", "aws output_price", "zai input_price",
        "zai output_price",
    ]

    @Test(
        "genai-prices' recorded answers give their usage and their unrounded prices",
        .enabled(if: hasData, "genai-prices-data.json and its usages are not in TALLY_TEST_DATA"))
    func genAIPrices() throws {
        let at = try #require(Timestamp(rfc3339: "2025-11-06T12:00:00Z"))
        let book = try PriceFile.read(String(contentsOf: bookFile, encoding: .utf8))
        let report = try RecordedUsages.check(
            Array(Data(contentsOf: usagesFile)), with: BookCheck(book, at: at))
        #expect(report.rows > 700 && report.extractions > 9_000)
        // Names with their maker in front (models/gemini-2.5-pro) are understood here, so they
        // have a price where genai-prices has none.
        let rows = try JSONTree(parsing: Data(contentsOf: usagesFile)).items ?? []
        func isOfKnownMaker(_ difference: RecordedUsages.Difference) -> Bool {
            difference.expected == "no price"
                && rows[difference.row]["model"]?.string?.contains(/^[A-Za-z0-9-]+[.\/][A-Za-z]/)
                    == true
        }
        let ofKnownMakers = Set(report.differences.filter(isOfKnownMaker).map(\.row))
        let unexplained = report.differences.filter { difference in
            let isCacheWriteOfMoonshot =
                difference.provider == "moonshotai"
                && difference.what == "cache_write_input_tokens"
            return !isCacheWriteOfMoonshot && !isOfKnownMaker(difference)
                && !Self.notInTheBook.contains("\(difference.provider) \(difference.what)")
        }
        #expect(unexplained == [])
        #expect(report.rows - report.exactRows - ofKnownMakers.count < 20)
    }
}
