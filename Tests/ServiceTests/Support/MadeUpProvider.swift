import Foundation
import Glibc
import LedgerTesting

/// A running `tally upstream`.
final class MadeUpProvider: Sendable {
    /// `http://127.0.0.1:PORT`.
    let url: String
    private let child: Child

    private init(_ child: Child, url: String) {
        self.child = child
        self.url = url
    }

    static func start(
        _ script: String = "{}", listen: String = "127.0.0.1:0"
    ) async throws -> MadeUpProvider {
        let child = try Child(
            Workplace.program, ["upstream", "--listen", listen, "--script", script])
        do {
            var url = ""
            try await poll("the made-up provider listens", evidence: { child.errors }) {
                url =
                    child.output.split(separator: "\n").first?
                    .split(separator: " ").last.map(String.init) ?? ""
                return url.hasPrefix("http")
            }
            return MadeUpProvider(child, url: url)
        } catch {
            await child.end()
            child.discard()
            throw error
        }
    }

    /// Changes how it behaves.
    func script(_ json: String) async throws {
        let answer = try await TallyClient(url: url).post("/_script", json)
        guard answer.status == 200 else { throw ServiceTestError(answer.text) }
    }

    /// The calls of models, the latest 1,000 of all calls.
    func calls() async throws -> [JSONValue] {
        try await TallyClient(url: url).get("/_calls?full=1").json.items.filter {
            $0.model.string != nil && $0.path.string != "/v1/messages/count_tokens"
        }
    }

    func end() async {
        if child.isRunning { await child.end() }
        child.discard()
    }
}

/// Runs made-up providers while the body runs, one for each script.
func withMadeUpProviders<T>(
    _ scripts: [String], _ body: ([MadeUpProvider]) async throws -> T
) async throws -> T {
    var providers: [MadeUpProvider] = []
    do {
        for script in scripts { providers.append(try await MadeUpProvider.start(script)) }
        let value = try await body(providers)
        for provider in providers { await provider.end() }
        return value
    } catch {
        for provider in providers { await provider.end() }
        throw error
    }
}

extension Place {
    /// Makes a key for callers of the gateway.
    func gatewayKey(_ name: String = "callers") async throws -> String {
        let made = try await tally("keys", "create", "--name", name, "--scope", "gateway", "--json")
        let key = made.output.split { !($0.isLetter || $0.isNumber || $0 == "_") }
            .first { $0.hasPrefix("tally_") }
        guard let key else { throw ServiceTestError("\(made.output)\(made.errors)") }
        return String(key)
    }
}
