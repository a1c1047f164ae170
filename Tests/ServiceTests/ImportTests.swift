import Foundation
import LedgerTesting
import Testing

/// `tally import` of realistic files.
@Suite("Importing", .serialized)
struct ImportingTests {
    private static let mapping = [
        "--format", "csv", "--map", "occurred_at=TIMESTAMP",
        "--map", "input_tokens=ContextTokens", "--map", "output_tokens=GeneratedTokens",
        "--set", "type=request.completed", "--set", "provider=openai", "--set", "model=gpt-4o",
        "--set", "app=code", "--json",
    ]

    private static let csv = """
        TIMESTAMP,ContextTokens,GeneratedTokens
        2023-11-16 18:17:03.9799600,4808,10
        2023-11-16 18:17:04.0319600,3180,8
        2023-11-16 18:17:04.0319600,3180,8
        2023-11-16 19:17:04.0781490,110,27

        """

    private func run(
        _ place: Place, _ file: String, input: String? = nil
    ) async throws -> JSONValue {
        let run = try await CommandRun.tally(
            ["import", file] + Self.mapping + place.arguments, input: input)
        #expect(run.exitCode == 0, "\(run.errors)")
        return try run.json[0].result
    }

    @Test("a CSV twice, from standard input and compressed, appends nothing again")
    func again() async throws {
        try await withPlace { place in
            let file = place.dataDirectory + "/usage.csv"
            try Self.csv.write(toFile: file, atomically: true, encoding: .utf8)
            #expect(try await run(place, file).counts == [4, 0, 0, 0])
            #expect(try await run(place, file).counts == [0, 4, 0, 0])
            #expect(try await run(place, "-", input: file).counts == [0, 4, 0, 0])
            for tool in ["gzip", "zstd"] {
                let made = try await CommandRun.run("/usr/bin/env", [tool, "-k", "-q", file])
                #expect(made.exitCode == 0, "\(made.errors)")
                let compressed = file + (tool == "gzip" ? ".gz" : ".zst")
                #expect(try await run(place, compressed).counts == [0, 4, 0, 0])
                #expect(try await run(place, "-", input: compressed).counts == [0, 4, 0, 0])
            }
            // One more row that equals two others is one more event.
            try (Self.csv + "2023-11-16 18:17:04.0319600,3180,8\n").write(
                toFile: file, atomically: true, encoding: .utf8)
            #expect(try await run(place, file).counts == [1, 4, 0, 0])
        }
    }

    @Test("bad rows are named by line with exit code 65, the good ones are stored")
    func badRows() async throws {
        try await withPlace { place in
            let file = place.dataDirectory + "/usage.csv"
            let day = "2023-11-16 20:00:00"
            let bad = Self.csv + "yesterday,1,1\n\(day),-3,1\n\(day),7,1\n"
            try bad.write(toFile: file, atomically: true, encoding: .utf8)
            let run = try await CommandRun.tally(
                ["import", file] + Self.mapping.dropLast() + place.arguments)
            #expect(run.exitCode == 65)
            #expect(run.output.contains("5 appended"), "\(run.output)")
            #expect(run.output.contains("2 rejected"))
            #expect(run.output.contains("line 6") && run.output.contains("line 7"))
        }
    }

    @Test("native and CloudEvents files are imported, and their events are those of HTTP")
    func forms() async throws {
        try await withPlace { place in
            let native = place.dataDirectory + "/native.ndjson"
            try goodEvents(10).map(\.text).joined(separator: "\n").write(
                toFile: native, atomically: true, encoding: .utf8)
            let cloud = place.dataDirectory + "/cloud.ndjson"
            try goodEvents(12).map(\.cloudEvent).joined(separator: "\n").write(
                toFile: cloud, atomically: true, encoding: .utf8)
            try await withService(on: place) { service in
                #expect(try await service.client().ingest(array(goodEvents(3))).appended == 3)
                let first = try await place.tally("import", native, "--json")
                #expect(try first.json[0].result.counts == [7, 3, 0, 0])
                let second = try await place.tally(
                    "import", cloud, native, "--format", "cloudevents", "--json")
                // The second file does not contain CloudEvents.
                #expect(second.exitCode == 65)
                let counts = try second.json.each("result").map(\.counts)
                #expect(counts == [[2, 10, 0, 0], [0, 0, 0, 10]])
                #expect(try await service.client().storedIDs().count == 12)
            }
        }
    }

    @Test("a dry run tells what an import would do, and does nothing, ledger or no ledger")
    func dryRun() async throws {
        try await withPlace { place in
            let file = place.dataDirectory + "/usage.csv"
            let day = "2023-11-16 20:00:00"
            let bad = "yesterday,1,1\ntomorrow,2,1\nsoon,1,1\nlate,1,1\n\(day),-3,1\n"
            try (Self.csv + bad).write(toFile: file, atomically: true, encoding: .utf8)
            let arguments = ["import", file, "--dry-run"] + Self.mapping
            let nowhere = place.dataDirectory + "/nowhere"
            for options in [place.arguments, ["--data-dir", nowhere]] {
                let run = try await CommandRun.tally(arguments + options)
                #expect(run.exitCode == 65, "\(run.errors)")
                let preview = try run.json[0]
                #expect(preview.would_append == 4 && preview.rejected == 5, "\(preview)")
                #expect(preview.requests == 4 && preview.unpriced == [])
                #expect(preview.refusals.each("count") == [4, 1])
                #expect(preview.refusals[0].reason.string?.contains("yesterday") == true)
                #expect(preview.refusals.each("lines") == [[6, 7, 8], [10]])
            }
            #expect(!FileManager.default.fileExists(atPath: nowhere))
            let list = try await place.tally("ledgers", "list", "--json")
            #expect(try list.json.ledgers == [], "the dry run made a ledger")

            try Self.csv.write(toFile: file, atomically: true, encoding: .utf8)
            #expect(try await run(place, file).counts == [4, 0, 0, 0])
            try (Self.csv + "2023-11-16 18:17:04.0319600,3180,8\n").write(
                toFile: file, atomically: true, encoding: .utf8)
            for _ in 0..<2 {
                let again = try await CommandRun.tally(arguments + place.arguments)
                #expect(again.exitCode == 0, "\(again.errors)")
                #expect(try again.json[0].would_append == 1)
                #expect(try again.json[0].duplicates == 4)
            }
            let preview = try await CommandRun.tally(arguments + place.arguments)
            let before = try await charged(place)
            #expect(try await run(place, file).counts == [1, 4, 0, 0])
            let added = try await charged(place) - before
            #expect(added > 0)
            #expect(try preview.json[0].cost_usd.string.flatMap { Decimal(string: $0) } == added)
        }
    }

    private func charged(_ place: Place) async throws -> Decimal {
        let query = "SELECT sum(cost_usd)::text AS usd FROM audit.charges"
        let lines = try await place.tally("sql", "--csv", query).output.split(separator: "\n")
        return lines.last.flatMap { Decimal(string: String($0)) } ?? .nan
    }
}
