import LedgerModel
import Performance

extension ReadModel {
    /// How requests did, by the hour: latency, time to first token, tokens a second, failures, stages,
    /// tokens and cost; of whoever reported them.
    package static let performance = ReadModel(
        "performance", definition: 1, patience: .seconds(5),
        rollups: [
            Rollup(
                of: .calls, tables: [.hourly("performance_hourly")],
                levels: [
                    RollupLevel(
                        98,
                        [.app, .provider, .model, .operation].map(KeyColumn.dimension) + [.route])
                ],
                measures: [
                    .count("requests", of: .requests),
                    .count("failed_requests", of: .failedRequests),
                    .count("unpriced_requests", of: .unpricedRequests),
                    .sum("cost_pico", of: .cost), .usage(.inputTokens), .usage(.outputTokens),
                    .histogram("failures", of: .failureClass),
                    .histogram("latency", of: .callLatency),
                    .histogram("time_to_first_token", of: .callFirstToken),
                    .histogram("output_rate", of: .callRate),
                    .histogram("queue", of: .callQueue),
                    .histogram("latency_slots", of: .latencySlot),
                    .histogram("first_token_slots", of: .firstTokenSlot),
                    .count("staged_requests", of: .stagedRequests),
                ]
                    + CallStage.allCases.map { .sum($0.rawValue + "_us", of: .time(of: $0)) })
        ])
}
