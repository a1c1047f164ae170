-- One row for each request, with the sum of its charges.
--
-- A charge carries its request's occurred_at, so one pass groups both, and a filter on occurred_at
-- reaches the scan and leaves out the months it excludes. Columns that are not selected cost nothing.
--
-- The last charge says whether there is a price and by which book: an adjustment that takes a price
-- back carries an amount and a reason. Unknown is not zero: a request whose last charge has no price
-- has no cost. A request without charges costs nothing.
--
-- A repeated report has its request's occurred_at too, and only what no report before it told, so
-- the greatest value is the only one.
CREATE OR REPLACE VIEW audit.requests WITH (security_barrier) AS
SELECT (SELECT name FROM tally.ledgers WHERE ledgers.ledger_id = grouped.ledger_id) AS ledger,
    id, position, CASE WHEN is_failed THEN 'request.failed' ELSE 'request.completed' END AS kind,
    occurred_at, recorded_at, source, external_id,
    app, team, project, environment, feature, "user", session, provider, model, operation,
    service_tier, region,
    status, error_type,
    CASE WHEN last_unpriced = last_charge THEN NULL ELSE cost_pico END * 0.000000000001
        AS cost_usd,
    CASE WHEN last_unpriced = last_charge THEN NULL ELSE cost_pico END AS cost_pico, charges,
    CASE WHEN charges = 0 THEN 'uncharged' WHEN last_unpriced = last_charge THEN 'unpriced'
        ELSE 'priced' END AS price_state,
    CASE WHEN last_unpriced = last_charge THEN substr(unpriced, 20) END AS unpriced,
    input_tokens, cache_read_input_tokens, cache_write_input_tokens,
    cache_write_1h_input_tokens, output_tokens, reasoning_output_tokens, input_audio_tokens,
    output_audio_tokens, cache_read_audio_tokens, input_image_tokens, output_image_tokens,
    cache_read_image_tokens, input_seconds, output_seconds, input_characters, web_searches,
    images, requests,
    latency_us * 0.001 AS latency_ms, time_to_first_token_us * 0.001 AS time_to_first_token_ms,
    tally.readable_json(labels) AS labels, content_hash, substr(book, 20)::uuid AS book_id,
    trace_id, span_id, parent_span_id, scope, response_id, repeats, agent, parent_agent, attempt,
    api_key, request_hash
FROM (
    SELECT ledger_id, occurred_at,
        CASE WHEN is_request THEN event_id ELSE cause_id END AS id,
        max(position) FILTER (WHERE is_request) AS position,
        max(recorded_at) FILTER (WHERE is_request) AS recorded_at,
        bool_or(is_failed) AS is_failed,
        count(*) FILTER (WHERE is_charge) AS charges,
        max(position) FILTER (WHERE is_charge) AS last_charge,
        max(position) FILTER (WHERE unpriced IS NOT NULL) AS last_unpriced,
        CASE WHEN count(*) FILTER (WHERE is_charge) = 0 THEN 0 ELSE sum(amount_pico) END
            AS cost_pico,
        -- The texts of the last charge: the greatest, with its position in 19 digits before it.
        max(to_char(position, 'FM0000000000000000000') || unpriced COLLATE "C") AS unpriced,
        max(to_char(position, 'FM0000000000000000000') || coalesce(book_id::text, '')
            COLLATE "C") FILTER (WHERE is_charge) AS book,
        max(source) FILTER (WHERE is_request) AS source,
        max(external_id) FILTER (WHERE is_request) AS external_id,
        max(app) AS app, max(team) AS team, max(project) AS project,
        max(environment) AS environment, max(feature) AS feature, max(user_id) AS "user",
        max(session_id) AS session, max(provider) AS provider, max(model) AS model,
        max(operation) AS operation, max(service_tier) AS service_tier, max(region) AS region,
        max(agent) AS agent, max(parent_agent) AS parent_agent, max(attempt) AS attempt,
        max(api_key) FILTER (WHERE is_request) AS api_key,
        max(status) AS status, max(error_type) AS error_type,
        max(input_tokens) AS input_tokens,
        max(cache_read_input_tokens) AS cache_read_input_tokens,
        max(cache_write_input_tokens) AS cache_write_input_tokens,
        max(cache_write_1h_input_tokens) AS cache_write_1h_input_tokens,
        max(output_tokens) AS output_tokens,
        max(reasoning_output_tokens) AS reasoning_output_tokens,
        max(input_audio_tokens) AS input_audio_tokens,
        max(output_audio_tokens) AS output_audio_tokens,
        max(cache_read_audio_tokens) AS cache_read_audio_tokens,
        max(input_image_tokens) AS input_image_tokens,
        max(output_image_tokens) AS output_image_tokens,
        max(cache_read_image_tokens) AS cache_read_image_tokens,
        max(input_us) * 0.000001 AS input_seconds, max(output_us) * 0.000001 AS output_seconds,
        max(input_characters) AS input_characters, max(web_searches) AS web_searches,
        max(images) AS images, max(requests) AS requests,
        max(latency_us) FILTER (WHERE is_request) AS latency_us,
        max(time_to_first_token_us) FILTER (WHERE is_request) AS time_to_first_token_us,
        max(labels) AS labels,
        decode(max(encode(content_hash, 'hex')), 'hex') AS content_hash,
        decode(max(encode(request_hash, 'hex')), 'hex') AS request_hash,
        max(trace_id) FILTER (WHERE is_request) AS trace_id,
        max(span_id) FILTER (WHERE is_request) AS span_id,
        max(parent_span_id) FILTER (WHERE is_request) AS parent_span_id,
        max(scope) FILTER (WHERE is_request) AS scope,
        -- All reports of a request that have one have the same.
        max(response_id) AS response_id,
        count(*) FILTER (WHERE NOT is_request AND NOT is_charge) AS repeats
    FROM tally.events AS events
    CROSS JOIN LATERAL (
        SELECT kind = ANY (tally.kinds('request.completed', 'request.failed')) AS is_request,
            kind = ANY (tally.kinds('request.failed')) AS is_failed,
            kind = ANY (tally.kinds('charge.rated', 'charge.adjusted')) AS is_charge
    ) AS event
    WHERE kind = ANY (tally.kinds(
            'request.completed', 'request.failed', 'request.repeated', 'charge.rated',
            'charge.adjusted'))
        AND events.ledger_id = ANY (ARRAY(SELECT ledger_id FROM tally.audit_scope))
    GROUP BY ledger_id, occurred_at, CASE WHEN is_request THEN event_id ELSE cause_id END
    HAVING bool_or(is_request)
) AS grouped;

COMMENT ON VIEW audit.requests IS
    'One row for each request, with its current cost: the sum of its charges.';
SELECT tally.describe_columns('audit.requests');
COMMENT ON COLUMN audit.requests.cost_usd IS
    'What the request costs now, exactly, in US dollars; NULL while it has no price.';
COMMENT ON COLUMN audit.requests.cost_pico IS
    'What the request costs now, in picodollars; NULL while it has no price.';
COMMENT ON COLUMN audit.requests.price_state IS
    'priced, unpriced (charged without a price), or uncharged.';
COMMENT ON COLUMN audit.requests.requests IS
    'Requests as a unit of billing, as the sender reported them.';
COMMENT ON COLUMN audit.requests.book_id IS
    'Price book of the last charge; NULL where no book was in force.';
COMMENT ON COLUMN audit.requests.trace_id IS 'Trace of the report that was booked.';
COMMENT ON COLUMN audit.requests.span_id IS 'Span that reported the request first.';
COMMENT ON COLUMN audit.requests.parent_span_id IS 'Span around it.';
COMMENT ON COLUMN audit.requests.scope IS 'Instrumentation that reported the request first.';
COMMENT ON COLUMN audit.requests.response_id IS 'The provider''s own id of the answer.';
COMMENT ON COLUMN audit.requests.repeats IS
    'Further reports of the same call: request.repeated in audit.events.';
