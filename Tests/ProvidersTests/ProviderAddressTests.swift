import LedgerModel
import Pricing
import Providers
import Testing

@Suite("Addresses of providers")
struct ProviderAddressTests {
    private static func provider(_ text: String) throws -> ModelProvider {
        try #require(
            ProviderFile.read("tally_providers: 1\nproviders: {there: \(text)}\n").first)
    }

    @Test(
        "a call stands where its provider has it",
        arguments: [
            ("kind: openai, keys: {k: {env: K}}", "/v1/chat/completions", "/chat/completions"),
            (
                "kind: anthropic, keys: {k: {env: K}}", "/v1/messages?beta=true",
                "/v1/messages?beta=true"
            ),
            (
                "kind: azure, keys: {k: {env: K}}, base_url: 'https://r.example', "
                    + "api_version: 2024-10-21, deployments: true",
                "/v1/chat/completions?a=b",
                "/openai/deployments/gpt%2F4o/chat/completions?a=b&api-version=2024-10-21"
            ),
            (
                "kind: azure, keys: {k: {env: K}}, base_url: 'https://r.example', "
                    + "api_version: 2024-10-21, deployments: true",
                "/v1/files", "/openai/files?api-version=2024-10-21"
            ),
            (
                "kind: azure, keys: {k: {env: K}}, base_url: 'https://r.example/openai/v1', "
                    + "api_version: preview",
                "/v1/responses", "/responses?api-version=preview"
            ),
            (
                "kind: azure, keys: {k: {env: K}}, base_url: 'https://r.example/openai/v1'",
                "/v1/responses", "/responses"
            ),
        ])
    func targets(_ text: String, _ path: String, _ expected: String) throws {
        let provider = try Self.provider("{\(text)}")
        #expect(provider.target(of: path, model: "gpt/4o") == expected)
    }

    @Test(
        "the name of a deployment can't leave its place", arguments: ["..", ".", "a/../b", "a?b"])
    func escaped(_ name: String) throws {
        let provider = try Self.provider(
            "{kind: azure, keys: {k: {env: K}}, base_url: 'https://r.example', "
                + "api_version: 2024-10-21, deployments: true}")
        let target = provider.target(of: "/v1/embeddings", model: name)
        #expect(target.split(separator: "/").count == 4 && target.contains("%"), "\(target)")
        #expect(target.filter { $0 == "?" }.count == 1)
    }

    @Test("Gemini is known, with its prices and its key as a bearer")
    func gemini() throws {
        let provider = try Self.provider("{kind: gemini, keys: {k: {env: K}}}")
        #expect(
            provider.url("/v1/chat/completions")
                == "https://generativelanguage.googleapis.com/v1beta/openai/chat/completions")
        #expect(provider.prices == "google" && !provider.hasBatches)
    }

    @Test("provisioned throughput, health and a key's own throughput are read")
    func extras() throws {
        let provider = try Self.provider(
            "{kind: compatible, base_url: 'http://h/v1', provisioned: true, "
                + "keys: {k: {env: K, provisioned: true}}, health: {path: /health, every: 5s}}")
        #expect(provider.isProvisioned && provider.keys[0].isProvisioned)
        #expect(provider.health?.path == "/health" && provider.health?.every == .seconds(5))
        let plain = try Self.provider("{kind: compatible, base_url: 'http://h/v1'}")
        #expect(!plain.isProvisioned && plain.health == nil)
    }

    @Test(
        "what does not belong together is refused by its place",
        arguments: [
            ("kind: openai, keys: {k: {env: K}}, api_version: x", "of the kind azure"),
            (
                "kind: azure, keys: {k: {env: K}}, base_url: 'https://r.example', deployments: true",
                "need an api_version"
            ),
            (
                "kind: azure, keys: {k: {env: K}}, base_url: 'https://r.example', "
                    + "api_version: 'x&y=1'", "as Azure does"
            ),
            ("kind: compatible, base_url: 'http://h/v1', health: {path: health}", "from the host"),
            (
                "kind: compatible, base_url: 'http://h/v1', health: {path: /h, every: 1d}",
                "1s to 1h"
            ),
            ("kind: compatible, base_url: 'http://h/v1', health: {to: 1}", "has no to"),
        ])
    func wrong(_ text: String, _ words: String) {
        let error = #expect(throws: PriceFileError.self) { try Self.provider("{\(text)}") }
        #expect(error.map { "\($0)".contains(words) } == true, "\(String(describing: error))")
    }
}
