import JSON

/// The bodies that a made-up provider answers with.
extension UpstreamState {
    /// The answer to a request as a call of its own has it; nil for a path that is none.
    mutating func answer(
        _ prompt: UpstreamPrompt, path: String, key: String, at now: Int, isBatch: Bool = false,
        omitsUsage: Bool = false
    ) -> String? {
        let output = prompt.output(script)
        var usage = UpstreamUsage(prompt, output, isBatch: isBatch)
        usage.isOmitted = omitsUsage
        switch path {
        case "/v1/messages":
            if !isBatch { readCache(&usage, prompt, key, at: now) }
            return message(prompt, output, usage)
        case "/v1/embeddings": return embeddings(prompt, usage)
        default:
            if !isBatch { usage.read = cached(prompt, key: key, at: now) }
        }
        switch path {
        case "/v1/chat/completions": return chat(prompt, output, usage, at: now)
        case "/v1/completions": return completion(prompt, output, usage, at: now)
        case "/v1/responses":
            let id = newID("resp_")
            return response(id, prompt, [item(output)], at: now, usage)
        default: return nil
        }
    }

    /// Anthropic's cache has what it is asked to keep.
    mutating func readCache(
        _ usage: inout UpstreamUsage, _ prompt: UpstreamPrompt, _ key: String, at now: Int
    ) {
        guard prompt.asksForCache else { return }
        usage.read = cached(prompt, key: key, at: now)
        if usage.read == 0, script.hasCache, prompt.prefixTokens >= 1_024 {
            usage.written = prompt.prefixTokens / 128 * 128
        }
    }

    private mutating func chat(
        _ prompt: UpstreamPrompt, _ output: UpstreamOutput, _ usage: UpstreamUsage, at now: Int
    ) -> String {
        let id = newID("chatcmpl-")
        var message = #""content":\#(quoted(output.text)),"refusal":null"#
        if let tool = output.tool {
            message = """
                "content":null,"refusal":null,"tool_calls":[{"id":"\(newID("call_"))",\
                "type":"function","function":{"name":\(quoted(tool.name)),\
                "arguments":\(quoted(tool.arguments))}}]
                """
        }
        let choices = (0..<prompt.choices).map { index in
            """
            {"index":\(index),"message":{"role":"assistant",\(message)},"logprobs":null,\
            "finish_reason":"\(output.tool == nil ? "stop" : "tool_calls")"}
            """
        }.joined(separator: ",")
        return """
            {"id":"\(id)","object":"chat.completion","created":\(now),"model":\(quoted(prompt.model)),\
            "choices":[\(choices)]\(usage.member(usage.chat))}
            """
    }

    private mutating func completion(
        _ prompt: UpstreamPrompt, _ output: UpstreamOutput, _ usage: UpstreamUsage, at now: Int
    ) -> String {
        """
        {"id":"\(newID("cmpl-"))","object":"text_completion","created":\(now),\
        "model":\(quoted(prompt.model)),"choices":[{"index":0,"text":\(quoted(output.text)),\
        "logprobs":null,"finish_reason":"stop"}]\(usage.member(usage.chat))}
        """
    }

    private func embeddings(_ prompt: UpstreamPrompt, _ usage: UpstreamUsage) -> String {
        let data = (0..<prompt.inputs).map { index in
            let text = prompt.inputHashes.indices.contains(index) ? prompt.inputHashes[index] : 0
            let value = Double(mixed(text) % 1_000) / 1_000
            return #"{"object":"embedding","index":\#(index),"embedding":[\#(value),0.5]}"#
        }.joined(separator: ",")
        let input = #"{"prompt_tokens":\#(usage.input),"total_tokens":\#(usage.input)}"#
        return """
            {"object":"list","data":[\(data)],"model":\(quoted(prompt.model))\(usage.member(input))}
            """
    }

    private mutating func message(
        _ prompt: UpstreamPrompt, _ output: UpstreamOutput, _ usage: UpstreamUsage
    ) -> String {
        let id = newID("msg_")
        var blocks: [String] = []
        if output.thinking > 0 {
            blocks.append(
                #"{"type":"thinking","thinking":\#(quoted(output.thought)),"signature":"c2lnbmVk"}"#
            )
        }
        if let tool = output.tool {
            blocks.append(
                """
                {"type":"tool_use","id":"\(newID("toolu_"))","name":\(quoted(tool.name)),\
                "input":\(tool.arguments)}
                """)
        } else {
            blocks.append(#"{"type":"text","text":\#(quoted(output.text))}"#)
        }
        return """
            {"id":"\(id)","type":"message","role":"assistant","model":\(quoted(prompt.model)),\
            "content":[\(blocks.joined(separator: ","))],\
            "stop_reason":"\(output.tool == nil ? "end_turn" : "tool_use")",\
            "stop_sequence":null\(usage.member(usage.message))}
            """
    }

    /// What a response says: a message, or a call of a tool.
    mutating func item(_ output: UpstreamOutput) -> UpstreamItem {
        if let tool = output.tool {
            return UpstreamItem(
                id: newID("fc_"),
                head:
                    #""type":"function_call","call_id":"\#(newID("call_"))","name":\#(quoted(tool.name))"#,
                body: #""arguments":\#(quoted(tool.arguments))"#, empty: #""arguments":"""#)
        }
        let part = #"{"type":"output_text","text":\#(quoted(output.text)),"annotations":[]}"#
        return UpstreamItem(
            id: newID("msg_"), head: #""type":"message","role":"assistant""#,
            body: #""content":[\#(part)]"#, empty: #""content":[]"#)
    }

    /// - Parameter usage: nil before the end.
    func response(
        _ id: String, _ prompt: UpstreamPrompt, _ items: [UpstreamItem], at now: Int,
        _ usage: UpstreamUsage?
    ) -> String {
        let said = items.map(\.done).joined(separator: ",")
        return """
            {"id":"\(id)","object":"response","created_at":\(now),\
            "status":"\(usage == nil ? "in_progress" : "completed")","error":null,\
            "incomplete_details":null,"instructions":null,"max_output_tokens":null,\
            "model":\(quoted(prompt.model)),"output":[\(said)],"parallel_tool_calls":true,\
            "previous_response_id":null,"reasoning":{"effort":null,"summary":null},"store":true,\
            "temperature":1.0,"text":{"format":{"type":"text"}},"tool_choice":"auto","tools":[],\
            "top_p":1.0,"truncation":"disabled","user":null,"metadata":{}\
            \(usage.map { $0.member($0.response) } ?? ",\"usage\":null")}
            """
    }
}

/// A part of a response.
struct UpstreamItem {
    let id: String
    let head: String
    let body: String
    let empty: String

    var done: String { "{\"id\":\"\(id)\",\(head),\"status\":\"completed\",\(body)}" }
    var begun: String { "{\"id\":\"\(id)\",\(head),\"status\":\"in_progress\",\(empty)}" }
}

/// What a call used, as each API tells it.
struct UpstreamUsage {
    let input: Int
    var output: Int
    let thinking: Int
    let isBatch: Bool
    /// Of the input, what the cache had, and what was put there.
    var read = 0
    var written = 0
    var isOmitted = false

    init(_ prompt: UpstreamPrompt, _ output: UpstreamOutput, isBatch: Bool = false) {
        input = prompt.tokens
        self.output = output.tokens * prompt.choices
        thinking = output.thinking * prompt.choices
        self.isBatch = isBatch
    }

    /// The member `usage` at the end of an object; nothing if it is left out.
    func member(_ usage: String) -> String { isOmitted ? "" : ",\"usage\":\(usage)" }

    var chat: String {
        """
        {"prompt_tokens":\(input),"completion_tokens":\(output),\
        "total_tokens":\(input + output),"prompt_tokens_details":{"cached_tokens":\(read)},\
        "completion_tokens_details":{"reasoning_tokens":\(thinking)}}
        """
    }

    var response: String {
        """
        {"input_tokens":\(input),"input_tokens_details":{"cached_tokens":\(read)},\
        "output_tokens":\(output),"output_tokens_details":{"reasoning_tokens":\(thinking)},\
        "total_tokens":\(input + output)}
        """
    }

    /// Anthropic's input leaves out what is read from or written to the cache.
    var message: String {
        """
        {"input_tokens":\(input - read - written),"cache_creation_input_tokens":\(written),\
        "cache_read_input_tokens":\(read),"output_tokens":\(output),"service_tier":\
        "\(isBatch ? "batch" : "standard")"}
        """
    }
}

func quoted(_ text: String) -> String { JSONTree.text(text).json }
