import LedgerModel
import Postgres

/// Spend by hour and by day, by all dimensions but user and session.
package enum Spend: ReadModel {
    package static let name = "spend"
    package static let definition: Int32 = 1
}

extension Spend {
    /// Request rows give counts and usage, charge rows give cost.
    ///
    /// Both carry the same dimensions and time. Grouping by kind first keeps every condition out of the loop over events.
    ///
    /// An adjustment that follows an unpriced charge takes its request off the unpriced ones.
    package struct Fold: FoldStatement {
        package static let sql = """
            WITH counted AS MATERIALIZED (
                SELECT kind, date_bin('1 hour', occurred_at, '2000-01-01T00:00:00Z') AS hour,
                    app, team, project, environment, feature, provider, model, operation,
                    service_tier, region,
                    count(*) AS events, sum(amount_pico) AS cost_pico, count(unpriced) AS unpriced,
                    count(*) FILTER (WHERE kind = 11 AND (
                        SELECT previous.unpriced IS NOT NULL FROM tally.events AS previous
                        WHERE previous.ledger_id = $1 AND previous.event_id = events.previous_id
                        )) AS rated,
                    sum(input_tokens) AS input_tokens,
                    sum(cache_read_input_tokens) AS cache_read_input_tokens,
                    sum(cache_write_input_tokens) AS cache_write_input_tokens,
                    sum(cache_write_1h_input_tokens) AS cache_write_1h_input_tokens,
                    sum(output_tokens) AS output_tokens,
                    sum(reasoning_output_tokens) AS reasoning_output_tokens,
                    sum(input_audio_tokens) AS input_audio_tokens,
                    sum(output_audio_tokens) AS output_audio_tokens,
                    sum(cache_read_audio_tokens) AS cache_read_audio_tokens,
                    sum(input_image_tokens) AS input_image_tokens,
                    sum(output_image_tokens) AS output_image_tokens,
                    sum(cache_read_image_tokens) AS cache_read_image_tokens,
                    sum(input_us) AS input_us, sum(output_us) AS output_us,
                    sum(input_characters) AS input_characters,
                    sum(web_searches) AS web_searches, sum(images) AS images,
                    sum(requests) AS billed_requests
                FROM tally.events AS events
                WHERE ledger_id = $1 AND position > $3 AND position <= $4
                    AND event_id >= $5 AND event_id < $6
                GROUP BY kind, hour, app, team, project, environment, feature, provider, model, operation,
                    service_tier, region
            ), hours AS (
                SELECT 1::smallint AS grain, hour AS starts_at, app, team, project, environment, feature, provider, model, operation,
                    service_tier, region,
                    coalesce(sum(events) FILTER (WHERE kind IN (1, 2)), 0) AS requests,
                    coalesce(sum(events) FILTER (WHERE kind = 2), 0) AS failed_requests,
                    coalesce(sum(events) FILTER (WHERE kind IN (10, 11, 12)), 0) AS charges,
                    coalesce(sum(unpriced - rated) FILTER (WHERE kind IN (10, 11)), 0)
                        AS unpriced_requests,
                    coalesce(sum(cost_pico) FILTER (WHERE kind IN (10, 11, 12)), 0) AS cost_pico,
                    sum(input_tokens) FILTER (WHERE kind IN (1, 2)) AS input_tokens,
                    sum(cache_read_input_tokens) FILTER (WHERE kind IN (1, 2)) AS cache_read_input_tokens,
                    sum(cache_write_input_tokens) FILTER (WHERE kind IN (1, 2)) AS cache_write_input_tokens,
                    sum(cache_write_1h_input_tokens) FILTER (WHERE kind IN (1, 2)) AS cache_write_1h_input_tokens,
                    sum(output_tokens) FILTER (WHERE kind IN (1, 2)) AS output_tokens,
                    sum(reasoning_output_tokens) FILTER (WHERE kind IN (1, 2)) AS reasoning_output_tokens,
                    sum(input_audio_tokens) FILTER (WHERE kind IN (1, 2)) AS input_audio_tokens,
                    sum(output_audio_tokens) FILTER (WHERE kind IN (1, 2)) AS output_audio_tokens,
                    sum(cache_read_audio_tokens) FILTER (WHERE kind IN (1, 2)) AS cache_read_audio_tokens,
                    sum(input_image_tokens) FILTER (WHERE kind IN (1, 2)) AS input_image_tokens,
                    sum(output_image_tokens) FILTER (WHERE kind IN (1, 2)) AS output_image_tokens,
                    sum(cache_read_image_tokens) FILTER (WHERE kind IN (1, 2)) AS cache_read_image_tokens,
                    sum(input_us) FILTER (WHERE kind IN (1, 2)) AS input_us,
                    sum(output_us) FILTER (WHERE kind IN (1, 2)) AS output_us,
                    sum(input_characters) FILTER (WHERE kind IN (1, 2)) AS input_characters,
                    sum(web_searches) FILTER (WHERE kind IN (1, 2)) AS web_searches,
                    sum(images) FILTER (WHERE kind IN (1, 2)) AS images,
                    sum(billed_requests) FILTER (WHERE kind IN (1, 2)) AS billed_requests
                FROM counted WHERE kind IN (1, 2, 10, 11, 12)
                GROUP BY hour, app, team, project, environment, feature, provider, model, operation,
                    service_tier, region
            ), deltas AS (
                SELECT *, sha256(record_send(ROW(
                    app, team, project, environment, feature, provider, model, operation,
                    service_tier, region))) AS key
                FROM (
                    SELECT * FROM hours
                    UNION ALL
                    SELECT 24, date_bin('1 day', starts_at, '2000-01-01T00:00:00Z'),
                        app, team, project, environment, feature, provider, model, operation,
                        service_tier, region,
                        sum(requests), sum(failed_requests), sum(charges), sum(unpriced_requests),
                        sum(cost_pico),
                        sum(input_tokens), sum(cache_read_input_tokens),
                        sum(cache_write_input_tokens), sum(cache_write_1h_input_tokens),
                        sum(output_tokens), sum(reasoning_output_tokens),
                        sum(input_audio_tokens), sum(output_audio_tokens),
                        sum(cache_read_audio_tokens), sum(input_image_tokens),
                        sum(output_image_tokens), sum(cache_read_image_tokens), sum(input_us),
                        sum(output_us), sum(input_characters), sum(web_searches), sum(images),
                        sum(billed_requests)
                    FROM hours
                    GROUP BY 2, app, team, project, environment, feature, provider, model, operation,
                        service_tier, region
                ) AS grains
            ), written AS (
                INSERT INTO tally.spend AS spend (
                    ledger_id, version, grain, starts_at, key,
                    app, team, project, environment, feature, provider, model, operation,
                    service_tier, region,
                    requests, failed_requests, charges, unpriced_requests, cost_pico,
                    input_tokens, cache_read_input_tokens, cache_write_input_tokens,
                    cache_write_1h_input_tokens, output_tokens, reasoning_output_tokens,
                    input_audio_tokens, output_audio_tokens, cache_read_audio_tokens,
                    input_image_tokens, output_image_tokens, cache_read_image_tokens, input_us,
                    output_us, input_characters, web_searches, images, billed_requests)
                SELECT $1, $2, grain, starts_at, key,
                    app, team, project, environment, feature, provider, model, operation,
                    service_tier, region,
                    requests, failed_requests, charges, unpriced_requests, cost_pico,
                    input_tokens, cache_read_input_tokens, cache_write_input_tokens,
                    cache_write_1h_input_tokens, output_tokens, reasoning_output_tokens,
                    input_audio_tokens, output_audio_tokens, cache_read_audio_tokens,
                    input_image_tokens, output_image_tokens, cache_read_image_tokens, input_us,
                    output_us, input_characters, web_searches, images, billed_requests
                FROM deltas ORDER BY grain, starts_at, key
                ON CONFLICT (ledger_id, version, grain, starts_at, key) DO UPDATE SET
                    requests = spend.requests + excluded.requests,
                    failed_requests = spend.failed_requests + excluded.failed_requests,
                    charges = spend.charges + excluded.charges,
                    unpriced_requests = spend.unpriced_requests + excluded.unpriced_requests,
                    cost_pico = spend.cost_pico + excluded.cost_pico,
                    input_tokens = coalesce(
                        spend.input_tokens + excluded.input_tokens,
                        spend.input_tokens, excluded.input_tokens),
                    cache_read_input_tokens = coalesce(
                        spend.cache_read_input_tokens + excluded.cache_read_input_tokens,
                        spend.cache_read_input_tokens, excluded.cache_read_input_tokens),
                    cache_write_input_tokens = coalesce(
                        spend.cache_write_input_tokens + excluded.cache_write_input_tokens,
                        spend.cache_write_input_tokens, excluded.cache_write_input_tokens),
                    cache_write_1h_input_tokens = coalesce(
                        spend.cache_write_1h_input_tokens + excluded.cache_write_1h_input_tokens,
                        spend.cache_write_1h_input_tokens, excluded.cache_write_1h_input_tokens),
                    output_tokens = coalesce(
                        spend.output_tokens + excluded.output_tokens,
                        spend.output_tokens, excluded.output_tokens),
                    reasoning_output_tokens = coalesce(
                        spend.reasoning_output_tokens + excluded.reasoning_output_tokens,
                        spend.reasoning_output_tokens, excluded.reasoning_output_tokens),
                    input_audio_tokens = coalesce(
                        spend.input_audio_tokens + excluded.input_audio_tokens,
                        spend.input_audio_tokens, excluded.input_audio_tokens),
                    output_audio_tokens = coalesce(
                        spend.output_audio_tokens + excluded.output_audio_tokens,
                        spend.output_audio_tokens, excluded.output_audio_tokens),
                    cache_read_audio_tokens = coalesce(
                        spend.cache_read_audio_tokens + excluded.cache_read_audio_tokens,
                        spend.cache_read_audio_tokens, excluded.cache_read_audio_tokens),
                    input_image_tokens = coalesce(
                        spend.input_image_tokens + excluded.input_image_tokens,
                        spend.input_image_tokens, excluded.input_image_tokens),
                    output_image_tokens = coalesce(
                        spend.output_image_tokens + excluded.output_image_tokens,
                        spend.output_image_tokens, excluded.output_image_tokens),
                    cache_read_image_tokens = coalesce(
                        spend.cache_read_image_tokens + excluded.cache_read_image_tokens,
                        spend.cache_read_image_tokens, excluded.cache_read_image_tokens),
                    input_us = coalesce(
                        spend.input_us + excluded.input_us,
                        spend.input_us, excluded.input_us),
                    output_us = coalesce(
                        spend.output_us + excluded.output_us,
                        spend.output_us, excluded.output_us),
                    input_characters = coalesce(
                        spend.input_characters + excluded.input_characters,
                        spend.input_characters, excluded.input_characters),
                    web_searches = coalesce(
                        spend.web_searches + excluded.web_searches,
                        spend.web_searches, excluded.web_searches),
                    images = coalesce(
                        spend.images + excluded.images,
                        spend.images, excluded.images),
                    billed_requests = coalesce(
                        spend.billed_requests + excluded.billed_requests,
                        spend.billed_requests, excluded.billed_requests)
            )
            SELECT coalesce(sum(events), 0)::bigint FROM counted
            """
        package let range: FoldRange
        package init(range: FoldRange) { self.range = range }
    }

    package struct Erase: EraseStatement {
        package static let sql = """
            DELETE FROM tally.spend WHERE ctid = ANY (ARRAY(
                SELECT ctid FROM tally.spend WHERE ledger_id = $1 AND version < $2 LIMIT $3))
            """
        package let page: ErasePage
        package init(page: ErasePage) { self.page = page }
    }

    package struct Conserved: ConservedStatement {
        package static let sql = """
            SELECT grain::integer, coalesce(sum(requests), 0)::bigint, coalesce(sum(cost_pico), 0)
            FROM tally.spend WHERE ledger_id = $1 AND version = $2 GROUP BY grain
            """
        package let subject: ConservedSubject
        package init(subject: ConservedSubject) { self.subject = subject }
    }
}
