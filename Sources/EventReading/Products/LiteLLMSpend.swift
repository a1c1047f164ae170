import LedgerModel

extension ProductMapping {
    /// Rows of `LiteLLM_SpendLogs`: from the table, or from `/spend/logs`.
    ///
    /// `prompt_tokens` include cache reads and writes, except in rows for Anthropic by versions
    /// before 2025, which only a contradiction gives away. `total_tokens` is their provider's, or
    /// the sum of the two columns.
    static let liteLLMSpend: ProductMapping = {
        let totals: RowPaths = ["metadata.additional_usage_values", "metadata.usage_object"]
        func inside(_ members: String...) -> RowPaths {
            totals.flatMap { total in
                members.map { RowPath(stringLiteral: "\(total.name).\($0)") }
            }
        }
        let cacheRead = inside("cache_read_input_tokens", "prompt_tokens_details.cached_tokens")
        let cacheWrite = inside(
            "cache_creation_input_tokens", "prompt_tokens_details.cache_creation_tokens",
            "prompt_tokens_details.cache_write_tokens")
        let hourWrite = inside(
            "prompt_tokens_details.cache_creation_token_details.ephemeral_1h_input_tokens",
            "cache_creation_token_details.ephemeral_1h_input_tokens")
        let batchCalls = ["aretrieve_batch", "retrieve_batch", "acreate_batch", "create_batch"]
        return ProductMapping(
            source: "litellm",
            rows: ["data"],
            jsonColumns: ["metadata", "request_tags"],
            identity: .column(["request_id"]),
            verdicts: [
                Verdict(
                    .passOver("counts of tokens, which are free"),
                    if: .endsWith(["call_type"], ["count_tokens", "token_counter"])),
                Verdict(.kind(.cacheHit), if: .isOneOf(["cache_hit"], ["true"])),
                Verdict(
                    .kind(.requestFailed), if: .isOneOf(["status", "metadata.status"], ["failure"])),
                Verdict(.kind(.requestCompleted)),
            ],
            fields: [
                Field(.occurredAt, .time(["startTime"])),
                Field(
                    .dimension(.provider),
                    .provider(["custom_llm_provider"], models: ["model", "model_group"])),
                Field(
                    .dimension(.model),
                    .model(["model", "model_group"], providers: ["custom_llm_provider"])),
                Field(.dimension(.operation), .named(["call_type"], liteLLMOperations)),
                Field(
                    .dimension(.serviceTier),
                    .either([
                        .word("batch", if: .isOneOf(["call_type"], batchCalls), else: []),
                        .word("fast", if: .isOneOf(inside("speed"), ["fast"]), else: []),
                        .first(inside("service_tier")),
                    ])),
                Field(
                    .dimension(.region),
                    .when(
                        .isNoneOf(inside("inference_geo"), ["global", "not_available", "none"]),
                        inside("inference_geo"))),
                Field(.app, ["metadata.user_api_key_alias"]),
                Field(.team, ["metadata.user_api_key_team_alias", "team_id"]),
                Field(
                    .project,
                    ["metadata.user_api_key_project_alias", "metadata.user_api_key_project_id"]),
                Field(.user, ["end_user", "user"]),
                Field(.session, ["session_id"]),
                Field(
                    .status,
                    .when(
                        .isIn(["metadata.error_information.error_code"], 100...999),
                        ["metadata.error_information.error_code"])),
                Field(.errorType, .first(["metadata.error_information.error_class"])),
                Field(
                    .latency,
                    .duration(
                        ["request_duration_ms"], from: ["startTime"], to: ["endTime"], unless: [])),
                // Without a stream the first token arrives with the last.
                Field(
                    .timeToFirstToken,
                    .duration(
                        [], from: ["startTime"], to: ["completionStartTime"], unless: ["endTime"])),
            ],
            usage: [
                .count(.inputTokens, ["prompt_tokens"]),
                .count(.cacheReadInputTokens, cacheRead),
                .difference(.cacheWriteInputTokens, cacheWrite, less: hourWrite),
                .count(.cacheWriteOneHourInputTokens, hourWrite),
                .count(.outputTokens, ["completion_tokens"]),
                .count(
                    .reasoningOutputTokens, inside("completion_tokens_details.reasoning_tokens")),
                .count(.inputAudioTokens, inside("prompt_tokens_details.audio_tokens")),
                .count(.outputAudioTokens, inside("completion_tokens_details.audio_tokens")),
                .count(.inputImageTokens, inside("prompt_tokens_details.image_tokens")),
                .count(.outputImageTokens, inside("completion_tokens_details.image_tokens")),
                .count(
                    .webSearches,
                    inside(
                        "server_tool_use.web_search_requests",
                        "prompt_tokens_details.web_search_requests")),
            ],
            labels: [
                .cost(["spend"]),
                .text("model_group", ["model_group"]),
                .text("litellm_provider", ["custom_llm_provider"]),
                .text("organization_id", ["organization_id"]),
                .text("team_id", ["team_id"]),
                .list("tags", ["request_tags"]),
                .members(["metadata.spend_logs_metadata"], except: []),
            ],
            counting: Counting(
                rule: CountRule(totalIsPlainSum: true, older: .cached), total: ["total_tokens"]))
    }()

    private static let liteLLMOperations = [
        "completion": "chat", "acompletion": "chat", "anthropic_messages": "chat",
        "responses": "chat", "aresponses": "chat", "text_completion": "text_completion",
        "atext_completion": "text_completion", "embedding": "embeddings",
        "aembedding": "embeddings", "image_generation": "image_generation",
        "aimage_generation": "image_generation", "image_edit": "image_edit",
        "aimage_edit": "image_edit", "speech": "speech", "aspeech": "speech",
        "transcription": "transcription", "atranscription": "transcription", "rerank": "rerank",
        "arerank": "rerank", "moderation": "moderation", "amoderation": "moderation",
        "retrieve_batch": "batch", "aretrieve_batch": "batch", "acreate_batch": "batch",
    ]
}
