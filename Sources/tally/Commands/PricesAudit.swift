import ArgumentParser
import LedgerModel
import Pricing
import Rendering

extension Prices {
    struct Audit: TallyCommand {
        static let configuration = CommandConfiguration(
            abstract: "Lists where a book and a source of prices disagree, and why.",
            discussion: """
                The source is the data.json of genai-prices or LiteLLM's \
                model_prices_and_context_window.json. Every name that it lists is compared: each \
                unit, above each bound, in each tier and region. The reasons are those of the \
                built-in book. Exits with 1 if a disagreement has none. It needs no database.
                """)

        @Option(help: "The source: a file of genai-prices, LiteLLM or Tallystick.")
        var against: String
        @Option(help: "A price file (default: the built-in book).") var book: String?
        @Option(
            help: "For sources without dates: when their prices hold (default: now).",
            transform: Timestamp.argument)
        var at: Timestamp?
        @OptionGroup var output: OutputOptions

        func execute() async throws {
            let source = try PriceFileReading.reading(against)
            let audited = try book.map { try PriceFileReading.read($0) } ?? .default
            let audit = audited.audit(
                against: source, at: at ?? .now,
                reasons: audited == .default ? .builtIn : PriceReasons())
            output.show(audit)
            if audit.unexplained > 0 { throw ExitCode.checkFailed }
        }
    }
}
