import ArgumentParser
import Postgres
import Rendering

struct Migrate: TallyCommand {
    static let configuration = CommandConfiguration(
        abstract: "Brings the schema up to date; refuses an applied migration that was changed.")

    @OptionGroup var database: DatabaseOptions
    @OptionGroup var output: OutputOptions

    func execute() async throws {
        let applied = try await Deployment.migrateOnly(try await database.settings())
        output.show(AppliedMigrations(applied.map(\.fileName)))
    }
}
