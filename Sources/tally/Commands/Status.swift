import Access
import ArgumentParser
import Rendering
import Subscriptions

struct Status: TallyCommand {
    static let configuration = CommandConfiguration(
        abstract: "Shows how far the read models and reactors are, and why any halted.",
        discussion: """
            Lists the read models and reactors of all ledgers, each with the position it has \
            reached. A running service keeps them up to date; other commands bring \
            the read models up to date before they answer. After a halt, use tally subscriptions \
            resume; what is not current needs tally rebuild.
            """)

    @OptionGroup var database: DatabaseOptions
    @OptionGroup var output: OutputOptions

    func execute() async throws {
        output.show(
            try await database.open(to: .read) { deployment in
                let names = Dictionary(
                    try await deployment.directory.list().map { ($0.id, $0.name) },
                    uniquingKeysWith: { $1 })
                let runner = ServiceSubscriptions(deployment: deployment).runner
                try await runner.register()
                return Listing(
                    try await runner.status().map {
                        ShownSubscription($0, of: names[$0.ledger] ?? "\($0.ledger)")
                    })
            })
    }
}
