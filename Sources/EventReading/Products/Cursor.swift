import LedgerModel

extension ProductMapping {
    /// The CSV of usage events from Cursor's dashboard.
    ///
    /// Its four counts exclude each other: what was written to the cache, other input, what was
    /// read from the cache, and output; `Total Tokens` is their sum.
    static let cursor = ProductMapping(
        source: "cursor",
        identity: .facts(
            kinds: [("usage event", ["Date"])], times: [["Date"]],
            others: [
                ("user", ["User"]), ("kind", ["Kind"]), ("model", ["Model"]),
                ("total", ["Total Tokens", "Tokens"]),
            ]),
        verdicts: [
            Verdict(
                .passOver("events that Cursor did not charge"),
                if: .endsWith(["Kind"], ["no charge", "not charged"])),
            Verdict(.kind(.requestCompleted)),
        ],
        fields: [
            Field(.occurredAt, .time(["Date"])),
            Field(.dimension(.provider), .provider([], models: ["Model"])),
            Field(.dimension(.model), .model(["Model"], providers: [])),
            Field(.dimension(.operation), .word("chat", if: .isPresent(["Model"]), else: [])),
            Field(.user, ["User"]),
        ],
        usage: [
            .count(.cacheWriteInputTokens, ["Input (w/ Cache Write)"]),
            .count(.inputTokens, ["Input (w/o Cache Write)"]),
            .count(.cacheReadInputTokens, ["Cache Read"]),
            .count(.outputTokens, ["Output Tokens"]),
        ],
        labels: [
            .text("cursor_kind", ["Kind"]), .text("max_mode", ["Max Mode"]),
            .text("recorded_cost", ["Cost", "Cost to you"]),
        ],
        counting: Counting(rule: CountRule(reading: .cached), total: ["Total Tokens", "Tokens"]),
        usualProvider: "cursor")
}
