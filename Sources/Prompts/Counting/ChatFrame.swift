/// The tokens that a provider puts around the messages of a chat.
///
/// OpenAI: the rule of its cookbook (3 a message, 1 a name, 3 to begin the answer), which its API
/// confirms; what functions answer, and several calls at once, as others measured. The open models: their chat templates. Anthropic: what its counting call adds to one
/// and to two messages. Gemini: nothing.
package struct ChatFrame: Hashable, Sendable {
    /// Tokens around every message, without its role.
    package var message: Int
    /// Whether the name of the role is counted as text.
    package var countsRole: Bool
    /// Tokens for a message with a name, in addition to those of the name.
    package var name: Int
    /// Tokens before the answer, and once at the beginning.
    package var primer: Int
    /// Additional tokens of an assistant's message.
    package var assistant = 0
    package var system = 0
    /// Tokens around a tool call, in addition to its name and arguments.
    package var toolCall = 3
    /// For what a message of the role `function` is named, beside the name's own tokens.
    package var functionName = 0
    /// What the answer of a tool takes beside that.
    package var toolAnswer = 0
    /// Around several tool calls in one message, and for each of them.
    package var parallelCalls = ParallelCalls()
    /// What the provider says to the model by itself: always, or without a system message.
    package var preamble: Preamble?

    package struct Preamble: Hashable, Sendable {
        package let text: String
        package let onlyWithoutSystem: Bool
    }

    static let openAI: ChatFrame = {
        var frame = ChatFrame(message: 3, countsRole: true, name: 1, primer: 3)
        frame.functionName = -1
        frame.toolAnswer = 1
        frame.parallelCalls = ParallelCalls(around: 19, each: 5)
        return frame
    }()

    package struct ParallelCalls: Hashable, Sendable {
        package var around = 0
        package var each = 0
    }

    init(message: Int, countsRole: Bool, name: Int, primer: Int) {
        self.message = message
        self.countsRole = countsRole
        self.name = name
        self.primer = primer
    }

    init(family: ModelProfile.Family, model: ModelName) {
        switch family {
        case .openAI where model.begins(with: "gpt-oss"): self = Self.harmony
        case .openAI where model.base == "gpt-3.5-turbo-0301":
            // Four per message, and a name replaces the role.
            self = ChatFrame(message: 4, countsRole: true, name: -1, primer: 3)
        case .openAI, .none: self = .openAI
        case .anthropic: self = ChatFrame(message: 4, countsRole: false, name: 0, primer: 3)
        case .gemini: self = ChatFrame(message: 0, countsRole: false, name: 0, primer: 0)
        case .qwen:
            // <|im_start|>role\n … <|im_end|>\n and <|im_start|>assistant\n
            self = ChatFrame(message: 4, countsRole: true, name: 0, primer: 3)
            if model.base.hasPrefix("qwen2") {
                preamble = Preamble(
                    text: "You are Qwen, created by Alibaba Cloud. You are a helpful assistant.",
                    onlyWithoutSystem: true)
            }
        case .llama:
            // <|start_header_id|>role<|end_header_id|>\n\n … <|eot_id|>, and one begin token.
            self = ChatFrame(message: 4, countsRole: true, name: 0, primer: 5)
        case .gemma:
            // <start_of_turn>role\n … <end_of_turn>\n, and one begin token.
            self = ChatFrame(message: 4, countsRole: true, name: 0, primer: 4)
        case .deepSeek:
            // begin, then <｜User｜> … <｜Assistant｜> … end; the system's text has no frame.
            self = ChatFrame(message: 1, countsRole: false, name: 0, primer: 2)
            assistant = 1
            system = -1
        case .mistral:
            // begin, then [INST] … [/INST] and answers that end with </s>
            self = ChatFrame(message: 2, countsRole: false, name: 0, primer: 1)
            assistant = -1
        }
    }

    /// <|start|>role<|message|> … <|end|>; answers name their channel, and the format's own system
    /// message comes first.
    private static var harmony: ChatFrame {
        var frame = ChatFrame(message: 3, countsRole: true, name: 0, primer: 2)
        frame.assistant = 2
        frame.preamble = Preamble(
            text: """
                You are ChatGPT, a large language model trained by OpenAI.
                Knowledge cutoff: 2024-06
                Current date: 2025-06-28

                Reasoning: medium

                # Valid channels: analysis, commentary, final. Channel must be included for every \
                message.
                """, onlyWithoutSystem: false)
        return frame
    }

    /// For the name of a message, beside the name's own tokens.
    func tokens(aroundNameOf message: ChatMessage) -> Int {
        message.roleName == "function" ? functionName : name
    }

    func tokens(aroundCalls count: Int) -> Int {
        count > 1 ? parallelCalls.around + parallelCalls.each * count : 0
    }

    func tokens(around message: ChatMessage) -> Int {
        tokens(around: message.role) + (message.roleName == "tool" ? toolAnswer : 0)
    }

    func tokens(around role: ChatRole) -> Int {
        switch role {
        case .assistant: message + assistant
        case .system: message + system
        default: message
        }
    }
}
