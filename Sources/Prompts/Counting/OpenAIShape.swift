import JSON

/// Reads bodies of `POST /v1/chat/completions`.
enum OpenAIShape {
    static func request(_ body: JSONTree) throws(ChatFault) -> ChatRequest {
        var request = ChatRequest(dialect: .openAIChat, body: body)
        request.messages = try messages(
            ChatShape.list(body["messages"], at: "messages"), at: "messages")
        request.tools = try tools(body)
        request.toolChoice = ChatShape.toolChoice(body["tool_choice"] ?? body["function_call"])
        request.outputTokensMax =
            (body["max_completion_tokens"] ?? body["max_tokens"])?.integer
        request.answerSchema = body["response_format"]?["json_schema"]
        return request
    }

    static func messages(_ items: [JSONTree], at place: String) throws(ChatFault) -> [ChatMessage] {
        var messages: [ChatMessage] = []
        messages.reserveCapacity(items.count)
        for (index, item) in items.enumerated() {
            messages.append(try message(item, at: "\(place)[\(index)]"))
        }
        return messages
    }

    static func message(_ item: JSONTree, at place: String) throws(ChatFault) -> ChatMessage {
        try ChatShape.object(item, at: place)
        let roleName = try ChatShape.text(item["role"], at: place + ".role")
        let role = try ChatShape.role(roleName, at: place + ".role")
        var parts = try content(item["content"], at: place + ".content")
        if let text = item["reasoning_content"]?.string ?? item["reasoning"]?.string {
            parts.append(.reasoning(text))
        }
        if let text = item["refusal"]?.string { parts.append(.text(text)) }
        if role == .tool {
            let id = item["tool_call_id"]?.string ?? item["name"]?.string
            parts = [.toolResult(ToolResult(id: id, parts: parts))]
        }
        for (index, call) in try ChatShape.list(item["tool_calls"], at: place + ".tool_calls")
            .enumerated()
        {
            let place = "\(place).tool_calls[\(index)]"
            let function = call["function"] ?? call["custom"]
            parts.append(
                .toolCall(
                    ToolCall(
                        id: call["id"]?.string,
                        name: try ChatShape.text(function?["name"], at: place + ".function.name"),
                        arguments: ChatShape.textOrJSON(
                            function?["arguments"] ?? function?["input"]))))
        }
        if let call = item["function_call"] {
            let name = try ChatShape.text(call["name"], at: place + ".function_call.name")
            parts.append(
                .toolCall(
                    ToolCall(
                        id: name, name: name, arguments: ChatShape.textOrJSON(call["arguments"]))))
        }
        return ChatMessage(
            role: role, roleName: roleName, name: roleName == "tool" ? nil : item["name"]?.string,
            parts: parts, place: place, item: item)
    }

    /// Reads a text, a list of parts, or nothing if there are only tool calls.
    static func content(_ value: JSONTree?, at place: String) throws(ChatFault) -> [ContentPart] {
        guard let value else { return [] }
        if let text = value.string { return [.text(text)] }
        var parts: [ContentPart] = []
        for (index, item) in try ChatShape.list(value, at: place).enumerated() {
            parts.append(try part(item, at: "\(place)[\(index)]"))
        }
        return parts
    }

    static func part(_ item: JSONTree, at place: String) throws(ChatFault) -> ContentPart {
        if let text = item.string { return .text(text) }
        try ChatShape.object(item, at: place)
        let kind = try ChatShape.text(item["type"], at: place + ".type")
        switch kind {
        case "text", "input_text", "output_text", "summary_text":
            return .text(try ChatShape.text(item["text"], at: place + ".text"))
        case "refusal": return .text(try ChatShape.text(item["refusal"], at: place + ".refusal"))
        case "image_url", "input_image":
            let image = item["image_url"]
            return ChatShape.image(
                url: image?.string ?? image?["url"]?.string,
                detail: ChatShape.detail(image?["detail"] ?? item["detail"]))
        case "input_audio":
            let audio = item["input_audio"]
            return .audio(
                milliseconds: audio?["data"]?.string.flatMap {
                    AudioLength.milliseconds(encoded: $0, format: audio?["format"]?.string)
                })
        default: return .opaque(kind)
        }
    }

    /// Reads `tools`, and the older `functions`.
    static func tools(_ body: JSONTree) throws(ChatFault) -> [ToolDefinition] {
        var tools: [ToolDefinition] = []
        for (index, item) in try ChatShape.list(body["tools"], at: "tools").enumerated() {
            let place = "tools[\(index)]"
            try ChatShape.object(item, at: place)
            let kind = item["type"]?.string ?? "function"
            guard kind == "function" || kind == "custom" else {
                tools.append(
                    ToolDefinition(name: kind, summary: "", source: item, isHosted: true))
                continue
            }
            // The responses API writes a function without the object around it.
            tools.append(try function(item[kind] ?? item, at: place))
        }
        for (index, item) in try ChatShape.list(body["functions"], at: "functions").enumerated() {
            var function = try function(item, at: "functions[\(index)]")
            function.isFunction = true
            tools.append(function)
        }
        return tools
    }

    static func function(_ item: JSONTree, at place: String) throws(ChatFault) -> ToolDefinition {
        ToolDefinition(
            name: try ChatShape.text(item["name"], at: place + ".name"),
            summary: item["description"]?.string ?? "", parameters: item["parameters"],
            source: item)
    }
}
