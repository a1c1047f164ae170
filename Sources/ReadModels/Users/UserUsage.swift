import LedgerModel

extension ReadModel {
    /// Usage by user and day.
    package static let users = ReadModel(
        "users", definition: 4, patience: .seconds(1),
        rollups: [
            Rollup(
                tables: [.daily("user_usage")], levels: [RollupLevel(20, by: [.user]).withSpans],
                measures: [
                    .count("requests", of: .requests),
                    .count("failed_requests", of: .failedRequests),
                    .count("unpriced_requests", of: .unpricedRequests),
                    .sum("cost_pico", of: .cost), .usage(.inputTokens),
                    .usage(.cacheReadInputTokens), .usage(.outputTokens),
                ])
        ])
}
