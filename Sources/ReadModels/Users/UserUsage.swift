import LedgerModel
import Postgres

/// Usage by user and day.
package enum UserUsage: ReadModel {
    package static let name = "users"
    package static let definition: Int32 = 1
    package static let patience: Duration = .seconds(1)
}

extension UserUsage {
    package struct Fold: FoldStatement {
        package static let sql = """
            WITH counted AS MATERIALIZED (
                SELECT kind, date_bin('1 day', occurred_at, '2000-01-01T00:00:00Z') AS day, user_id,
                    count(*) AS events, sum(amount_pico) AS cost_pico,
                    sum(input_tokens) AS input_tokens,
                    sum(cache_read_input_tokens) AS cache_read_input_tokens,
                    sum(output_tokens) AS output_tokens
                FROM tally.events
                WHERE ledger_id = $1 AND position > $3 AND position <= $4
                    AND event_id >= $5 AND event_id < $6
                GROUP BY kind, day, user_id
            ), deltas AS (
                SELECT (day AT TIME ZONE 'UTC')::date AS day, user_id,
                    coalesce(sum(events) FILTER (WHERE kind IN (1, 2)), 0) AS requests,
                    coalesce(sum(events) FILTER (WHERE kind = 2), 0) AS failed_requests,
                    coalesce(sum(cost_pico) FILTER (WHERE kind IN (10, 11, 12)), 0) AS cost_pico,
                    sum(input_tokens) FILTER (WHERE kind IN (1, 2)) AS input_tokens,
                    sum(cache_read_input_tokens) FILTER (WHERE kind IN (1, 2))
                        AS cache_read_input_tokens,
                    sum(output_tokens) FILTER (WHERE kind IN (1, 2)) AS output_tokens
                FROM counted WHERE kind IN (1, 2, 10, 11, 12)
                GROUP BY counted.day, user_id
            ), written AS (
                INSERT INTO tally.user_usage AS usage (
                    ledger_id, version, day, user_id, requests, failed_requests, cost_pico,
                    input_tokens, cache_read_input_tokens, output_tokens)
                SELECT $1, $2, day, user_id, requests, failed_requests, cost_pico,
                    input_tokens, cache_read_input_tokens, output_tokens
                FROM deltas ORDER BY day, user_id
                ON CONFLICT (ledger_id, version, day, user_id) DO UPDATE SET
                    requests = usage.requests + excluded.requests,
                    failed_requests = usage.failed_requests + excluded.failed_requests,
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
            )
            SELECT coalesce(sum(events), 0)::bigint FROM counted
            """
        package let range: FoldRange
        package init(range: FoldRange) { self.range = range }
    }

    package struct Erase: EraseStatement {
        package static let sql = """
            DELETE FROM tally.user_usage WHERE ctid = ANY (ARRAY(
                SELECT ctid FROM tally.user_usage
                WHERE ledger_id = $1 AND version < $2 LIMIT $3))
            """
        package let page: ErasePage
        package init(page: ErasePage) { self.page = page }
    }

    package struct Conserved: ConservedStatement {
        package static let sql = """
            SELECT 24, coalesce(sum(requests), 0)::bigint, coalesce(sum(cost_pico), 0)
            FROM tally.user_usage WHERE ledger_id = $1 AND version = $2
            """
        package let subject: ConservedSubject
        package init(subject: ConservedSubject) { self.subject = subject }
    }
}
