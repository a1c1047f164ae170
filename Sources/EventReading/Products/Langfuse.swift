import LedgerModel

extension ProductMapping {
    /// Observations of Langfuse: from its batch export (camel case), its blob storage export
    /// (underscores) or its API.
    static let langfuse = ProductMapping(
        source: "langfuse",
        rows: ["data"],
        jsonColumns: [
            "usageDetails", "usage_details", "costDetails", "cost_details", "usage", "traceTags",
            "tags",
        ],
        identity: .column(["id"]),
        verdicts: [
            Verdict(
                .passOver("observations other than generations and embeddings"),
                if: .isNoneOf(["type"], ["generation", "embedding"])),
            Verdict(.kind(.requestFailed), if: .isOneOf(["level"], ["error"])),
            Verdict(.kind(.requestCompleted)),
        ],
        fields: [
            Field(.occurredAt, .time(["startTime", "start_time"])),
            Field(
                .dimension(.provider),
                .provider([], models: ["model", "providedModelName", "provided_model_name"])),
            Field(.model, ["model", "providedModelName", "provided_model_name"]),
            Field(
                .dimension(.operation),
                .named(["type"], ["generation": "chat", "embedding": "embeddings"])),
            Field(.environment, ["environment"]),
            Field(.feature, ["traceName", "trace_name", "name"]),
            Field(.user, ["userId", "user_id"]),
            Field(.session, ["sessionId", "session_id"]),
            // Columns named latency hold seconds or milliseconds, depending on their age.
            Field(
                .latency,
                .duration(
                    [], from: ["startTime", "start_time"], to: ["endTime", "end_time"], unless: [])),
            Field(
                .timeToFirstToken,
                .duration(
                    [], from: ["startTime", "start_time"],
                    to: ["completionStartTime", "completion_start_time"], unless: [])),
        ],
        usage: [
            .count(.inputTokens, ["promptTokens", "inputUsage", "usage.input"]),
            .count(.outputTokens, ["completionTokens", "outputUsage", "usage.output"]),
            // Details, where they exist, win over the old columns.
            .named(["usageDetails", "usage_details"], langfuseCounts),
        ],
        labels: [
            .cost([
                "totalCost", "total_cost", "costDetails.total", "cost_details.total",
                "calculatedTotalCost",
            ]),
            .text("trace_id", ["traceId", "trace_id"]),
            .text("observation", ["name"]),
            .text("prompt", ["promptName", "prompt_name"]),
            .text("prompt_version", ["promptVersion", "prompt_version"]),
            .text("version", ["version"]),
            .text("release", ["release"]),
            .list("tags", ["traceTags", "tags"]),
        ])

    static let langfuseCounts = CountNames(known: [
        "input_cached_tokens": (.input, .cacheReadInputTokens),
        "input_cache_read": (.input, .cacheReadInputTokens),
        "cache_read_input_tokens": (.input, .cacheReadInputTokens),
        "input_cache_creation": (.input, .cacheWriteInputTokens),
        "input_cache_write": (.input, .cacheWriteInputTokens),
        "cache_creation_input_tokens": (.input, .cacheWriteInputTokens),
        "input_cache_creation_5m": (.input, .cacheWriteInputTokens),
        "input_cache_creation_1h": (.input, .cacheWriteOneHourInputTokens),
        "input_audio_tokens": (.input, .inputAudioTokens),
        "input_audio": (.input, .inputAudioTokens),
        "input_image_tokens": (.input, .inputImageTokens),
        "output_reasoning_tokens": (.output, .reasoningOutputTokens),
        "output_reasoning": (.output, .reasoningOutputTokens),
        "reasoning_tokens": (.output, .reasoningOutputTokens),
        "output_audio_tokens": (.output, .outputAudioTokens),
        "output_audio": (.output, .outputAudioTokens),
        "output_image_tokens": (.output, .outputImageTokens),
        "web_search_requests": (.neither, .webSearches),
    ])
}
