import LedgerModel

extension ReadModel {
    /// How far callers' estimates of input tokens were from what providers billed: by day, model
    /// and what they counted with, the sums and a histogram of the ratio.
    ///
    /// The labels `estimated_input_tokens` and `estimated_with` carry the estimate; see
    /// docs/events.md. A request whose estimate or whose bill is missing or zero has no ratio, and
    /// counts as one without an estimate.
    package static let tokenEstimates = ReadModel(
        "token_estimates", definition: 2, patience: .seconds(2),
        rollups: [
            Rollup(
                tables: [.daily("token_estimates")],
                levels: [
                    RollupLevel(
                        70, [.provider, .model].map(KeyColumn.dimension) + [.estimatedWith])
                ],
                measures: [
                    .count("requests", of: .requests),
                    .count("estimated_requests", of: .estimatedRequests),
                    .sum("cost_pico", of: .cost),
                    .sum("estimated_tokens", of: .estimatedTokens),
                    .sum("billed_tokens", of: .billedTokens),
                    .histogram("ratios", of: .estimateRatio),
                ])
        ])
}
