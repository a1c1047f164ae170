package import LedgerModel
import LedgerSQL
package import Postgres
package import Pricing
import ReadModels

/// A query for recommendations, based on some days (UTC).
package struct RecommendationQuery: Hashable, Sendable {
    package let ledger: LedgerID
    package let from: Timestamp
    package let to: Timestamp

    /// The most groups of prompts that are examined, the largest first.
    package static let groupsMax: Int64 = 10_000

    /// Times are rounded outwards to days.
    package init(ledger: LedgerID, from: Timestamp, to: Timestamp) {
        self.ledger = ledger
        self.from = from.startOfDay
        self.to = to.advanced(byMicroseconds: Timestamp.dayMicroseconds - 1).startOfDay
    }

}

package struct RecommendationAnswer: Sendable {
    /// The position of the ledger up to which the answer holds.
    package let position: Int64
    package let recommendations: [Recommendation]
}

extension RecommendationQuery {
    /// - Parameter prices: the ledger's prices; those at the end of the days are used.
    package func run(on pool: Pool, prices: PriceSchedule) async throws -> RecommendationAnswer {
        let query = self
        let (position, prefixes, shares, batches, cells, calls) = try await pool.transaction(
            isolation: .repeatableRead, readOnly: true
        ) { session in
            try session.planReading()
            let positions = try [ReadModel.spend, .promptCache, .performance].map { model in
                try session.first(
                    ReadPosition(ledger: query.ledger, projection: model.name)) ?? 0
            }
            let position = positions.min() ?? 0
            let prefixes = try session.run(ListPrefixes(query: query, position: position))
            let uses = CacheUseQuery(
                ledger: query.ledger, days: DayRange(from: query.from, to: query.to))
            let batches = BatchQuery(
                ledger: query.ledger, by: BatchAdvice.parts, from: query.from, to: query.to)
            let cells = try PromptCacheQuery(
                ledger: query.ledger, by: [.app], from: query.from, to: query.to
            ).rows(in: session)
            let calls = try PerformanceQuery(
                ledger: query.ledger, by: PerformanceAdvice.parts, from: query.from, to: query.to
            ).rows(in: session)
            return (
                position, prefixes, try uses.rows(in: session).map { CacheShare($0) },
                try batches.rows(in: session), cells, calls
            )
        }
        let answers = try await AnswerReport.make(
            AnswerQuery(ledger: ledger, from: from, to: to), on: pool, prices: prices)
        let found = Self.recommend(
            prefixes, shares, prices: prices, at: to.advanced(byMicroseconds: -1))
        let cached = CachedGroup.groups(
            cells, prices: prices, at: to.advanced(byMicroseconds: -1)
        ).flatMap { CacheAdvice.advice(on: $0) }
        // Unknown outcomes cost nothing in themselves.
        let advice =
            answers.advice.filter { $0.kind != .outcomeUnknown }
            + batches.flatMap { BatchAdvice.advice(on: $0) }
            + PerformanceAdvice.advice(
                on: calls, days: (to.microseconds - from.microseconds) / Timestamp.dayMicroseconds)
        return RecommendationAnswer(
            position: min(position, answers.position),
            recommendations: Recommendation.inOrder(
                (found + cached + advice).filter { $0.costPerDay != .known(.zero) }))
    }

    static func recommend(
        _ prefixes: [PrefixRow], _ shares: [CacheShare], prices: PriceSchedule, at time: Timestamp
    ) -> [Recommendation] {
        var pricing = CachePricing(prices, at: time)
        var found = prefixes.compactMap(\.broken).compactMap { CacheRules.broken($0, &pricing) }
        for share in shares {
            var share = share
            share.meanPrefix = PrefixRow.mean(prefixes.filter { $0.group == share.group })
            if let dropped = CacheRules.dropped(share, &pricing) { found.append(dropped) }
            if let unused = CacheRules.unused(share, &pricing) { found.append(unused) }
        }
        return found
    }
}

/// The prefixes of a group that end for one reason, as reported by optimizers.
struct PrefixRow: Sendable {
    let group: PromptGroup
    let cause: String?
    let token: Int64
    let prompts: Int64
    let days: Int64
    let meanTokens: Int64
    let meanPrefix: Int64
    let meanLost: Int64?

    /// Nil if nothing breaks them.
    var broken: BrokenPrefix? {
        cause.map { cause in
            BrokenPrefix(
                group: group, cause: cause, token: token, prompts: prompts, days: days,
                meanTokens: meanTokens, meanLost: meanLost)
        }
    }

    /// The mean length over all rows of a group; nil if there are none.
    static func mean(_ rows: [PrefixRow]) -> Int64? {
        let prompts = rows.reduce(Int128(0)) { $0 + Int128($1.prompts) }
        let sum = rows.reduce(Int128(0)) { $0 + Int128($1.prompts) * Int128($1.meanPrefix) }
        return prompts == 0 ? nil : Int64(clamping: dividedHalfEven(sum, by: prompts))
    }
}

/// Prompts by the cause that ends their prefix; docs/events.md documents the keys of `detail`.
struct ListPrefixes: Statement {
    static let sql = """
        SELECT ARRAY[app, feature, provider, model, service_tier, region] AS names, cause,
            mode() WITHIN GROUP (ORDER BY prefix), count(*), count(DISTINCT day),
            round(avg(tokens))::bigint, round(avg(prefix))::bigint,
            round(avg(CASE WHEN possible > prefix THEN possible - prefix
                WHEN possible IS NOT NULL THEN 0 END))::bigint
        FROM (
            SELECT app, feature, provider, model, service_tier, region,
                (occurred_at AT TIME ZONE 'UTC')::date AS day,
                coalesce(tokens_after, input_tokens) AS tokens,
                detail::jsonb ->> 'prefix_break' AS cause,
                CASE WHEN detail::jsonb ->> 'prefix_tokens' ~ '^[0-9]{1,12}$'
                    THEN (detail::jsonb ->> 'prefix_tokens')::bigint END AS prefix,
                CASE WHEN detail::jsonb ->> 'prefix_possible' ~ '^[0-9]{1,12}$'
                    THEN (detail::jsonb ->> 'prefix_possible')::bigint END AS possible
            FROM tally.events
            WHERE ledger_id = $1 AND kind = 40 AND occurred_at >= $2 AND occurred_at < $3
                AND position <= $4 AND detail LIKE '%"prefix_tokens"%'
        ) AS prompts
        WHERE prefix IS NOT NULL AND tokens IS NOT NULL
        GROUP BY names, cause ORDER BY count(*) DESC, names, cause LIMIT $5
        """
    static let columns = Columns(
        [String?].self, String?.self, Int64.self, Int64.self, Int64.self, Int64.self, Int64.self,
        Int64?.self)
    let query: RecommendationQuery
    let position: Int64
    var parameters: Parameters {
        Parameters(
            query.ledger, query.from, query.to, position, RecommendationQuery.groupsMax)
    }
    typealias Row = PrefixRow

    static func row(
        _ cells: ([String?], String?, Int64, Int64, Int64, Int64, Int64, Int64?)
    ) throws(PostgresError) -> PrefixRow {
        PrefixRow(
            group: PromptGroup(cells.0.map { $0.map { Name($0) } }), cause: cells.1, token: cells.2,
            prompts: cells.3,
            days: cells.4, meanTokens: cells.5, meanPrefix: cells.6, meanLost: cells.7)
    }
}
