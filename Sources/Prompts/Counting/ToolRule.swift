import JSON
import Tokenizing

/// How a provider presents tool definitions to its model.
package enum ToolRule: Hashable, Sendable {
    /// The rule of OpenAI's cookbook: fixed tokens for each function, list of properties, property
    /// and item of an enumeration, in addition to those of names, types and descriptions.
    case openAI(functionInit: Int)
    /// A fixed text, plus each definition as JSON.
    case json(fixed: String)
    /// A fixed number of tokens that depends on whether a tool must be called, plus JSON.
    case counted(auto: Int, required: Int)

    init(family: ModelProfile.Family, model: ModelName) {
        switch family {
        case .openAI:
            let isOld = model.begins(with: "gpt-4") || model.begins(with: "gpt-3.5-turbo")
            self = .openAI(functionInit: isOld ? 10 : 7)
        case .none: self = .openAI(functionInit: model.base == "cl100k_base" ? 10 : 7)
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
    /// The tokens for all definitions together, in addition to those of each.
    func fixedTokens(_ choice: ChatRequest.ToolChoice, _ counter: TokenCounter) -> Int {
        switch self {
        case .openAI: 12
        case .json(let fixed): fixed.isEmpty ? 0 : counter.count(fixed)
        case .counted(let auto, let required): choice == .required ? required : auto
        }
    }

    /// The tokens of one definition, and whether the documentation covers all of it.
    func tokens(
        of tool: ToolDefinition, _ counter: TokenCounter
    ) -> (tokens: Int, isDocumented: Bool) {
        guard case .openAI(let functionInit) = self else {
            return (counter.count(tool.source.json), false)
        }
        var schema = SchemaCount(counter: counter)
        schema.tokens =
            functionInit + counter.count("\(tool.name):\(Self.withoutDot(tool.summary))")
        if let parameters = tool.parameters { schema.add(propertiesOf: parameters) }
        return (schema.tokens, schema.isFlat)
    }

    fileprivate static func withoutDot(_ text: String) -> Substring {
        text.hasSuffix(".") ? text.dropLast() : text[...]
    }
}

/// Counts a schema as the cookbook does; nested schemas, which it does not cover, are counted in
/// the same way.
private struct SchemaCount {
    let counter: TokenCounter
    var tokens = 0
    var isFlat = true

    mutating func add(propertiesOf schema: JSONTree) {
        guard let properties = schema["properties"]?.members, !properties.isEmpty else { return }
        tokens += 3
        for property in properties { add(property.key, property.value) }
    }

    private mutating func add(_ name: String, _ schema: JSONTree) {
        tokens += 3
        if let values = schema["enum"]?.items {
            tokens -= 3
            for value in values { tokens += 3 + counter.count(ChatShape.textOrJSON(value)) }
        }
        let summary = ToolRule.withoutDot(schema["description"]?.string ?? "")
        tokens += counter.count("\(name):\(type(of: schema)):\(summary)")
        for inner in [schema, schema["items"]] {
            guard let inner, inner["properties"] != nil else { continue }
            isFlat = false
            add(propertiesOf: inner)
        }
        for key in ["anyOf", "oneOf", "allOf", "$ref"] {
            guard let choice = schema[key] else { continue }
            isFlat = false
            tokens += counter.count(choice.json)
        }
    }

    private func type(of schema: JSONTree) -> String {
        switch schema["type"] {
        case .text(let name)?: name
        case .array(let names)?: names.compactMap(\.string).joined(separator: "|")
        default: "any"
        }
    }
}
