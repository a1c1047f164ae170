import ArgumentParser
import Booking
import Budgeting
import Budgets
import LedgerModel
import Rendering

struct ControlCommands: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "controls",
        abstract: "What is done to calls before they are made: apply, list, remove.",
        discussion: """
            A control blocks, throttles, downgrades, shortens or flags calls when they are held, for \
            instance once a budget is used to 80 %. See docs/budgets.md.
            """,
        subcommands: [BudgetCommands.Apply.self, List.self, Remove.self])

    struct List: TallyCommand {
        static let configuration = CommandConfiguration(
            abstract: "Lists the controls in the order in which they are taken.")

        @OptionGroup var place: LedgerOptions
        @OptionGroup var output: OutputOptions

        func execute() async throws {
            let controls = try await withBudgets(place, to: .read) { try await $0.controls() }
            if controls.isEmpty, !output.json {
                print("There is no control yet. For example: tally controls apply controls.yaml")
            } else {
                output.show(Listing(controls))
            }
        }
    }

    struct Remove: TallyCommand {
        static let configuration = CommandConfiguration(
            abstract: "Removes a control; what it did stays in the ledger.")

        @OptionGroup var place: LedgerOptions
        @Option(help: "Why; kept in the ledger.") var reason: String?
        @OptionGroup var output: OutputOptions
        @Argument(help: "Name of the control.") var name: String

        func execute() async throws {
            try await withBudgets(place, to: .write) {
                try await $0.removeControl(name, by: author, reason: reason, at: .now)
            }
            output.show(Done("removed", name))
        }
    }
}
