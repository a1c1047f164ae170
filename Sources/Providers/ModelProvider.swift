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

    package enum Kind: String, Sendable, CaseIterable {
        case openAI = "openai"
        case anthropic
        /// OpenAI's dialect with another header for the key.
        case azure
        /// OpenAI's dialect, spoken by anybody: vLLM, llama.cpp, Gemini's endpoint.
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

    /// The address of a call that its documentation calls `/v1/…`.
    package func url(_ path: String) -> String {
        kind.dialect == .openAI && path.hasPrefix("/v1/")
            ? baseURL + path.dropFirst(3) : baseURL + path
    }
}

/// One of a provider's keys, with what may be asked with it.
package struct ProviderKey: Sendable {
    /// The name in `providers.yaml`; logs and tables have only this.
    package let name: String
    package let source: Source
    package let requestsPerMinute: Int?
    package let tokensPerMinute: Int?

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
