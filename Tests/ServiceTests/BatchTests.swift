import Foundation
import Glibc
import LedgerTesting
import Testing

extension PythonEnvironment {
    /// The SDKs of providers.
    static let sdks = PythonEnvironment(
        "test-venv-sdks", [["anthropic==2.14.0", "openai==3.57.0"]],
        modules: ["anthropic", "openai"])

    static let sdksReason: Comment = """
        needs python3 with venv, and from PyPI the SDKs of anthropic and openai; PyPI can't be \
        reached
        """
}

@Suite("Batches through the SDKs of providers", .serialized)
struct BatchTests {
    /// A made-up provider as a process, and a service that asks it.
    private struct Night {
        let place: Place
        let environment: [String: String]

        func start() async throws -> TallyProcess {
            try await TallyProcess.start(on: place, environment: environment)
        }

        func key() async throws -> String { try await place.gatewayKey("night") }

        /// What the client prints.
        func client(
            _ service: TallyProcess, _ key: String, _ sdk: String, _ words: String...
        ) async throws -> String {
            let run = try await PythonEnvironment.sdks.run(
                "batches_client.py", arguments: [service.url, key, sdk] + words)
            #expect(run.exitCode == 0, "\(run.errors.suffix(2_000))\(service.log.suffix(2_000))")
            return run.output.trimmingCharacters(in: .whitespacesAndNewlines)
        }

        static func with(_ script: String, _ body: (Night) async throws -> Void) async throws {
            try await withMadeUpProviders([script]) { providers in
                try await withScratchDirectory { directory in
                    let (file, url) = (directory + "/providers.yaml", providers[0].url)
                    try """
                    tally_providers: 1
                    providers:
                      openai: {base_url: "\(url)/v1", keys: {main: {env: NIGHT_KEY}}}
                      anthropic: {base_url: "\(url)", keys: {main: {env: NIGHT_KEY}}}

                    """.write(toFile: file, atomically: true, encoding: .utf8)
                    try await withEmbeddedPlace { place in
                        try await body(
                            Night(
                                place: place,
                                environment: [
                                    "TALLY_PROVIDERS_FILE": file, "NIGHT_KEY": "secret-of-night",
                                    "TALLY_BATCHES_POLL": "1s",
                                ]))
                    }
                }
            }
        }
    }

    private static let count = """
        SELECT count(*), count(DISTINCT id), count(cost_usd), min(app), min(service_tier)
        FROM audit.requests
        """

    @Test(
        "files, batches and messages go through the SDKs, and are charged at the batch price",
        .enabled(PythonEnvironment.sdksReason) { await PythonEnvironment.sdks.isReady })
    func sdks() async throws {
        try await Night.with(#"{"batch_polls":2,"batch_fail_rate":0.2}"#) { night in
            let service = try await night.start()
            do {
                let key = try await night.key()
                for sdk in ["openai", "anthropic"] {
                    let id = try await night.client(service, key, sdk, "submit", "20")
                    let words = try await night.client(service, key, sdk, "fetch", id)
                        .split(separator: " ").map(String.init)
                    #expect(words.first == (sdk == "openai" ? "completed" : "ended"))
                    #expect(words.dropFirst().compactMap { Int($0) }.reduce(0, +) == 20, "\(words)")
                    let refused = try await night.client(service, key, sdk, "refuse")
                    #expect(refused.contains("no batch rate for no-such-model"), "\(refused)")
                }
                let found = try await night.place.tally("sql", Self.count, "--csv")
                #expect(found.output.contains("\n40,40,"), "\(found.output)")
                #expect(found.output.contains("nightly,batch"), "\(found.output)")
                #expect(!service.log.contains("secret-of-night"))
            } catch {
                await service.discard()
                throw error
            }
            await service.discard()
        }
    }

    @Test(
        "SIGKILL in the middle books each line once",
        .enabled(PythonEnvironment.sdksReason) { await PythonEnvironment.sdks.isReady })
    func kill() async throws {
        try await Night.with(#"{"batch_seconds":4}"#) { night in
            var service = try await night.start()
            do {
                let key = try await night.key()
                let id = try await night.client(service, key, "openai", "submit", "300")
                for _ in 0..<3 {
                    try await service.signal(SIGKILL)
                    _ = try await service.exit()
                    await service.discard()
                    service = try await night.start()
                }
                #expect(
                    try await night.client(service, key, "openai", "fetch", id)
                        == "completed 300 0")
                let found = try await night.place.tally("sql", Self.count, "--csv")
                #expect(found.output.contains("\n300,300,300,"), "\(found.output)")
                #expect(try await night.place.tally("verify").exitCode == 0)
            } catch {
                await service.discard()
                throw error
            }
            await service.discard()
        }
    }
}
