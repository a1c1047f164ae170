import ArgumentParser
import Booking
import Budgeting
import Budgets
import EventStore
import LedgerModel
import Rendering

extension ReplayHistory {
    struct OfBudgets: TallyCommand {
        static let configuration = CommandConfiguration(
            commandName: "budgets",
            abstract:
                "Shows what budgets and controls would have done, before they are switched on.",
            discussion: """
                The file has budgets and controls by name; tally budgets apply takes the same file. \
                Requests are taken in the order of their positions, each for what it cost; what a \
                control changes costs what the prices in force then say.
                """)

        @OptionGroup var place: LedgerOptions
        @Option(help: "A file of budgets and controls; docs/budgets.md describes it.")
        var policy: String
        @OptionGroup var history: HistoryOptions
        @Option(help: "By what refused and changed requests are told apart, separated by commas.")
        var by = "team,app"
        @Option(help: "Write an HTML report to this file.") var html: String?
        @OptionGroup var output: OutputOptions

        func execute() async throws {
            let text = try readText(policy, "file of budgets")
            // What is wrong in it is said before anything is opened.
            _ = try BudgetPolicyFile.read(text)
            let dimensions = try by.split(separator: ",").map {
                try Dimension.argument($0, "--by")
            }
            let report = try await cancelledBySignals {
                try await place.open(to: .read) { deployment, ledger in
                    let zone = try await deployment.zone(of: ledger)
                    let file = try BudgetPolicyFile.read(text, in: zone)
                    let filter = try history.filter(in: zone)
                    let progress = Progress("replay", isQuiet: output.json)
                    defer { progress.finish() }
                    return try await BudgetReplay(
                        ledger: ledger.store.id, pool: deployment.pool, prices: ledger.prices
                    ).run(file, over: filter, groupedBy: dimensions) {
                        progress.show($0, of: $1, unit: "events")
                    }
                }
            }
            try output.show(report, page: html)
        }
    }
}
