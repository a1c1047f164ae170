import Access
import ArgumentParser
import ReadModels
import Rendering
import Subscriptions

struct Status: TallyCommand {
    static let configuration = CommandConfiguration(
        abstract: "Says how far what follows each ledger is behind it.",
        discussion: """
            Read models and reactors are subscriptions. Nothing is folded here: a running service \
            does that all the time, and other commands before they answer. One that is halted says \
            why; let it try again with tally subscriptions resume.
            """)

    @OptionGroup var database: DatabaseOptions
    @OptionGroup var output: OutputOptions

    func execute() async throws {
        output.show(
            try await database.open(to: .read) { deployment in
                let names = Dictionary(
                    try await deployment.directory.list().map { ($0.id, $0.name) },
                    uniquingKeysWith: { $1 })
                let statuses = try await ServiceSubscriptions(deployment: deployment).runner.status()
                return Listing(
                    statuses.map { SubscriptionState($0, of: names[$0.ledger] ?? "\($0.ledger)") })
            })
    }
}
