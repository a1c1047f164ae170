import Foundation
import Testing

/// The files in Examples that the documentation tells people to try.
@Suite("Example files")
struct ExampleFileTests {
    private static let folder = Workplace.package + "/Examples/"

    private static let imports: [[String]] = [
        ["native.ndjson"], ["cloudevents.json", "--format", "cloudevents"],
        ["otlp.json", "--format", "otlp-json"], ["openai-usage.json", "--format", "openai-usage"],
        ["litellm-spend.csv", "--format", "litellm-spend"],
        ["langfuse.json", "--format", "langfuse"], ["helicone.jsonl", "--format", "helicone"],
        ["cursor.csv", "--format", "cursor"], ["claude-code.jsonl", "--format", "claude-code"],
        [
            "own-log.csv", "--format", "csv", "--map", "occurred_at=time", "--map", "app=service",
            "--map", "provider=vendor", "--map", "model=llm", "--map", "input_tokens=prompt",
            "--map", "output_tokens=completion", "--set", "type=request.completed",
        ],
        [
            "own-log.ndjson", "--format", "ndjson", "--map", "occurred_at=time", "--map",
            "app=service", "--map", "provider=call.vendor", "--map", "model=call.llm", "--map",
            "input_tokens=call.prompt", "--map", "output_tokens=call.completion", "--set",
            "type=request.completed",
        ],
    ]

    /// Bills by provider: amounts alone, and with counts.
    private static let bills: [(provider: String, files: [String], options: [String])] = [
        ("openai", ["openai-costs.json"], []), ("openai", ["openai-costs.csv"], []),
        ("openai", ["openai-costs.json", "openai-usage.json"], []),
        ("openai", ["openai-costs.csv", "openai-activity.csv"], []),
        ("anthropic", ["anthropic-cost-report.json"], []),
        ("anthropic", ["anthropic-cost-report.json", "anthropic-usage-report.json"], []),
        // The console cuts every line to cents.
        ("anthropic", ["anthropic-cost.csv", "anthropic-usage.csv"], ["--tolerance", "0.02"]),
    ]

    @Test("every import is read as it is", arguments: imports)
    func reads(arguments: [String]) async throws {
        try await withScratchDirectory { directory in
            let run = try await CommandRun.tally(
                ["import", Self.folder + "Imports/" + arguments[0], "--dry-run"]
                    + arguments.dropFirst() + ["--data-dir", directory + "/none"])
            #expect(run.exitCode == 0 && run.output.contains(" 0 rejected"), "\(run)")
            #expect(!run.output.contains(": 0 would be appended"), "\(run)")
        }
    }

    @Test("no file is left out")
    func isComplete() throws {
        let names = try FileManager.default.contentsOfDirectory(atPath: Self.folder + "Imports")
        #expect(Set(names) == Set(Self.imports.map { $0[0] }))
        let bills = try FileManager.default.contentsOfDirectory(atPath: Self.folder + "Bills")
        #expect(Set(bills) == Set(Self.bills.flatMap(\.files)))
    }

    @Test("the bills agree with the requests of the first example")
    func bills() async throws {
        try await withPlace { place in
            let file = Self.folder + "Imports/native.ndjson"
            #expect(try await place.tally("import", file).exitCode == 0)
            for (provider, bills, options) in Self.bills {
                let run = try await CommandRun.tally(
                    ["reconcile", "--provider", provider] + options
                        + bills.map { Self.folder + "Bills/" + $0 } + place.arguments)
                #expect(run.exitCode == 0, "\(run)")
            }
        }
    }
}
