import ArgumentParser
import Booking
import EventStore
import LedgerModel
import Rendering
import Subscriptions

struct SubscriptionCommands: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "subscriptions",
        abstract: "What follows the ledgers by itself; tally status lists it.",
        subcommands: [Resume.self])

    struct Resume: TallyCommand {
        static let configuration = CommandConfiguration(
            abstract: "Lets one that halted try again, after the cause was mended.")

        @OptionGroup var database: DatabaseOptions
        @OptionGroup var target: LedgerOptions
        @OptionGroup var output: OutputOptions
        @Argument(help: "Its name, from tally status.") var name: String

        func execute() async throws {
            let isResumed = try await database.open(to: .write) { deployment in
                let ledger = try await deployment.ledger(target.ledger).store.id
                let runner = ServiceSubscriptions(deployment: deployment).runner
                return try await runner.resume(name, of: ledger)
            }
            guard isResumed else {
                throw InputRefused(
                    "no subscription \(name) is halted in ledger \(target.ledger): see tally "
                        + "status")
            }
            output.show(Done("resumed", name))
        }
    }
}
