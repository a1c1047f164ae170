package import JSON
package import LedgerModel

/// A request to a chat model, in the shape of any provider.
package struct ChatRequest: Sendable {
    /// The provider whose shape the body has.
    package enum Dialect: String, Sendable {
        case openAIChat = "openai-chat"
        case openAIResponses = "openai-responses"
        case anthropic, gemini
    }

    package enum ToolChoice: Hashable, Sendable {
        case auto, none
        /// Some tool has to be called.
        case required
        /// The tool of this name has to be called.
        case named(String)

        var isRequired: Bool {
            switch self {
            case .auto, .none: false
            case .required, .named: true
            }
        }
    }

    package var dialect: Dialect
    package var model: String?
    /// The messages in order; a separate system text comes first, with `isApart`.
    package var messages: [ChatMessage]
    package var tools: [ToolDefinition] = []
    package var toolChoice = ToolChoice.auto
    package var outputTokensMax: Int?
    /// JSON schemas of the answer, which the model is shown.
    package var answerSchema: JSONTree?
    /// Parts of the body whose tokens cannot be counted here.
    package var uncounted: [String] = []
    /// The body as it was sent.
    package var body: JSONTree

    /// More messages than this are refused.
    package static let messagesMax = 1_000_000

    package var hasSystem: Bool { messages.contains { $0.role == .system } }
}

package enum ChatRole: Hashable, Sendable {
    /// `developer` too.
    case system
    case user
    /// `model` too.
    case assistant
    /// `function` too.
    case tool
}

package struct ChatMessage: Sendable {
    package var role: ChatRole
    /// The role as written: its tokens count where the role is text.
    package var roleName: String
    package var name: String?
    package var parts: [ContentPart]
    /// Its place in the body, such as `messages[3]`.
    package var place: String
    /// Whether it is the system text of Anthropic or Gemini, which is not an item of the list of
    /// messages.
    package var isApart = false
    /// The item of the body's list of messages; null for a separate system text.
    package var item: JSONTree = .null

    var callIDs: [String?] {
        parts.compactMap { if case .toolCall(let call) = $0 { call.id } else { nil } }
    }
    var hasCalls: Bool {
        parts.contains { if case .toolCall = $0 { true } else { false } }
    }
    var resultIDs: [String?] {
        parts.compactMap { if case .toolResult(let result) = $0 { result.id } else { nil } }
    }
    var hasResults: Bool {
        parts.contains { if case .toolResult = $0 { true } else { false } }
    }
}

package indirect enum ContentPart: Sendable, Equatable {
    case text(String)
    /// The model's own thinking, sent back to it.
    case reasoning(String)
    case image(ImagePart)
    case audio(milliseconds: Int?)
    case toolCall(ToolCall)
    case toolResult(ToolResult)
    /// Documents, videos, references to files: their tokens cannot be counted here.
    case opaque(String)
}

package struct ImagePart: Sendable, Hashable {
    package var size: ImageSize?
    package var detail: ImageRule.Detail
}

package struct ToolCall: Sendable, Equatable {
    package var id: String?
    package var name: String
    /// JSON text.
    package var arguments: String
}

package struct ToolResult: Sendable, Equatable {
    package var id: String?
    package var parts: [ContentPart]
}

package struct ToolDefinition: Sendable, Equatable {
    package var name: String
    package var summary: String
    /// The JSON schema of its arguments.
    package var parameters: JSONTree?
    /// The definition as it was sent.
    package var source: JSONTree
    /// Whether it is one of the provider's own tools, whose tokens are not documented.
    package var isHosted = false
    /// One of OpenAI's `functions`, which came before `tools`.
    package var isFunction = false
}

/// Why a body is not a chat; the text says what is expected and where.
package struct ChatFault: Fault, Hashable, Sendable {
    package var kind: FaultKind { .invalid }
    package var param: String? { "chat" }

    /// Such as `messages[3].content`.
    package let place: String
    package let reason: String

    package var description: String { place.isEmpty ? reason : "\(place) \(reason)" }
}
