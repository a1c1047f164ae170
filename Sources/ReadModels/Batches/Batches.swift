import LedgerModel

extension ReadModel {
    /// Batches by day, app, team, model and form: what was formed, and how it ended.
    ///
    /// Their tokens and money are those of their requests, which are booked apart; no sum of usage
    /// or cost counts these.
    package static let batches = ReadModel(
        "batches", definition: 1, patience: .seconds(1),
        rollups: [
            Rollup(
                of: .batches, tables: [.daily("batches_daily")],
                levels: [
                    RollupLevel(
                        96, [.app, .team, .provider, .model].map(KeyColumn.dimension) + [.form])
                ],
                measures: [
                    .count("batches", of: .batches), .sum("requests", of: .batchedRequests),
                    .count("lone_batches", of: .loneBatches), .sum("duplicates", of: .duplicates),
                    .sum("waited_ms", of: .waited), .histogram("waits", of: .wait),
                    .count("completed", of: .completedBatches), .sum("succeeded", of: .succeeded),
                    .sum("failed", of: .failed), .sum("expired", of: .expired),
                    .sum("retries", of: .retries), .sum("deadline_misses", of: .deadlineMisses),
                    .count("unpriced_batches", of: .unpricedSavings),
                    .sum("saved_pico", of: .saved), .usage(.inputTokens), .usage(.outputTokens),
                ])
        ])
}
