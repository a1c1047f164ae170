import ArgumentParser
import Booking
import PriceBooks
import Rendering

extension Prices {
    struct Explain: TallyCommand {
        static let configuration = CommandConfiguration(
            abstract: "Shows why a request costs what it costs, line by line until it adds up.",
            discussion: """
                The price is made again with the book that the charge names. Exit code 1: it is \
                not what was booked.
                """)

        @OptionGroup var place: LedgerOptions
        @Argument(help: "Id of a request or of a charge, or the id that its sender gave it.")
        var id: String
        @Option(help: "The sender's source, where the id came with one (imports: import).")
        var source: String?
        @OptionGroup var output: OutputOptions

        func execute() async throws {
            let explanation = try await place.open(to: .read) { deployment, ledger in
                try await Explainer(
                    ledger: ledger.store, bookStore: deployment.bookStore, pool: deployment.pool
                ).explain(id, source: source)
            }
            output.show(explanation)
            if !explanation.holds { throw ExitCode.checkFailed }
        }
    }
}
