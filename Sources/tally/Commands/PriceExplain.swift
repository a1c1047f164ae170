import ArgumentParser
import Booking
import PriceBooks
import Rendering

extension Prices {
    struct Explain: TallyCommand {
        static let configuration = CommandConfiguration(
            abstract: "Explains what a request costs, line by line.",
            discussion: """
                The price is recomputed with the book that the charge names. Exit code 1: it \
                differs from what was booked.
                """)

        @OptionGroup var place: LedgerOptions
        @Argument(help: "Id of a request or charge, or the sender's own id.")
        var id: String
        @Option(help: "The source of the sender's own id (imports: import).")
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
