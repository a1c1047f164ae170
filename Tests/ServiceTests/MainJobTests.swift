import Foundation
import LedgerTesting
import Testing

/// The main job on real input: a trace of two hours of Azure's code assistant (MIT licence).
@Suite("The main job", .serialized)
struct MainJobTests {
    private static let trace = Workplace.data("azure-llm-2023-code.csv")

    @Test(
        "history is imported, audited, replayed under other prices and verified",
        .enabled(
            if: FileManager.default.fileExists(atPath: trace),
            "needs azure-llm-2023-code.csv in the directory TALLY_TEST_DATA"))
    func everything() async throws {
        try await withEmbeddedPlace { place in
            // With a service, as in production; the commands find its PostgreSQL.
            try await withService(on: place) { _ in
                #expect(try await importTrace(place) == [8_819, 0, 0, 0])
                #expect(try await importTrace(place) == [0, 8_819, 0, 0])
                let expected = try Self.costByHour()
                try await compareSpend(with: expected, place)
                try await replay(expected: expected.values.reduce(0, +), place)
                let verified = try await place.tally("verify")
                #expect(verified.exitCode == 0)
                #expect(verified.output.contains("is intact"))
            }
        }
    }

    private func importTrace(_ place: Place) async throws -> JSONValue {
        let run = try await place.tally(
            "import", Self.trace, "--format", "csv", "--map", "occurred_at=TIMESTAMP",
            "--map", "input_tokens=ContextTokens", "--map", "output_tokens=GeneratedTokens",
            "--set", "type=request.completed", "--set", "provider=openai",
            "--set", "model=gpt-4o", "--set", "app=code", "--json")
        #expect(run.exitCode == 0, "\(run.errors)")
        return try run.json[0].result.counts
    }

    /// Picodollars by hour, computed from the file alone: 2.50 and 10.00 USD per million tokens.
    private static func costByHour() throws -> [String: Int] {
        var costs: [String: Int] = [:]
        for line in try String(contentsOfFile: trace, encoding: .utf8).split(whereSeparator: {
            $0.isNewline
        }).dropFirst() {
            let cells = line.split(separator: ",")
            let input = try #require(Int(cells[1])), output = try #require(Int(cells[2]))
            let cost = input * 2_500_000 + output * 10_000_000
            costs[String(cells[0].prefix(13)), default: 0] += cost
        }
        return costs
    }

    private func compareSpend(with expected: [String: Int], _ place: Place) async throws {
        let run = try await place.tally(
            "sql",
            """
            SELECT to_char(hour AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24') AS hour,
                sum(cost_pico)::text AS cost
            FROM audit.spend_hourly GROUP BY 1 ORDER BY 1
            """, "--json")
        #expect(run.exitCode == 0, "\(run.errors)")
        let rows = try run.json.rows.items.map { ($0.hour.string ?? "", $0.cost.string ?? "") }
        let found = Dictionary(uniqueKeysWithValues: rows.map { ($0.0, Int($0.1) ?? -1) })
        #expect(found == expected)
        #expect(rows.map(\.0) == rows.map(\.0).sorted())
    }

    private func replay(expected: Int, _ place: Place) async throws {
        let recorded = try await place.tally("replay", "prices", "--book", "recorded", "--json")
        #expect(recorded.exitCode == 0, "\(recorded.errors)")
        let check = try recorded.json.check
        #expect(check.exact == true)
        #expect(check.charges == 8_819)
        let words = try await place.tally("replay", "prices", "--book", "recorded")
        #expect(words.output.contains("8,819"), "\(words.output)")

        let book = place.dataDirectory + "/other.yaml"
        try Self.halfPrice.write(toFile: book, atomically: true, encoding: .utf8)
        let html = place.dataDirectory + "/report.html"
        let other = try await place.tally(
            "replay", "prices", "--book", book, "--by", "model,hour", "--html", html, "--json")
        #expect(other.exitCode == 0, "\(other.errors)")
        let total = try other.json.total
        #expect(total.requests == 8_819)
        #expect(Self.pico(total.recorded_usd.string ?? "") == expected)
        #expect(Self.pico(total.replayed_usd.string ?? "") == expected / 2)
        let page = try String(contentsOfFile: html, encoding: .utf8)
        #expect(page.hasPrefix("<!DOCTYPE html>") || page.hasPrefix("<!doctype html>"))
    }

    private static func pico(_ usd: String) -> Int? {
        let parts = usd.split(separator: ".")
        guard let whole = parts.first.flatMap({ Int($0) }) else { return nil }
        let fraction = parts.count > 1 ? String(parts[1]) : ""
        let padded = fraction + String(repeating: "0", count: max(0, 12 - fraction.count))
        return Int(padded).map { whole * 1_000_000_000_000 + $0 }
    }

    private static let halfPrice = """
        tally_prices: 1
        name: half price
        providers:
          openai:
            models:
              gpt-4o: {input_mtok: 1.25, output_mtok: 5}

        """
}
