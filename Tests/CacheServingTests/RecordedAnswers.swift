import Caching
import Testing

/// Answers as both APIs send them, shortened: the shapes are recorded, the texts are ours.
struct RecordedAnswer: Sendable, CustomTestStringConvertible {
    let name: String
    let dialect: RequestDialect
    let stream: String
    /// What the same answer is unstreamed.
    let whole: String
    /// How its parts ended.
    let ends: [String]

    var testDescription: String { name }

    static let all = [chat, tools, legacy, messages, responses]

    /// Two answers of `/v1/chat/completions`, one with log probabilities; usage was asked for.
    static let chat = RecordedAnswer(
        name: "chat", dialect: .chatCompletions,
        stream: chunks([
            #"{"id":"chatcmpl-1","object":"chat.completion.chunk","created":1764508800,"model":"gpt-4o-mini-2024-07-18","service_tier":"default","system_fingerprint":"fp_1","choices":[{"index":0,"delta":{"role":"assistant","content":"","refusal":null},"logprobs":null,"finish_reason":null}],"usage":null,"obfuscation":"abc"}"#,
            #"{"id":"chatcmpl-1","object":"chat.completion.chunk","created":1764508800,"model":"gpt-4o-mini-2024-07-18","service_tier":"default","system_fingerprint":"fp_1","choices":[{"index":1,"delta":{"role":"assistant","content":"","refusal":null},"logprobs":null,"finish_reason":null}],"usage":null,"obfuscation":"a"}"#,
            #"{"id":"chatcmpl-1","object":"chat.completion.chunk","created":1764508800,"model":"gpt-4o-mini-2024-07-18","service_tier":"default","system_fingerprint":"fp_1","choices":[{"index":0,"delta":{"content":"Grüße,"},"logprobs":{"content":[{"token":"Grüße,","logprob":-0.10,"bytes":[71],"top_logprobs":[]}],"refusal":null},"finish_reason":null}],"usage":null}"#,
            #"{"id":"chatcmpl-1","object":"chat.completion.chunk","created":1764508800,"model":"gpt-4o-mini-2024-07-18","service_tier":"default","system_fingerprint":"fp_1","choices":[{"index":1,"delta":{"content":"Hallo"},"logprobs":null,"finish_reason":null}],"usage":null}"#,
            #"{"id":"chatcmpl-1","object":"chat.completion.chunk","created":1764508800,"model":"gpt-4o-mini-2024-07-18","service_tier":"default","system_fingerprint":"fp_1","choices":[{"index":0,"delta":{"content":" \"Welt\" 👋"},"logprobs":{"content":[{"token":"Welt","logprob":-1e-05,"bytes":[87],"top_logprobs":[]}],"refusal":null},"finish_reason":null}],"usage":null}"#,
            #"{"id":"chatcmpl-1","object":"chat.completion.chunk","created":1764508800,"model":"gpt-4o-mini-2024-07-18","service_tier":"default","system_fingerprint":"fp_1","choices":[{"index":0,"delta":{},"logprobs":null,"finish_reason":"stop"}],"usage":null}"#,
            #"{"id":"chatcmpl-1","object":"chat.completion.chunk","created":1764508800,"model":"gpt-4o-mini-2024-07-18","service_tier":"default","system_fingerprint":"fp_1","choices":[{"index":1,"delta":{},"logprobs":null,"finish_reason":"stop"}],"usage":null}"#,
            #"{"id":"chatcmpl-1","object":"chat.completion.chunk","created":1764508800,"model":"gpt-4o-mini-2024-07-18","service_tier":"default","system_fingerprint":"fp_1","choices":[],"usage":{"prompt_tokens":9,"completion_tokens":12,"total_tokens":21,"prompt_tokens_details":{"cached_tokens":0,"audio_tokens":0}}}"#,
        ]),
        whole: """
            {"id":"chatcmpl-1","object":"chat.completion","created":1764508800,\
            "model":"gpt-4o-mini-2024-07-18","service_tier":"default","system_fingerprint":"fp_1",\
            "choices":[{"index":0,"message":{"role":"assistant",\
            "content":"Grüße, \\"Welt\\" 👋","refusal":null},"logprobs":{"content":[\
            {"token":"Grüße,","logprob":-0.10,"bytes":[71],"top_logprobs":[]},\
            {"token":"Welt","logprob":-1e-05,"bytes":[87],"top_logprobs":[]}],"refusal":null},\
            "finish_reason":"stop"},{"index":1,"message":{"role":"assistant","content":"Hallo",\
            "refusal":null},"logprobs":null,"finish_reason":"stop"}],"usage":{"prompt_tokens":9,\
            "completion_tokens":12,"total_tokens":21,\
            "prompt_tokens_details":{"cached_tokens":0,"audio_tokens":0}}}
            """, ends: ["stop", "stop"])

    /// Two calls of tools, whose arguments come in pieces and in turns.
    static let tools = RecordedAnswer(
        name: "calls of tools", dialect: .chatCompletions,
        stream: chunks(
            [
                #"[{"index":0,"delta":{"role":"assistant","content":null,"tool_calls":[{"index":0,"id":"call_a","type":"function","function":{"name":"weather","arguments":""}}]},"finish_reason":null}]"#,
                #"[{"index":0,"delta":{"tool_calls":[{"index":0,"function":{"arguments":"{\"city\":"}}]},"finish_reason":null}]"#,
                #"[{"index":0,"delta":{"tool_calls":[{"index":1,"id":"call_b","type":"function","function":{"name":"time","arguments":"{}"}}]},"finish_reason":null}]"#,
                #"[{"index":0,"delta":{"tool_calls":[{"index":0,"function":{"arguments":"\"Köln\",\"n\":1.0}"}}]},"finish_reason":null}]"#,
                #"[{"index":0,"delta":{},"finish_reason":"tool_calls"}]"#,
            ].map {
                #"{"id":"chatcmpl-2","object":"chat.completion.chunk","created":1,"model":"gpt-4o-2024-08-06","choices":\#($0),"usage":null}"#
            } + [
                #"{"id":"chatcmpl-2","object":"chat.completion.chunk","created":1,"model":"gpt-4o-2024-08-06","choices":[],"usage":{"prompt_tokens":80,"completion_tokens":30,"total_tokens":110}}"#
            ]),
        whole: #"""
            {"id":"chatcmpl-2","object":"chat.completion","created":1,"model":"gpt-4o-2024-08-06",\#
            "choices":[{"index":0,"message":{"role":"assistant","content":null,"tool_calls":[\#
            {"id":"call_a","type":"function","function":{"name":"weather",\#
            "arguments":"{\"city\":\"Köln\",\"n\":1.0}"}},{"id":"call_b","type":"function",\#
            "function":{"name":"time","arguments":"{}"}}]},"finish_reason":"tool_calls"}],\#
            "usage":{"prompt_tokens":80,"completion_tokens":30,"total_tokens":110}}
            """#, ends: ["tool_calls"])

    /// `/v1/completions`.
    static let legacy = RecordedAnswer(
        name: "completions", dialect: .completions,
        stream: chunks([
            #"{"id":"cmpl-1","object":"text_completion","created":1,"choices":[{"text":"Once","index":0,"logprobs":null,"finish_reason":null}],"model":"gpt-3.5-turbo-instruct","usage":null}"#,
            #"{"id":"cmpl-1","object":"text_completion","created":1,"choices":[{"text":" upon","index":0,"logprobs":null,"finish_reason":"stop"}],"model":"gpt-3.5-turbo-instruct","usage":null}"#,
            #"{"id":"cmpl-1","object":"text_completion","created":1,"choices":[],"model":"gpt-3.5-turbo-instruct","usage":{"prompt_tokens":5,"completion_tokens":2,"total_tokens":7}}"#,
        ]),
        whole: """
            {"id":"cmpl-1","object":"text_completion","created":1,"choices":[{"text":"Once upon",\
            "index":0,"logprobs":null,"finish_reason":"stop"}],"model":"gpt-3.5-turbo-instruct",\
            "usage":{"prompt_tokens":5,"completion_tokens":2,"total_tokens":7}}
            """, ends: ["stop"])

    /// Thinking, text with a citation and a call of a tool.
    static let messages = RecordedAnswer(
        name: "messages", dialect: .messages,
        stream: events([
            #"{"type":"message_start","message":{"model":"claude-sonnet-4-5-20250929","id":"msg_1","type":"message","role":"assistant","content":[],"stop_reason":null,"stop_sequence":null,"usage":{"input_tokens":472,"cache_creation_input_tokens":0,"cache_read_input_tokens":128,"output_tokens":2}}}"#,
            #"{"type":"content_block_start","index":0,"content_block":{"type":"thinking","thinking":"","signature":""}}"#,
            #"{"type":"ping"}"#,
            #"{"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"Let me"}}"#,
            #"{"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":" see"}}"#,
            #"{"type":"content_block_delta","index":0,"delta":{"type":"signature_delta","signature":"EqQB=="}}"#,
            #"{"type":"content_block_stop","index":0}"#,
            #"{"type":"content_block_start","index":1,"content_block":{"type":"text","text":"","citations":[]}}"#,
            #"{"type":"content_block_delta","index":1,"delta":{"type":"text_delta","text":"Köln is"}}"#,
            #"{"type":"content_block_delta","index":1,"delta":{"type":"text_delta","text":" warm."}}"#,
            #"{"type":"content_block_delta","index":1,"delta":{"type":"citations_delta","citation":{"type":"char_location","cited_text":"warm","document_index":0}}}"#,
            #"{"type":"content_block_stop","index":1}"#,
            #"{"type":"content_block_start","index":2,"content_block":{"type":"tool_use","id":"toolu_1","name":"weather","input":{}}}"#,
            #"{"type":"content_block_delta","index":2,"delta":{"type":"input_json_delta","partial_json":""}}"#,
            #"{"type":"content_block_delta","index":2,"delta":{"type":"input_json_delta","partial_json":"{\"city\":\"K"}}"#,
            #"{"type":"content_block_delta","index":2,"delta":{"type":"input_json_delta","partial_json":"öln\",\"n\":1.50}"}}"#,
            #"{"type":"content_block_stop","index":2}"#,
            #"{"type":"message_delta","delta":{"stop_reason":"tool_use","stop_sequence":null},"usage":{"output_tokens":89}}"#,
            #"{"type":"message_stop"}"#,
        ]),
        whole: """
            {"model":"claude-sonnet-4-5-20250929","id":"msg_1","type":"message",\
            "role":"assistant","content":[{"type":"thinking","thinking":"Let me see",\
            "signature":"EqQB=="},{"type":"text","text":"Köln is warm.","citations":[\
            {"type":"char_location","cited_text":"warm","document_index":0}]},{"type":"tool_use",\
            "id":"toolu_1","name":"weather","input":{"city":"Köln","n":1.50}}],\
            "stop_reason":"tool_use","stop_sequence":null,"usage":{"input_tokens":472,\
            "cache_creation_input_tokens":0,"cache_read_input_tokens":128,"output_tokens":89}}
            """, ends: ["tool_use"])

    private static let response = """
        {"id":"resp_1","object":"response","created_at":1,"status":"completed","error":null,\
        "incomplete_details":null,"model":"gpt-4.1-2025-04-14","output":[{"id":"rs_1",\
        "type":"reasoning","summary":[{"type":"summary_text","text":"Two steps."}]},{"id":"fc_1",\
        "type":"function_call","status":"completed","arguments":"{\\"q\\":\\"Köln\\"}",\
        "call_id":"call_1","name":"search"},{"id":"ig_1","type":"image_generation_call",\
        "status":"completed","result":"iVBORw0KGgo="},{"id":"msg_1","type":"message",\
        "status":"completed","role":"assistant","content":[{"type":"output_text",\
        "annotations":[],"logprobs":[],"text":"Hello."},{"type":"refusal","refusal":"No."}]}],\
        "usage":{"input_tokens":36,"input_tokens_details":{"cached_tokens":0},\
        "output_tokens":87,"output_tokens_details":{"reasoning_tokens":10},"total_tokens":123}}
        """

    /// `/v1/responses`: the last event has the whole answer.
    static let responses = RecordedAnswer(
        name: "responses", dialect: .responses,
        stream: events([
            #"{"type":"response.created","sequence_number":0,"response":{"id":"resp_1","status":"in_progress","output":[]}}"#,
            #"{"type":"response.output_item.added","sequence_number":1,"output_index":0,"item":{"id":"msg_1","type":"message","content":[]}}"#,
            #"{"type":"response.output_text.delta","sequence_number":2,"item_id":"msg_1","output_index":0,"content_index":0,"delta":"Hello."}"#,
            #"{"type":"response.completed","sequence_number":3,"response":\#(response)}"#,
        ]), whole: response, ends: ["completed"])

    /// OpenAI's older streams: no names of events, and an end of their own.
    static func chunks(_ data: [String]) -> String {
        (data + ["[DONE]"]).map { "data: \($0)\n\n" }.joined()
    }

    /// Streams whose events have the names of their types.
    static func events(_ data: [String]) -> String {
        data.map { json in
            let name = json.dropFirst(9).prefix { $0 != "\"" }
            return "event: \(name)\ndata: \(json)\n\n"
        }.joined()
    }
}
