import Foundation
import Postgres
import PostgresTesting

/// A database for a program under test.
struct Place: Sendable {
    /// nil for the embedded server.
    let databaseURL: String?
    /// Also holds the signing key and the checkpoints if the database is elsewhere.
    let dataDirectory: String

    var arguments: [String] {
        (databaseURL.map { ["--database-url", $0] } ?? []) + ["--data-dir", dataDirectory]
    }

    /// The connection string for `psql`, as the superuser.
    var connection: String {
        databaseURL ?? EmbeddedCluster(dataDirectory: dataDirectory).connection
    }

    /// The output of `psql`: one line for each row, columns separated by `|`.
    func psql(_ sql: String) async throws -> String {
        let run = try await CommandRun.run(
            "/usr/bin/env",
            ["psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-d", connection, "-c", sql])
        guard run.exitCode == 0 else { throw ServiceTestError("psql: \(run.errors)") }
        return run.output.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// Runs a subcommand of the program on this database.
    func tally(
        _ arguments: String..., input: String? = nil, environment: [String: String] = [:]
    ) async throws -> CommandRun {
        try await CommandRun.tally(
            arguments + self.arguments, input: input, environment: environment)
    }
}

/// Lends a migrated database of the test server.
func withPlace<T>(
    on server: TestServer? = nil, _ body: (Place) async throws -> T
) async throws -> T {
    guard let server else { return try await withPlace(on: TestServer.shared(), body) }
    return try await withScratchDirectory { directory in
        let template = try await server.template(named: "tally_service_tests") { configuration in
            let run = try await CommandRun.tally([
                "migrate", "--database-url", configuration.url, "--data-dir", directory,
            ])
            guard run.exitCode == 0 else { throw ServiceTestError("migrate: \(run.errors)") }
        }
        return try await server.withScratchDatabase(from: template) { configuration in
            try await body(Place(databaseURL: configuration.url, dataDirectory: directory))
        }
    }
}

/// Lends a data directory for an embedded server.
func withEmbeddedPlace<T>(_ body: (Place) async throws -> T) async throws -> T {
    try await withScratchDirectory { directory in
        try await body(Place(databaseURL: nil, dataDirectory: directory))
    }
}
