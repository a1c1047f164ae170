import Foundation
import JSON
package import LedgerModel
package import Pricing

/// Reads `providers.yaml`; a key that is not known is refused with its line and column.
package enum ProviderFile {
    package static let bytesMax = 1 << 20
    package static let providersMax = 64
    package static let keysMax = 64
    package static let aliasesMax = 1_000

    package static func read(_ text: String) throws(PriceFileError) -> [ModelProvider] {
        let root = try FileFields(try FileNode(parsing: text), "the file")
        guard text.utf8.count <= bytesMax else {
            throw root.error("it has more than \(bytesMax) bytes")
        }
        guard try root.text("tally_providers") == "1" else {
            throw root.error("tally_providers must be 1")
        }
        var providers: [ModelProvider] = []
        for entry in try root.node("providers")?.entries("providers") ?? [] {
            providers.append(try provider(entry))
        }
        guard !providers.isEmpty else { throw root.error("it names no providers") }
        guard providers.count <= providersMax else {
            throw root.error("there are more than \(providersMax) providers")
        }
        try root.finish()
        return providers
    }

    private static func provider(_ entry: FileNode.Entry) throws(PriceFileError) -> ModelProvider {
        let fields = try FileFields(entry.value, "provider \(entry.key)")
        guard isName(entry.key) else {
            throw entry.error("\(entry.key) must be 1 to 64 letters, digits, dots and hyphens")
        }
        let word = try fields.optionalText("kind") ?? entry.key
        guard let kind = ModelProvider.Kind(rawValue: word) else {
            let kinds = ModelProvider.Kind.allCases.map(\.rawValue).joined(separator: ", ")
            throw fields.error("kind is \(word): write one of \(kinds)")
        }
        let provider = ModelProvider(
            name: entry.key, kind: kind, baseURL: try baseURL(fields, kind),
            prices: Name(try fields.optionalText("prices") ?? kind.prices ?? entry.key),
            keys: try keys(fields, kind), aliases: try aliases(fields), times: try times(fields),
            answerBytesMax: try fields.number("answer_bytes", in: 1_024...1 << 30).map { Int($0) }
                ?? ModelProvider.answerBytesDefault,
            hasBatches: try fields.node("batches") == nil
                ? kind.hasBatches : try fields.flag("batches"),
            isProvisioned: try fields.flag("provisioned"), health: try health(fields),
            azure: try azure(fields, kind))
        try fields.finish()
        return provider
    }

    private static func isName(_ name: String) -> Bool {
        (1...64).contains(name.utf8.count)
            && name.utf8.allSatisfy { byte in
                switch byte {
                case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F: true
                default: false
                }
            }
    }

    private static func baseURL(
        _ fields: FileFields, _ kind: ModelProvider.Kind
    ) throws(PriceFileError) -> String {
        let standard: String? =
            switch kind {
            case .openAI: "https://api.openai.com/v1"
            case .anthropic: "https://api.anthropic.com"
            case .gemini: "https://generativelanguage.googleapis.com/v1beta/openai"
            case .azure, .compatible: nil
            }
        guard var url = try fields.optionalText("base_url") ?? standard else {
            throw fields.error("base_url is missing")
        }
        while url.hasSuffix("/") { url.removeLast() }
        guard let parts = URLComponents(string: url), let host = parts.host, !host.isEmpty,
            parts.scheme == "http" || parts.scheme == "https"
        else { throw fields.error("base_url is not http://HOST… or https://HOST…") }
        guard parts.user == nil, parts.password == nil, parts.query == nil else {
            throw fields.error("base_url has a user, password or query: give the key under keys")
        }
        return url
    }

    private static func keys(
        _ fields: FileFields, _ kind: ModelProvider.Kind
    ) throws(PriceFileError) -> [ProviderKey] {
        var keys: [ProviderKey] = []
        for entry in try fields.node("keys")?.entries("keys") ?? [] {
            let key = try FileFields(entry.value, "key \(entry.key)")
            let variable = try key.optionalText("env").map { ProviderKey.Source.environment($0) }
            let file = try key.optionalText("file").map { ProviderKey.Source.file($0) }
            guard let source = variable ?? file, variable == nil || file == nil else {
                throw key.error("one of env and file is needed: where the key is kept")
            }
            keys.append(
                ProviderKey(
                    name: entry.key, source: source,
                    requestsPerMinute: try limit(key, "requests_per_minute"),
                    tokensPerMinute: try limit(key, "tokens_per_minute"),
                    isProvisioned: try key.flag("provisioned")))
            try key.finish()
        }
        guard !keys.isEmpty || kind == .compatible else { throw fields.error("it has no keys") }
        guard keys.count <= keysMax else { throw fields.error("it has more than \(keysMax) keys") }
        return keys
    }

    private static func limit(
        _ fields: FileFields, _ name: String
    ) throws(PriceFileError) -> Int? {
        try fields.number(name, in: 1...1_000_000_000_000).map { Int($0) }
    }

    private static func aliases(_ fields: FileFields) throws(PriceFileError) -> [String: String] {
        var aliases: [String: String] = [:]
        for entry in try fields.node("models")?.entries("models") ?? [] {
            aliases[entry.key] = try entry.value.text("the model of \(entry.key)")
        }
        guard aliases.count <= aliasesMax else {
            throw fields.error("it has more than \(aliasesMax) models")
        }
        return aliases
    }

    private static func times(_ fields: FileFields) throws(PriceFileError) -> ModelProvider.Times {
        var times = ModelProvider.Times()
        guard let node = try fields.node("timeouts") else { return times }
        let given = try FileFields(node, "timeouts")
        func read(_ name: String, _ time: inout Duration) throws(PriceFileError) {
            if let seconds = try given.seconds(name) { time = .seconds(seconds) }
        }
        try read("connect", &times.connect)
        try read("first_byte", &times.firstByte)
        try read("idle", &times.idle)
        try read("total", &times.total)
        try given.finish()
        return times
    }
}

extension ProviderFile {
    private static func health(
        _ fields: FileFields
    ) throws(PriceFileError) -> ModelProvider.HealthCheck? {
        guard let node = try fields.node("health") else { return nil }
        let given = try FileFields(node, "health")
        let path = try given.optionalText("path") ?? "/v1/models"
        guard path.hasPrefix("/"), path.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw given.error("path is \(path): write it from the host on, such as /health")
        }
        let every = try given.seconds("every") ?? 10
        guard (1...3_600).contains(every) else {
            throw given.error("every must be 1s to 1h")
        }
        try given.finish()
        return ModelProvider.HealthCheck(path: path, every: .seconds(every))
    }

    private static func azure(
        _ fields: FileFields, _ kind: ModelProvider.Kind
    ) throws(PriceFileError) -> ModelProvider.Azure? {
        let version = try fields.optionalText("api_version")
        let hasDeployments = try fields.flag("deployments")
        guard version != nil || hasDeployments else { return nil }
        guard kind == .azure else {
            throw fields.error("api_version and deployments are of the kind azure")
        }
        guard let version else {
            throw fields.error("deployments need an api_version, such as 2024-10-21")
        }
        guard isName(version) else {
            throw fields.error(
                "api_version is \(version): write it as Azure does, such as 2024-10-21")
        }
        return ModelProvider.Azure(version: version, hasDeployments: hasDeployments)
    }
}

extension ModelProvider.Kind {
    /// The provider's name in price books; nil for a name that only its owner knows.
    fileprivate var prices: String? {
        switch self {
        case .openAI, .anthropic, .azure: rawValue
        case .gemini: "google"
        case .compatible: nil
        }
    }

    fileprivate var hasBatches: Bool {
        switch self {
        case .openAI, .anthropic, .azure: true
        case .gemini, .compatible: false
        }
    }
}

/// A key that is not where the file says.
package struct KeyMissing: Fault, Hashable {
    package let provider: String
    package let key: String
    package let reason: String

    package var kind: FaultKind { .invalid }
    package var description: String { "key \(key) of provider \(provider): \(reason)" }
}

extension ProviderSet {
    private static let keyBytesMax = 4_096

    /// Fetches the keys of providers.
    ///
    /// - Returns: the providers, and the keys that can't be had; those are left out.
    package static func load(
        _ providers: [ModelProvider], environment: [String: String]
    ) -> (set: ProviderSet, missing: [KeyMissing]) {
        var secrets: [String: [String: Secret]] = [:]
        var missing: [KeyMissing] = []
        for provider in providers {
            for key in provider.keys {
                do throws(KeyReason) {
                    secrets[provider.name, default: [:]][key.name] = try secret(key, environment)
                } catch {
                    missing.append(
                        KeyMissing(provider: provider.name, key: key.name, reason: error.text))
                }
            }
        }
        return (ProviderSet(providers, secrets: secrets), missing)
    }

    private struct KeyReason: Error { let text: String }

    private static func secret(
        _ key: ProviderKey, _ environment: [String: String]
    ) throws(KeyReason) -> Secret {
        let text: String
        switch key.source {
        case .environment(let name):
            guard let value = environment[name] else {
                throw KeyReason(text: "the environment has no \(name)")
            }
            text = value
        case .file(let path):
            guard let data = FileManager.default.contents(atPath: path) else {
                throw KeyReason(text: "the file \(path) cannot be read")
            }
            text = String(decoding: data.prefix(keyBytesMax + 1), as: UTF8.self)
        }
        let trimmed = text.trimmingCharacters(in: .whitespacesAndNewlines)
        // A line feed in a header would begin another one.
        guard (1...keyBytesMax).contains(trimmed.utf8.count),
            trimmed.utf8.allSatisfy({ (0x21...0x7E).contains($0) })
        else { throw KeyReason(text: "it is empty, too long, or not one word of ASCII") }
        return Secret(trimmed)
    }
}
