import LedgerModel

extension ReadModel {
    /// Providers and models by day: requests, failures, tokens, cost, and histograms of latency and
    /// time to first token.
    package static let providers = ReadModel(
        "providers", definition: 2, patience: .seconds(1),
        rollups: [
            Rollup(
                tables: [.daily("provider_usage")],
                levels: [RollupLevel(30, by: [.provider, .model, .serviceTier, .region])],
                measures: [
                    .count("requests", of: .requests),
                    .count("failed_requests", of: .failedRequests),
                    .count("unpriced_requests", of: .unpricedRequests),
                    .sum("cost_pico", of: .cost), .usage(.inputTokens),
                    .usage(.cacheReadInputTokens), .usage(.outputTokens),
                    .histogram("latency", of: .latency),
                    .histogram("time_to_first_token", of: .timeToFirstToken),
                ])
        ])
}
