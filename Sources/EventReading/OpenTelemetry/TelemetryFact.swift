import LedgerModel

/// A fact that an attribute can state about a request, under any name.
enum TelemetryFact: Hashable, Sendable {
    case operation
    /// What OpenInference and OpenLLMetry call the kind of a span.
    case spanKind
    case provider
    case server
    case responseModel
    case requestModel
    case responseID
    case session
    case user
    case errorType
    case httpStatus
    case responseTier
    case requestTier
    case firstTokenSeconds
    case firstTokenMilliseconds
    case totalTokens
    case eventName
    case finishReason
    case maxTokens
    case aside(TelemetryAside)
    /// A name that only one program uses.
    case dialect(TelemetryDialect.Word)
    case unit(UsageUnit)
    /// An index into `TelemetrySettings.feeds`.
    case feed(Int)

    /// The spellings of every generation, the preferred one first.
    ///
    /// OpenTelemetry's conventions as of v1.36 and before, v1.37 to v1.41 and the unreleased head
    /// of semantic-conventions-genai; then what instrumentations in the wild write: OpenLLMetry,
    /// Sentry, vLLM, and last OpenInference. docs/opentelemetry.md shows this table to users.
    static let spellings = named + TelemetryAside.allCases.map { (.aside($0), $0.names) }

    private static let named: [(fact: TelemetryFact, names: [String])] = [
        (.operation, ["gen_ai.operation.name", "llm.request.type"]),
        (
            .spanKind,
            ["openinference.span.kind", "traceloop.span.kind", "langfuse.observation.type"]
        ),
        (
            .provider,
            [
                "gen_ai.provider.name", "gen_ai.system", "llm.provider", "llm.system",
                "decision.provider",
            ]
        ),
        (.server, ["server.address"]),
        (
            .responseModel,
            ["gen_ai.response.model", "llm.response.model_name", "decision.response.model_name"]
        ),
        (
            .requestModel,
            [
                "gen_ai.request.model", "llm.request.model_name", "llm.model_name",
                "embedding.model_name", "decision.model_name", "decision.request.model_name",
                "langfuse.observation.model.name",
            ]
        ),
        (.responseID, ["gen_ai.response.id"]),
        (.session, ["gen_ai.conversation.id", "session.id"]),
        (.user, ["user.id", "enduser.id", "gen_ai.user", "llm.user"]),
        (.errorType, ["error.type"]),
        (.httpStatus, ["http.response.status_code", "http.status_code"]),
        (
            .responseTier,
            [
                "openai.response.service_tier", "gen_ai.openai.response.service_tier",
                "anthropic.response.service_tier",
            ]
        ),
        (
            .requestTier,
            [
                "openai.request.service_tier", "gen_ai.openai.request.service_tier",
                "anthropic.request.service_tier",
            ]
        ),
        (
            .firstTokenSeconds,
            [
                "gen_ai.response.time_to_first_chunk",
                "gen_ai.client.operation.time_to_first_chunk",
                "gen_ai.latency.time_to_first_token",
            ]
        ),
        (.firstTokenMilliseconds, ["ai.response.msToFirstChunk"]),
        (
            .totalTokens,
            [
                "gen_ai.usage.total_tokens", "llm.usage.total_tokens", "llm.token_count.total",
                "ai.usage.totalTokens",
            ]
        ),
        (.eventName, ["event.name"]),
        (
            .finishReason,
            [
                "gen_ai.response.finish_reasons", "gen_ai.response.finish_reason",
                "llm.response.finish_reason", "gen_ai.completion.0.finish_reason",
                "llm.finish_reason", "anthropic.message.stop_reason", "ai.response.finishReason",
            ]
        ),
        (.maxTokens, ["gen_ai.request.max_tokens", "llm.request.max_tokens"]),
        (
            .unit(.inputTokens),
            [
                "gen_ai.usage.input_tokens", "gen_ai.usage.prompt_tokens",
                "llm.usage.prompt_tokens", "llm.token_count.prompt", "decision.token_count.input",
            ]
        ),
        (
            .unit(.outputTokens),
            [
                "gen_ai.usage.output_tokens", "gen_ai.usage.completion_tokens",
                "llm.usage.completion_tokens", "llm.token_count.completion",
                "decision.token_count.output",
            ]
        ),
        (
            .unit(.cacheReadInputTokens),
            [
                "gen_ai.usage.cache_read.input_tokens", "gen_ai.usage.cache_read_input_tokens",
                "gen_ai.usage.input_tokens.cached",
                "gen_ai.usage.prompt_tokens_details.cached_tokens",
                "gen_ai.usage.details.cache_read_tokens",
                "gen_ai.usage.details.cache_read_input_tokens",
                "gen_ai.usage.details.cached_tokens",
                "gen_ai.usage.details.cached_content_tokens",
                "ai.usage.inputTokenDetails.cacheReadTokens", "ai.usage.cachedInputTokens",
                "llm.token_count.prompt_details.cache_read",
                "llm.token_count.prompt_details.cache_input",
            ]
        ),
        (
            .unit(.cacheWriteInputTokens),
            [
                "gen_ai.usage.cache_write.input_tokens",
                "gen_ai.usage.cache_creation.input_tokens",
                "gen_ai.usage.cache_creation_input_tokens",
                "gen_ai.usage.cache_write_input_tokens",
                "gen_ai.usage.input_tokens.cache_write",
                "gen_ai.usage.prompt_tokens_details.cache_creation_tokens",
                "gen_ai.usage.details.cache_write_tokens",
                "gen_ai.usage.details.cache_creation_input_tokens",
                "ai.usage.inputTokenDetails.cacheWriteTokens",
                "llm.token_count.prompt_details.cache_write",
            ]
        ),
        (
            .unit(.cacheWriteOneHourInputTokens),
            [
                "anthropic.usage.cache_creation.ephemeral_1h_input_tokens",
                "gen_ai.usage.cache_creation.ephemeral_1h_input_tokens",
            ]
        ),
        (
            .unit(.reasoningOutputTokens),
            [
                "gen_ai.usage.reasoning.output_tokens", "gen_ai.usage.reasoning_tokens",
                "gen_ai.usage.output_tokens.reasoning", "llm.usage.reasoning_tokens",
                "gen_ai.usage.completion_tokens_details.reasoning_tokens",
                "gen_ai.usage.details.reasoning_tokens", "gen_ai.usage.details.thoughts_tokens",
                "ai.usage.outputTokenDetails.reasoningTokens", "ai.usage.reasoningTokens",
                "llm.token_count.completion_details.reasoning",
            ]
        ),
        (
            .unit(.inputAudioTokens),
            [
                "gen_ai.usage.audio.input_tokens", "gen_ai.usage.details.input_audio_tokens",
                "llm.token_count.prompt_details.audio",
            ]
        ),
        (
            .unit(.outputAudioTokens),
            [
                "gen_ai.usage.audio.output_tokens",
                "gen_ai.usage.completion_tokens_details.audio_tokens",
                "gen_ai.usage.details.output_audio_tokens",
                "llm.token_count.completion_details.audio",
            ]
        ),
        (
            .unit(.cacheReadAudioTokens),
            [
                "gen_ai.usage.audio.cache_read.input_tokens",
                "gen_ai.usage.details.cache_audio_read_tokens",
            ]
        ),
        (.unit(.webSearches), ["gen_ai.usage.details.web_search_requests"]),
        (.unit(.inputImageTokens), ["gen_ai.usage.image.input_tokens"]),
        (.unit(.outputImageTokens), ["gen_ai.usage.image.output_tokens"]),
        (.unit(.cacheReadImageTokens), ["gen_ai.usage.image.cache_read.input_tokens"]),
    ]

    /// Span events that mark the arrival of the first piece of an answer.
    static let firstTokenEvents: Set<String> = [
        "gen_ai.content.completion.chunk", "llm.content.completion.chunk",
        "First Token Stream Event", "ai.stream.firstChunk",
    ]

    /// The log record that describes one call to a model.
    static let inferenceEvent = "gen_ai.client.inference.operation.details"

    /// A number unique to the fact: its place in a set of attributes.
    var index: Int {
        switch self {
        case .operation: 0
        case .spanKind: 1
        case .provider: 2
        case .server: 3
        case .responseModel: 4
        case .requestModel: 5
        case .responseID: 6
        case .session: 7
        case .user: 8
        case .errorType: 9
        case .httpStatus: 10
        case .responseTier: 11
        case .requestTier: 12
        case .firstTokenSeconds: 13
        case .firstTokenMilliseconds: 14
        case .totalTokens: 15
        case .eventName: 16
        case .finishReason: 17
        case .maxTokens: 18
        case .unit(let unit): Self.unitsStart + Int(unit.rawValue)
        case .aside(let aside): Self.asidesStart + aside.rawValue
        case .dialect(let word): Self.wordsStart + word.rawValue
        case .feed(let number):
            Self.wordsStart + TelemetryDialect.Word.allCases.count + number
        }
    }

    private static let unitsStart = 19
    private static let asidesStart = unitsStart + UsageUnit.allCases.count
    private static let wordsStart = asidesStart + TelemetryAside.allCases.count
}

/// Whether an operation is a call to a model, or surrounds such calls.
enum TelemetryRole: Sendable {
    case request
    /// Any usage on it is the sum of calls that have their own spans.
    case surrounding

    /// The words of `gen_ai.operation.name` and its predecessors, in lower case.
    static let ofOperation: [String: TelemetryRole] = [
        "chat": .request, "generate_content": .request, "text_completion": .request,
        "embeddings": .request, "completion": .request, "embedding": .request,
        "rerank": .request,
        // Free of charge everywhere.
        "count_tokens": .surrounding,
        "invoke_agent": .surrounding, "create_agent": .surrounding,
        "execute_tool": .surrounding, "invoke_workflow": .surrounding, "plan": .surrounding,
        "retrieval": .surrounding,
        // Returns a response that an earlier operation paid for, with its usage.
        "fetch_response": .surrounding,
        "search_memory": .surrounding, "create_memory": .surrounding,
        "update_memory": .surrounding, "upsert_memory": .surrounding,
        "delete_memory": .surrounding, "create_memory_store": .surrounding,
        "delete_memory_store": .surrounding,
    ]

    /// The words of `openinference.span.kind` and `traceloop.span.kind`, in lower case, and the
    /// operation under which a request of this kind is booked.
    static let ofKind: [String: (role: TelemetryRole, operation: String)] = [
        "llm": (.request, "chat"), "generation": (.request, "chat"),
        "embedding": (.request, "embeddings"),
        "decision": (.request, "decision"),
        "agent": (.surrounding, ""), "chain": (.surrounding, ""), "tool": (.surrounding, ""),
        "retriever": (.surrounding, ""), "reranker": (.surrounding, ""),
        "guardrail": (.surrounding, ""), "evaluator": (.surrounding, ""),
        "span": (.surrounding, ""), "event": (.surrounding, ""), "prompt": (.surrounding, ""),
        "workflow": (.surrounding, ""), "task": (.surrounding, ""),
    ]
}
