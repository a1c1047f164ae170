package import LedgerModel
import Postgres
import Subscriptions

extension ReadModel {
    /// What requests read from and wrote to the caches of providers, by hour and by day, each
    /// request as a turn of its session; and where each session stands.
    ///
    /// Tokens and not money: no event says a rate, so whoever asks applies the price book; see
    /// `docs/decisions/0074`.
    package static let promptCache = ReadModel(
        "prompt_cache", definition: 1, patience: .seconds(1),
        rollups: [
            Rollup(
                of: .turns,
                tables: [.hourly("prompt_cache_hourly"), .daily("prompt_cache_daily")],
                levels: [
                    RollupLevel(
                        97, PromptCache.dimensions.map(KeyColumn.dimension) + [.turn])
                ],
                measures: [
                    .count("requests", of: .requests), .usage(.inputTokens),
                    .usage(.cacheReadInputTokens), .usage(.cacheWriteInputTokens),
                    .usage(.cacheWriteOneHourInputTokens),
                    .sum("readable_tokens", of: .readableTokens),
                    .sum("missed_tokens", of: .missedTokens),
                    .sum("warm_tokens", of: .warmTokens),
                    .count("lost_turns", of: .lostTurns),
                    .count("recovered_turns", of: .recoveredTurns),
                ])
        ],
        byHand: HandFold(
            fold: { range, version, found, session in
                try found.threads[version]?.write(of: range.ledger, version, in: session)
                let (from, to) = (
                    range.after / PromptCache.pruneEvery, range.upTo / PromptCache.pruneEvery
                )
                if from != to {
                    try session.execute(
                        PruneThreads(
                            ledger: range.ledger, version: version,
                            before: range.upTo - PromptCache.memoryPositions))
                }
            },
            erase: { page, session in try session.execute(EraseThreads(page: page)) }))
}

package enum PromptCache {
    /// Those that decide a price, and the app.
    package static let dimensions: [Dimension] = [.app, .provider, .model, .serviceTier, .region]

    /// A session without a request in so many positions is forgotten, and begins anew with the
    /// next one.
    ///
    /// This bounds the rows of sessions. A position and not a time, so that a fold of old history
    /// does the same as the live one.
    static let memoryPositions: Int64 = 16_777_216
    static let pruneEvery: Int64 = 1_048_576
}

/// What a request is in its session.
package struct Turn: Sendable {
    /// By what decides whether the provider's cache can still have the turn before.
    package enum Class: String, CaseIterable, Sendable {
        /// No turn of the session in the last day.
        case first
        /// The turn before is at most five minutes old and went the same way.
        case within5Minutes = "within_5m"
        /// At most five minutes old, but by another provider, tier, region or key.
        case moved
        case withinHour = "within_1h"
        case later
    }

    let thread: Int32
    let position: Int64
    let place: FactPlace
    let route: Int64
    let input: Int64
    let read: Int64?
    let write: Int64?
    let writeHour: Int64?
}
