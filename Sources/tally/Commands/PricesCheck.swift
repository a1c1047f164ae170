import ArgumentParser
import EventReading
import Foundation
import JSON
import LedgerModel
import Pricing

extension Prices {
    struct Check: TallyCommand {
        static let configuration = CommandConfiguration(
            abstract: "Checks a book against recorded answers of providers and their prices.",
            discussion: """
                The usages file has the shape of tests/dataset/usages.json of genai-prices: answers, \
                and for each extractor that reads one the usage, the input price and the output \
                price that it should give. Compared are whole counts and unrounded dollars; exit 1 \
                if anything differs. Needs no database.
                """)

        @Option(help: "The price file: ours, genai-prices' data.json, or LiteLLM's.")
        var book: String
        @Option(help: "The file of recorded usages.") var usages: String
        @Option(help: "The time of the requests, such as 2025-11-06T12:00:00Z.") var at: String
        @Flag(help: "Print the result as JSON.") var json = false

        func execute() async throws {
            guard let time = Timestamp(rfc3339: at, zoneIsOptional: true) else {
                throw ValidationError(
                    "\(at) is no time: write --at 2025-11-06T12:00:00Z or --at 2025-11-06")
            }
            let check = BookCheck(try PriceFileReading.read(book), at: time)
            guard let file = FileManager.default.contents(atPath: usages) else {
                throw InputRefused("the usages file \(usages) cannot be read")
            }
            let report: RecordedUsages.Report
            do throws(RecordedUsages.Fault) {
                report = try RecordedUsages.check(Array(file), with: check)
            } catch {
                throw InputRefused("\(usages): \(error)")
            }
            print(json ? Self.json(report) : Self.text(report))
            if !report.differences.isEmpty { throw TallyExit.checkFailed }
        }

        private static func text(_ report: RecordedUsages.Report) -> String {
            var table = TextTable(["row", "provider", "flavor", "what", "expected", "found"])
            for difference in report.differences {
                table.add([
                    String(difference.row), difference.provider, difference.flavor,
                    difference.what, difference.expected, difference.found,
                ])
            }
            return (report.differences.isEmpty ? "" : table.text + "\n")
                + "\(grouped(report.exactRows)) of \(grouped(report.rows)) rows are exact "
                + "(\(grouped(report.exactExtractions)) of \(grouped(report.extractions)) "
                + "extractions)"
        }

        private static func json(_ report: RecordedUsages.Report) -> String {
            var writer = JSONWriter()
            writer.object { writer in
                writer.field("rows", report.rows)
                writer.field("exact", report.exactRows)
                writer.field("extractions", report.extractions)
                writer.field("exact_extractions", report.exactExtractions)
                writer.key("differences")
                writer.array(of: report.differences) { writer, difference in
                    writer.object { writer in
                        writer.field("row", difference.row)
                        writer.field("provider", difference.provider)
                        writer.field("flavor", difference.flavor)
                        writer.field("what", difference.what)
                        writer.field("expected", difference.expected)
                        writer.field("found", difference.found)
                    }
                }
            }
            return writer.text
        }
    }
}
