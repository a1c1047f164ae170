import Gateway
import LedgerModel
import Testing

/// Streams as their APIs send them, shortened: the shapes are recorded, the texts are ours.
struct RecordedStream: Sendable, CustomTestStringConvertible {
    let name: String
    let api: GatewayAPI
    var provider: Name = "openai"
    let text: String
    let kinds: [StreamFrame.Kind]
    let usage: Usage
    let model: Name
    let finishReason: String
    let responseID: String

    var testDescription: String { name }

    static let all = [chat, tools, legacy, messages, thinking, responses]

    private static func chunks(_ chunks: [String]) -> String {
        (chunks + ["[DONE]"]).map { "data: \($0)\n\n" }.joined()
    }

    private static func events(_ events: [(String, String)]) -> String {
        events.map { "event: \($0)\ndata: \($1)\n\n" }.joined()
    }

    static let chat = RecordedStream(
        name: "chat", api: .chatCompletions,
        text: chunks([
            #"{"id":"chatcmpl-1","object":"chat.completion.chunk","created":1,"model":"gpt-4o-mini-2024-07-18","service_tier":"default","choices":[{"index":0,"delta":{"role":"assistant","content":"","refusal":null},"logprobs":null,"finish_reason":null}],"usage":null}"#,
            #"{"id":"chatcmpl-1","object":"chat.completion.chunk","created":1,"model":"gpt-4o-mini-2024-07-18","choices":[{"index":0,"delta":{"content":"Grüße,"},"finish_reason":null}],"usage":null}"#,
            #"{"id":"chatcmpl-1","object":"chat.completion.chunk","created":1,"model":"gpt-4o-mini-2024-07-18","choices":[{"index":0,"delta":{"content":" \"Welt\" \ud83d\udc4b"},"finish_reason":null}],"usage":null}"#,
            #"{"id":"chatcmpl-1","object":"chat.completion.chunk","created":1,"model":"gpt-4o-mini-2024-07-18","choices":[{"index":0,"delta":{},"finish_reason":"stop"}],"usage":null}"#,
            #"{"id":"chatcmpl-1","object":"chat.completion.chunk","created":1,"model":"gpt-4o-mini-2024-07-18","choices":[],"usage":{"prompt_tokens":9,"completion_tokens":12,"total_tokens":21,"prompt_tokens_details":{"cached_tokens":4}}}"#,
        ]), kinds: [.lifecycle, .output, .output, .lifecycle, .usage, .end],
        usage: [.inputTokens: 9, .cacheReadInputTokens: 4, .outputTokens: 12],
        model: "gpt-4o-mini-2024-07-18", finishReason: "stop", responseID: "chatcmpl-1")

    static let tools = RecordedStream(
        name: "calls of tools", api: .chatCompletions,
        text: chunks([
            #"{"id":"chatcmpl-2","model":"gpt-4o-2024-08-06","choices":[{"index":0,"delta":{"role":"assistant","content":null,"tool_calls":[{"index":0,"id":"call_a","type":"function","function":{"name":"weather","arguments":""}}]},"finish_reason":null}]}"#,
            #"{"id":"chatcmpl-2","model":"gpt-4o-2024-08-06","choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"function":{"arguments":"{\"city\":"}}]},"finish_reason":null}]}"#,
            #"{"id":"chatcmpl-2","model":"gpt-4o-2024-08-06","choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"function":{"arguments":"\"Köln\"}"}}]},"finish_reason":null}]}"#,
            #"{"id":"chatcmpl-2","model":"gpt-4o-2024-08-06","choices":[{"index":0,"delta":{},"finish_reason":"tool_calls"}]}"#,
            #"{"id":"chatcmpl-2","model":"gpt-4o-2024-08-06","choices":[],"usage":{"prompt_tokens":80,"completion_tokens":30,"total_tokens":110}}"#,
        ]), kinds: [.output, .output, .output, .lifecycle, .usage, .end],
        usage: [.inputTokens: 80, .outputTokens: 30],
        model: "gpt-4o-2024-08-06", finishReason: "tool_calls", responseID: "chatcmpl-2")

    static let legacy = RecordedStream(
        name: "completions", api: .completions,
        text: chunks([
            #"{"id":"cmpl-1","object":"text_completion","created":1,"choices":[{"text":"Once","index":0,"logprobs":null,"finish_reason":null}],"model":"gpt-3.5-turbo-instruct","usage":null}"#,
            #"{"id":"cmpl-1","object":"text_completion","created":1,"choices":[{"text":" upon","index":0,"logprobs":null,"finish_reason":"stop"}],"model":"gpt-3.5-turbo-instruct","usage":null}"#,
            #"{"id":"cmpl-1","object":"text_completion","created":1,"choices":[],"model":"gpt-3.5-turbo-instruct","usage":{"prompt_tokens":5,"completion_tokens":2,"total_tokens":7}}"#,
        ]), kinds: [.output, .output, .usage, .end],
        usage: [.inputTokens: 5, .outputTokens: 2],
        model: "gpt-3.5-turbo-instruct", finishReason: "stop", responseID: "cmpl-1")

    static let messages = RecordedStream(
        name: "messages", api: .messages, provider: "anthropic",
        text: events([
            (
                "message_start",
                #"{"type":"message_start","message":{"id":"msg_1","type":"message","role":"assistant","model":"claude-sonnet-4-5-20250929","content":[],"stop_reason":null,"usage":{"input_tokens":10,"cache_creation_input_tokens":20,"cache_read_input_tokens":30,"output_tokens":1,"service_tier":"standard"}}}"#
            ),
            (
                "content_block_start",
                #"{"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}"#
            ),
            ("ping", #"{"type":"ping"}"#),
            (
                "content_block_delta",
                #"{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Hello there"}}"#
            ),
            ("content_block_stop", #"{"type":"content_block_stop","index":0}"#),
            (
                "message_delta",
                #"{"type":"message_delta","delta":{"stop_reason":"end_turn","stop_sequence":null},"usage":{"output_tokens":15}}"#
            ),
            ("message_stop", #"{"type":"message_stop"}"#),
        ]),
        kinds: [.lifecycle, .lifecycle, .ping, .output, .lifecycle, .lifecycle, .end],
        usage: [
            .inputTokens: 60, .cacheReadInputTokens: 30, .cacheWriteInputTokens: 20,
            .outputTokens: 15,
        ], model: "claude-sonnet-4-5-20250929", finishReason: "end_turn", responseID: "msg_1")

    static let thinking = RecordedStream(
        name: "messages with thinking and a tool", api: .messages, provider: "anthropic",
        text: events([
            (
                "message_start",
                #"{"type":"message_start","message":{"id":"msg_2","model":"claude-opus-4-5","content":[],"usage":{"input_tokens":50,"output_tokens":3}}}"#
            ),
            (
                "content_block_start",
                #"{"type":"content_block_start","index":0,"content_block":{"type":"thinking","thinking":"","signature":""}}"#
            ),
            (
                "content_block_delta",
                #"{"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"Let me see"}}"#
            ),
            (
                "content_block_delta",
                #"{"type":"content_block_delta","index":0,"delta":{"type":"signature_delta","signature":"EqQB"}}"#
            ),
            (
                "content_block_start",
                #"{"type":"content_block_start","index":1,"content_block":{"type":"tool_use","id":"toolu_1","name":"get_weather","input":{}}}"#
            ),
            (
                "content_block_delta",
                #"{"type":"content_block_delta","index":1,"delta":{"type":"input_json_delta","partial_json":"{\"location\""}}"#
            ),
            (
                "message_delta",
                #"{"type":"message_delta","delta":{"stop_reason":"tool_use"},"usage":{"input_tokens":50,"output_tokens":89}}"#
            ),
            ("message_stop", #"{"type":"message_stop"}"#),
        ]),
        kinds: [.lifecycle, .thinking, .thinking, .thinking, .output, .output, .lifecycle, .end],
        usage: [.inputTokens: 50, .outputTokens: 89],
        model: "claude-opus-4-5", finishReason: "tool_use", responseID: "msg_2")

    static let responses = RecordedStream(
        name: "responses", api: .responses,
        text: events([
            (
                "response.created",
                #"{"type":"response.created","sequence_number":0,"response":{"id":"resp_1","object":"response","status":"in_progress","error":null,"model":"gpt-5-mini-2025-08-07","output":[],"usage":null}}"#
            ),
            (
                "response.output_item.added",
                #"{"type":"response.output_item.added","output_index":0,"item":{"id":"rs_1","type":"reasoning","summary":[]}}"#
            ),
            (
                "response.reasoning_summary_text.delta",
                #"{"type":"response.reasoning_summary_text.delta","item_id":"rs_1","delta":"Thinking"}"#
            ),
            (
                "response.output_item.added",
                #"{"type":"response.output_item.added","output_index":1,"item":{"id":"msg_1","type":"message","content":[]}}"#
            ),
            (
                "response.output_text.delta",
                #"{"type":"response.output_text.delta","item_id":"msg_1","delta":"Hi there"}"#
            ),
            (
                "response.completed",
                #"{"type":"response.completed","response":{"id":"resp_1","status":"completed","error":null,"model":"gpt-5-mini-2025-08-07","output":[{"type":"message","content":[{"type":"output_text","text":"Hi there"}]}],"usage":{"input_tokens":37,"input_tokens_details":{"cached_tokens":0},"output_tokens":11,"output_tokens_details":{"reasoning_tokens":5},"total_tokens":48}}}"#
            ),
        ]), kinds: [.lifecycle, .thinking, .thinking, .lifecycle, .output, .end],
        usage: [
            .inputTokens: 37, .cacheReadInputTokens: 0, .outputTokens: 11,
            .reasoningOutputTokens: 5,
        ], model: "gpt-5-mini-2025-08-07", finishReason: "completed", responseID: "resp_1")
}
