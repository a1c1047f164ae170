CREATE OR REPLACE VIEW audit.cache_events WITH (security_barrier) AS
SELECT (SELECT name FROM tally.ledgers WHERE ledgers.ledger_id = events.ledger_id) AS ledger,
    event_id AS id, position, kinds.name AS kind, occurred_at, recorded_at, cause_id AS request_id,
    app, team, project, environment, feature, user_id AS "user", session_id AS session,
    provider, model, operation, service_tier, region,
    input_tokens, cache_read_input_tokens, cache_write_input_tokens,
    cache_write_1h_input_tokens, output_tokens, reasoning_output_tokens, input_audio_tokens,
    output_audio_tokens, cache_read_audio_tokens, input_image_tokens, output_image_tokens,
    cache_read_image_tokens, input_us * 0.000001 AS input_seconds,
    output_us * 0.000001 AS output_seconds, input_characters, web_searches, images, requests,
    tally.readable_json(labels) AS labels, tally.readable_json(detail) AS detail, content_hash,
    request_hash, tally.readable_json(detail) ->> 'tier' AS tier,
    tally.readable_json(detail) ->> 'match' AS match,
    tally.readable_json(detail) ->> 'reason' AS reason,
    tally.detail_count(detail, 'bytes') AS bytes, tally.detail_count(detail, 'age_s') AS age_s,
    coalesce(tally.detail_count(detail, 'count'), 1) AS entries
FROM tally.events AS events
LEFT JOIN tally.event_kinds AS kinds ON kinds.number = events.kind
WHERE kind = ANY (tally.kinds('cache.hit', 'cache.miss', 'cache.stored', 'cache.evicted',
        'cache.invalidated'))
    AND events.ledger_id = ANY (ARRAY(SELECT ledger_id FROM tally.audit_scope));

COMMENT ON VIEW audit.cache_events IS
    'Hits, misses, stores, evictions and invalidations of caches.';
SELECT tally.describe_columns('audit.cache_events');
COMMENT ON COLUMN audit.cache_events.requests IS 'Requests as a unit of billing.';
COMMENT ON COLUMN audit.cache_events.reason IS 'Why it missed, left, or was taken out.';
COMMENT ON COLUMN audit.cache_events.age_s IS 'Age of the answer that was served, in seconds.';
COMMENT ON COLUMN audit.cache_events.entries IS 'Entries that the event stands for.';
