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
            Readers see what was there before until all is done. Of all ledgers, a new version is \
            filled beside the old one, however long that takes; of one ledger (--ledger) the rows \
            are made again in one transaction, and the other ledgers are not touched.
            """)

    @OptionGroup var database: DatabaseOptions
    @Option(help: "Rebuild only what read models hold of this ledger (default: of all).")
    var ledger: String?
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
            var id: LedgerID?
            if let ledger {
                id = try await deployment.directory.find(ledger)
                if id == nil { throw await deployment.unknown(ledger) }
            }
            let runner = ProjectionRunner(pool: deployment.pool)
            try await runner.catchUp()
            let progress = Progress("rebuild", isQuiet: output.json)
            defer { progress.finish() }
            return try await runner.rebuild(projections.isEmpty ? nil : projections, of: id) {
                progress.show($0, of: $1, unit: "events")
            }
        }
        output.show(rebuilt)
    }
}
