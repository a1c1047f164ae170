import ArgumentParser
import EventReading
import Foundation
import LedgerModel
import Pricing
import Rendering

extension Prices {
    struct Check: TallyCommand {
        static let configuration = CommandConfiguration(
            abstract: "Checks a book against recorded provider answers and their prices.",
            discussion: """
                The usages file has the shape of tests/dataset/usages.json of genai-prices: \
                answers, and for each extractor that reads one, the expected usage, input price \
                and output price. The check compares whole counts and unrounded dollars, and exits \
                with 1 if anything differs. It needs no database.
                """)

        @Option(help: "The price file: Tallystick's, genai-prices' data.json, or LiteLLM's.")
        var book: String
        @Option(help: "The file with recorded usages.") var usages: String
        @Option(
            help: "The time of the requests, such as 2025-11-06T12:00:00Z.",
            transform: Timestamp.argument)
        var at: Timestamp
        @OptionGroup var output: OutputOptions

        func execute() async throws {
            let check = BookCheck(try PriceFileReading.read(book), at: at)
            guard let file = FileManager.default.contents(atPath: usages) else {
                throw InputRefused("the usages file \(usages) cannot be read")
            }
            let report: RecordedUsages.Report
            do throws(RecordedUsages.Fault) {
                report = try RecordedUsages.check(Array(file), with: check)
            } catch {
                throw InputRefused("\(usages): \(error)")
            }
            output.show(report)
            if !report.differences.isEmpty { throw ExitCode.checkFailed }
        }
    }
}
