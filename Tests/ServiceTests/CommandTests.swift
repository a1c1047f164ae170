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
            "doctor",
            "spend", "errors", "cache report", "cache misses", "cache wasted", "batches",
            "experiments define", "recommend", "tokens count", "estimate", "advise",
            "prices list", "prices explain", "prices diff", "prices refresh", "prices approve",
            "rerate", "reconcile", "replay prices", "replay list", "export", "sql", "keys create",
            "ledgers list", "subscriptions resume",
            "quarantine list", "quarantine find", "quarantine add", "quarantine release", "bench",
            "tail", "init",
            "completions install",
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

    @Test("a wrong word is answered with the nearest known one, and with the command's usage")
    func meant() async throws {
        try await withPlace { place in
            for (arguments, words) in [
                (["spnd"], "there is no command spnd (did you mean spend?)"),
                (
                    ["prices", "improt", "x"],
                    "there is no command prices improt (did you mean import?)"
                ),
                (["spend", "--snce", "7d"], "did you mean --since?"),
                (["spend", "--by", "modle"], "there is no such dimension (did you mean model?)"),
                (["spend", "--by", "modle"], "Usage: tally spend "),
                (["rebuild", "spent"], "(did you mean spend?)"),
            ] {
                let run = try await CommandRun.tally(arguments + place.arguments)
                #expect(run.exitCode == 64, "\(arguments): \(run)")
                #expect(run.errors.contains(words), "\(arguments): \(run.errors)")
            }
            #expect(try await place.tally("ledgers", "create", "default").exitCode == 0)
            for (arguments, words) in [
                (
                    ["spend", "--ledger", "defualt"],
                    "there is no ledger defualt (did you mean default?)"
                ),
                (["prices", "show", "gpt-4oo"], "did you mean gpt-4o?"),
                (["sql", "SELECT cost_us FROM audit.requests"], "requests.cost_usd"),
                (["sql", "SELECT 1 FROM audit.request"], "did you mean audit.requests?"),
            ] {
                let run = try await CommandRun.tally(arguments + place.arguments)
                #expect(run.exitCode == 65, "\(arguments): \(run)")
                #expect(run.errors.contains(words), "\(arguments): \(run.errors)")
            }
        }
    }

    @Test("statements on standard input run one after another, and a failed one is 65")
    func standardInput() async throws {
        try await withPlace { place in
            #expect(try await place.tally("ledgers", "create", "default").exitCode == 0)
            func run(_ statements: String) async throws -> CommandRun {
                let path = place.dataDirectory + "/statements.sql"
                try statements.write(toFile: path, atomically: true, encoding: .utf8)
                return try await place.tally("sql", input: path)
            }
            let good = try await run(
                "SELECT 1\n  AS one;\n\\d\n\\d spend_daily\nSELECT 2 AS two")
            #expect(good.exitCode == 0, "\(good)")
            for word in ["one", "audit.requests", "unpriced_requests", "two"] {
                #expect(good.output.contains(word), "\(good.output)")
            }
            let bad = try await run("SELECT nonsense;\nSELECT 3 AS three;")
            #expect(bad.exitCode == 65 && bad.output.contains("three"), "\(bad)")
            #expect(!bad.output.contains("tally>") && bad.errors.contains("nonsense"))
            for (statements, words) in [
                ("\\d spend_dayly\n", "no view spend_dayly (did you mean audit.spend_daily?)"),
                ("\\q9\n", "there is no command \\q9"),
                ("SELECT 1; SELECT 2;", "these are several statements"),
            ] {
                let refused = try await run(statements)
                #expect(refused.exitCode == 65 && refused.errors.contains(words), "\(refused)")
            }
        }
    }

    @Test("a command of the prompt may stand in place of a query")
    func promptCommands() async throws {
        try await withPlace { place in
            #expect(try await place.tally("ledgers", "create", "default").exitCode == 0)
            let views = try await place.tally("sql", "\\d")
            #expect(views.exitCode == 0 && views.output.contains("audit.requests"), "\(views)")
            let columns = try await place.tally("sql", "\\d spend_daily")
            #expect(columns.output.contains("unpriced_requests"), "\(columns)")
            #expect(try await place.tally("sql", "\\q9").exitCode == 65)
        }
    }

    @Test("tail begins with the last events and ends at its limit")
    func tail() async throws {
        try await withPlace { place in
            let file = place.dataDirectory + "/events.json"
            try array(goodEvents(5)).write(toFile: file, atomically: true, encoding: .utf8)
            let imported = try await place.tally("import", file)
            #expect(imported.exitCode == 0, "\(imported)")
            let tail = try await place.tally("tail", "--last", "100", "--limit", "6")
            #expect(tail.exitCode == 0, "\(tail.errors)")
            let lines = tail.output.split(separator: "\n")
            #expect(lines.count == 6 && lines[0].hasSuffix("prices.published"), "\(tail.output)")
            #expect(lines[1].contains("search") && lines[1].hasSuffix("$0.0035"), "\(lines[1])")
            let json = try await place.tally("tail", "--last", "1", "--limit", "1", "--json")
            #expect(try json.json.type == "charge.rated", "\(json.output)")
        }
    }

    @Test("init writes a file that is read as it is and with every setting set")
    func configuration() async throws {
        try await withEmbeddedPlace { place in
            let path = place.dataDirectory + "/tally.yaml"
            let written = try await CommandRun.tally(["init", path])
            #expect(written.exitCode == 0, "\(written)")
            #expect(try await CommandRun.tally(["init", path]).exitCode == 65)
            let nowhere = try await CommandRun.tally(["init", place.dataDirectory + "/no/x.yaml"])
            #expect(nowhere.exitCode == 65 && nowhere.errors.contains("No such file"), "\(nowhere)")
            let nothing = try await CommandRun.tally(
                ["status", "--config", path], environment: ["TALLY_DATA_DIR": place.dataDirectory])
            #expect(nothing.errors.contains("there is no ledger here"), "\(nothing)")
            let text = try String(contentsOfFile: path, encoding: .utf8)
            let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
                line.hasPrefix("  #") && !line.hasPrefix("  # ") ? "  " + line.dropFirst(3) : line
            }
            let set = lines.joined(separator: "\n").replacing(
                "postgresql://user:password@host/tally", with: "port=1 host=/nowhere")
            try set.write(toFile: path, atomically: true, encoding: .utf8)
            let away = try await CommandRun.tally(["status", "--config", path])
            #expect(away.exitCode == 69, "the database URL of the file is used: \(away)")
            try "tally: {data: {dri: x}}".write(toFile: path, atomically: true, encoding: .utf8)
            let wrong = try await CommandRun.tally(["status", "--config", path])
            #expect(wrong.exitCode == 65)
            #expect(
                wrong.errors.contains("tally.data.dri (did you mean tally.data.dir?)"), "\(wrong)")
            try "tally:\n  data.dir: &x a\n  secret: *x".write(
                toFile: path, atomically: true, encoding: .utf8)
            let alias = try await CommandRun.tally(["status", "--config", path])
            #expect(alias.exitCode == 65 && alias.errors.contains("line 3: *x is an alias"))
        }
    }

    @Test("completions are installed where the shell looks for them")
    func completions() async throws {
        try await withScratchDirectory { home in
            for (shell, path) in [
                ("bash", ".local/share/bash-completion/completions/tally"),
                ("zsh", ".local/share/zsh/site-functions/_tally"),
                ("fish", ".config/fish/completions/tally.fish"),
            ] {
                let run = try await CommandRun.tally(
                    ["completions", "install", shell],
                    environment: ["HOME": home, "XDG_DATA_HOME": "", "XDG_CONFIG_HOME": ""])
                #expect(run.exitCode == 0 && run.output.contains(path), "\(run)")
                let script = try String(contentsOfFile: home + "/" + path, encoding: .utf8)
                #expect(script.contains("tally"))
            }
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
