import Foundation
import LedgerTesting
import Testing

/// `tally gateway check` as people call it.
@Suite("Checking the files of the gateway")
struct RouteCheckTests {
    private static let providers = """
        tally_providers: 1
        providers:
          openai: {keys: {main: {env: ROUTE_CHECK_KEY}}}
          azure:
            kind: azure
            base_url: https://somewhere.openai.azure.com/openai/v1
            keys: {main: {env: ROUTE_CHECK_KEY}}
          local: {kind: compatible, base_url: "http://127.0.0.1:9/v1"}
        """

    private func check(_ texts: String..., key: String? = "secret-of-a-key") async throws
        -> CommandRun
    {
        try await withScratchDirectory { directory in
            var files: [String] = []
            for (number, text) in texts.enumerated() {
                files.append("\(directory)/\(number).yaml")
                try text.write(toFile: files[number], atomically: true, encoding: .utf8)
            }
            return try await CommandRun.tally(
                ["gateway", "check"] + files,
                environment: key.map { ["ROUTE_CHECK_KEY": $0] } ?? [:])
        }
    }

    @Test("both files are known by their content, in either order, and no key is printed")
    func both() async throws {
        let example = try String(
            contentsOfFile: Workplace.package + "/Examples/gateway.yaml", encoding: .utf8)
        for run in [
            try await check(Self.providers, example), try await check(example, Self.providers),
        ] {
            #expect(run.exitCode == 0, "\(run)")
            #expect(run.output.contains("route search: azure, openai, by order"), "\(run)")
            #expect(run.output.contains("then openai/gpt-4o-mini"), "\(run)")
            #expect(run.output.contains("limit teams: 600 requests a minute"), "\(run)")
            #expect(run.output.contains("azure: azure at"), "\(run)")
            #expect(!(run.output + run.errors).contains("secret-of-a-key"), "\(run)")
        }
    }

    @Test("a mistake exits with 65 and its place; a provider that isn't there is one")
    func mistakes() async throws {
        let unknown = "tally_gateway: 1\nroutes:\n  a: {providers: [opnai]}\n"
        let alone = try await check(unknown)
        #expect(alone.exitCode == 0, "nobody knows which there are: \(alone)")
        let run = try await check(Self.providers, unknown)
        #expect(run.exitCode == 65 && run.errors.contains("line 3, column 19"), "\(run)")
        #expect(run.errors.contains("openai"), "\(run)")
        let word = try await check("tally_gateway: 1\nrotes: {}\n")
        #expect(word.exitCode == 65 && word.errors.contains("did you mean routes?"), "\(word)")
        let twice = try await check(unknown, unknown)
        #expect(twice.exitCode == 64, "\(twice)")
        let missing = try await check(Self.providers, key: nil)
        #expect(missing.exitCode == 1 && missing.errors.contains("ROUTE_CHECK_KEY"), "\(missing)")
    }
}
