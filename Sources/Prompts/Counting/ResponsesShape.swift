import JSON

/// Reads bodies of `POST /v1/responses`.
enum ResponsesShape {
    static func request(_ body: JSONTree) throws(ChatFault) -> ChatRequest {
        var request = ChatRequest(dialect: .openAIResponses, body: body)
        if let text = body["instructions"]?.string {
            request.messages.append(
                ChatMessage(
                    role: .system, roleName: "developer", parts: [.text(text)],
                    place: "instructions", isApart: true))
        }
        if let text = body["input"]?.string {
            request.messages.append(
                ChatMessage(
                    role: .user, roleName: "user", parts: [.text(text)], place: "input",
                    item: .text(text)))
        } else {
            for (index, item) in try ChatShape.list(body["input"], at: "input").enumerated() {
                request.messages.append(try self.item(item, at: "input[\(index)]"))
            }
        }
        request.tools = try OpenAIShape.tools(body)
        request.toolChoice = ChatShape.toolChoice(body["tool_choice"])
        request.outputTokensMax = body["max_output_tokens"]?.integer
        request.answerSchema = body["text"]?["format"]?["schema"]
        for key in ["previous_response_id", "conversation", "prompt"] where body[key] != nil {
            request.uncounted.append("\(key): the provider keeps it outside the body")
        }
        return request
    }

    private static func item(_ item: JSONTree, at place: String) throws(ChatFault) -> ChatMessage {
        try ChatShape.object(item, at: place)
        func message(_ role: ChatRole, _ name: String, _ part: ContentPart) -> ChatMessage {
            ChatMessage(role: role, roleName: name, parts: [part], place: place, item: item)
        }
        switch item["type"]?.string ?? "message" {
        case "message": return try OpenAIShape.message(item, at: place)
        case "function_call", "custom_tool_call":
            return message(
                .assistant, "assistant",
                .toolCall(
                    ToolCall(
                        id: item["call_id"]?.string,
                        name: try ChatShape.text(item["name"], at: place + ".name"),
                        arguments: ChatShape.textOrJSON(item["arguments"] ?? item["input"]))))
        case "function_call_output", "custom_tool_call_output":
            let output = item["output"]
            let parts: [ContentPart] =
                output?.items == nil
                ? [.text(ChatShape.textOrJSON(output))]
                : try OpenAIShape.content(output, at: place + ".output")
            return message(
                .tool, "tool", .toolResult(ToolResult(id: item["call_id"]?.string, parts: parts)))
        case "reasoning":
            let texts = (item["summary"]?.items ?? []).compactMap { $0["text"]?.string }
            return message(.assistant, "assistant", .reasoning(texts.joined(separator: "\n")))
        case let kind: return message(.assistant, "assistant", .opaque(kind))
        }
    }
}
