import Foundation
import LedgerTesting
import Testing

/// The interface of commands for scripts: exit codes, JSON and sentences.
@Suite("Commands", .serialized)
struct CommandTests {
    /// Every command, as words; found by asking each for its subcommands.
    private func commands(below words: [String] = []) async throws -> [[String]] {
        let help = try await CommandRun.tally(words + ["--help"])
        #expect(help.exitCode == 0, "\(words)")
        #expect(help.output.contains("USAGE: tally"), "\(words)")
        #expect(help.errors.isEmpty, "\(words)")
        let lines = help.output.split(separator: "\n", omittingEmptySubsequences: false)
        guard let start = lines.firstIndex(of: "SUBCOMMANDS:") else { return [words] }
        var found = [words]
        for line in lines[(start + 1)...].prefix(while: { !$0.isEmpty }) {
            // A long description continues further to the right.
            guard !line.hasPrefix("   "), let name = line.split(separator: " ").first else {
                continue
            }
            found += try await commands(below: words + [String(name)])
        }
        return found
    }

    @Test("every command has a help text and exits with 0")
    func help() async throws {
        let found = try await commands().map { $0.joined(separator: " ") }
        for name in [
            "serve", "migrate", "import", "verify", "checkpoint", "prove", "rebuild", "status",
            "spend", "errors",
            "experiments define", "recommend", "tokens count", "estimate", "advise",
            "prices list", "prices explain", "prices diff", "prices refresh", "prices approve",
            "rerate", "reconcile", "replay prices", "replay list", "export", "sql", "keys create",
            "ledgers list", "subscriptions resume", "bench",
        ] {
            #expect(found.contains(name))
        }
        let version = try await CommandRun.tally(["--version"])
        #expect(version.exitCode == 0)
    }

    @Test("wrong usage is 64, with the message on standard error")
    func wrongUsage() async throws {
        let wrong: [[String]] = [
            ["dream"], ["import"], ["verify", "--no-such-option"], ["prove"],
            ["import", "--format", "dream", "file"], ["serve", "--listen", "nowhere"],
            ["serve", "--listen", "127.0.0.1:70000"], ["replay", "prices"],
            ["import", "--map", "dream=x", "--format", "csv", "file"],
            ["rebuild", "no-such-projection"], ["keys", "create", "--scope", "everything"],
            ["spend", "--since", "tuesday"], ["export", "--since", "7d", "--until", "2w"],
            ["reconcile", "--provider", "openai", "--since", "12h", "bill.json"],
            ["unpriced", "--since", "2999-01-01"],
        ]
        try await withScratchDirectory { directory in
            for arguments in wrong {
                let run = try await CommandRun.tally(
                    arguments, environment: ["TALLY_DATA_DIR": directory])
                #expect(run.exitCode == 64, "\(arguments): \(run.errors)")
                #expect(run.output.isEmpty, "\(arguments)")
                #expect(!run.errors.isEmpty, "\(arguments)")
            }
            let left = try FileManager.default.contentsOfDirectory(atPath: directory)
            #expect(left.isEmpty, "wrong usage starts no PostgreSQL: \(left)")
        }
    }

    @Test("refused input is 65 with one sentence")
    func refusedInput() async throws {
        try await withPlace { place in
            let directory = place.dataDirectory
            try "nonsense: [".write(
                toFile: directory + "/bad.yaml", atomically: true, encoding: .utf8)
            let nobody = "01890000-0000-7000-8000-000000000000"
            let refused: [[String]] = [
                ["verify", "--ledger", "nowhere"], ["prove", nobody], ["prove", "nonsense"],
                ["import", directory + "/missing.ndjson"],
                ["prices", "import", directory + "/bad.yaml"],
                ["prices", "import", directory + "/missing.yaml"],
                ["prices", "show", "no-such-model"], ["keys", "revoke", nobody],
                ["verify", "--checkpoint", directory + "/bad.yaml"],
                ["replay", "prices", "--book", directory + "/missing.yaml"],
                ["sql", "SELECT no_such_column FROM audit.events"],
                ["sql", "DELETE FROM audit.events"],
            ]
            for arguments in refused {
                let run = try await CommandRun.tally(arguments + place.arguments)
                #expect(run.exitCode == 65, "\(arguments): \(run.errors)")
                #expect(run.errors.hasPrefix("tally: "), "\(arguments): \(run.errors)")
                let lines = run.errors.split(separator: "\n")
                #expect(lines.count == 1, "\(arguments): \(run.errors)")
            }
        }
    }

    @Test("a database that can't be reached is 69 with one sentence")
    func unreachable() async throws {
        try await withScratchDirectory { directory in
            let nowhere = Place(
                databaseURL: "host=\(directory) port=5432 user=tally dbname=tally",
                dataDirectory: directory)
            for arguments in [["verify"], ["migrate"], ["keys", "list"], ["sql", "SELECT 1"]] {
                let run = try await CommandRun.tally(arguments + nowhere.arguments)
                #expect(run.exitCode == 69, "\(arguments): \(run.errors)")
                #expect(run.errors.hasPrefix("tally: "))
                #expect(run.errors.split(separator: "\n").count == 1, "\(run.errors)")
            }
            let served = try await TallyProcess.startInVain(on: nowhere)
            #expect(served.exitCode == 69, "\(served.errors)")
        }
    }

    @Test("every result is JSON when asked for")
    func json() async throws {
        try await withPlace { place in
            let file = place.dataDirectory + "/events.json"
            try array(goodEvents(20)).write(toFile: file, atomically: true, encoding: .utf8)
            let key = try await place.tally("keys", "create", "--json")
            let commands: [[String]] = [
                ["import", file, "--json"], ["verify", "--json"], ["migrate", "--json"],
                ["checkpoint"], ["rebuild", "--json"], ["status", "--json"],
                ["prices", "list", "--json"],
                ["prices", "show", "gpt-4o", "--json"], ["keys", "list", "--json"],
                ["ledgers", "list", "--json"], ["experiments", "list", "--json"],
                ["recommend", "--json"],
                ["sql", "SELECT model, cost_usd FROM audit.requests", "--json"],
                ["replay", "prices", "--book", "recorded", "--json"],
                ["replay", "prices", "--book", "default", "--by", "model,day", "--json"],
            ]
            for arguments in commands {
                let run = try await CommandRun.tally(arguments + place.arguments)
                #expect(run.exitCode == 0, "\(arguments): \(run.errors)")
                let parsed = try? JSONSerialization.jsonObject(with: Data(run.output.utf8))
                #expect(parsed != nil, "\(arguments): \(run.output.prefix(200))")
            }
            #expect((try? JSONSerialization.jsonObject(with: Data(key.output.utf8))) != nil)
        }
    }

    @Test("an embedded PostgreSQL is started by a command and stopped by the last one")
    func embedded() async throws {
        try await withEmbeddedPlace { place in
            let first = try await place.tally("ledgers", "create", "first", "--json")
            #expect(first.exitCode == 0, "\(first.errors)")
            let cluster = EmbeddedCluster(dataDirectory: place.dataDirectory)
            #expect(cluster.postmaster == nil, "the last user stops it")
            let service = try await TallyProcess.start(on: place)
            #expect(cluster.postmaster != nil)
            let second = try await place.tally("verify")
            #expect(second.exitCode == 0, "\(second.errors)")
            #expect(cluster.postmaster != nil, "the service still uses it")
            #expect(try await service.stop() == 0)
            await service.discard()
            #expect(cluster.postmaster == nil)
        }
    }
}
