import JSON

/// Reads bodies of `POST /v1/messages`.
enum AnthropicShape {
    static func request(_ body: JSONTree) throws(ChatFault) -> ChatRequest {
        var request = ChatRequest(dialect: .anthropic, body: body)
        if let system = body["system"] {
            request.messages.append(
                ChatMessage(
                    role: .system, roleName: "system", parts: try content(system, at: "system"),
                    place: "system", isApart: true))
        }
        for (index, item) in try ChatShape.list(body["messages"], at: "messages").enumerated() {
            let place = "messages[\(index)]"
            try ChatShape.object(item, at: place)
            let name = try ChatShape.text(item["role"], at: place + ".role")
            request.messages.append(
                ChatMessage(
                    role: try ChatShape.role(name, at: place + ".role"), roleName: name,
                    parts: try content(item["content"], at: place + ".content"), place: place,
                    item: item))
        }
        for (index, item) in try ChatShape.list(body["tools"], at: "tools").enumerated() {
            request.tools.append(try tool(item, at: "tools[\(index)]"))
        }
        request.toolChoice = ChatShape.toolChoice(body["tool_choice"])
        request.outputTokensMax = body["max_tokens"]?.integer
        return request
    }

    private static func tool(_ item: JSONTree, at place: String) throws(ChatFault)
        -> ToolDefinition
    {
        let name = try ChatShape.text(item["name"], at: place + ".name")
        return ToolDefinition(
            name: name, summary: item["description"]?.string ?? "",
            parameters: item["input_schema"], source: item,
            isHosted: item["input_schema"] == nil)
    }

    private static func content(
        _ value: JSONTree?, at place: String
    ) throws(ChatFault) -> [ContentPart] {
        guard let value else { throw ChatShape.fault(place, "is missing") }
        if let text = value.string { return [.text(text)] }
        var parts: [ContentPart] = []
        for (index, block) in try ChatShape.list(value, at: place).enumerated() {
            parts.append(try part(block, at: "\(place)[\(index)]"))
        }
        return parts
    }

    private static func part(_ block: JSONTree, at place: String) throws(ChatFault) -> ContentPart {
        try ChatShape.object(block, at: place)
        let kind = try ChatShape.text(block["type"], at: place + ".type")
        switch kind {
        case "text": return .text(try ChatShape.text(block["text"], at: place + ".text"))
        case "thinking":
            return .reasoning(try ChatShape.text(block["thinking"], at: place + ".thinking"))
        case "image":
            let size = block["source"]?["data"]?.string.flatMap { ImageSize(encoded: $0) }
            return .image(ImagePart(size: size, detail: .auto))
        case "tool_use":
            return .toolCall(
                ToolCall(
                    id: block["id"]?.string,
                    name: try ChatShape.text(block["name"], at: place + ".name"),
                    arguments: block["input"]?.json ?? "{}"))
        case "tool_result":
            let inner = block["content"]
            return .toolResult(
                ToolResult(
                    id: block["tool_use_id"]?.string,
                    parts: inner == nil ? [] : try content(inner, at: place + ".content")))
        case "document" where block["source"]?["type"]?.string == "text":
            return .text(
                ChatShape.textOrJSON(block["title"]) + ChatShape.textOrJSON(block["context"])
                    + (try ChatShape.text(block["source"]?["data"], at: place + ".source.data")))
        default: return try OpenAIShape.part(block, at: place)
        }
    }
}
