import JSON

/// Reads bodies of `POST /v1beta/models/MODEL:generateContent`, with keys in camel or snake case.
enum GeminiShape {
    static func request(_ body: JSONTree) throws(ChatFault) -> ChatRequest {
        var request = ChatRequest(dialect: .gemini, body: body)
        let settings = body["generationConfig"] ?? body["generation_config"]
        let level = settings?["mediaResolution"] ?? settings?["media_resolution"]
        if let system = body["systemInstruction"] ?? body["system_instruction"] {
            let isText = system.string != nil
            request.messages.append(
                ChatMessage(
                    role: .system, roleName: "system",
                    parts: isText
                        ? [.text(system.string ?? "")]
                        : try parts(system["parts"], at: "systemInstruction.parts", level),
                    place: "systemInstruction", isApart: true))
        }
        for (index, item) in try contents(body).enumerated() {
            let place = "contents[\(index)]"
            try ChatShape.object(item, at: place)
            let name = item["role"]?.string ?? "user"
            request.messages.append(
                ChatMessage(
                    role: try ChatShape.role(name, at: place + ".role"), roleName: name,
                    parts: try parts(item["parts"], at: place + ".parts", level), place: place,
                    item: item))
        }
        for (index, group) in try ChatShape.list(body["tools"], at: "tools").enumerated() {
            let functions = group["functionDeclarations"] ?? group["function_declarations"]
            guard let functions else {
                let name = group.members?.first?.key ?? "tool"
                request.tools.append(
                    ToolDefinition(name: name, summary: "", source: group, isHosted: true))
                continue
            }
            let place = "tools[\(index)].functionDeclarations"
            for (index, item) in try ChatShape.list(functions, at: place).enumerated() {
                request.tools.append(try OpenAIShape.function(item, at: "\(place)[\(index)]"))
            }
        }
        request.outputTokensMax =
            (settings?["maxOutputTokens"] ?? settings?["max_output_tokens"])?.integer
        request.answerSchema = settings?["responseSchema"] ?? settings?["response_schema"]
        if body["cachedContent"] ?? body["cached_content"] != nil {
            request.uncounted.append("cachedContent: the provider keeps it outside the body")
        }
        return request
    }

    /// The contents; a single one need not be in a list.
    private static func contents(_ body: JSONTree) throws(ChatFault) -> [JSONTree] {
        switch body["contents"] {
        case .text(let text)?:
            [.object([.init("parts", .array([.object([.init("text", .text(text))])]))])]
        case .object(let members)?: [.object(members)]
        case let value: try ChatShape.list(value, at: "contents")
        }
    }

    private static func parts(
        _ value: JSONTree?, at place: String, _ level: JSONTree?
    ) throws(ChatFault) -> [ContentPart] {
        var parts: [ContentPart] = []
        for (index, item) in try ChatShape.list(value, at: place).enumerated() {
            try ChatShape.object(item, at: "\(place)[\(index)]")
            parts.append(part(item, level))
        }
        return parts
    }

    private static func part(_ item: JSONTree, _ level: JSONTree?) -> ContentPart {
        if let text = item["text"]?.string {
            return item["thought"] == .boolean(true) ? .reasoning(text) : .text(text)
        }
        if let call = item["functionCall"] ?? item["function_call"] {
            return .toolCall(
                ToolCall(
                    id: call["id"]?.string ?? call["name"]?.string,
                    name: call["name"]?.string ?? "", arguments: call["args"]?.json ?? "{}"))
        }
        if let result = item["functionResponse"] ?? item["function_response"] {
            return .toolResult(
                ToolResult(
                    id: result["id"]?.string ?? result["name"]?.string,
                    parts: [
                        .text(
                            (result["name"]?.string ?? "")
                                + ChatShape.textOrJSON(result["response"]))
                    ]))
        }
        let media =
            item["inlineData"] ?? item["inline_data"] ?? item["fileData"] ?? item["file_data"]
        let type = (media?["mimeType"] ?? media?["mime_type"])?.string ?? ""
        let data = media?["data"]?.string
        let own = item["mediaResolution"] ?? item["media_resolution"]
        if type.hasPrefix("image/") {
            return .image(
                ImagePart(
                    size: data.flatMap { ImageSize(encoded: $0) },
                    detail: detail(own?["level"] ?? own ?? level)))
        }
        if type.hasPrefix("audio/") {
            return .audio(
                milliseconds: data.flatMap { AudioLength.milliseconds(encoded: $0, format: nil) })
        }
        return .opaque(type.isEmpty ? item.members?.first?.key ?? "part" : type)
    }

    /// Reads a resolution such as `MEDIA_RESOLUTION_LOW`.
    private static func detail(_ level: JSONTree?) -> ImageRule.Detail {
        switch level?.string?.uppercased().replacing("MEDIA_RESOLUTION_", with: "") {
        case "LOW": .low
        case "MEDIUM": .medium
        case "HIGH": .high
        case "ULTRA_HIGH": .original
        default: .auto
        }
    }
}
