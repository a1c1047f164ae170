import Alerting
import ArgumentParser
import Booking
import EventStore
import Foundation
import LedgerModel
import Logging
import Rendering

struct AlertCommands: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "alerts",
        abstract: "Alerts: list, ack, silence, test.",
        discussion: """
            A running service looks at every ledger, raises alerts and tells channels. Rules and \
            channels are in the file of the setting alerts.file; without one, the log is told. See \
            docs/alerts.md.
            """,
        subcommands: [List.self, Acknowledge.self, Silence.self, Test.self])

    struct List: TallyCommand {
        static let configuration = CommandConfiguration(
            abstract: "Lists the alerts, those that are open first.")

        @OptionGroup var place: LedgerOptions
        @Flag(help: "Only those that are open.") var open = false
        @OptionGroup var output: OutputOptions

        func execute() async throws {
            output.show(
                try await withAlerts(place, to: .read) {
                    let (position, alerts) = try await $0.list(includingResolved: !open)
                    return ShownAlerts(alerts, position: position)
                })
        }
    }

    struct Acknowledge: TallyCommand {
        static let configuration = CommandConfiguration(
            commandName: "ack",
            abstract: "Says that somebody looks after an alert: nobody else is called for it.")

        @OptionGroup var place: LedgerOptions
        @OptionGroup var words: AlertWords
        @OptionGroup var output: OutputOptions
        @Argument(help: "The alert, from tally alerts list.") var id: String

        func execute() async throws {
            let alert = try await withAlerts(place, to: .write) {
                try await $0.acknowledge(id, by: words.by, note: words.note, at: .now)
            }
            output.show(Told(alert, "acknowledged \(id): \(alert.summary)"))
        }
    }

    struct Silence: TallyCommand {
        static let configuration = CommandConfiguration(
            abstract: "Silences an alert for a while; it is raised again if it is still there.")

        @OptionGroup var place: LedgerOptions
        @OptionGroup var words: AlertWords
        @Option(
            name: .customLong("for"), help: "How long: 90s, 15m, 12h or 1d.",
            transform: PriceRefreshOptions.duration)
        var duration: Duration
        @OptionGroup var output: OutputOptions
        @Argument(help: "The alert, from tally alerts list.") var id: String

        func execute() async throws {
            let until = Timestamp.now.advanced(
                byMicroseconds: duration.components.seconds * 1_000_000)
            let alert = try await withAlerts(place, to: .write) {
                try await $0.silence(id, until: until, by: words.by, note: words.note, at: .now)
            }
            output.show(Told(alert, "silenced \(id) until \(until)"))
        }
    }

    struct Test: TallyCommand {
        static let configuration = CommandConfiguration(
            abstract: "Sends a notice that says that it is a test.",
            discussion: """
                It goes out at once, from here. A channel that was disabled, since its receiver \
                answered 410, gets notices again.
                """)

        @OptionGroup var place: LedgerOptions
        @OptionGroup var output: OutputOptions
        @Argument(help: "The channel, from the file of alerts.file.") var channel: String

        func execute() async throws {
            let channels = try await place.database.settings()
                .alertChannels(logger: Logger(label: "tally"))
            let tested = try await withAlerts(place, to: .write) {
                try await $0.test(
                    channel, of: channels, ledger: place.ledger, id: makeEventID(), at: .now)
            }
            output.show(TestedChannel(channel, type: tested.kind.word))
        }
    }
}

/// What somebody says about an alert.
struct AlertWords: ParsableArguments {
    @Option(name: .customLong("by"), help: "Who looks after it (default: $USER).")
    var person: String?
    @Option(help: "What others should know.") var note: String?

    var by: String? { person ?? ProcessInfo.processInfo.environment["USER"] }
}

private func withAlerts<T>(
    _ place: LedgerOptions, to purpose: Deployment.Purpose,
    _ body: (AlertService) async throws -> T
) async throws -> T {
    try await place.open(to: purpose) { deployment, ledger in
        try await body(AlertService(ledger: ledger.store, pool: deployment.pool))
    }
}
