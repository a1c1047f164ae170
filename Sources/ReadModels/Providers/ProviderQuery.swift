package import LedgerModel
import LedgerSQL
package import Postgres

/// How providers and models did in some days of UTC, the costliest first.
package struct ProviderQuery: Hashable, Sendable {
    package let ledger: LedgerID
    package let days: DayRange
    package let page: AnswerPage

    package init(ledger: LedgerID, days: DayRange, page: AnswerPage) {
        self.ledger = ledger
        self.days = days
        self.page = page
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

extension ProviderQuery: DayQuestion {
    package static let name = "providers"
    package static let summary = "requests, cost and latency by model"
    package static let model = ReadModel.providers

    package func rows(in session: Session) throws -> [ProviderRow] {
        try session.run(ReadProviders(query: self))
    }
}

/// Histograms merge by adding counts: `metric` 1 is latency, 2 is time to first token.
struct ReadProviders: Statement {
    static let sql = """
        WITH days AS MATERIALIZED (
            SELECT * FROM tally.current_provider_usage
            WHERE ledger_id = $1 AND day >= ($2 AT TIME ZONE 'UTC')::date
                AND day < ($3 AT TIME ZONE 'UTC')::date
        ), buckets AS (
            SELECT provider, model, metric, cell >> 48 AS bucket,
                sum(cell & 281474976710655)::bigint AS count
            FROM days, LATERAL (
                SELECT 1 AS metric, unnest(latency) AS cell
                UNION ALL SELECT 2, unnest(time_to_first_token)
            ) AS cells
            GROUP BY provider, model, metric, cell >> 48
        ), measured AS (
            SELECT provider, model, metric,
                ARRAY[sum(count)::bigint] || ARRAY(
                    SELECT tally.duration_bucket_middle(tally.cells_percentile(
                        array_agg(bucket << 48 | count), percent))
                    FROM unnest('{50, 95, 99}'::integer[]) AS percent) AS percentiles
            FROM buckets GROUP BY provider, model, metric
        )
        SELECT provider, model, sum(requests)::bigint, sum(failed_requests)::bigint,
            sum(unpriced_requests)::bigint, sum(cost_pico), coalesce(sum(input_tokens), 0),
            coalesce(sum(cache_read_input_tokens), 0), coalesce(sum(output_tokens), 0),
            coalesce((SELECT percentiles FROM measured WHERE metric = 1
                AND (measured.provider, measured.model)
                IS NOT DISTINCT FROM (days.provider, days.model)), '{}'),
            coalesce((SELECT percentiles FROM measured WHERE metric = 2
                AND (measured.provider, measured.model)
                IS NOT DISTINCT FROM (days.provider, days.model)), '{}')
        FROM days GROUP BY provider, model ORDER BY sum(cost_pico) DESC, provider, model
        LIMIT $4 OFFSET $5
        """
    static let columns = Columns(
        String?.self, String?.self, Int64.self, Int64.self, Int64.self, PicodollarSum.self,
        PicodollarSum.self, PicodollarSum.self, PicodollarSum.self, [Int64].self, [Int64].self)

    let query: ProviderQuery
    var parameters: Parameters { query.parameters }
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
