import LedgerModel
import Postgres

/// Providers and models by day: requests, failures, tokens, cost, and histograms of latency and
/// time to first token that merge by adding counts.
package enum ProviderUsage: ReadModel {
    package static let name = "providers"
    package static let definition: Int32 = 1
    package static let patience: Duration = .milliseconds(400)
}

extension ProviderUsage {
    /// A second pass over the requests counts both histograms; grouping by both buckets at once
    /// would make nearly as many groups as there are requests.
    package struct Fold: FoldStatement {
        package static let sql = """
            WITH counted AS MATERIALIZED (
                SELECT kind, date_bin('1 day', occurred_at, '2000-01-01T00:00:00Z') AS day,
                    provider, model, service_tier, region,
                    count(*) AS events, sum(amount_pico) AS cost_pico, count(unpriced) AS unpriced,
                    count(*) FILTER (WHERE kind = 11 AND (
                        SELECT previous.unpriced IS NOT NULL FROM tally.events AS previous
                        WHERE previous.ledger_id = $1 AND previous.event_id = events.previous_id
                        )) AS rated,
                    sum(input_tokens) AS input_tokens,
                    sum(cache_read_input_tokens) AS cache_read_input_tokens,
                    sum(output_tokens) AS output_tokens
                FROM tally.events AS events
                WHERE ledger_id = $1 AND position > $3 AND position <= $4
                    AND event_id >= $5 AND event_id < $6
                GROUP BY kind, day, provider, model, service_tier, region
            ), deltas AS (
                SELECT (day AT TIME ZONE 'UTC')::date AS day, provider, model, service_tier, region,
                    coalesce(sum(events) FILTER (WHERE kind IN (1, 2)), 0) AS requests,
                    coalesce(sum(events) FILTER (WHERE kind = 2), 0) AS failed_requests,
                    coalesce(sum(unpriced - rated) FILTER (WHERE kind IN (10, 11)), 0)
                        AS unpriced_requests,
                    coalesce(sum(cost_pico) FILTER (WHERE kind IN (10, 11, 12)), 0) AS cost_pico,
                    sum(input_tokens) FILTER (WHERE kind IN (1, 2)) AS input_tokens,
                    sum(cache_read_input_tokens) FILTER (WHERE kind IN (1, 2))
                        AS cache_read_input_tokens,
                    sum(output_tokens) FILTER (WHERE kind IN (1, 2)) AS output_tokens
                FROM counted WHERE kind IN (1, 2, 10, 11, 12)
                GROUP BY counted.day, provider, model, service_tier, region
            ), written AS (
                INSERT INTO tally.provider_usage AS usage (
                    ledger_id, version, day, key, provider, model, service_tier, region,
                    requests, failed_requests, unpriced_requests, cost_pico,
                    input_tokens, cache_read_input_tokens, output_tokens)
                SELECT $1, $2, day,
                    sha256(record_send(ROW(provider, model, service_tier, region))) AS key,
                    provider, model, service_tier, region,
                    requests, failed_requests, unpriced_requests, cost_pico,
                    input_tokens, cache_read_input_tokens, output_tokens
                FROM deltas ORDER BY day, key
                ON CONFLICT (ledger_id, version, day, key) DO UPDATE SET
                    requests = usage.requests + excluded.requests,
                    failed_requests = usage.failed_requests + excluded.failed_requests,
                    unpriced_requests = usage.unpriced_requests + excluded.unpriced_requests,
                    cost_pico = usage.cost_pico + excluded.cost_pico,
                    input_tokens = coalesce(
                        usage.input_tokens + excluded.input_tokens,
                        usage.input_tokens, excluded.input_tokens),
                    cache_read_input_tokens = coalesce(
                        usage.cache_read_input_tokens + excluded.cache_read_input_tokens,
                        usage.cache_read_input_tokens, excluded.cache_read_input_tokens),
                    output_tokens = coalesce(
                        usage.output_tokens + excluded.output_tokens,
                        usage.output_tokens, excluded.output_tokens)
            ), timed AS (
                SELECT day, provider, model, service_tier, region,
                    (1 + grouping(latency))::smallint AS metric,
                    coalesce(latency, first_token) AS bucket, count(*) AS count
                FROM (
                    SELECT date_bin('1 day', occurred_at, '2000-01-01T00:00:00Z') AS day,
                        provider, model, service_tier, region,
                        tally.duration_bucket(latency_us) AS latency,
                        tally.duration_bucket(time_to_first_token_us) AS first_token
                    FROM tally.events
                    WHERE ledger_id = $1 AND position > $3 AND position <= $4
                        AND event_id >= $5 AND event_id < $6 AND kind IN (1, 2)
                ) AS requests
                GROUP BY GROUPING SETS (
                    (day, provider, model, service_tier, region, latency),
                    (day, provider, model, service_tier, region, first_token))
                HAVING coalesce(latency, first_token) IS NOT NULL
            ), timings AS (
                INSERT INTO tally.provider_timings AS timings (
                    ledger_id, version, day, key, metric, bucket, count)
                SELECT $1, $2, (day AT TIME ZONE 'UTC')::date,
                    sha256(record_send(ROW(provider, model, service_tier, region))) AS key,
                    metric, bucket, count
                FROM timed ORDER BY day, key, metric, bucket
                ON CONFLICT (ledger_id, version, day, key, metric, bucket) DO UPDATE SET
                    count = timings.count + excluded.count
            )
            SELECT coalesce(sum(events), 0)::bigint FROM counted
            """
        package let range: FoldRange
        package init(range: FoldRange) { self.range = range }
    }

    package struct Erase: EraseStatement {
        package static let sql = """
            WITH timings AS (
                DELETE FROM tally.provider_timings WHERE ctid = ANY (ARRAY(
                    SELECT ctid FROM tally.provider_timings
                    WHERE ledger_id = $1 AND version < $2 LIMIT $3)) RETURNING 1
            ), usage AS (
                DELETE FROM tally.provider_usage WHERE ctid = ANY (ARRAY(
                    SELECT ctid FROM tally.provider_usage
                    WHERE ledger_id = $1 AND version < $2 LIMIT $3)) RETURNING 1
            )
            SELECT FROM timings UNION ALL SELECT FROM usage
            """
        package let page: ErasePage
        package init(page: ErasePage) { self.page = page }
    }

    package struct Conserved: ConservedStatement {
        package static let sql = """
            SELECT 24, coalesce(sum(requests), 0)::bigint, coalesce(sum(cost_pico), 0)
            FROM tally.provider_usage WHERE ledger_id = $1 AND version = $2
            """
        package let subject: ConservedSubject
        package init(subject: ConservedSubject) { self.subject = subject }
    }
}
