package import LedgerModel

/// Somebody who answers requests to models: an address, its dialect, and the keys to it.
package struct ModelProvider: Sendable {
    /// The name in `providers.yaml`, by which callers may choose it.
    package let name: String
    package let kind: Kind
    /// As SDKs take it: with `/v1` for OpenAI's dialect, without it for Anthropic's; no slash at its end.
    package let baseURL: String
    /// The provider's name in the price book.
    package let prices: Name
    package let keys: [ProviderKey]
    /// The provider's own names of models by those that callers may use.
    package let aliases: [String: String]
    package let times: Times
    /// The most bytes of an answer that is read as a whole.
    package let answerBytesMax: Int
    /// Whether its batch API is used.
    package let hasBatches: Bool
    /// Whether its throughput is paid for anyhow, so that it is asked first.
    package let isProvisioned: Bool
    /// How it is asked whether it is well; nil to learn that from calls alone.
    package let health: HealthCheck?
    /// Of Azure: the version of the API, and whether models are deployments with addresses of
    /// their own.
    package let azure: Azure?

    package struct HealthCheck: Sendable, Hashable {
        /// From the host on, such as `/health`.
        package let path: String
        package let every: Duration
    }

    package struct Azure: Sendable, Hashable {
        /// Sent as `api-version`; the newest API needs none.
        package let version: String?
        package let hasDeployments: Bool
    }

    package enum Kind: String, Sendable, CaseIterable {
        case openAI = "openai"
        case anthropic
        /// OpenAI's dialect with another header for the key.
        case azure
        /// Google's endpoint that speaks OpenAI's dialect.
        case gemini
        /// OpenAI's dialect, spoken by anybody: vLLM, llama.cpp.
        case compatible

        package var dialect: Dialect { self == .anthropic ? .anthropic : .openAI }
    }

    package enum Dialect: Sendable { case openAI, anthropic }

    /// How long a call may take; a call that takes longer is given up.
    package struct Times: Sendable, Hashable {
        package var connect: Duration = .seconds(10)
        /// Until the answer begins.
        package var firstByte: Duration = .seconds(120)
        /// Between two pieces of an answer; at least `firstByte` is allowed.
        package var idle: Duration = .seconds(120)
        package var total: Duration = .seconds(600)

        package init() {}
    }

    package static let answerBytesDefault = 64 << 20

    /// The provider's name of a model.
    package func model(_ asked: String) -> String { aliases[asked] ?? asked }

    /// The path of a call that its documentation calls `/v1/…`, from the end of the base URL on.
    ///
    /// - Parameter model: the provider's name of the model, for addresses that have it in them.
    package func target(of path: String, model: String?) -> String {
        guard kind.dialect == .openAI, path.hasPrefix("/v1/") else { return path }
        guard let azure else { return String(path.dropFirst(3)) }
        var target = String(path.dropFirst(3))
        if azure.hasDeployments {
            let call = target.prefix { $0 != "?" }
            let place = model.flatMap { model in
                Self.callsOfDeployments.contains(String(call))
                    ? "/openai/deployments/\(Self.escaped(model))" : nil
            }
            target = (place ?? "/openai") + target
        }
        guard let version = azure.version, !target.contains("api-version=") else { return target }
        return target + (target.contains("?") ? "&" : "?") + "api-version=\(version)"
    }

    /// The calls that Azure has below the address of a deployment.
    private static let callsOfDeployments: Set = [
        "/chat/completions", "/completions", "/embeddings", "/audio/speech",
        "/audio/transcriptions", "/audio/translations", "/images/generations", "/images/edits",
    ]

    /// As one part of a path, whatever a caller calls a model.
    private static func escaped(_ name: String) -> String {
        var escaped = ""
        for byte in name.utf8 {
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x5F, 0x7E:
                escaped.unicodeScalars.append(Unicode.Scalar(byte))
            // A name of dots alone would be the folder, or the one above it.
            case 0x2E where name.utf8.contains(where: { $0 != 0x2E }):
                escaped += "."
            default:
                let digits = String(byte, radix: 16, uppercase: true)
                escaped += digits.count < 2 ? "%0\(digits)" : "%\(digits)"
            }
        }
        return escaped
    }

    /// The address of a call that its documentation calls `/v1/…`.
    package func url(_ path: String) -> String { baseURL + target(of: path, model: nil) }
}

/// One of a provider's keys, with what may be asked with it.
package struct ProviderKey: Sendable {
    /// The name in `providers.yaml`; logs and tables have only this.
    package let name: String
    package let source: Source
    package let requestsPerMinute: Int?
    package let tokensPerMinute: Int?
    /// Whether its throughput is paid for anyhow, so that it is used first.
    package let isProvisioned: Bool

    /// Where the text of a key is kept; it never stands in the file.
    package enum Source: Sendable, Hashable {
        case environment(String)
        case file(String)
    }
}

/// A key's text: whatever prints it, it does not show.
package struct Secret: Sendable, CustomStringConvertible, CustomReflectable {
    package let text: String

    package init(_ text: String) {
        self.text = text
    }

    package var description: String { "(secret)" }
    package var customMirror: Mirror { Mirror(self, children: []) }
}

/// All providers of a file, with their keys at hand.
package struct ProviderSet: Sendable {
    package let all: [ModelProvider]
    private let secrets: [String: [String: Secret]]

    package static let none = ProviderSet([], secrets: [:])

    /// - Parameter secrets: by provider and key.
    package init(_ all: [ModelProvider], secrets: [String: [String: Secret]]) {
        self.all = all
        self.secrets = secrets
    }

    package subscript(name: String) -> ModelProvider? { all.first { $0.name == name } }

    /// Who is asked for a model, unless the caller says: whoever has it as an alias, or the first
    /// that speaks the dialect.
    package func provider(for model: String, speaking dialect: ModelProvider.Dialect)
        -> ModelProvider?
    {
        let candidates = all.filter { $0.kind.dialect == dialect }
        return candidates.first { $0.aliases[model] != nil } ?? candidates.first
    }

    /// The text of a key; of the first one if the name is not known any more.
    package func secret(of provider: ModelProvider, key name: String?) -> Secret? {
        let own = secrets[provider.name] ?? [:]
        return name.flatMap { own[$0] } ?? provider.keys.first.flatMap { own[$0.name] }
    }
}
