import UsageExtraction

/// The format of an answer: its provider, and the API that gave it.
public struct AnswerFormat: Sendable, Hashable {
    /// The provider as in the price book, such as `openai`.
    public let provider: String
    /// The ledger's name of the operation, such as `chat`.
    public let operation: String
    let extractor: UsageExtractor
    let streaming: Streaming

    /// How a stream reports usage.
    enum Streaming: Sendable, Hashable {
        /// As a whole, in a chunk that looks like an answer: the last one counts.
        case chunks
        /// As a whole, inside the event that ends the stream.
        case responseEvents
        /// In parts: input with the first event, output with a later one.
        case messageEvents
    }

    /// `POST /v1/chat/completions` of OpenAI.
    ///
    /// A stream reports its usage only if the request has `"stream_options": {"include_usage":
    /// true}`.
    public static let openAIChat = builtIn("openai", "chat")
    /// `POST /v1/responses` of OpenAI.
    public static let openAIResponses = builtIn("openai", "responses")
    /// `POST /v1/embeddings` of OpenAI.
    public static let openAIEmbeddings = builtIn("openai", "embeddings")
    /// `POST /v1/messages` of Anthropic.
    public static let anthropicMessages = builtIn("anthropic", "default")

    /// The answers of any other provider whose rules are included: those of genai-prices.
    ///
    /// - Parameters:
    ///   - provider: such as `azure`, `mistral`, `groq`, `openrouter`.
    ///   - flavor: such as `chat`, `responses`, `anthropic`, `embeddings`; `default` is the flavor
    ///     of most providers with their own API.
    /// - Returns: nil if there are no rules.
    public init?(provider: String, flavor: String) {
        guard let extractor = ExtractorCatalog.builtIn.extractor(of: provider, flavor: flavor)
        else { return nil }
        self.provider = provider
        self.extractor = extractor
        operation = flavor == "embeddings" ? "embeddings" : "chat"
        streaming =
            switch (provider, flavor) {
            case (_, "responses"): .responseEvents
            case ("anthropic", "default"), (_, "anthropic"): .messageEvents
            default: .chunks
            }
    }

    private static func builtIn(_ provider: String, _ flavor: String) -> AnswerFormat {
        guard let format = AnswerFormat(provider: provider, flavor: flavor) else {
            preconditionFailure("the rules of \(provider) come with the library")
        }
        return format
    }
}
