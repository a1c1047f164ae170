import Foundation
import LedgerTesting
import Testing

/// The reporting zone of a ledger at the command line.
@Suite("Reporting zones at the command line", .serialized)
struct ZoneTests {
    @Test("a ledger is reported in the days of its zone, and its history stays in view")
    func zone() async throws {
        try await withPlace { place in
            let made = try await place.tally("ledgers", "create", "default")
            #expect(made.exitCode == 0, "\(made.errors)")
            let file = place.dataDirectory + "/events.ndjson"
            let times = ["2025-03-29T23:30:00Z", "2025-03-30T21:30:00Z", "2025-03-30T22:30:00Z"]
            let lines = times.enumerated().map { index, time in
                EventText("\(index)").with("occurred_at", "\"\(time)\"").text
            }
            try lines.joined(separator: "\n")
                .write(toFile: file, atomically: true, encoding: .utf8)
            let imported = try await place.tally("import", file)
            #expect(imported.exitCode == 0, "\(imported.errors)")
            func spend() async throws -> JSONValue {
                try await place.tally(
                    "spend", "--by", "app", "--interval", "day", "--json", "--since", "2025-03-30",
                    "--until", "2025-04-01"
                ).json
            }
            let before = try await spend()
            #expect(before.zone == "UTC" && before.rows.each("requests") == [2])
            #expect(before.rows.each("starts_at") == ["2025-03-30T00:00:00Z"])
            for (zone, words) in [("Mars", "no time zone Mars"), ("Asia/Kolkata", "budgets can")] {
                let refused = try await place.tally("ledgers", "set-zone", "default", zone)
                #expect(refused.exitCode == 65 && refused.errors.contains(words), "\(refused)")
            }
            let set = try await place.tally("ledgers", "set-zone", "default", "Europe/Berlin")
            #expect(set.exitCode == 0 && set.output.contains("Europe/Berlin"), "\(set)")
            let after = try await spend()
            #expect(after.zone == "Europe/Berlin" && after.rows.each("requests") == [2, 1])
            #expect(
                after.rows.each("starts_at")
                    == ["2025-03-30T00:00:00+01:00", "2025-03-31T00:00:00+02:00"])
            let out = place.dataDirectory + "/day.ndjson"
            let exported = try await place.tally(
                "export", "--since", "2025-03-30", "--until", "2025-03-31", "--out", out, "--json"
            ).json
            #expect(exported.zone == "Europe/Berlin" && exported.rows == 2)
            let replayed = try await place.tally(
                "replay", "prices", "--book", "recorded", "--by", "day", "--json", "--since",
                "2025-03-30")
            #expect(replayed.output.contains("\"2025-03-31\""), "\(replayed)")
            let budget = try await place.tally(
                "budgets", "set", "all", "--usd", "5", "--window", "rolling 7 days",
                "--enforcement", "soft", "--json"
            ).json
            #expect(budget.budgets[0].zone == "Europe/Berlin")
            #expect(budget.budgets[0].window == "rolling 7 days")
            let hard = try await place.tally(
                "budgets", "set", "all", "--usd", "5", "--window", "rolling 7 days")
            #expect(hard.exitCode == 65 && hard.errors.contains("cannot be hard"), "\(hard)")
            let shown = try await place.tally("ledgers", "show", "default", "--json").json
            #expect(shown.zones.each("zone") == ["Europe/Berlin"])
            let status = try await place.tally("status", "--json").json
            #expect(status.ledgers.each("zone") == ["Europe/Berlin"])
        }
    }
}
