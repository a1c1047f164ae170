-- Reconciliation with the bills of providers: the kind 12, charge.reconciled, in the audit views.
--
-- It books what a bill says beyond the ledger for one day and one model; it belongs to no request.

SET LOCAL ROLE tally_owner;

-- Every event, as it was recorded.
CREATE OR REPLACE VIEW audit.events WITH (security_barrier) AS
SELECT (SELECT name FROM tally.ledgers WHERE ledgers.ledger_id = events.ledger_id) AS ledger,
    position, CASE kind WHEN 1 THEN 'request.completed' WHEN 2 THEN 'request.failed'
        WHEN 10 THEN 'charge.rated' WHEN 11 THEN 'charge.adjusted'
        WHEN 12 THEN 'charge.reconciled' WHEN 20 THEN 'cache.hit'
        WHEN 21 THEN 'cache.miss' WHEN 22 THEN 'cache.stored' WHEN 23 THEN 'cache.evicted'
        WHEN 24 THEN 'cache.invalidated' WHEN 30 THEN 'batch.formed'
        WHEN 31 THEN 'batch.completed' WHEN 40 THEN 'prompt.optimized'
        WHEN 50 THEN 'budget.defined' WHEN 51 THEN 'budget.held' WHEN 52 THEN 'budget.settled'
        WHEN 53 THEN 'budget.released' WHEN 54 THEN 'budget.expired'
        WHEN 55 THEN 'budget.denied' WHEN 56 THEN 'budget.leased'
        WHEN 57 THEN 'budget.lease_returned' WHEN 58 THEN 'budget.overrun'
        WHEN 59 THEN 'control.applied' WHEN 70 THEN 'prices.published'
        WHEN 80 THEN 'alert.raised' WHEN 81 THEN 'alert.delivered'
        WHEN 82 THEN 'alert.acknowledged' WHEN 83 THEN 'alert.resolved'
        WHEN 90 THEN 'scaling.decided' WHEN 100 THEN 'event.quarantined' END AS kind,
    occurred_at, recorded_at, event_id AS id, source, external_id, cause_id, previous_id, book_id,
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
    labels::jsonb AS labels, detail::jsonb AS detail, content_hash
FROM tally.events AS events
WHERE events.ledger_id = ANY (ARRAY(SELECT ledger_id FROM tally.audit_scope));

-- What was booked, each rating and each adjustment.
CREATE OR REPLACE VIEW audit.charges WITH (security_barrier) AS
SELECT (SELECT name FROM tally.ledgers WHERE ledgers.ledger_id = events.ledger_id) AS ledger,
    event_id AS id, position,
    CASE kind WHEN 10 THEN 'charge.rated' WHEN 11 THEN 'charge.adjusted'
        WHEN 12 THEN 'charge.reconciled' END AS kind,
    occurred_at, recorded_at, cause_id AS request_id, previous_id, book_id,
    app, team, project, environment, feature, user_id AS "user", session_id AS session,
    provider, model, operation, service_tier, region,
    amount_pico * 0.000000000001 AS cost_usd, amount_pico AS cost_pico, unpriced
FROM tally.events AS events
WHERE kind IN (10, 11, 12) AND events.ledger_id = ANY (ARRAY(SELECT ledger_id FROM tally.audit_scope));

-- What reconciliations booked, with the bill that each followed.
CREATE VIEW audit.reconciliations WITH (security_barrier) AS
SELECT (SELECT name FROM tally.ledgers WHERE ledgers.ledger_id = events.ledger_id) AS ledger,
    event_id AS id, position, (occurred_at AT TIME ZONE 'UTC')::date AS day, recorded_at,
    previous_id, provider, model,
    amount_pico * 0.000000000001 AS cost_usd, amount_pico AS cost_pico,
    (detail::jsonb ->> 'billed_usd')::numeric AS billed_usd,
    (detail::jsonb ->> 'ledger_usd')::numeric AS ledger_usd,
    detail::jsonb ->> 'bill' AS bill, detail::jsonb AS detail
FROM tally.events AS events
WHERE kind = 12 AND events.ledger_id = ANY (ARRAY(SELECT ledger_id FROM tally.audit_scope));

COMMENT ON VIEW audit.charges IS
    'Every booking: the rating of a request, each adjustment, and each reconciliation.';
COMMENT ON COLUMN audit.charges.request_id IS
    'Id of the request that this belongs to; NULL for a reconciliation.';
COMMENT ON COLUMN audit.charges.previous_id IS
    'Id of the charge that an adjustment or a reconciliation follows.';
COMMENT ON VIEW audit.reconciliations IS
    'What was booked to make the ledger agree with a provider''s bill, by day (UTC) and model.';
COMMENT ON COLUMN audit.reconciliations.ledger IS 'Name of the ledger.';
COMMENT ON COLUMN audit.reconciliations.id IS 'Id of the event, a UUID of version 7.';
COMMENT ON COLUMN audit.reconciliations.position IS 'Place in the ledger, from 1 without gaps.';
COMMENT ON COLUMN audit.reconciliations.day IS 'Day of the bill, UTC.';
COMMENT ON COLUMN audit.reconciliations.recorded_at IS 'When it was appended.';
COMMENT ON COLUMN audit.reconciliations.previous_id IS
    'Id of the reconciliation before it for the same day and model.';
COMMENT ON COLUMN audit.reconciliations.provider IS 'Provider that sent the bill.';
COMMENT ON COLUMN audit.reconciliations.model IS
    'Model, or the line of the bill that names none; NULL for a bill by day alone.';
COMMENT ON COLUMN audit.reconciliations.cost_usd IS
    'What was booked in US dollars, exact: bill less ledger, so it may be negative.';
COMMENT ON COLUMN audit.reconciliations.cost_pico IS 'The same in picodollars (1e-12 USD).';
COMMENT ON COLUMN audit.reconciliations.billed_usd IS
    'What the bill says for the day and model, US dollars.';
COMMENT ON COLUMN audit.reconciliations.ledger_usd IS
    'What the ledger had for the day and model before this was booked, US dollars.';
COMMENT ON COLUMN audit.reconciliations.bill IS 'SHA-256 of the bill, hexadecimal.';
COMMENT ON COLUMN audit.reconciliations.detail IS
    'The bill''s period, and the difference by its reasons, a flat object of texts.';

-- Reconciliations are few and are looked up by their day.
CREATE INDEX events_reconciled ON tally.events (ledger_id, occurred_at) WHERE kind = 12;

RESET ROLE;
