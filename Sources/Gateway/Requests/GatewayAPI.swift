package import Caching
package import Providers

/// The call of a provider's API that a caller makes.
package enum GatewayAPI: Hashable, Sendable {
    case chatCompletions, completions, embeddings, responses, messages, countTokens
    /// A call that the gateway passes on without knowing it.
    case other(path: String, speaking: ModelProvider.Dialect)

    /// The path as the provider's documentation has it.
    package var path: String {
        switch self {
        case .chatCompletions: "/v1/chat/completions"
        case .completions: "/v1/completions"
        case .embeddings: "/v1/embeddings"
        case .responses: "/v1/responses"
        case .messages: "/v1/messages"
        case .countTokens: "/v1/messages/count_tokens"
        case .other(let path, _): path
        }
    }

    /// How errors of our own are written.
    package var speaking: ModelProvider.Dialect {
        switch self {
        case .messages, .countTokens: .anthropic
        case .other(_, let dialect): dialect
        default: .openAI
        }
    }

    /// For the cache and for reading answers; nil for calls that have no answer of a model.
    package var dialect: RequestDialect? {
        switch self {
        case .chatCompletions: .chatCompletions
        case .completions: .completions
        case .embeddings: .embeddings
        case .responses: .responses
        case .messages: .messages
        case .countTokens, .other: nil
        }
    }
}
