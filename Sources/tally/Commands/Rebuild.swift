import ArgumentParser
import JSON
import ReadModels
import Server

struct Rebuild: TallyCommand {
    static let configuration = CommandConfiguration(
        abstract: "Folds read models anew beside the old ones, then switches to them.")

    @OptionGroup var database: DatabaseOptions
    @Flag(help: "Print the result as JSON.") var json = false
    @Argument(help: "Names of projections; all of them without any.") var projections: [String] = []

    func execute() async throws {
        let names = Projection.all.map(\.name)
        for name in projections where !names.contains(name) {
            throw ValidationError(
                "there is no projection \(name): \(names.joined(separator: ", "))")
        }
        let rebuilt = try await Deployment.with(try await database.settings()) { deployment in
            let runner = ProjectionRunner(pool: deployment.pool)
            try await runner.catchUp()
            let progress = Progress("rebuild", isQuiet: json)
            defer { progress.finish() }
            return try await runner.rebuild(projections.isEmpty ? nil : projections) {
                progress.show($0, of: $1, unit: "events")
            }
        }
        if json {
            var writer = JSONWriter()
            writer.array(of: rebuilt) { writer, projection in
                writer.object { writer in
                    writer.field("projection", projection.name)
                    writer.field("version", projection.version)
                    writer.field("events", projection.events)
                }
            }
            return print(writer.text)
        }
        for projection in rebuilt {
            print(
                "\(projection.name): version \(projection.version) is active, folded from "
                    + "\(grouped(projection.events)) events")
        }
    }
}
