import ArgumentParser
import Booking
import EventStore
import LedgerModel
import Rendering
import Subscriptions

struct SubscriptionCommands: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "subscriptions",
        abstract: "What follows the ledgers by itself: resume (tally status lists all).",
        subcommands: [Resume.self])

    struct Resume: TallyCommand {
        static let configuration = CommandConfiguration(
            abstract: "Lets one that halted try again, after the cause was mended.")

        @OptionGroup var place: LedgerOptions
        @OptionGroup var output: OutputOptions
        @Argument(help: "Its name, from tally status.") var name: String

        func execute() async throws {
            let isResumed = try await place.open(to: .write) { deployment, ledger in
                try await ServiceSubscriptions(deployment: deployment).runner
                    .resume(name, of: ledger.store.id)
            }
            guard isResumed else {
                throw InputRefused(
                    "no subscription \(name) is halted in ledger \(place.ledger): see tally status")
            }
            output.show(Done("resumed", name))
        }
    }
}
