import JSON
import LedgerModel
package import Pricing
import SIMDJSON
import UsageExtraction

/// A file of recorded answers and what extractors should make of them, in the shape of
/// genai-prices' `tests/dataset/usages.json`.
package enum RecordedUsages {
    /// The result of checking a whole file.
    package struct Report: Sendable {
        package var rows = 0
        package var exactRows = 0
        package var extractions = 0
        package var exactExtractions = 0
        package var differences: [Difference] = []
    }

    package struct Difference: Hashable, Sendable {
        /// Counted from zero, like the file's list.
        package let row: Int
        package let provider: String
        package let flavor: String
        package let what: String
        package let expected: String
        package let found: String
    }

    /// Why a file could not be checked.
    package struct Fault: Error, CustomStringConvertible {
        package let description: String
    }

    /// Reads the file row by row and compares every extraction that it lists.
    package static func check(
        _ file: [UInt8], with check: BookCheck
    ) throws(Fault) -> Report {
        let bytes = file.withUnsafeBytes { ByteStorage(copying: $0.dropByteOrderMark) }
        var tape = JSONTape()
        let root: JSONTape.Root
        do throws(JSONFault) {
            root = try tape.open(bytes.bytes)
        } catch {
            throw Fault(description: "not JSON at byte \(error.offset): \(error.reason)")
        }
        guard root == .array else {
            throw Fault(description: "expected a list of rows with body and extracted")
        }
        var report = Report()
        while let row = tape.next() {
            try add(row, to: &report, with: check)
            report.rows += 1
        }
        return report
    }

    private static func add(
        _ row: JSONValue, to report: inout Report, with check: BookCheck
    ) throws(Fault) {
        let place = "row \(report.rows)"
        guard let body = row.member("body"), let extracted = row.member("extracted")?.items else {
            throw Fault(description: "\(place) needs body and extracted, a list")
        }
        let model = row.member("model")?.string
        let before = report.differences.count
        for item in extracted {
            for recorded in try extractions(item, place) {
                report.extractions += 1
                let found = check.differences(of: body, model: model, from: recorded)
                if found.isEmpty { report.exactExtractions += 1 }
                report.differences += found.map {
                    Difference(
                        row: report.rows, provider: recorded.provider, flavor: recorded.flavor,
                        what: $0.what, expected: $0.expected, found: $0.found)
                }
            }
        }
        if report.differences.count == before { report.exactRows += 1 }
    }

    /// Reads one usage and the extractors that should find it.
    private static func extractions(
        _ item: JSONValue, _ place: String
    ) throws(Fault) -> [RecordedExtraction] {
        guard let usage = item.member("usage"), usage.kind == .object,
            let extractors = item.member("extractors")?.items
        else {
            throw Fault(description: "\(place): each of extracted needs usage and extractors")
        }
        var counts: [Measure: Int64] = [:]
        for (key, value) in usage.members {
            let name = String(decoding: key.text, as: UTF8.self)
            guard let measure = Measure(genaiName: name) else {
                throw Fault(description: "\(place): \(name) is not a known unit of usage")
            }
            guard value.kind == .integer else {
                throw Fault(description: "\(place): the count of \(name) must be a whole number")
            }
            counts[measure] = value.integer * measure.scale
        }
        var recorded: [RecordedExtraction] = []
        for extractor in extractors {
            guard let provider = extractor.member("provider_id")?.string else {
                throw Fault(description: "\(place): an extractor needs a provider_id")
            }
            recorded.append(
                RecordedExtraction(
                    provider: provider,
                    flavor: extractor.member("api_flavor")?.string ?? "default", counts: counts,
                    inputPrice: try price(extractor.member("input_price"), place),
                    outputPrice: try price(extractor.member("output_price"), place)))
        }
        return recorded
    }

    private static func price(
        _ value: JSONValue?, _ place: String
    ) throws(Fault) -> RecordedPrice? {
        guard let value, value.kind != .null else { return nil }
        let text = String(decoding: value.text, as: UTF8.self)
        guard let price = RecordedPrice(text) else {
            throw Fault(
                description: "\(place): \"\(text)\" is not a price in dollars, exact to 1e-24 USD")
        }
        return price
    }
}

// MARK: - The tape as an answer

extension JSONValue: AnswerDocument {
    var items: [JSONValue]? { kind == .array ? Array(elements) : nil }

    var answerKind: AnswerKind {
        switch kind {
        case .null: .null
        case .boolean: .boolean
        case .integer, .number: .number(String(decoding: text, as: UTF8.self))
        case .string, .brokenString: .text(String(decoding: text, as: UTF8.self))
        case .array: .array
        case .object: .object
        }
    }

    fileprivate var string: String? {
        if case .text(let text) = answerKind { text } else { nil }
    }
}
