import LedgerModel
import Postgres

/// What callers expected of a prompt, beside what the provider billed for it: by day, model and
/// what they counted with, the sums and a histogram of the ratio.
///
/// The labels `estimated_input_tokens` and `estimated_with` carry the estimate; see docs/events.md.
package enum TokenEstimates: ReadModel {
    package static let name = "token_estimates"
    package static let definition: Int32 = 1
    package static let patience: Duration = .seconds(2)
}

extension TokenEstimates {
    /// A request whose estimate or whose bill is missing or zero has no ratio, and counts as one
    /// without an estimate.
    package struct Fold: FoldStatement {
        package static let sql = """
            WITH counted AS MATERIALIZED (
                SELECT kind, day, provider, model, estimated_with, thousandths,
                    count(*) AS events, sum(amount_pico) AS cost_pico,
                    sum(estimated) AS estimated, sum(billed) AS billed
                FROM (
                    SELECT kind, day, provider, model, amount_pico,
                        CASE WHEN estimated > 0 AND billed > 0 THEN estimated END AS estimated,
                        CASE WHEN estimated > 0 AND billed > 0 THEN billed END AS billed,
                        CASE WHEN estimated > 0 AND billed > 0 THEN coalesce(estimated_with, '') END
                            AS estimated_with,
                        CASE WHEN estimated > 0 AND billed > 0 THEN
                            least(round(billed * 1000::numeric / estimated), 10000)::integer END
                            AS thousandths
                    FROM (
                        SELECT kind, date_bin('1 day', occurred_at, '2000-01-01T00:00:00Z') AS day,
                            provider, model, amount_pico, input_tokens AS billed,
                            tally.label_count(labels, 'estimated_input_tokens') AS estimated,
                            labels ->> 'estimated_with' AS estimated_with
                        FROM (
                            SELECT kind, occurred_at, provider, model, amount_pico, input_tokens,
                                CASE WHEN kind IN (1, 2)
                                    AND labels LIKE '%"estimated_input_tokens"%'
                                    THEN labels::jsonb END AS labels
                            FROM tally.events
                            WHERE ledger_id = $1 AND position > $3 AND position <= $4
                                AND event_id >= $5 AND event_id < $6
                            OFFSET 0
                        ) AS events
                    ) AS requests
                ) AS facts
                GROUP BY kind, day, provider, model, estimated_with, thousandths
            ), deltas AS (
                SELECT (day AT TIME ZONE 'UTC')::date AS day, provider, model, estimated_with,
                    coalesce(sum(events) FILTER (WHERE kind IN (1, 2)), 0) AS requests,
                    coalesce(sum(events) FILTER (WHERE estimated_with IS NOT NULL), 0)
                        AS estimated_requests,
                    coalesce(sum(cost_pico), 0) AS cost_pico,
                    coalesce(sum(estimated), 0) AS estimated, coalesce(sum(billed), 0) AS billed
                FROM counted WHERE kind IN (1, 2, 10, 11, 12)
                GROUP BY counted.day, provider, model, estimated_with
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
                    thousandths, sum(events)
                FROM counted WHERE thousandths IS NOT NULL
                GROUP BY date, provider, model, estimated_with, thousandths
                ORDER BY date, key, thousandths
                ON CONFLICT (ledger_id, version, day, key, thousandths) DO UPDATE SET
                    count = ratios.count + excluded.count
            )
            SELECT coalesce(sum(events), 0)::bigint FROM counted
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
