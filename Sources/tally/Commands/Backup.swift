import ArgumentParser
import Foundation
import Migrations
import Postgres
import Rendering

struct Backup: TallyCommand {
    static let configuration = CommandConfiguration(
        abstract: "Writes the whole database with all its ledgers to a file.",
        discussion: """
            The service may go on. The file is one of pg_dump, which has to be as new as the server; \
            it holds the passwords of the audit roles, so only its owner may read it. A file that \
            is there already is kept, unless --force is given. The signing key and checkpoints are \
            files of the data directory: keep those elsewhere.
            """)

    @OptionGroup var database: DatabaseOptions
    @OptionGroup var output: OutputOptions
    @Argument(help: "The file; until it is complete, it is called FILE.partial.") var file: String
    @Flag(help: "Replace a file of that name, once the new backup is complete.") var force = false

    func execute() async throws {
        let partial = file + ".partial"
        if !force, FileManager.default.fileExists(atPath: file) { throw alreadyThere }
        try await database.open(to: .read) { deployment in
            umask(0o077)
            try PostgresProgram.run(
                "pg_dump",
                // Unlogged tables are caches, with texts that belong into no backup.
                ["--format=custom", "--no-unlogged-table-data", "--file=\(partial)"],
                on: deployment.owner)
        }
        try name(partial)
        output.show(Told(Done("written", file), "backup written to \(file)"))
    }

    /// Gives the complete backup its name.
    private func name(_ partial: String) throws {
        // Unlike rename, link never replaces what is there.
        if !force, link(partial, file) == 0 {
            unlink(partial)
            return
        }
        if !force, errno == EEXIST { throw alreadyThere }
        guard rename(partial, file) == 0 else {
            throw InputRefused("\(partial) is complete but cannot be renamed to \(file)")
        }
    }

    private var alreadyThere: InputRefused {
        InputRefused(
            "\(file) exists already and was not touched: give another name, or --force to replace it"
        )
    }
}

struct Restore: TallyCommand {
    static let configuration = CommandConfiguration(
        abstract: "Restores a backup into a place without a ledger.",
        discussion: """
            It makes what is missing, as tally serve does, and brings an older backup's schema up to \
            date. Afterwards compare the result with a checkpoint: tally verify --checkpoint FILE.
            """)

    @OptionGroup var database: DatabaseOptions
    @OptionGroup var output: OutputOptions
    @Argument(help: "A file of tally backup.") var file: String

    func execute() async throws {
        guard FileManager.default.isReadableFile(atPath: file) else {
            throw InputRefused("the backup \(file) cannot be read")
        }
        try await Deployment.restore(try await database.settings()) { deployment in
            try PostgresProgram.run(
                "pg_restore", ["--exit-on-error", "--single-transaction", file],
                on: deployment.owner)
        }
        output.show(
            Told(
                Done("restored", file),
                "restored; compare it with a checkpoint: tally verify --checkpoint FILE"))
    }
}

/// A program of PostgreSQL's client package.
private enum PostgresProgram {
    /// Runs it on a database to its end; what it says goes to standard error.
    static func run(
        _ name: String, _ arguments: [String], on database: PostgresConfiguration
    ) throws {
        // A password in the arguments could be read by everybody on the machine.
        var environment = ProcessInfo.processInfo.environment.filter { !$0.key.hasPrefix("PG") }
        var url = database.url
        if var parts = URLComponents(string: url), let password = parts.password {
            environment["PGPASSWORD"] = password
            parts.password = nil
            url = parts.string ?? url
        }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [name, "--no-password", "--dbname=\(url)"] + arguments
        process.environment = environment
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle.standardError
        try process.run()
        process.waitUntilExit()
        switch process.terminationStatus {
        case 0: return
        case 127: throw InputRefused("\(name) is missing: install PostgreSQL's client programs")
        default: throw InputRefused("\(name) failed, see above")
        }
    }
}
