import Access
import ArgumentParser
import LedgerModel
import ReadModels
import Rendering
import Subscriptions

struct Rebuild: TallyCommand {
    static let configuration = CommandConfiguration(
        abstract: "Rebuilds read models next to the old ones, then switches over.",
        discussion: """
            A version of a read model holds every ledger, so that readers switch once: --ledger \
            says which ledger you are after, and is refused if there is none, but the others are \
            rebuilt with it.
            """)

    @OptionGroup var database: DatabaseOptions
    @Option(help: "Name of the ledger that you are after (default: all).") var ledger: String?
    @OptionGroup var output: OutputOptions
    @Argument(help: "Names of projections (default: all).") var projections: [String] = []

    func execute() async throws {
        let names = ReadModel.all.map(\.name)
        for name in projections where !names.contains(name) {
            throw ValidationError(
                "there is no projection \(name)\(Likeness.question(name, among: names)): \(names.joined(separator: ", "))"
            )
        }
        let rebuilt = try await database.open(to: .write) { deployment in
            if let ledger, try await deployment.directory.find(ledger) == nil {
                throw await deployment.unknown(ledger)
            }
            let runner = ProjectionRunner(pool: deployment.pool)
            try await runner.catchUp()
            let progress = Progress("rebuild", isQuiet: output.json)
            defer { progress.finish() }
            return try await runner.rebuild(projections.isEmpty ? nil : projections) {
                progress.show($0, of: $1, unit: "events")
            }
        }
        output.show(rebuilt)
    }
}
