import LedgerModel

extension ProductMapping {
    /// Requests of Helicone: from its export tool (JSON, JSONL, CSV) or its query API.
    ///
    /// `prompt_tokens` leave out cached, cache-write and audio tokens, as Helicone prices them. The
    /// CSV has no `request_id`, so the response's id identifies the request in every format.
    static let helicone = ProductMapping(
        source: "helicone",
        rows: ["data"],
        jsonColumns: ["request_properties", "properties"],
        identity: .column(["response_id", "request_id"]),
        verdicts: [
            Verdict(
                .passOver("requests without an answer yet"),
                if: .isOneOf(["response_status"], ["-2"])),
            Verdict(
                .passOver("counts of tokens, which are free"),
                if: .endsWith(["request_path"], ["/count_tokens", ":counttokens"])),
            Verdict(
                .kind(.cacheHit), if: .isPresent(["cache_reference_id"]),
                .isNoneOf(["cache_reference_id"], ["00000000-0000-0000-0000-000000000000"])),
            Verdict(.kind(.requestCompleted), if: .isIn(["response_status"], 200...299)),
            Verdict(.kind(.requestFailed), if: .isPresent(["response_status"])),
            Verdict(.refuse("response_status is missing")),
        ],
        fields: [
            Field(.occurredAt, .time(["request_created_at"])),
            Field(
                .dimension(.provider),
                .provider(["provider"], models: heliconeModels)),
            Field(.dimension(.model), .model(heliconeModels, providers: ["provider"])),
            Field(.dimension(.operation), .matched(["request_path"], heliconeOperations)),
            Field(
                .app, ["request_properties.app", "request_properties.App", "properties.app"]),
            Field(
                .environment,
                [
                    "request_properties.environment", "request_properties.Environment",
                    "properties.environment",
                ]),
            Field(
                .feature,
                [
                    "request_properties.Helicone-Session-Name",
                    "properties.Helicone-Session-Name",
                ]),
            Field(
                .session,
                ["request_properties.Helicone-Session-Id", "properties.Helicone-Session-Id"]),
            Field(.user, ["request_user_id", "helicone_user"]),
            Field(
                .errorType,
                .matched(
                    ["response_status"],
                    [("-1", "timeout"), ("-3", "cancelled"), ("-4", "threat")])),
            Field(.status, .when(.isIn(["response_status"], 100...999), ["response_status"])),
            Field(
                .latency,
                .duration(
                    ["delay_ms", "latency"], from: ["request_created_at"],
                    to: ["response_created_at"], unless: [])),
            Field(
                .timeToFirstToken,
                .duration(["time_to_first_token"], from: [], to: [], unless: [])),
        ],
        usage: [
            .without(.inputTokens, ["prompt_tokens"], parts: [["prompt_audio_tokens"]]),
            .count(.cacheReadInputTokens, ["prompt_cache_read_tokens"]),
            .count(.cacheWriteInputTokens, ["prompt_cache_write_tokens"]),
            .count(.inputAudioTokens, ["prompt_audio_tokens"]),
            .without(
                .outputTokens, ["completion_tokens"], parts: [["completion_audio_tokens"]]),
            .count(.outputAudioTokens, ["completion_audio_tokens"]),
        ],
        labels: [
            .cost(["cost", "costUSD"]),
            .text("helicone_request_id", ["request_id"]),
            .text("helicone_provider", ["provider"]),
            .text("prompt", ["prompt_id"]),
            .members(
                ["request_properties", "properties"],
                except: ["app", "environment", "helicone-session-id", "helicone-session-name"]),
        ],
        // The total is the two columns without their parts, or the provider's own.
        counting: Counting(
            rule: CountRule(reading: .cached, totalIsPlainSum: true), total: ["total_tokens"],
            plain: [["prompt_tokens"], ["completion_tokens"]]))

    private static let heliconeModels: RowPaths = [
        "model_override", "response_model", "request_model", "model",
    ]

    private static let heliconeOperations: [(part: String, name: String)] = [
        ("/chat/completions", "chat"), ("/messages", "chat"), ("/responses", "chat"),
        (":generatecontent", "chat"), (":streamgeneratecontent", "chat"),
        ("/completions", "text_completion"), ("/embeddings", "embeddings"),
        ("/images/generations", "image_generation"), ("/audio/speech", "speech"),
        ("/audio/transcriptions", "transcription"), ("/moderations", "moderation"),
    ]
}
