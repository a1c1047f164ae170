import ArgumentParser
import JSON
import Postgres

struct Migrate: TallyCommand {
    static let configuration = CommandConfiguration(
        abstract: "Brings the schema up to date; refuses a changed old migration.")

    @OptionGroup var database: DatabaseOptions
    @Flag(help: "Print the result as JSON.") var json = false

    func execute() async throws {
        let settings = try await database.settings()
        let applied = try await Deployment.migrateOnly(settings)
        if json {
            var writer = JSONWriter()
            writer.object { writer in
                writer.key("applied")
                writer.array(of: applied) { $0.value($1.fileName) }
            }
            return print(writer.text)
        }
        for migration in applied { print("applied \(migration.fileName)") }
        print("the schema is up to date")
    }
}
