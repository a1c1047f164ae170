import Foundation
import LedgerTesting
import Testing

/// What made a new user stop or grumble.
@Suite("A first day", .serialized)
struct FirstDayTests {
    @Test("an unknown option is answered with the one that was meant, or with those there are")
    func unknownOptions() async throws {
        for (arguments, words) in [
            (["spend", "--bi", "app"], ["tally spend has no option --bi: did you mean --by?"]),
            (
                ["users", "--by", "app"],
                ["tally users has no option --by", "its own are ", "--since, --until", "--csv"]
            ),
            (
                ["users", "--interval", "day"],
                ["tally users has no option --interval", "tally spend", "its own are --"]
            ),
            (
                ["prices", "--by"],
                ["tally prices has no option --by", "its commands are import, publish, list"]
            ),
            (
                ["budgets", "set", "a", "--usb", "3"],
                ["tally budgets set has no option --usb: did you mean --usd?"]
            ),
        ] {
            let run = try await CommandRun.tally(arguments)
            #expect(run.exitCode == 64, "\(arguments): \(run)")
            for word in words {
                #expect(run.errors.contains(word), "\(arguments): \(run.errors)")
            }
        }
    }

    @Test("an unknown query member is answered with the one that was meant, however short")
    func unknownQuery() async throws {
        try await withPlace { place in
            try await withService(on: place) { service in
                let answer = try await service.client().get("/api/v1/spend?bye=app")
                #expect(answer.status == 400, "\(answer.text)")
                #expect(answer.text.contains("did you mean by?"), "\(answer.text)")
            }
        }
    }

    @Test("a backup keeps a file that is there, unless it is forced")
    func backup() async throws {
        try await withPlace { place in
            let file = place.dataDirectory + "/ledger.backup"
            try "mine".write(toFile: file, atomically: true, encoding: .utf8)
            let refused = try await place.tally("backup", file)
            #expect(refused.exitCode == 65, "\(refused)")
            #expect(refused.errors.contains("exists already") && refused.errors.contains("--force"))
            #expect(try String(contentsOfFile: file, encoding: .utf8) == "mine")
            let forced = try await place.tally("backup", file, "--force")
            #expect(forced.exitCode == 0, "\(forced)")
            let names = try FileManager.default.contentsOfDirectory(atPath: place.dataDirectory)
            #expect(!names.contains { $0.hasSuffix(".partial") }, "\(names)")
            #expect(
                try Data(contentsOf: URL(fileURLWithPath: file)).starts(with: Data("PGDMP".utf8)))
        }
    }

    @Test("the doctor names the address at which the service listens, whatever the settings say")
    func listener() async throws {
        try await withEmbeddedPlace { place in
            try await withService(on: place) { service in
                let port = try #require(service.url.split(separator: ":").last)
                let run = try await place.tally("doctor")
                let line = run.output.split(separator: "\n").first { $0.contains("listener") }
                #expect(line?.contains("127.0.0.1:\(port), this machine only (in use") == true)
                #expect(line?.contains("by the settings 127.0.0.1:8080") == true, "\(run.output)")
            }
            let stopped = try await place.tally("doctor")
            #expect(stopped.output.contains("no service was found here"), "\(stopped.output)")
        }
    }

    @Test("a rebuild for a ledger is refused where there is none, and says what it rebuilt")
    func rebuild() async throws {
        try await withPlace { place in
            #expect(try await place.tally("ledgers", "create", "default").exitCode == 0)
            let rebuilt = try await place.tally("rebuild", "spend", "--ledger", "default")
            #expect(rebuilt.exitCode == 0 && rebuilt.output.contains("spend"), "\(rebuilt)")
            let unknown = try await place.tally("rebuild", "spend", "--ledger", "defualt")
            #expect(unknown.exitCode == 65, "\(unknown)")
            #expect(unknown.errors.contains("did you mean default?"), "\(unknown.errors)")
        }
    }

    private static let empty = [
        ["spend"], ["users"], ["providers"], ["unpriced"], ["errors"], ["keys", "list"],
        ["cache"], ["cache", "misses"], ["cache", "wasted"], ["batches"],
        ["audit-login", "list"], ["budgets", "list"], ["experiments", "list"],
        ["prices", "proposals"], ["rejections"], ["alerts", "list"], ["quarantine", "list"],
        ["advise"],
    ]

    @Test("nothing to show is a sentence, not a line of headings")
    func nothing() async throws {
        try await withPlace { place in
            #expect(try await place.tally("ledgers", "create", "default").exitCode == 0)
            for command in Self.empty {
                let run = try await CommandRun.tally(command + place.arguments)
                #expect(run.exitCode == 0, "\(command): \(run)")
                #expect(!run.output.contains("----"), "\(command): \(run.output)")
                #expect(run.output.split(separator: " ").count > 3, "\(command): \(run.output)")
            }
        }
    }

    @Test("tables fit into a hundred columns")
    func width() async throws {
        try await withPlace { place in
            let example = Workplace.package + "/Examples/Imports/native.ndjson"
            _ = try await place.tally("import", example)
            let range = ["--since", "2026-11-20", "--until", "2026-11-21"]
            for command in [
                ["spend"], ["spend", "--by", "team,app,model"], ["spend", "--interval", "hour"],
                ["users"], ["providers"], ["errors"], ["unpriced"],
            ] {
                let run = try await CommandRun.tally(command + range + place.arguments)
                let table = run.output.split(separator: "\n").prefix { !$0.isEmpty }
                // The sentence below a table may be longer.
                for line in table where line.hasPrefix("-") || line == table.first {
                    #expect(line.count <= 100, "\(command):\n\(run.output)")
                }
            }
        }
    }
}
