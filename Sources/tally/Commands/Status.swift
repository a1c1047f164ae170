import Access
import ArgumentParser
import Rendering
import Subscriptions

struct Status: TallyCommand {
    static let configuration = CommandConfiguration(
        abstract: "Says how far what follows the ledgers has come, and why it halted.",
        discussion: """
            Read models and reactors of all ledgers, each with the position up to which it has \
            dealt with the events. A running service does that all the time; other commands fold \
            the read models before they answer. What halted tries again after tally subscriptions \
            resume; what is not current waits for tally rebuild.
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
