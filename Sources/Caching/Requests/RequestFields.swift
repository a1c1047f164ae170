import JSON

/// What canonical requests leave out, and what stands for a member that is not there.
///
/// Sources: the references of OpenAI's API (openai-python 3.57, `types/*_create_params.py`) and of
/// Anthropic's (anthropic-sdk-python, `types/message_create_params.py`), where each member says its
/// default. A default that depends on the model is not listed: a request that names it differs
/// from one that doesn't, which costs a hit and never gives a wrong answer.
enum RequestFields {
    /// A member whose presence changes nothing about the answer.
    struct Irrelevant {
        let name: String
        let reason: String

        init(_ name: String, _ reason: String) {
            self.name = name
            self.reason = reason
        }
    }

    /// A member with the value that its absence means.
    struct Default {
        let name: String
        let value: JSONTree

        init(_ name: String, _ value: JSONTree) {
            self.name = name
            self.value = value
        }
    }

    static let irrelevant: [RequestDialect: [Irrelevant]] = {
        let delivery = [
            Irrelevant("stream", "how the answer is sent, not what it says"),
            Irrelevant("stream_options", "as stream"),
            Irrelevant("service_tier", "when it is computed and what it costs"),
            Irrelevant("metadata", "kept by the provider beside the answer"),
        ]
        let openAI =
            delivery + [
                Irrelevant("user", "whom the provider warns about"),
                Irrelevant("safety_identifier", "whom the provider warns about"),
                Irrelevant("store", "whether the provider keeps the answer"),
                Irrelevant("prompt_cache_key", "where the provider's prompt cache looks"),
                Irrelevant("prompt_cache_retention", "how long that cache keeps it"),
            ]
        return [
            .chatCompletions: openAI, .completions: openAI, .responses: openAI,
            .embeddings: [Irrelevant("user", "whom the provider warns about")],
            .messages: delivery,
        ]
    }()

    static let defaults: [RequestDialect: [Default]] = [
        .chatCompletions: [
            Default("temperature", .number("1")), Default("top_p", .number("1")),
            Default("n", .number("1")), Default("frequency_penalty", .number("0")),
            Default("presence_penalty", .number("0")), Default("logprobs", .boolean(false)),
            Default("logit_bias", .object([])), Default("parallel_tool_calls", .boolean(true)),
            Default("response_format", .object([.init("type", .text("text"))])),
            Default("modalities", .array([.text("text")])),
        ],
        .completions: [
            Default("temperature", .number("1")), Default("top_p", .number("1")),
            Default("n", .number("1")), Default("best_of", .number("1")),
            Default("max_tokens", .number("16")), Default("echo", .boolean(false)),
            Default("frequency_penalty", .number("0")), Default("presence_penalty", .number("0")),
            Default("logit_bias", .object([])),
        ],
        .embeddings: [Default("encoding_format", .text("float"))],
        .responses: [
            Default("temperature", .number("1")), Default("top_p", .number("1")),
            Default("truncation", .text("disabled")), Default("background", .boolean(false)),
            Default("parallel_tool_calls", .boolean(true)), Default("include", .array([])),
            Default(
                "text",
                .object([.init("format", .object([.init("type", .text("text"))]))])),
        ],
        .messages: [
            Default("temperature", .number("1")), Default("stop_sequences", .array([])),
            Default("thinking", .object([.init("type", .text("disabled"))])),
        ],
    ]

    /// Members at any depth that only steer the provider's own prompt cache.
    static let irrelevantAnywhere: [RequestDialect: String] = [.messages: "cache_control"]

    /// Members that make the answer depend on what the provider keeps.
    static let stateful: Set<String> = ["previous_response_id", "conversation", "container"]

    /// Types of tools that the provider runs itself, in OpenAI's words or as their beginning in
    /// Anthropic's (`web_search_20250305`).
    static let hostedTools = [
        "web_search", "web_fetch", "file_search", "code_interpreter", "code_execution",
        "computer_use", "image_generation", "mcp",
    ]

    /// Members whose text, if it is an address, names content that may change.
    static let addresses: Set<String> = ["url", "image_url", "file_url", "file_id"]
}
