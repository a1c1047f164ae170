import ArgumentParser
import LedgerModel
import LoadManagement
import Rendering
import Routing

struct Load: TallyCommand {
    static let configuration = CommandConfiguration(
        abstract: "The load of all instances of the gateway, and how many are wanted.",
        discussion: """
            Each instance tells the database of its load every few seconds. What classes, providers \
            and tenants have of one instance is in GET /api/v1/load; docs/load.md describes both.
            """)

    @OptionGroup var place: LedgerOptions
    @OptionGroup var output: OutputOptions

    func execute() async throws {
        let standing = try await place.open(to: .read) { deployment, _ in
            try await Fleet(pool: deployment.pool).standing(at: .now)
        }
        // The bounds are those that an instance has decided by.
        output.show(ShownScaling(standing))
    }
}
