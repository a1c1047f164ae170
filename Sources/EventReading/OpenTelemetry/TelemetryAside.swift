/// A fact of a record that no field of an event keeps, but that says what others mean.
enum TelemetryAside: Int, CaseIterable, Sendable {
    /// Cache writes for five minutes, where the other count holds those of every lifetime.
    case fiveMinuteWrites
    /// What compactions of the context used; the other counts leave it out.
    case compactionInput, compactionOutput
    /// What tools put into the prompt.
    case toolUse
    /// Details of the input, which the AI SDK writes since its version 6.
    case inputDetails
    /// The usage as the provider's answer has it, and the whole answer, as JSON.
    case rawUsage, answer
    /// What the AI SDK's providers say of an answer, as JSON.
    case providerMetadata
    /// The parameters of the request, as JSON.
    case parameters
    /// The AI SDK's own names, which are all that its embeddings have.
    case sdkOperation, sdkProvider, sdkModel, sdkTokens
    /// The AI SDK's own names of parts, by which its records are known.
    case sdkCacheReads, sdkReasoning

    var names: [String] {
        switch self {
        case .fiveMinuteWrites:
            [
                "anthropic.usage.cache_creation.ephemeral_5m_input_tokens",
                "gen_ai.usage.cache_creation.ephemeral_5m_input_tokens",
            ]
        case .compactionInput: ["anthropic.usage.compaction.input_tokens"]
        case .compactionOutput: ["anthropic.usage.compaction.output_tokens"]
        case .toolUse: ["gen_ai.usage.details.tool_use_prompt_tokens"]
        case .inputDetails:
            [
                "ai.usage.inputTokenDetails.noCacheTokens",
                "ai.usage.inputTokenDetails.cacheReadTokens",
                "ai.usage.inputTokenDetails.cacheWriteTokens",
            ]
        case .rawUsage: ["gen_ai.usage.raw"]
        case .answer: ["output.value"]
        case .providerMetadata: ["ai.response.providerMetadata"]
        case .parameters: ["llm.invocation_parameters"]
        case .sdkOperation: ["ai.operationId"]
        case .sdkProvider: ["ai.model.provider"]
        case .sdkModel: ["ai.model.id"]
        case .sdkTokens: ["ai.usage.tokens"]
        case .sdkCacheReads: ["ai.usage.cachedInputTokens"]
        case .sdkReasoning: ["ai.usage.reasoningTokens"]
        }
    }
}
