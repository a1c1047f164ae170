import LedgerModel
import Postgres

/// Requests without a price, by day, provider, model, tier and reason.
package enum Unpriced: ReadModel {
    package static let name = "unpriced"
    package static let definition: Int32 = 1
    package static let patience: Duration = .seconds(1)
}

extension Unpriced {
    /// A charge without a price adds its request under its reason.
    ///
    /// An adjustment takes the request off the reason of the unpriced charge that it follows.
    /// Tokens are those of the request.
    package struct Fold: FoldStatement {
        package static let sql = """
            WITH charges AS MATERIALIZED (
                SELECT kind, count(*) AS events,
                    array_agg(event_id) FILTER (
                        WHERE kind = 11 OR (kind = 10 AND unpriced IS NOT NULL)) AS ids
                FROM tally.events
                WHERE ledger_id = $1 AND position > $3 AND position <= $4
                    AND event_id >= $5 AND event_id < $6
                GROUP BY kind
            ), changes AS (
                SELECT 1 AS change, charge.*
                FROM charges, unnest(ids) AS id, LATERAL (
                    SELECT occurred_at, cause_id, provider, model, service_tier, unpriced
                    FROM tally.events WHERE ledger_id = $1 AND event_id = id
                        AND event_id >= $5 AND event_id < $6 AND unpriced IS NOT NULL
                ) AS charge
                UNION ALL
                SELECT -1, previous.*
                FROM charges, unnest(ids) AS id, LATERAL (
                    SELECT previous_id FROM tally.events WHERE ledger_id = $1 AND event_id = id
                        AND event_id >= $5 AND event_id < $6 AND kind = 11
                ) AS adjustment, LATERAL (
                    SELECT occurred_at, cause_id, provider, model, service_tier, unpriced
                    FROM tally.events WHERE ledger_id = $1
                        AND event_id = adjustment.previous_id AND unpriced IS NOT NULL
                ) AS previous
            ), deltas AS (
                SELECT (date_bin('1 day', occurred_at, '2000-01-01T00:00:00Z')
                        AT TIME ZONE 'UTC')::date AS day,
                    provider, model, service_tier, unpriced AS reason, sum(change) AS requests,
                    sum(change * coalesce(request.input_tokens, 0)) AS input_tokens,
                    sum(change * coalesce(request.output_tokens, 0)) AS output_tokens
                FROM changes LEFT JOIN LATERAL (
                    SELECT input_tokens, output_tokens FROM tally.events
                    WHERE ledger_id = $1 AND event_id = changes.cause_id
                ) AS request ON true
                GROUP BY 1, provider, model, service_tier, unpriced
            ), written AS (
                INSERT INTO tally.unpriced AS unpriced (
                    ledger_id, version, day, key, provider, model, service_tier, reason,
                    requests, input_tokens, output_tokens)
                SELECT $1, $2, day,
                    sha256(record_send(ROW(provider, model, service_tier, reason))) AS key,
                    provider, model, service_tier, reason, requests, input_tokens, output_tokens
                FROM deltas ORDER BY day, key
                ON CONFLICT (ledger_id, version, day, key) DO UPDATE SET
                    requests = unpriced.requests + excluded.requests,
                    input_tokens = unpriced.input_tokens + excluded.input_tokens,
                    output_tokens = unpriced.output_tokens + excluded.output_tokens
            )
            SELECT coalesce(sum(events), 0)::bigint FROM charges
            """
        package let range: FoldRange
        package init(range: FoldRange) { self.range = range }
    }

    package struct Erase: EraseStatement {
        package static let sql = """
            DELETE FROM tally.unpriced WHERE ctid = ANY (ARRAY(
                SELECT ctid FROM tally.unpriced WHERE ledger_id = $1 AND version < $2 LIMIT $3))
            """
        package let page: ErasePage
        package init(page: ErasePage) { self.page = page }
    }

    /// The ledger's blocks say nothing of unpriced requests, so there is nothing to compare.
    package typealias Conserved = NothingConserved
}
