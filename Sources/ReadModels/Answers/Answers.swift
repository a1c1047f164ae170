import LedgerModel
import Postgres

/// How requests ended, what they cost, and how long the answers were: the lengths at every level
/// that `LengthHistory` has, as histograms that merge by adding counts.
package enum Answers: ReadModel {
    package static let name = "answers"
    package static let definition: Int32 = 1
    package static let patience: Duration = .seconds(2)
}

extension Answers {
    /// Labels are parsed once, for requests only.
    package struct Fold: FoldStatement {
        package static let sql = """
            WITH facts AS MATERIALIZED (
                SELECT kind, date_bin('1 day', occurred_at, '2000-01-01T00:00:00Z') AS day,
                    app, feature, provider, model, amount_pico, unpriced IS NOT NULL AS is_unpriced,
                    kind = 11 AND (
                        SELECT previous.unpriced IS NOT NULL FROM tally.events AS previous
                        WHERE previous.ledger_id = $1 AND previous.event_id = events.previous_id
                        ) AS is_rated,
                    input_tokens, input_image_tokens, output_tokens,
                    CASE WHEN kind IN (1, 2) THEN labels::jsonb END AS labels
                FROM tally.events AS events
                WHERE ledger_id = $1 AND position > $3 AND position <= $4
                    AND event_id >= $5 AND event_id < $6
            ), counted AS (
                SELECT kind, day, app, feature, provider, model,
                    CASE WHEN kind = 1 THEN tally.answer_outcome(labels, output_tokens) END
                        AS outcome,
                    count(*) AS events, sum(amount_pico) AS cost_pico,
                    count(*) FILTER (WHERE is_unpriced) - count(*) FILTER (WHERE is_rated)
                        AS unpriced,
                    sum(input_tokens) AS input_tokens, sum(output_tokens) AS output_tokens
                FROM facts WHERE kind IN (1, 2, 10, 11, 12)
                GROUP BY kind, day, app, feature, provider, model, outcome
            ), deltas AS (
                SELECT (day AT TIME ZONE 'UTC')::date AS day, app, feature, provider, model,
                    coalesce(sum(events) FILTER (WHERE kind IN (1, 2)), 0) AS requests,
                    coalesce(sum(events) FILTER (WHERE kind = 2), 0) AS failed,
                    coalesce(sum(events) FILTER (WHERE outcome = 'finished'), 0) AS finished,
                    coalesce(sum(events) FILTER (WHERE outcome = 'cut_off'), 0) AS cut_off,
                    coalesce(sum(events) FILTER (WHERE outcome = 'refused'), 0) AS refused,
                    coalesce(sum(unpriced) FILTER (WHERE kind IN (10, 11)), 0) AS unpriced,
                    coalesce(sum(cost_pico) FILTER (WHERE kind IN (10, 11, 12)), 0) AS cost_pico,
                    sum(input_tokens) FILTER (WHERE kind IN (1, 2)) AS input_tokens,
                    sum(output_tokens) FILTER (WHERE kind IN (1, 2)) AS output_tokens
                FROM counted GROUP BY counted.day, app, feature, provider, model
            ), written AS (
                INSERT INTO tally.answer_usage AS usage (
                    ledger_id, version, day, key, app, feature, provider, model, requests,
                    failed_requests, finished_requests, cut_off_requests, refused_requests,
                    unpriced_requests, cost_pico, input_tokens, output_tokens)
                SELECT $1, $2, day, sha256(record_send(ROW(app, feature, provider, model))) AS key,
                    app, feature, provider, model, requests, failed, finished, cut_off, refused,
                    unpriced, cost_pico, input_tokens, output_tokens
                FROM deltas ORDER BY day, key
                ON CONFLICT (ledger_id, version, day, key) DO UPDATE SET
                    requests = usage.requests + excluded.requests,
                    failed_requests = usage.failed_requests + excluded.failed_requests,
                    finished_requests = usage.finished_requests + excluded.finished_requests,
                    cut_off_requests = usage.cut_off_requests + excluded.cut_off_requests,
                    refused_requests = usage.refused_requests + excluded.refused_requests,
                    unpriced_requests = usage.unpriced_requests + excluded.unpriced_requests,
                    cost_pico = usage.cost_pico + excluded.cost_pico,
                    input_tokens = coalesce(
                        usage.input_tokens + excluded.input_tokens,
                        usage.input_tokens, excluded.input_tokens),
                    output_tokens = coalesce(
                        usage.output_tokens + excluded.output_tokens,
                        usage.output_tokens, excluded.output_tokens)
            ), measured AS (
                SELECT CASE grouping(model, app, feature, shape)
                        WHEN 15 THEN 0 WHEN 7 THEN 1 WHEN 3 THEN 2 WHEN 1 THEN 3 ELSE 4 END
                        ::smallint AS level,
                    day, app, feature, model, shape, 1::smallint AS measure, bucket,
                    count(*) AS count
                FROM (
                    SELECT day, app, feature, model,
                        tally.prompt_shape(input_tokens, input_image_tokens, labels) AS shape,
                        tally.token_bucket(output_tokens) AS bucket
                    FROM facts WHERE kind = 1 AND output_tokens IS NOT NULL
                ) AS answers
                GROUP BY GROUPING SETS (
                    (day, bucket), (day, model, bucket), (day, app, model, bucket),
                    (day, app, feature, model, bucket), (day, app, feature, model, shape, bucket))
                UNION ALL
                SELECT 2::smallint, day, app, NULL, model, NULL::smallint, 2::smallint, bucket,
                    count(*)
                FROM (
                    SELECT day, app, model,
                        tally.token_bucket(tally.label_count(labels, 'max_tokens')) AS bucket
                    FROM facts WHERE labels ? 'max_tokens'
                ) AS limits
                WHERE bucket IS NOT NULL GROUP BY day, app, model, bucket
            ), lengths AS (
                INSERT INTO tally.answer_lengths AS lengths (
                    ledger_id, version, key, day, measure, level, buckets, counts)
                SELECT $1, $2,
                    sha256(record_send(ROW(level, app, feature, model, shape))) AS key,
                    (day AT TIME ZONE 'UTC')::date AS date, measure, level,
                    array_agg(bucket), array_agg(count)
                FROM measured GROUP BY level, app, feature, model, shape, date, measure
                ORDER BY key, date, measure
                ON CONFLICT (ledger_id, version, key, day, measure) DO UPDATE SET
                    (buckets, counts) = (
                        SELECT array_agg(bucket), array_agg(count) FROM (
                            SELECT bucket, sum(count)::bigint AS count
                            FROM unnest(lengths.buckets || excluded.buckets,
                                lengths.counts || excluded.counts) AS cell (bucket, count)
                            GROUP BY bucket
                        ) AS merged)
            )
            SELECT count(*) FROM facts
            """
        package let range: FoldRange
        package init(range: FoldRange) { self.range = range }
    }

    package struct Erase: EraseStatement {
        package static let sql = """
            WITH lengths AS (
                DELETE FROM tally.answer_lengths WHERE ctid = ANY (ARRAY(
                    SELECT ctid FROM tally.answer_lengths
                    WHERE ledger_id = $1 AND version < $2 LIMIT $3)) RETURNING 1
            ), usage AS (
                DELETE FROM tally.answer_usage WHERE ctid = ANY (ARRAY(
                    SELECT ctid FROM tally.answer_usage
                    WHERE ledger_id = $1 AND version < $2 LIMIT $3)) RETURNING 1
            )
            SELECT FROM lengths UNION ALL SELECT FROM usage
            """
        package let page: ErasePage
        package init(page: ErasePage) { self.page = page }
    }

    package struct Conserved: ConservedStatement {
        package static let sql = """
            SELECT 24, coalesce(sum(requests), 0)::bigint, coalesce(sum(cost_pico), 0)
            FROM tally.answer_usage WHERE ledger_id = $1 AND version = $2
            """
        package let subject: ConservedSubject
        package init(subject: ConservedSubject) { self.subject = subject }
    }
}
