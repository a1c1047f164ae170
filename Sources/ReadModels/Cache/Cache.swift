import LedgerModel

extension ReadModel {
    /// What caches of answers did, by day, app, team, model, tier, match and reason.
    ///
    /// A hit consumes nothing: its tokens are those that were served, and only this read model has
    /// them.
    package static let cache = ReadModel(
        "cache", definition: 1, patience: .seconds(1),
        rollups: [
            Rollup(
                of: .cache, tables: [.daily("cache_daily")],
                levels: [
                    RollupLevel(
                        95,
                        [.app, .team, .provider, .model].map(KeyColumn.dimension)
                            + [.tier, .match, .cacheReason])
                ],
                measures: [
                    .count("hits", of: .hits), .count("misses", of: .misses),
                    .count("stored", of: .storedAnswers), .sum("evicted", of: .evicted),
                    .sum("unused_evicted", of: .unusedEvicted),
                    .sum("invalidated", of: .invalidated),
                    .count("unpriced_hits", of: .unpricedSavings),
                    .sum("bytes_served", of: .bytesServed), .sum("bytes_stored", of: .bytesStored),
                    .sum("bytes_evicted", of: .bytesEvicted), .sum("saved_pico", of: .saved),
                    .sum("storing_pico", of: .storingCost), .usage(.inputTokens),
                    .usage(.outputTokens),
                ])
        ])
}
