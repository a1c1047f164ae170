-- Every event, as it was recorded.
CREATE OR REPLACE VIEW audit.events WITH (security_barrier) AS
SELECT (SELECT name FROM tally.ledgers WHERE ledgers.ledger_id = events.ledger_id) AS ledger,
    position, kinds.name AS kind, occurred_at, recorded_at, event_id AS id, source, external_id,
    cause_id, previous_id, book_id,
    app, team, project, environment, feature, user_id AS "user", session_id AS session,
    provider, model, operation, service_tier, region,
    status, error_type,
    amount_pico * 0.000000000001 AS cost_usd, amount_pico AS cost_pico, unpriced,
    input_tokens, cache_read_input_tokens, cache_write_input_tokens,
    cache_write_1h_input_tokens, output_tokens, reasoning_output_tokens, input_audio_tokens,
    output_audio_tokens, cache_read_audio_tokens, input_image_tokens, output_image_tokens,
    cache_read_image_tokens, input_us * 0.000001 AS input_seconds,
    output_us * 0.000001 AS output_seconds, input_characters, web_searches, images, requests,
    latency_us * 0.001 AS latency_ms, time_to_first_token_us * 0.001 AS time_to_first_token_ms,
    tally.readable_json(labels) AS labels, tally.readable_json(detail) AS detail, content_hash,
    tokens_before, tokens_after, useful_output_tokens, quality_ppm * 0.000001 AS quality,
    tally.readable_json(stages) AS stages, tally.readable_json(lossy_stages) AS lossy_stages,
    saved_pico * 0.000000000001 AS saved_usd, saved_pico,
    trace_id, span_id, parent_span_id, scope, response_id, agent, parent_agent, attempt, api_key,
    request_hash
FROM tally.events AS events
LEFT JOIN tally.event_kinds AS kinds ON kinds.number = events.kind
WHERE events.ledger_id = ANY (ARRAY(SELECT ledger_id FROM tally.audit_scope));

COMMENT ON VIEW audit.events IS 'Every event of the ledger, as it was recorded.';
SELECT tally.describe_columns('audit.events');
COMMENT ON COLUMN audit.events.requests IS 'Requests as a unit of billing, as the sender says.';
COMMENT ON COLUMN audit.events.trace_id IS 'Trace that reported the request.';
COMMENT ON COLUMN audit.events.span_id IS 'Span that reported the request.';
COMMENT ON COLUMN audit.events.parent_span_id IS 'Span around it.';
COMMENT ON COLUMN audit.events.scope IS 'Instrumentation that reported the request.';
COMMENT ON COLUMN audit.events.response_id IS 'The provider''s own id of the answer.';
