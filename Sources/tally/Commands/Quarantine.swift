import ArgumentParser
import Booking
import EventStore
import LedgerModel
import ReadModels
import Rendering
import Subscriptions

struct QuarantineCommands: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "quarantine",
        abstract: "Events that halt a read model or reactor: list, find, add, release.",
        discussion: """
            A read model or reactor that cannot take an event halts before it. Mend the program, or \
            put the event into quarantine: that subscription leaves it out from then on, and an \
            event in the ledger says so. Others still take it. Once the program is mended, release \
            it: another event says so, and a rebuild counts it. See docs/operations.md.
            """,
        subcommands: [List.self, Find.self, Add.self, Release.self])

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
            let ids = try QuarantineCommands.ids(events)
            let added = try await place.open(to: .write) { deployment, ledger in
                try await QuarantineService(ledger: ledger.store, pool: deployment.pool)
                    .add(ids, to: subscription, because: reason)
            }
            output.show(Listing(added))
        }
    }
    struct Release: TallyCommand {
        static let configuration = CommandConfiguration(
            abstract: "Releases events from quarantine and rebuilds what left them out.",
            discussion: """
                The rebuild counts them, beside the version that is read until it is done. If a read \
                model still cannot take an event, the rebuild fails and that version stays: add the \
                event again. A reactor begins again and does what it had left out.
                """)

        @OptionGroup var place: LedgerOptions
        @Option(help: "Why they count again; it stays in the ledger.") var reason: String
        @Option(help: "Only for this read model or reactor (default: all that leave them out).")
        var from: String?
        @Flag(help: "Leave the rebuild to tally rebuild.") var noRebuild = false
        @OptionGroup var output: OutputOptions
        @Argument(help: "Ids of the events, from tally quarantine list.") var events: [String]

        func execute() async throws {
            let ids = try QuarantineCommands.ids(events)
            let readModels = Set(ReadModel.all.map(\.name))
            let released = try await place.open(to: .write) { deployment, ledger in
                let service = QuarantineService(ledger: ledger.store, pool: deployment.pool)
                func release() async throws -> [QuarantinedEvent] {
                    try await service.release(
                        ids, from: from, because: reason, readModels: readModels)
                }
                let waiting = Set(try await release().filter(\.isLeftOut).map(\.subscription))
                    .intersection(readModels)
                if !noRebuild, !waiting.isEmpty {
                    let runner = ProjectionRunner(pool: deployment.pool)
                    let progress = Progress("rebuild", isQuiet: output.json)
                    defer { progress.finish() }
                    _ = try await runner.rebuild(waiting.sorted()) {
                        progress.show($0, of: $1, unit: "events")
                    }
                }
                return try await release()
            }
            output.show(Listing(released))
        }
    }

    private static func ids(_ texts: [String]) throws -> [EventID] {
        try texts.map { text in
            guard let id = EventID(text) else {
                throw InputRefused("\(text) is not an event id: expected a UUID")
            }
            return id
        }
    }
}
