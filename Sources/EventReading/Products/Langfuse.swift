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
            Field(
                .dimension(.model),
                .model(["model", "providedModelName", "provided_model_name"], providers: [])),
            Field(
                .dimension(.operation),
                .named(["type"], ["generation": "chat", "embedding": "embeddings"])),
            Field(
                .dimension(.serviceTier),
                .first(["modelParameters.service_tier", "model_parameters.service_tier"])),
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
            .named(["usageDetails", "usage_details"]),
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
        ],
        counting: Counting(total: ["totalTokens", "totalUsage", "usage.total"]))
}
