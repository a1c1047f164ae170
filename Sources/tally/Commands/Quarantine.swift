import ArgumentParser
import Booking
import EventStore
import LedgerModel
import Rendering
import Subscriptions

struct QuarantineCommands: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "quarantine",
        abstract: "Events that halt a read model or reactor: list, find, add.",
        discussion: """
            A read model or reactor that cannot take an event halts before it. Mend the program, or \
            put the event into quarantine: that subscription leaves it out from then on, and an \
            event in the ledger says so. Others still take it. See docs/operations.md.
            """,
        subcommands: [List.self, Find.self, Add.self])

    struct List: TallyCommand {
        static let configuration = CommandConfiguration(
            abstract: "Lists what is halted and why, and which events are quarantined.")

        @OptionGroup var place: LedgerOptions
        @OptionGroup var output: OutputOptions

        func execute() async throws {
            output.show(
                try await place.open(to: .read) { deployment, ledger in
                    try await QuarantineService(ledger: ledger.store, pool: deployment.pool).list()
                })
        }
    }

    struct Find: TallyCommand {
        static let configuration = CommandConfiguration(
            abstract: "Names the events that a halted subscription cannot take.",
            discussion: """
                It tries ever shorter parts of the block before which the subscription is halted. A \
                read model is tried in transactions that are rolled back. A reactor works as it \
                does after a crash: what it appends for other events, it would append anyway.
                """)

        @OptionGroup var place: LedgerOptions
        @OptionGroup var output: OutputOptions
        @Argument(help: "Its name, from tally status.") var subscription: String

        func execute() async throws {
            let found = try await place.open(to: .write) { deployment, ledger in
                try await ServiceSubscriptions(deployment: deployment).runner
                    .findPoison(in: subscription, of: ledger.store.id)
            }
            output.show(FoundPoison(found, in: subscription, of: place.ledger))
        }
    }

    struct Add: TallyCommand {
        static let configuration = CommandConfiguration(
            abstract: "Quarantines events for a halted subscription, and resumes it.")

        @OptionGroup var place: LedgerOptions
        @Option(help: "Why they are left out; it stays in the ledger.") var reason: String
        @OptionGroup var output: OutputOptions
        @Argument(help: "Its name, from tally status.") var subscription: String
        @Argument(help: "Ids of the events, from tally quarantine find.") var events: [String]

        func execute() async throws {
            let ids = try events.map { text in
                guard let id = EventID(text) else {
                    throw InputRefused("\(text) is not an event id: expected a UUID")
                }
                return id
            }
            let added = try await place.open(to: .write) { deployment, ledger in
                try await QuarantineService(ledger: ledger.store, pool: deployment.pool)
                    .add(ids, to: subscription, because: reason)
            }
            output.show(Listing(added))
        }
    }
}
