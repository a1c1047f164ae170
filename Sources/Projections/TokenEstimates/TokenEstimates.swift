import LedgerModel
import Postgres

/// What callers expected of a prompt, beside what the provider billed for it: by day, model and
/// what they counted with, the sums and a histogram of the ratio.
///
/// The labels `estimated_input_tokens` and `estimated_with` carry the estimate; see docs/events.md.
package enum TokenEstimates: ReadModel {
    package static let name = "token_estimates"
    package static let definition: Int32 = 1
    package static let passesApart = 10
}

extension TokenEstimates {
    /// A request whose estimate or whose bill is missing or zero has no ratio, and counts as one
    /// without an estimate.
    package struct Fold: FoldStatement {
        package static let sql = """
            WITH facts AS MATERIALIZED (
                SELECT kind, date_bin('1 day', occurred_at, '2000-01-01T00:00:00Z') AS day,
                    provider, model, amount_pico, input_tokens AS billed,
                    tally.label_count(labels, 'estimated_input_tokens') AS estimated,
                    labels ->> 'estimated_with' AS estimated_with
                FROM (
                    SELECT kind, occurred_at, provider, model, amount_pico, input_tokens,
                        CASE WHEN kind IN (1, 2) THEN labels::jsonb END AS labels
                    FROM tally.events
                    WHERE ledger_id = $1 AND position > $3 AND position <= $4
                        AND event_id >= $5 AND event_id < $6
                ) AS events
            ), compared AS (
                SELECT day, provider, model, estimated_with,
                    least(round(billed * 1000::numeric / estimated), 10000)::integer AS thousandths,
                    count(*) AS count, sum(estimated) AS estimated, sum(billed) AS billed
                FROM (
                    SELECT day, provider, model, billed, estimated,
                        coalesce(estimated_with, '') AS estimated_with
                    FROM facts WHERE estimated > 0 AND billed > 0
                ) AS pairs
                GROUP BY day, provider, model, estimated_with, thousandths
            ), deltas AS (
                SELECT (day AT TIME ZONE 'UTC')::date AS day, provider, model, estimated_with,
                    sum(requests) AS requests, sum(estimated_requests) AS estimated_requests,
                    sum(cost_pico) AS cost_pico, sum(estimated) AS estimated, sum(billed) AS billed
                FROM (
                    SELECT day, provider, model, estimated_with, count AS requests,
                        count AS estimated_requests, 0 AS cost_pico, estimated, billed
                    FROM compared
                    UNION ALL
                    SELECT day, provider, model, NULL,
                        count(*) FILTER (WHERE kind IN (1, 2)
                            AND (estimated > 0 AND billed > 0) IS NOT TRUE),
                        0, coalesce(sum(amount_pico), 0), 0, 0
                    FROM facts WHERE kind IN (1, 2, 10, 11, 12) GROUP BY day, provider, model
                ) AS parts
                GROUP BY parts.day, provider, model, estimated_with
            ), written AS (
                INSERT INTO tally.token_estimates AS estimates (
                    ledger_id, version, day, key, provider, model, estimated_with, requests,
                    estimated_requests, cost_pico, estimated_tokens, billed_tokens)
                SELECT $1, $2, day, sha256(record_send(ROW(provider, model, estimated_with))) AS key,
                    provider, model, estimated_with, requests, estimated_requests, cost_pico,
                    estimated, billed
                FROM deltas ORDER BY day, key
                ON CONFLICT (ledger_id, version, day, key) DO UPDATE SET
                    requests = estimates.requests + excluded.requests,
                    estimated_requests
                        = estimates.estimated_requests + excluded.estimated_requests,
                    cost_pico = estimates.cost_pico + excluded.cost_pico,
                    estimated_tokens = estimates.estimated_tokens + excluded.estimated_tokens,
                    billed_tokens = estimates.billed_tokens + excluded.billed_tokens
            ), ratios AS (
                INSERT INTO tally.token_estimate_ratios AS ratios (
                    ledger_id, version, day, key, thousandths, count)
                SELECT $1, $2, (day AT TIME ZONE 'UTC')::date AS date,
                    sha256(record_send(ROW(provider, model, estimated_with))) AS key,
                    thousandths, count
                FROM compared ORDER BY date, key, thousandths
                ON CONFLICT (ledger_id, version, day, key, thousandths) DO UPDATE SET
                    count = ratios.count + excluded.count
            )
            SELECT count(*) FROM facts
            """
        package let range: FoldRange
        package init(range: FoldRange) { self.range = range }
    }

    package struct Erase: EraseStatement {
        package static let sql = """
            WITH ratios AS (
                DELETE FROM tally.token_estimate_ratios WHERE ctid = ANY (ARRAY(
                    SELECT ctid FROM tally.token_estimate_ratios
                    WHERE ledger_id = $1 AND version < $2 LIMIT $3)) RETURNING 1
            ), estimates AS (
                DELETE FROM tally.token_estimates WHERE ctid = ANY (ARRAY(
                    SELECT ctid FROM tally.token_estimates
                    WHERE ledger_id = $1 AND version < $2 LIMIT $3)) RETURNING 1
            )
            SELECT FROM ratios UNION ALL SELECT FROM estimates
            """
        package let page: ErasePage
        package init(page: ErasePage) { self.page = page }
    }

    package struct Conserved: ConservedStatement {
        package static let sql = """
            SELECT 24, coalesce(sum(requests), 0)::bigint, coalesce(sum(cost_pico), 0)
            FROM tally.token_estimates WHERE ledger_id = $1 AND version = $2
            """
        package let subject: ConservedSubject
        package init(subject: ConservedSubject) { self.subject = subject }
    }
}
