package import LedgerModel
import LedgerSQL
package import Postgres

/// How providers and models did in some days of UTC.
package struct ProviderQuery: Hashable, Sendable {
    package let ledger: LedgerID
    package let from: Timestamp
    package let to: Timestamp

    /// Times are rounded outwards to days.
    package init(ledger: LedgerID, from: Timestamp, to: Timestamp) {
        self.ledger = ledger
        self.from = from.startOfDay
        self.to = to.advanced(byMicroseconds: Timestamp.dayMicroseconds - 1).startOfDay
    }
}

/// Microseconds that the given part of the requests did not exceed, at most 1.6 % wrong.
package struct DurationPercentiles: Hashable, Sendable {
    package let count: Int64
    package let p50: Int64
    package let p95: Int64
    package let p99: Int64
}

package struct ProviderRow: Hashable, Sendable {
    package let provider: Name?
    package let model: Name?
    package let requests: Int64
    package let failedRequests: Int64
    package let unpricedRequests: Int64
    package let cost: PicodollarSum
    package let inputTokens: Int128
    package let cacheReadInputTokens: Int128
    package let outputTokens: Int128
    /// Nil where no request told its latency.
    package let latency: DurationPercentiles?
    package let timeToFirstToken: DurationPercentiles?
}

package struct ProviderAnswer: Sendable {
    package let position: Int64
    package let rows: [ProviderRow]
}

extension ProviderQuery {
    package func run(on pool: Pool) async throws -> ProviderAnswer {
        let query = self
        return try await pool.transaction(isolation: .repeatableRead, readOnly: true) { session in
            let position = try session.first(
                ReadPosition(ledger: query.ledger, projection: ProviderUsage.name))
            return ProviderAnswer(
                position: position ?? 0, rows: try session.run(ReadProviders(query: query)))
        }
    }
}

/// A percentile is the first bucket at which the cumulated count reaches its part of the total.
struct ReadProviders: Statement {
    static let sql = """
        WITH active AS (
            SELECT active_version AS version FROM tally.projections WHERE name = 'providers'
        ), days AS (
            SELECT * FROM tally.provider_usage JOIN active USING (version)
            WHERE ledger_id = $1 AND day >= ($2 AT TIME ZONE 'UTC')::date
                AND day < ($3 AT TIME ZONE 'UTC')::date
        ), buckets AS (
            SELECT provider, model, metric, bucket, sum(count) AS count
            FROM days JOIN tally.provider_timings AS timings
                USING (ledger_id, version, day, key)
            GROUP BY provider, model, metric, bucket
        ), cumulated AS (
            SELECT provider, model, metric, bucket,
                sum(count) OVER (
                    PARTITION BY provider, model, metric ORDER BY bucket) AS upto,
                sum(count) OVER (PARTITION BY provider, model, metric) AS total
            FROM buckets
        ), percentiles AS (
            SELECT provider, model, metric, max(total)::bigint AS total, ARRAY[
                max(total)::bigint,
                tally.duration_bucket_middle(min(bucket) FILTER (WHERE upto * 100 >= total * 50)),
                tally.duration_bucket_middle(min(bucket) FILTER (WHERE upto * 100 >= total * 95)),
                tally.duration_bucket_middle(min(bucket) FILTER (WHERE upto * 100 >= total * 99))
                ] AS measured
            FROM cumulated GROUP BY provider, model, metric
        ), usage AS (
            SELECT provider, model, sum(requests)::bigint AS requests,
                sum(failed_requests)::bigint AS failed, sum(unpriced_requests)::bigint AS unpriced,
                sum(cost_pico) AS cost_pico, coalesce(sum(input_tokens), 0) AS input_tokens,
                coalesce(sum(cache_read_input_tokens), 0) AS cache_read,
                coalesce(sum(output_tokens), 0) AS output_tokens
            FROM days GROUP BY provider, model
        )
        SELECT usage.provider, usage.model, requests, failed, unpriced, cost_pico, input_tokens,
            cache_read, output_tokens,
            coalesce((SELECT measured FROM percentiles WHERE metric = 1
                AND (percentiles.provider, percentiles.model)
                IS NOT DISTINCT FROM (usage.provider, usage.model)), '{}'),
            coalesce((SELECT measured FROM percentiles WHERE metric = 2
                AND (percentiles.provider, percentiles.model)
                IS NOT DISTINCT FROM (usage.provider, usage.model)), '{}')
        FROM usage ORDER BY cost_pico DESC, usage.provider, usage.model
        """
    static let columns = Columns(
        String?.self, String?.self, Int64.self, Int64.self, Int64.self, PicodollarSum.self,
        PicodollarSum.self, PicodollarSum.self, PicodollarSum.self, [Int64].self, [Int64].self)

    let query: ProviderQuery
    var parameters: Parameters { Parameters(query.ledger, query.from, query.to) }
    typealias Row = ProviderRow

    static func row(
        _ cells: (
            String?, String?, Int64, Int64, Int64, PicodollarSum, PicodollarSum, PicodollarSum,
            PicodollarSum, [Int64], [Int64]
        )
    ) throws(PostgresError) -> ProviderRow {
        ProviderRow(
            provider: cells.0.map { Name($0) }, model: cells.1.map { Name($0) }, requests: cells.2,
            failedRequests: cells.3, unpricedRequests: cells.4, cost: cells.5,
            inputTokens: cells.6.amount, cacheReadInputTokens: cells.7.amount,
            outputTokens: cells.8.amount, latency: DurationPercentiles(cells.9),
            timeToFirstToken: DurationPercentiles(cells.10))
    }
}

extension DurationPercentiles {
    fileprivate init?(_ measured: [Int64]) {
        guard measured.count == 4 else { return nil }
        self.init(count: measured[0], p50: measured[1], p95: measured[2], p99: measured[3])
    }
}
