import JSON
import LedgerModel

/// The bodies that a made-up provider answers with.
extension UpstreamState {
    /// The answer to a request as a call of its own has it; nil for a path that is none.
    mutating func answer(_ json: JSONTree, path: String, at now: Int, isBatch: Bool) -> String? {
        let prompt = UpstreamPrompt(json)
        switch path {
        case "/v1/chat/completions": return chat(prompt, at: now, isBatch)
        case "/v1/embeddings": return embeddings(prompt)
        case "/v1/messages": return message(prompt, at: now, isBatch)
        default: return nil
        }
    }

    private mutating func chat(_ prompt: UpstreamPrompt, at now: Int, _ isBatch: Bool) -> String {
        let (id, output) = (newID("chatcmpl-"), prompt.outputTokens(script))
        let usage = chatUsage(prompt, output, isBatch ? 0 : cached(prompt, at: now))
        return """
            {"id":"\(id)","object":"chat.completion","created":\(now),"model":\(quoted(prompt.model)),\
            "choices":[{"index":0,"message":{"role":"assistant","content":"\(words(output))","refusal":null},\
            "logprobs":null,"finish_reason":"stop"}],"usage":\(usage)}
            """
    }

    func chatUsage(_ prompt: UpstreamPrompt, _ output: Int, _ cached: Int) -> String {
        """
        {"prompt_tokens":\(prompt.tokens),"completion_tokens":\(output),\
        "total_tokens":\(prompt.tokens + output),"prompt_tokens_details":{"cached_tokens":\(cached)},\
        "completion_tokens_details":{"reasoning_tokens":0}}
        """
    }

    private func embeddings(_ prompt: UpstreamPrompt) -> String {
        let data = (0..<prompt.inputs).map { index in
            let value = Double(mixed(prompt.hash &+ UInt64(index)) % 1_000) / 1_000
            return #"{"object":"embedding","index":\#(index),"embedding":[\#(value),0.5]}"#
        }.joined(separator: ",")
        return """
            {"object":"list","data":[\(data)],"model":\(quoted(prompt.model)),\
            "usage":{"prompt_tokens":\(prompt.tokens),"total_tokens":\(prompt.tokens)}}
            """
    }

    private mutating func message(
        _ prompt: UpstreamPrompt, at now: Int, _ isBatch: Bool
    ) -> String {
        let (id, output) = (newID("msg_"), prompt.outputTokens(script))
        let usage = messageUsage(prompt, output, at: now, isBatch)
        return """
            {"id":"\(id)","type":"message","role":"assistant","model":\(quoted(prompt.model)),\
            "content":[{"type":"text","text":"\(words(output))"}],"stop_reason":"end_turn",\
            "stop_sequence":null,"usage":\(usage)}
            """
    }

    /// Anthropic's input leaves out what is read from or written to the cache.
    mutating func messageUsage(
        _ prompt: UpstreamPrompt, _ output: Int, at now: Int, _ isBatch: Bool
    ) -> String {
        var (read, written) = (0, 0)
        if prompt.asksForCache, !isBatch {
            read = cached(prompt, at: now)
            if read == 0, script.hasCache, prompt.prefixTokens >= 1_024 {
                written = prompt.prefixTokens / 128 * 128
            }
        }
        return """
            {"input_tokens":\(prompt.tokens - read - written),"cache_creation_input_tokens":\(written),\
            "cache_read_input_tokens":\(read),"output_tokens":\(output),"service_tier":\
            "\(isBatch ? "batch" : "standard")"}
            """
    }

    /// The events of a streamed answer.
    mutating func stream(_ json: JSONTree, path: String, at now: Int) -> [String]? {
        let prompt = UpstreamPrompt(json)
        let output = prompt.outputTokens(script)
        switch path {
        case "/v1/chat/completions":
            let id = newID("chatcmpl-")
            let head = """
                {"id":"\(id)","object":"chat.completion.chunk","created":\(now),\
                "model":\(quoted(prompt.model)),
                """.replacing("\n", with: "")
            var chunks = (0..<output).map { _ in
                head + #""choices":[{"index":0,"delta":{"content":"word "},"finish_reason":null}]}"#
            }
            chunks.append(head + #""choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}"#)
            if json["stream_options"]?["include_usage"] == .boolean(true) {
                let usage = chatUsage(prompt, output, cached(prompt, at: now))
                chunks.append(head + "\"choices\":[],\"usage\":\(usage)}")
            }
            return chunks.map { "data: \($0)\n\n" } + ["data: [DONE]\n\n"]
        case "/v1/messages":
            let usage = messageUsage(prompt, 1, at: now, false)
            let message = """
                {"id":"\(newID("msg_"))","type":"message","role":"assistant","content":[],\
                "model":\(quoted(prompt.model)),"stop_reason":null,"stop_sequence":null,"usage":\(usage)}
                """
            var events = [
                ("message_start", "{\"type\":\"message_start\",\"message\":\(message)}"),
                (
                    "content_block_start",
                    #"{"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}"#
                ),
            ]
            for _ in 0..<output {
                events.append(
                    (
                        "content_block_delta",
                        #"{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"word "}}"#
                    ))
            }
            events.append(("content_block_stop", #"{"type":"content_block_stop","index":0}"#))
            events.append(
                (
                    "message_delta",
                    """
                    {"type":"message_delta","delta":{"stop_reason":"end_turn","stop_sequence":null},\
                    "usage":{"output_tokens":\(output)}}
                    """
                ))
            events.append(("message_stop", #"{"type":"message_stop"}"#))
            return events.map { "event: \($0.0)\ndata: \($0.1)\n\n" }
        default: return nil
        }
    }

    private func words(_ count: Int) -> String {
        Array(repeating: "word", count: count).joined(separator: " ")
    }
}

func quoted(_ text: String) -> String { JSONTree.text(text).json }

/// An error as OpenAI, or Anthropic, writes it.
func errorBody(_ status: Int, _ message: String, isAnthropic: Bool) -> String {
    guard isAnthropic else {
        return """
            {"error":{"message":\(quoted(message)),"type":"\(status == 429 ? "requests" : "server_error")",\
            "param":null,"code":null}}
            """
    }
    let type =
        switch status {
        case 400: "invalid_request_error"
        case 401: "authentication_error"
        case 404: "not_found_error"
        case 429: "rate_limit_error"
        case 529: "overloaded_error"
        default: "api_error"
        }
    return #"{"type":"error","error":{"type":"\#(type)","message":\#(quoted(message))}}"#
}
