import Access
import ArgumentParser
import ReadModels
import Rendering

struct Status: TallyCommand {
    static let configuration = CommandConfiguration(
        abstract: "Says how far the read models of every ledger are behind it.",
        discussion: """
            Nothing is folded: a running service does that all the time, and other commands before \
            they answer. A read model that is halted says why.
            """)

    @OptionGroup var database: DatabaseOptions
    @OptionGroup var output: OutputOptions

    func execute() async throws {
        output.show(
            try await database.open(to: .read) { deployment in
                let names = Dictionary(
                    try await deployment.directory.list().map { ($0.id, $0.name) },
                    uniquingKeysWith: { $1 })
                let statuses = try await ProjectionRunner(pool: deployment.pool).status()
                return Listing(
                    statuses.map { ReadModelStatus($0, of: names[$0.ledger] ?? "\($0.ledger)") })
            })
    }
}
