import Foundation
import LedgerTesting
import Testing

/// `tally prices check` against the Python package genai-prices.
@Suite("Checking a book against recorded usages", .serialized)
struct PricesCheckTests {
    /// Prices and a time; those of `data.json` only if it is available.
    private static let cases: [(source: String, time: String)] = {
        let file = Workplace.data("genai-prices-data.json")
        let first = FileManager.default.isReadableFile(atPath: file) ? file : "package"
        return [
            (first, "2025-11-06T12:00:00Z"), ("package", "2024-02-29T23:59:59Z"),
            ("package", "2026-06-30T00:30:00Z"),
        ]
    }()

    @Test(
        "random answers are read and priced as genai-prices reads and prices them",
        .enabled(PythonEnvironment.genAIPricesReason) {
            await PythonEnvironment.genAIPrices.isReady
        })
    func differential() async throws {
        let seed = Int.random(in: 0..<1_000_000)
        try await withScratchDirectory { directory in
            let (book, usages) = (directory + "/book.json", directory + "/usages.json")
            for (offset, (source, time)) in Self.cases.enumerated() {
                let python = try await PythonEnvironment.genAIPrices.run(
                    "recorded_usages.py", source, String(seed + offset), "600", time, book, usages)
                #expect(python.exitCode == 0, "\(python.errors)")
                let run = try await CommandRun.tally([
                    "prices", "check", "--book", book, "--usages", usages, "--at", time, "--json",
                ])
                let report = try run.json
                let place = "seed \(seed + offset), \(time)"
                #expect(report.rows == 600 && report.extractions.integer ?? 0 > 600, "\(place)")
                #expect(report.differences == [], "\(place): \(report.differences[0])")
                #expect(run.exitCode == 0)
            }
        }
    }

    @Test("a difference is exit code 1, an unreadable file 65, a bad time 64")
    func exitCodes() async throws {
        try await withScratchDirectory { directory in
            let (book, usages) = (directory + "/book.yaml", directory + "/usages.json")
            try """
            tally_prices: 1
            name: test
            providers: {openai: {models: {m: {input_mtok: 1, output_mtok: 2}}}}
            """.write(toFile: book, atomically: true, encoding: .utf8)
            func check(
                input: String, at: String = "2026-01-01", json: Bool = false
            ) async throws -> CommandRun {
                try """
                [{"model": "m", "body": {"model": "m", "usage": {"prompt_tokens": 5,
                 "completion_tokens": 7}}, "extracted": [{"usage": {"input_tokens": 5,
                 "output_tokens": 7}, "extractors": [{"provider_id": "openai",
                 "api_flavor": "chat", "input_price": "\(input)", "output_price": "0.000014"}]}]}]
                """.write(toFile: usages, atomically: true, encoding: .utf8)
                return try await CommandRun.tally(
                    ["prices", "check", "--book", book, "--usages", usages, "--at", at]
                        + (json ? ["--json"] : []), environment: ["TALLY_DATA_DIR": directory])
            }
            let exact = try await check(input: "0.000005")
            #expect(exact.exitCode == 0)
            #expect(exact.output == "1 of 1 rows are exact (1 of 1 extractions)\n")
            let other = try await check(input: "0.000006")
            #expect(other.exitCode == 1 && other.errors.isEmpty)
            #expect(other.output.contains("input_price"))
            let report = try await check(input: "0.000006", json: true).json
            #expect(report.rows == 1 && report.exact == 0 && report.differences.items.count == 1)
            #expect(report.differences[0].found == "0.000005")
            let refused = try await check(input: "much")
            #expect(refused.exitCode == 65)
            #expect(refused.errors.hasPrefix("tally: \(usages): row 0: "))
            #expect(try await check(input: "0", at: "tuesday").exitCode == 64)
            let missing = try await CommandRun.tally([
                "prices", "check", "--book", book, "--usages", "/none", "--at", "2026-01-01",
            ])
            #expect(missing.exitCode == 65)
            #expect(missing.errors == "tally: the usages file /none cannot be read\n")
            let left = try FileManager.default.contentsOfDirectory(atPath: directory)
            #expect(left.sorted() == ["book.yaml", "usages.json"], "no PostgreSQL was started")
        }
    }

    @Test("an audit names each disagreement with its reason; one without a reason is exit code 1")
    func audit() async throws {
        try await withScratchDirectory { directory in
            let source = directory + "/litellm.json"
            func audit(_ price: String, _ more: [String] = []) async throws -> CommandRun {
                try """
                {"gpt-4o": {"litellm_provider": "openai", "input_cost_per_token": \(price),
                  "output_cost_per_token": 1e-5}}
                """.write(toFile: source, atomically: true, encoding: .utf8)
                return try await CommandRun.tally(
                    ["prices", "audit", "--against", source] + more,
                    environment: ["TALLY_DATA_DIR": directory])
            }
            let equal = try await audit("2.5e-6")
            #expect(equal.exitCode == 0)
            #expect(
                equal.output.contains(
                    "1 names of litellm compared, 1 equal; 0 disagreements, 0 without a reason"))
            let other = try await audit("3e-6", ["--json"])
            #expect(other.exitCode == 1)
            let report = try other.json
            #expect(report.unexplained == 1)
            #expect(report.disagreements[0].book_usd == "2.5")
            #expect(report.disagreements[0].source_usd == "3")
            #expect(try await audit("0").exitCode == 0)
            let left = try FileManager.default.contentsOfDirectory(atPath: directory)
            #expect(left == ["litellm.json"], "no PostgreSQL was started")
        }
    }
}
