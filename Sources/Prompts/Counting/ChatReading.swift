package import JSON

extension ChatRequest {
    /// Reads a body in the shape of OpenAI's chat or responses, Anthropic's messages or Gemini's
    /// contents; a bare list of messages is a chat.
    package init(_ body: JSONTree) throws(ChatFault) {
        switch body {
        case .array(let items):
            self.init(dialect: .openAIChat, body: body)
            messages = try OpenAIShape.messages(items, at: "")
        case .object where body["contents"] != nil: self = try GeminiShape.request(body)
        case .object where body["input"] != nil && body["messages"] == nil:
            self = try ResponsesShape.request(body)
        case .object where body["messages"] != nil:
            self =
                try Self.isAnthropic(body)
                ? AnthropicShape.request(body) : OpenAIShape.request(body)
        default:
            throw ChatFault(
                place: "",
                reason: "expected a chat: an object with messages, input or contents, or a list "
                    + "of messages")
        }
        guard !messages.isEmpty else {
            throw ChatFault(place: "", reason: "the chat has no messages")
        }
        guard messages.count <= Self.messagesMax else {
            throw ChatFault(
                place: "", reason: "the chat has more than \(Self.messagesMax) messages")
        }
    }

    init(dialect: Dialect, body: JSONTree) {
        self.dialect = dialect
        self.body = body
        messages = []
        model = body["model"]?.string
    }

    /// Whether the body has what only Anthropic has: a separate system text, schemas called
    /// `input_schema`, blocks of tool use, images with a `source`; or a model named Claude.
    private static func isAnthropic(_ body: JSONTree) -> Bool {
        if body["system"] != nil { return true }
        if let tools = body["tools"]?.items, tools.contains(where: { $0["input_schema"] != nil }) {
            return true
        }
        let kinds: Set<String> = ["tool_use", "tool_result", "image", "document", "thinking"]
        for message in body["messages"]?.items ?? [] {
            if message["role"] != .text("user"), message["role"] != .text("assistant") {
                return false
            }
            for block in message["content"]?.items ?? [] {
                if let kind = block["type"]?.string, kinds.contains(kind) { return true }
            }
        }
        return body["model"]?.string.map { ClaudeVersion(ModelName($0)) != nil } ?? false
    }
}

// MARK: - What the shapes share

enum ChatShape {
    static func fault(_ place: String, _ reason: String) -> ChatFault {
        ChatFault(place: place, reason: reason)
    }

    static func object(_ value: JSONTree, at place: String) throws(ChatFault) {
        guard case .object = value else {
            throw fault(place, "must be an object, not \(value.noun)")
        }
    }

    static func list(_ value: JSONTree?, at place: String) throws(ChatFault) -> [JSONTree] {
        guard let value else { return [] }
        guard let items = value.items else {
            throw fault(place, "must be a list, not \(value.noun)")
        }
        return items
    }

    static func text(_ value: JSONTree?, at place: String) throws(ChatFault) -> String {
        guard let text = value?.string else {
            throw fault(place, value.map { "must be text, not \($0.noun)" } ?? "is missing")
        }
        return text
    }

    /// Texts as they are, anything else as JSON.
    static func textOrJSON(_ value: JSONTree?) -> String {
        value.map { $0.string ?? $0.json } ?? ""
    }

    static func role(_ name: String, at place: String) throws(ChatFault) -> ChatRole {
        switch name {
        case "system", "developer": return .system
        case "user": return .user
        case "assistant", "model": return .assistant
        case "tool", "function": return .tool
        default:
            throw fault(
                place,
                "is \"\(name.prefix(40))\": expected system, developer, user, assistant, "
                    + "tool, function or model")
        }
    }

    static func detail(_ value: JSONTree?) -> ImageRule.Detail {
        value?.string.flatMap { ImageRule.Detail(rawValue: $0) } ?? .auto
    }

    /// The image of a data URL with its size; other URLs are not fetched.
    static func image(url: String?, detail: ImageRule.Detail) -> ContentPart {
        let size = url.flatMap { $0.hasPrefix("data:") ? ImageSize(encoded: $0) : nil }
        return .image(ImagePart(size: size, detail: detail))
    }

    /// Reads OpenAI's and Anthropic's choice of whether tools have to be called.
    static func toolChoice(_ value: JSONTree?) -> ChatRequest.ToolChoice {
        let name = value?["function"]?["name"] ?? value?["custom"]?["name"] ?? value?["name"]
        if let name = name?.string { return .named(name) }
        return switch value?.string ?? value?["type"]?.string {
        case "none": .none
        case "required", "any", "tool", "function": .required
        default: .auto
        }
    }
}
