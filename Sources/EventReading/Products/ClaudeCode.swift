import LedgerModel

extension ProductMapping {
    /// The transcripts of Claude Code: `~/.claude/projects/…/SESSION.jsonl`.
    ///
    /// An answer stands on a line for each of its blocks, with the counts so far, so the last line
    /// of an answer counts. Its counts are those of Anthropic's API: input excludes the cache.
    static let claudeCode: ProductMapping = {
        let usage = "message.usage"
        func inside(_ name: String) -> RowPaths { [RowPath(stringLiteral: "\(usage).\(name)")] }
        let hourWrites = inside("cache_creation.ephemeral_1h_input_tokens")
        return ProductMapping(
            source: "claude-code",
            identity: .facts(
                kinds: [("answer", ["message.id"])], times: [],
                others: [("id", ["message.id"]), ("request", ["requestId"])]),
            verdicts: [
                Verdict(
                    .passOver("lines other than answers"), if: .isAbsent(["message.usage"])),
                Verdict(
                    .passOver("lines other than answers"),
                    if: .isNoneOf(["type"], ["assistant"])),
                Verdict(
                    .passOver("answers that no model wrote"),
                    if: .isOneOf(["message.model"], ["<synthetic>"])),
                Verdict(.refuse("message.id is missing"), if: .isAbsent(["message.id"])),
                Verdict(.kind(.requestCompleted)),
            ],
            fields: [
                Field(.occurredAt, .time(["timestamp"])),
                Field(.dimension(.provider), .provider([], models: ["message.model"])),
                Field(.dimension(.model), .model(["message.model"], providers: [])),
                Field(.dimension(.operation), .word("chat", if: .isPresent(["type"]), else: [])),
                Field(
                    .dimension(.serviceTier),
                    .either([
                        .word("fast", if: .isOneOf(inside("speed"), ["fast"]), else: []),
                        .first(inside("service_tier")),
                    ])),
                Field(
                    .dimension(.region),
                    .when(
                        .isNoneOf(inside("inference_geo"), ["global", "not_available", "none"]),
                        inside("inference_geo"))),
                Field(.project, ["cwd"]),
                Field(.session, ["sessionId"]),
            ],
            usage: [
                .count(.inputTokens, inside("input_tokens")),
                .count(.cacheReadInputTokens, inside("cache_read_input_tokens")),
                .difference(
                    .cacheWriteInputTokens, inside("cache_creation_input_tokens"),
                    less: hourWrites),
                .count(.cacheWriteOneHourInputTokens, hourWrites),
                .count(.outputTokens, inside("output_tokens")),
                .count(.webSearches, inside("server_tool_use.web_search_requests")),
            ],
            labels: [
                .cost(["costUSD"]), .text("finish_reason", ["message.stop_reason"]),
                .text("git_branch", ["gitBranch"]), .text("claude_code", ["version"]),
            ],
            counting: Counting(rule: CountRule(reading: .cached)), replacesRows: true,
            usualProvider: "anthropic")
    }()
}
