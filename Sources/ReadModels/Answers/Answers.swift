import LedgerModel

extension ReadModel {
    /// How requests ended, what they cost, and how long the answers were: the lengths at every
    /// level that `LengthHistory` has.
    package static let answers = ReadModel(
        "answers", definition: 3, patience: .seconds(2),
        rollups: [
            Rollup(
                tables: [.daily("answer_usage")],
                levels: [
                    RollupLevel(50, by: [.app, .feature, .provider, .model]),
                    RollupLevel(51, by: [.app, .provider, .model]).withSpans,
                ],
                measures: [
                    .count("requests", of: .requests),
                    .count("failed_requests", of: .failedRequests),
                    .count("finished_requests", of: .finishedRequests),
                    .count("cut_off_requests", of: .cutOffRequests),
                    .count("refused_requests", of: .refusedRequests),
                    .count("unpriced_requests", of: .unpricedRequests),
                    .sum("cost_pico", of: .cost), .usage(.inputTokens), .usage(.outputTokens),
                    .days("active_days", with: .requests),
                ]),
            Rollup(
                tables: [.daily("answer_lengths")],
                levels: [
                    RollupLevel(64, [.app, .feature, .model].map(KeyColumn.dimension) + [.shape]),
                    RollupLevel(60, by: []), RollupLevel(61, by: [.model]).withSpans,
                    RollupLevel(62, by: [.app, .model]).withSpans,
                    RollupLevel(63, by: [.app, .feature, .model]),
                ],
                measures: [
                    .histogram("lengths", of: .answerLength),
                    .histogram("limits", of: .answerLimit, only: 62),
                ]),
        ])
}
