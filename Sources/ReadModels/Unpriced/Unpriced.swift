import LedgerModel

extension ReadModel {
    /// Requests without a price, by day, provider, model, tier and reason; tokens are those of the
    /// requests.
    package static let unpriced = ReadModel(
        "unpriced", definition: 2, patience: .seconds(1),
        rollups: [
            Rollup(
                of: .unpriced, tables: [.daily("unpriced")],
                levels: [
                    RollupLevel(
                        40,
                        [.provider, .model, .serviceTier].map(KeyColumn.dimension) + [.reason])
                ],
                measures: [
                    .count("requests", of: .requests), .usage(.inputTokens), .usage(.outputTokens),
                ])
        ])
}
