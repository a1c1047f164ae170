import ArgumentParser
import Booking
import EventStore
import LedgerModel
import Logging
import Subscriptions

struct SubscriptionCommands: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "subscriptions",
        abstract: "What follows the ledgers by itself: list, resume.",
        subcommands: [List.self, Resume.self])

    struct List: TallyCommand {
        static let configuration = CommandConfiguration(
            abstract: "Says how far each came in a ledger, how far it lags, and why it halted.")

        @OptionGroup var database: DatabaseOptions
        @OptionGroup var target: LedgerOptions
        @Flag(help: "Print the result as JSON.") var json = false

        func execute() async throws {
            let found = try await Deployment.with(try await database.settings()) { deployment in
                let ledger = try await deployment.ledger(target.ledger).store.id
                let runner = ServiceSubscriptions(deployment: deployment).runner
                try await runner.register()
                return try await runner.status().filter { $0.ledger == ledger }
            }
            var table = TextTable([
                "subscription", "version", "position", "lag_events", "lag_seconds", "halted",
            ])
            for status in found {
                table.add([
                    status.subscription, "\(status.version)", "\(status.position)",
                    "\(status.lagPositions)", "\(status.lag.components.seconds)",
                    status.isCurrent ? status.halted : "waits for tally rebuild",
                ])
            }
            print(json ? table.json : table.text, terminator: "")
        }
    }

    struct Resume: TallyCommand {
        static let configuration = CommandConfiguration(
            abstract: "Lets one that halted try again, after the cause was mended.")

        @OptionGroup var database: DatabaseOptions
        @OptionGroup var target: LedgerOptions
        @Flag(help: "Print the result as JSON.") var json = false
        @Argument(help: "Its name, from tally subscriptions list.") var name: String

        func execute() async throws {
            let isResumed = try await Deployment.with(try await database.settings()) { deployment in
                let ledger = try await deployment.ledger(target.ledger).store.id
                let runner = ServiceSubscriptions(deployment: deployment).runner
                return try await runner.resume(name, of: ledger)
            }
            guard isResumed else {
                throw InputRefused(
                    "no subscription \(name) is halted in ledger \(target.ledger): see tally "
                        + "subscriptions list --ledger \(target.ledger)")
            }
            print(json ? "{\"resumed\":\"\(name)\"}" : "resumed \(name)")
        }
    }
}
