import JSON
import Tokenizing

/// How a provider presents tool definitions to its model.
package enum ToolRule: Hashable, Sendable {
    /// A namespace of TypeScript, which OpenAI does not document but others measured.
    case namespace
    /// A fixed text, and each definition as JSON.
    case json(fixed: String)
    /// A fixed number of tokens that depends on whether a tool must be called, plus JSON.
    case counted(auto: Int, required: Int)

    init(family: ModelProfile.Family, model: ModelName) {
        switch family {
        case .openAI, .none: self = .namespace
        case .anthropic: self = Self.anthropic(ClaudeVersion(model))
        case .qwen: self = .json(fixed: Self.qwenText)
        case .gemini, .mistral, .llama, .gemma, .deepSeek: self = .json(fixed: "")
        }
    }

    /// The "tool use system prompt token count" of Anthropic's documentation.
    private static func anthropic(_ version: ClaudeVersion?) -> ToolRule {
        switch (version?.major, version?.minor, version?.tier) {
        case (3, 0, "opus"): .counted(auto: 530, required: 281)
        case (3, 0, "sonnet"): .counted(auto: 159, required: 235)
        case (3, _, "haiku"): .counted(auto: 264, required: 340)
        case (3, 5, "sonnet"): .counted(auto: 294, required: 261)
        default: .counted(auto: 346, required: 313)
        }
    }

    private static let qwenText = """
        # Tools

        You may call one or more functions to assist with the user query.

        You are provided with function signatures within <tools></tools> XML tags:
        <tools>
        </tools>

        For each function call, return a json object with function name and arguments within \
        <tool_call></tool_call> XML tags:
        <tool_call>
        {"name": <function-name>, "arguments": <args-json-object>}
        </tool_call>
        """
}

extension ToolRule {
    /// The tokens of a request's tools.
    struct Count {
        /// Of each definition.
        var definitions: [Int]
        /// Of what stands around all of them.
        var frame: Int
        /// Of the choice that the request makes among them.
        var choice = 0
        /// Whether the provider documents what stands around them.
        var isFrameDocumented = false
    }

    /// Counts the tools that the caller defines.
    func count(
        _ tools: [ToolDefinition], in request: ChatRequest, _ counter: TokenCounter
    ) -> Count {
        switch self {
        case .namespace: return namespaceCount(tools, request, counter)
        case .json(let fixed):
            return Count(
                definitions: tools.map { counter.count($0.source.json) },
                frame: fixed.isEmpty ? 0 : counter.count(fixed), isFrameDocumented: true)
        case .counted(let auto, let required):
            return Count(
                definitions: tools.map { counter.count($0.source.json) },
                frame: request.toolChoice.isRequired ? required : auto, isFrameDocumented: true)
        }
    }

    private func namespaceCount(
        _ tools: [ToolDefinition], _ request: ChatRequest, _ counter: TokenCounter
    ) -> Count {
        guard let first = tools.first else { return Count(definitions: [], frame: 0) }
        var whole = FunctionNamespace.opening
        var before = FunctionNamespace.opening
        var definitions: [Int] = []
        for tool in tools {
            let text = FunctionNamespace(tool, first.isFunction ? .indented : .inline).text
            whole += text
            // What a definition adds behind the one before it, whose end may merge with it.
            definitions.append(counter.count(before + text) - counter.count(before))
            before = FunctionNamespace.separator
        }
        whole += FunctionNamespace.closing
        let frame =
            counter.count(whole) - definitions.reduce(0, +)
            + Self.messageTokens(request, counter)
        return Count(
            definitions: definitions, frame: frame,
            choice: Self.choiceTokens(request.toolChoice, isFunction: first.isFunction, counter))
    }

    /// The namespace stands in a message of its own, or behind a line end in the first system
    /// message.
    private static func messageTokens(_ request: ChatRequest, _ counter: TokenCounter) -> Int {
        guard let system = request.messages.first(where: { $0.role == .system }) else { return 9 }
        let text = system.texts.last ?? ""
        return 5 + counter.count(text + "\n") - counter.count(text)
    }

    /// Measured, but for a tool that has to be called without being named.
    private static func choiceTokens(
        _ choice: ChatRequest.ToolChoice, isFunction: Bool, _ counter: TokenCounter
    ) -> Int {
        switch choice {
        case .auto: 0
        case .none, .required: 1
        case .named(let name): (isFunction ? 4 : 7) + counter.count(name)
        }
    }
}
