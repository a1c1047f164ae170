import LedgerModel

extension ReadModel {
    /// Spend by hour and by day, by all dimensions but user and session.
    ///
    /// The levels are those that people group by when they look at a long time; docs/decisions/0032
    /// has what each costs and saves.
    package static let spend = ReadModel(
        "spend", definition: 4, patience: .milliseconds(200),
        rollups: [
            Rollup(
                tables: [.hourly("spend_hourly"), .daily("spend_daily")],
                levels: [
                    RollupLevel(10, by: Dimension.base).withSpans, RollupLevel(11, by: []),
                    RollupLevel(12, by: [.app]), RollupLevel(13, by: [.team]),
                    RollupLevel(14, by: [.provider, .model]),
                    RollupLevel(15, by: [.app, .provider, .model], only: .day),
                ],
                measures: [
                    .count("requests", of: .requests),
                    .count("failed_requests", of: .failedRequests),
                    .count("charges", of: .charges),
                    .count("unpriced_requests", of: .unpricedRequests),
                    .sum("cost_pico", of: .cost),
                    .days("active_days", with: .requests),
                ] + UsageUnit.allCases.map(Measure.usage))
        ])
}
