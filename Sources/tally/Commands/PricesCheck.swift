import ArgumentParser
import EventReading
import Foundation
import LedgerModel
import Pricing
import Rendering

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
