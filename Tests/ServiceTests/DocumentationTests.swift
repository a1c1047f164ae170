import Foundation
import Testing

/// Every command of README and docs, run as it is printed.
///
/// Each page has a ledger and a service of its own, and a directory with the files that pages name.
@Suite("Commands of the documentation")
struct DocumentationTests {
    private static let pages: [String] = {
        let docs = Workplace.package + "/docs"
        let names = (try? FileManager.default.contentsOfDirectory(atPath: docs)) ?? []
        return ["README.md"] + names.filter { $0.hasSuffix(".md") }.sorted().map { "docs/" + $0 }
    }()

    /// Recorded with the sample of that day, whose numbers are others today: see its own test.
    private static let recorded = "docs/first-ten-minutes.md"

    /// Lines that need what a test does not have, each with what that is.
    private static let needs = [
        "pip install": "PyPI, see the tests of recipes", "export OTEL_": "an instrumented program",
        "opentelemetry-instrument": "an instrumented program", "OPENAI_ADMIN_KEY": "OpenAI",
        "LiteLLM_SpendLogs": "LiteLLM's database", "db.example.org": "another server",
        "tally serve": "a terminal, see the tests of the service",
        "psql \"$URL\"": "a login, see the tests of those",
        "tally bench": "a quiet hour", "tally tail": "somebody who ends it",
        "tally upstream": "somebody who ends it", "tally gateway check": "keys of providers",
        "--data-dir restored": "another place, see its own test",
        "--usages usages.json": "recorded answers, see their own test",
        "tally quarantine find": "a halted read model, see its own test",
        "tally quarantine add": "a halted read model, see its own test",
        "tally alerts ack": "an open alert, see the tests of alerts",
        "tally alerts silence": "an open alert, see the tests of alerts",
        "tally quarantine release": "a quarantined event, see its own test",
        "prices refresh https": "the internet", "prices approve 019ab3": "a book from there",
        "make prices": "PyPI", "make-default-price-book": "PyPI", "/tmp/sources": "PyPI",
    ]

    /// Lends a directory to the blocks of a page that follow a mark, if there are any.
    ///
    /// - Parameter isFilled: whether the ledgers `default` and `sample` hold some requests.
    private func with(
        blocks mark: String, of page: String, isFilled: Bool = true,
        _ body: (_ blocks: [String], PageDirectory) async throws -> Void
    ) async throws {
        let text = try String(contentsOfFile: Workplace.package + "/" + page, encoding: .utf8)
        // A block that shows a terminal may say so.
        let blocks = text.replacingOccurrences(of: "```console\n", with: "```\n")
            .components(separatedBy: mark).dropFirst()
            .map { $0.components(separatedBy: "\n```")[0] }
        if blocks.isEmpty { return }
        try await withPlace { place in
            try await withService(on: place) { service in
                try await body(
                    blocks, try await PageDirectory(place, service, isFilled: isFilled))
            }
        }
    }

    @Test("run, and end with success", arguments: pages)
    func commands(page: String) async throws {
        try await with(blocks: "```sh\n", of: page) { blocks, directory in
            for block in blocks {
                let lines = block.split(separator: "\n", omittingEmptySubsequences: false)
                let script = lines.filter { line in
                    !Self.needs.keys.contains { line.contains($0) }
                }.joined(separator: "\n")
                let run = try await directory.run(script)
                #expect(run.exitCode == 0, "\(page):\n\(script)\n\(run.output)\n\(run.errors)")
            }
        }
    }

    @Test("the page of settings has those of the program")
    func settings() async throws {
        try await withScratchDirectory { directory in
            let file = directory + "/tally.yaml"
            _ = try await CommandRun.tally(["init", file])
            let script = Workplace.package + "/scripts/make-settings-page.py"
            let run = try await CommandRun.run("/usr/bin/env", ["python3", script, file])
            let page = try String(
                contentsOfFile: Workplace.package + "/docs/settings.md", encoding: .utf8)
            #expect(run.output == page, "\(run.errors)")
        }
    }

    @Test("the HTTP reference says what the service says of itself")
    func reference() async throws {
        try await withPlace { place in
            try await withService(on: place) { service in
                let file = place.dataDirectory + "/openapi.json"
                let script = Workplace.package + "/scripts/make-http-reference.py"
                let run = try await CommandRun.run(
                    "/usr/bin/env",
                    [
                        "bash", "-e", "-c",
                        "curl -sf \(service.url)/openapi.json > '\(file)'; python3 '\(script)' '\(file)'",
                    ])
                let page = try String(
                    contentsOfFile: Workplace.package + "/docs/http.md", encoding: .utf8)
                #expect(run.output == page, "\(run.errors)")
            }
        }
    }

    /// What a page shows of a terminal is printed there, line by line; `…` stands for the rest of
    /// a line that is another one each time.
    @Test("print what the page shows", arguments: pages.filter { $0 != recorded })
    func outputs(page: String) async throws {
        try await with(blocks: "```\n$ ", of: page, isFilled: false) { blocks, directory in
            for block in blocks {
                let lines = block.components(separatedBy: "\n").filter { !$0.isEmpty }
                let run = try await directory.run(lines[0])
                let printed = run.output.split(separator: "\n").map(String.init)
                for (line, shown) in zip(printed, lines.dropFirst()) {
                    let start = shown.components(separatedBy: "…")[0]
                    #expect(line.hasPrefix(start), "\(page): \(lines[0])\n\(run.output)")
                }
                #expect(printed.count == lines.count - 1, "\(run.output)\(run.errors)")
            }
        }
    }

    /// SQL that is for others, each with whom.
    private static let foreignSQL = [
        "ATTACH 'postgresql": "DuckDB", "$__timeFilter": "Grafana",
    ]

    @Test("have SQL that runs, whatever the page", arguments: pages)
    func statements(page: String) async throws {
        try await with(blocks: "```sql\n", of: page) { blocks, directory in
            for block in blocks where !Self.foreignSQL.keys.contains(where: block.contains) {
                let run = try await directory.run(
                    "tally sql --csv <<'EOF'\n" + block + ";\nEOF")
                #expect(run.exitCode == 0, "\(page):\n\(block)\n\(run.errors)")
                #expect(!run.output.isEmpty, "\(page):\n\(block)")
            }
        }
    }

    @Test("the first ten minutes still look as they were recorded")
    func firstMinutes() async throws {
        let text = try String(
            contentsOfFile: Workplace.package + "/" + Self.recorded, encoding: .utf8)
        let blocks = text.components(separatedBy: "```console\n$ tally ").dropFirst().map {
            $0.components(separatedBy: "\n```")[0].components(separatedBy: "\n")
        }
        #expect(blocks.count > 15)
        try await withPlace { place in
            try await withService(on: place, options: ["--sample"]) { service in
                let directory = try await PageDirectory(place, service)
                let ids = try await directory.run(
                    """
                    tally sql --ledger sample --csv "SELECT id FROM audit.requests \
                    WHERE app = 'code-assistant' ORDER BY cost_usd DESC LIMIT 1"
                    """)
                _ = try await directory.run("rm kept.json")
                let id = try #require(ids.output.split(separator: "\n").last.map(String.init))
                for block in blocks where !block[0].hasPrefix("serve") {
                    let command = block[0].replacingOccurrences(
                        of: "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", with: id,
                        options: .regularExpression)
                    let run = try await directory.run("tally " + command)
                    #expect(run.exitCode == 0, "\(command): \(run)")
                    let printed = Self.words(run.output.prefix { $0 != "\n" })
                    #expect(printed.hasPrefix(Self.beginning(of: block[1])), "\(command): \(run)")
                    let all = run.output.split(separator: "\n").map { Self.words($0) }
                    for sentence in Self.sentences(in: block.dropFirst()) {
                        #expect(
                            all.contains { $0.hasPrefix(sentence) },
                            "\(command) does not print: \(sentence)\n\(run)")
                    }
                }
            }
        }
    }

    /// A line up to its first number, which is another one each time; of a table all headings.
    private static func beginning(of line: String) -> String {
        words(line.prefix { !$0.isNumber && $0 != "," && $0 != ":" })
    }

    /// The beginnings of lines that are no rows of tables, as far as they are the same every day.
    private static func sentences(in lines: some Sequence<String>) -> [String] {
        var (isTable, isItem) = (false, false)
        return lines.compactMap { line in
            if line.isEmpty { isTable = false }
            if line.hasPrefix("--") { isTable = true }
            // A list of findings or models has others tomorrow, with other advice below them.
            isItem = line.hasPrefix("- ") || line.contains(" → ") || isItem && line.hasPrefix("  ")
            // The test has a database elsewhere.
            let isPlace = line.hasPrefix("service ") || line.hasPrefix("database ")
            let sentence = beginning(of: line)
            return isTable || isItem || isPlace || sentence.count < 12 ? nil : sentence
        }
    }

    private static func words(_ line: some StringProtocol) -> String {
        line.split(separator: " ").joined(separator: " ")
    }
}

/// A directory in which the commands of a page make sense.
private struct PageDirectory {
    private let directory: String
    private let environment: [String: String]
    private let eventID: String
    private let url: String

    init(_ place: Place, _ service: TallyProcess, isFilled: Bool = true) async throws {
        directory = place.dataDirectory + "/page"
        url = service.url
        environment = [
            "TALLY_DATABASE_URL": place.databaseURL ?? "", "TALLY_DATA_DIR": place.dataDirectory,
            "PATH": directory + "/bin:" + (ProcessInfo.processInfo.environment["PATH"] ?? ""),
        ]
        let files = FileManager.default
        try files.createDirectory(atPath: directory + "/bin", withIntermediateDirectories: true)
        try files.createSymbolicLink(
            atPath: directory + "/bin/tally", withDestinationPath: Workplace.program)
        let examples = Workplace.package + "/Examples/"
        try files.createSymbolicLink(
            atPath: directory + "/Examples", withDestinationPath: examples)
        for (name, example) in [
            ("costs.json", "Bills/openai-costs.json"), ("usage.json", "Bills/openai-usage.json"),
            ("cost.csv", "Bills/anthropic-cost-report.json"),
            ("completions_usage.json", "Imports/openai-usage.json"),
            ("observations.json", "Imports/langfuse.json"),
            ("requests.jsonl", "Imports/helicone.jsonl"),
        ] {
            try files.copyItem(atPath: examples + example, toPath: directory + "/" + name)
        }
        for (name, text) in Self.texts {
            try text.write(
                toFile: directory + "/" + name, atomically: true, encoding: .utf8)
        }
        for name in ["kept", "somewhere", "elsewhere", "backups"] {
            try files.createDirectory(
                atPath: directory + "/" + name, withIntermediateDirectories: true)
        }
        guard isFilled else {
            eventID = ""
            return
        }
        for ledger in ["default", "sample"] {
            if ledger != "default" { _ = try await place.tally("ledgers", "create", ledger) }
            _ = try await place.tally(
                "import", examples + "Imports/native.ndjson", "--ledger", ledger)
        }
        eventID = try await place.psql(
            "SELECT event_id FROM tally.events WHERE kind = 1 ORDER BY position LIMIT 1")
        _ = try await run(
            "gzip -k observations.json; gzip usage.jsonl; tally checkpoint --out kept.json; chmod +x summarise"
        )
    }

    func run(_ script: String) async throws -> CommandRun {
        let text = script.replacingOccurrences(of: "http://127.0.0.1:8080", with: url)
            .replacingOccurrences(of: "EVENT_ID", with: eventID)
            .replacingOccurrences(of: "-H \"authorization: Bearer tally_…\"", with: "")
            .replacingOccurrences(
                of: #"(?<![\w.])/(somewhere|elsewhere|backups)/"#, with: "\(directory)/$1/",
                options: .regularExpression)
        return try await CommandRun.run(
            "/usr/bin/env",
            ["bash", "-e", "-o", "pipefail", "-c", "cd '\(directory)'\n" + text],
            environment: environment)
    }

    private static let texts = [
        "azure-llm-2023-code.csv": """
        TIMESTAMP,ContextTokens,GeneratedTokens
        2023-11-16 18:15:46.6805900,4808,10
        2023-11-16 18:15:50.9951690,3180,8

        """,
        "usage.csv": """
        time,model,prompt,completion
        2026-11-20T09:00:00Z,gpt-4o,1200,300
        2026-11-20T09:01:00Z,gpt-4o,900,200
        yesterday,gpt-4o,900,200
        2026-11-20T09:02:00Z,gpt-4o,-3,200

        """,
        "usage.jsonl": """
        {"created":"2026-11-20T09:00:00Z","response":{"id":"r-1","usage":{"prompt_tokens":12}}}

        """, "notes.md": "# Notes\n", "other.yaml": book("0.2"), "corrected.yaml": book("2.6"),
        "map.yaml": "gpt-4o-2024-08-06: anthropic/claude-sonnet-4-5\n",
        "prompt.txt": String(repeating: "Sort these lines by their dates.  \n", count: 40),
        "request.json": """
        {"model":"gpt-4o","messages":[{"role":"system","content":"Be brief."},
        {"role":"user","content":"Why is the sky blue?"},
        {"role":"assistant","content":"Rayleigh scattering."},
        {"role":"user","content":"And red in the evening?"},
        {"role":"user","content":"One sentence, please."}]}
        """,
        "summarise": "#!/bin/sh\ncat > /dev/null\necho 'They spoke about the sky.'\n",
    ]

    private static func book(_ price: String) -> String {
        """
        tally_prices: 1
        name: corrected
        providers:
          openai:
            models:
              gpt-4o: {input_mtok: \(price), output_mtok: 10}

        """
    }
}
