import Foundation
import LedgerTesting
import Testing

/// Controls at the command line; what they decide is tested where it is decided.
@Suite("Controls at the command line", .serialized)
struct ControlTests {
    private static let policy = """
        budgets:
          search: {usd: 0.021, for: {app: search}, window: total}
        controls:
          small:
            for: {app: search}
            when: {budget: search, used_percent: 50}
            do: {downgrade: {gpt-4o: gpt-4o-mini}}
          never: {for: {app: other}, do: {block: no}}
        """

    @Test("a file is tried on history, applied, listed and removed")
    func life() async throws {
        try await withPlace { place in
            let events = (0..<10).map { EventText("r-\($0)").with("team", "\"t-\($0 % 2)\"") }
            let (file, policy) = (
                place.dataDirectory + "/events.json", place.dataDirectory + "/policy.yaml"
            )
            try array(events).write(toFile: file, atomically: true, encoding: .utf8)
            try Self.policy.write(toFile: policy, atomically: true, encoding: .utf8)
            #expect(try await place.tally("import", file).exitCode == 0)
            let replay = try await place.tally(
                "replay", "budgets", "--policy", policy, "--by", "team", "--json")
            #expect(replay.exitCode == 0, "\(replay)")
            let report = try replay.json
            // Three requests of 0.0035 USD reach the half; each further one saves 0.00329 USD.
            #expect(report.refused.requests == 0 && report.controls.changed.changes == 7)
            #expect(report.controls.changed.saved_usd == "0.02303")
            #expect(report.controls.policies[0].downgraded == 7)
            #expect(report.controls.policies[1].blocked == 0)
            #expect(report.controls.policies[1].saved_usd == .null)
            #expect(report.changed_groups.items.map { $0.changes } == [4, 3])
            let table = try await place.tally("replay", "budgets", "--policy", policy)
            #expect(table.output.contains("7 downgraded"), "\(table)")
            #expect(table.output.contains("7 changes, saving $0.023"), "\(table)")
            let applied = try await place.tally("controls", "apply", policy, "--reason", "why")
            #expect(applied.exitCode == 0 && applied.output.contains("gpt-4o becomes gpt-4o-mini"))
            let impact = try await place.tally(
                "budgets", "impact", "--model", "gpt-4o", "--input-tokens", "1000",
                "--output-tokens", "100", "--for", "app=search", "--json")
            #expect(try impact.json.model == "gpt-4o-mini", "\(impact)")
            let list = try await place.tally("controls", "list", "--json")
            #expect(try list.json.controls.items.map { $0.control } == ["small", "never"])
            #expect(try await place.tally("controls", "remove", "never").exitCode == 0)
            let gone = try await place.tally("controls", "remove", "never")
            #expect(gone.exitCode != 0 && gone.errors.contains("there is no control never"))
            let said = try await place.tally(
                "sql", "SELECT count(*) FROM audit.controls WHERE reason = 'why'")
            #expect(said.output.contains("2"), "\(said)")
        }
    }

    @Test("a wrong file is 65 with line and column")
    func wrong() async throws {
        try await withScratchDirectory { directory in
            let path = directory + "/policy.yaml"
            try "controls:\n  a: {do: {blok: x}}".write(
                toFile: path, atomically: true, encoding: .utf8)
            let run = try await CommandRun.tally(
                ["controls", "apply", path, "--data-dir", directory + "/none"])
            #expect(run.exitCode == 65, "\(run)")
            #expect(run.errors.contains("line 2, column 12: blok is not known in do"), "\(run)")
        }
    }
}
