import LedgerModel

extension ProductMapping {
    /// Results of the buckets of `/v1/organization/usage/…`, and the CSV of the dashboard.
    ///
    /// One event per result: what many requests used within a bucket. Audio and image tokens
    /// exclude their cached part; `input_tokens` include cached and cache-write tokens.
    static let openAIUsage = ProductMapping(
        source: "openai-usage",
        rows: ["data", "results"],
        identity: .facts(
            kinds: [
                ("web searches", ["num_requests"]), ("images", ["images"]),
                ("speech", ["characters"]), ("transcription", ["seconds"]),
                ("tokens", ["input_tokens"]),
            ],
            times: [["start_time", "start_time_iso"], ["end_time", "end_time_iso"]],
            others: [
                ("project", ["project_id"]), ("user", ["user_id"]), ("key", ["api_key_id"]),
                ("model", ["model"]), ("batch", ["batch"]), ("tier", ["service_tier"]),
                ("size", ["size"]), ("source", ["source"]), ("context", ["context_level"]),
                ("api", ["api_source"]),
            ]),
        verdicts: [
            Verdict(
                .passOver("costs, not usage: use tally reconcile for them"),
                if: .isOneOf(["object"], ["organization.costs.result"])),
            Verdict(.passOver("costs, not usage"), if: .isPresent(["amount_value"])),
            Verdict(
                .passOver("vector stores, files and sessions, which have no unit of usage"),
                if: .isOneOf(
                    ["object"],
                    [
                        "organization.usage.vector_stores.result",
                        "organization.usage.code_interpreter_sessions.result",
                        "organization.usage.file_searches.result",
                    ])),
            Verdict(
                .passOver("empty buckets"),
                if: .isAbsent(["num_model_requests", "num_requests", "input_tokens"]),
                .isPresent(["start_time", "start_time_iso"])),
            Verdict(
                .passOver("empty buckets"), if: .isIn(["num_model_requests"], 0...0),
                .isAbsent(["num_requests"])),
            Verdict(
                .refuse("the bucket does not end after it starts"),
                if: .isReversed(
                    from: ["start_time", "start_time_iso"], to: ["end_time", "end_time_iso"])),
            Verdict(
                .refuse("the bucket has not ended: import it again once it has"),
                if: .isAhead(["end_time", "end_time_iso"])),
            Verdict(
                .refuse("it has no model: export the usage with group_by=model"),
                if: .isAbsent(["model"])),
            Verdict(.kind(.requestCompleted)),
        ],
        fields: [
            Field(.occurredAt, .time(["start_time", "start_time_iso"])),
            Field(.dimension(.provider), .word("openai", if: .isPresent(["model"]), else: [])),
            Field(.model, ["model"]),
            Field(.dimension(.operation), .named(["object"], openAIOperations)),
            Field(
                .dimension(.serviceTier),
                .word("batch", if: .isOneOf(["batch"], ["true"]), else: ["service_tier"])),
            Field(.project, ["project_name", "project_id"]),
            Field(.user, ["user_id"]),
        ],
        usage: [
            .count(.inputTokens, ["input_tokens"]),
            .count(.cacheReadInputTokens, ["input_cached_tokens"]),
            .count(.cacheWriteInputTokens, ["input_cache_write_tokens"]),
            .count(.outputTokens, ["output_tokens"]),
            .sum(.inputAudioTokens, [["input_audio_tokens"], ["input_cached_audio_tokens"]]),
            .count(.cacheReadAudioTokens, ["input_cached_audio_tokens"]),
            .count(.outputAudioTokens, ["output_audio_tokens"]),
            .sum(.inputImageTokens, [["input_image_tokens"], ["input_cached_image_tokens"]]),
            .count(.cacheReadImageTokens, ["input_cached_image_tokens"]),
            .count(.outputImageTokens, ["output_image_tokens"]),
            .count(.images, ["images"]),
            .count(.inputCharacters, ["characters"]),
            .count(.inputSeconds, ["seconds"]),
            .count(.webSearches, ["num_requests"]),
            // Requests that searched are counted with their tokens.
            .countUnless(
                .isPresent(["num_requests"]), .requests, ["num_model_requests"]),
        ],
        labels: [
            .text("bucket_end", ["end_time_iso", "end_time"]),
            .text("project_id", ["project_id"]),
            .text("api_key_id", ["api_key_id"]),
            .text("image_size", ["size"]),
            .text("image_source", ["source"]),
            .text("search_context", ["context_level"]),
            .text("api_source", ["api_source"]),
        ])

    private static let openAIOperations = [
        "organization.usage.completions.result": "chat",
        "organization.usage.embeddings.result": "embeddings",
        "organization.usage.moderations.result": "moderation",
        "organization.usage.images.result": "image_generation",
        "organization.usage.audio_speeches.result": "speech",
        "organization.usage.audio_transcriptions.result": "transcription",
        "organization.usage.web_searches.result": "web_search",
    ]
}
