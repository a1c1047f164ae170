import ArgumentParser
import Booking
import EventStore
import LedgerModel
import Rendering
import Subscriptions

struct SubscriptionCommands: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "subscriptions",
        abstract: "Subscriptions: resume (tally status lists them).",
        subcommands: [Resume.self])

    struct Resume: TallyCommand {
        static let configuration = CommandConfiguration(
            abstract: "Resumes a halted subscription once you have fixed the cause.")

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
