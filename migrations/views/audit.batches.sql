CREATE OR REPLACE VIEW audit.batches WITH (security_barrier) AS
SELECT (SELECT name FROM tally.ledgers WHERE ledgers.ledger_id = events.ledger_id) AS ledger,
    event_id AS id, position, kinds.name AS kind, occurred_at, recorded_at, cause_id,
    app, team, project, environment, feature, user_id AS "user", session_id AS session,
    provider, model, operation, service_tier, region,
    input_tokens, cache_read_input_tokens, cache_write_input_tokens,
    cache_write_1h_input_tokens, output_tokens, reasoning_output_tokens, input_audio_tokens,
    output_audio_tokens, cache_read_audio_tokens, input_image_tokens, output_image_tokens,
    cache_read_image_tokens, input_us * 0.000001 AS input_seconds,
    output_us * 0.000001 AS output_seconds, input_characters, web_searches, images, requests,
    latency_us * 0.001 AS latency_ms, tally.readable_json(labels) AS labels, tally.readable_json(detail) AS detail,
    tally.readable_json(detail) ->> 'batch' AS batch,
    tally.readable_json(detail) ->> 'form' AS form,
    tally.readable_json(detail) ->> 'trigger' AS trigger,
    tally.detail_count(detail, 'size') AS size,
    tally.detail_count(detail, 'duplicates') AS duplicates,
    tally.detail_count(detail, 'wait_ms') AS wait_ms,
    tally.detail_count(detail, 'succeeded') AS succeeded,
    tally.detail_count(detail, 'failed') AS failed,
    tally.detail_count(detail, 'expired') AS expired,
    tally.detail_count(detail, 'retries') AS retries,
    tally.detail_count(detail, 'deadline_misses') AS deadline_misses
FROM tally.events AS events
LEFT JOIN tally.event_kinds AS kinds ON kinds.number = events.kind
WHERE kind = ANY (tally.kinds('batch.formed', 'batch.completed'))
    AND events.ledger_id = ANY (ARRAY(SELECT ledger_id FROM tally.audit_scope));

COMMENT ON VIEW audit.batches IS 'Batches that were formed or completed.';
SELECT tally.describe_columns('audit.batches');
COMMENT ON COLUMN audit.batches.requests IS 'Requests as a unit of billing.';
COMMENT ON COLUMN audit.batches.batch IS 'The batch: both of its events name it.';
COMMENT ON COLUMN audit.batches.trigger IS 'Why it was closed: size, time, deadline, drain.';
COMMENT ON COLUMN audit.batches.size IS 'Requests in the batch.';
COMMENT ON COLUMN audit.batches.wait_ms IS
    'Milliseconds that the request which waited longest did.';
