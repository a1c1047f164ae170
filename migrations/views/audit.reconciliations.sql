-- What reconciliations booked, with the bill that each is based on.
CREATE OR REPLACE VIEW audit.reconciliations WITH (security_barrier) AS
SELECT (SELECT name FROM tally.ledgers WHERE ledgers.ledger_id = events.ledger_id) AS ledger,
    event_id AS id, position, (occurred_at AT TIME ZONE 'UTC')::date AS day, recorded_at,
    previous_id, provider, model,
    amount_pico * 0.000000000001 AS cost_usd, amount_pico AS cost_pico,
    (tally.readable_json(detail) ->> 'billed_usd')::numeric AS billed_usd,
    (tally.readable_json(detail) ->> 'ledger_usd')::numeric AS ledger_usd,
    tally.readable_json(detail) ->> 'bill' AS bill, tally.readable_json(detail) AS detail
FROM tally.events AS events
WHERE kind = ANY (tally.kinds('charge.reconciled'))
    AND events.ledger_id = ANY (ARRAY(SELECT ledger_id FROM tally.audit_scope));

COMMENT ON VIEW audit.reconciliations IS
    'What was booked to make the ledger agree with a provider''s bill, by day (UTC) and model.';
SELECT tally.describe_columns('audit.reconciliations');
COMMENT ON COLUMN audit.reconciliations.day IS 'Day of the bill, UTC.';
COMMENT ON COLUMN audit.reconciliations.recorded_at IS 'When it was appended.';
COMMENT ON COLUMN audit.reconciliations.previous_id IS
    'Id of the previous reconciliation of the same day and model.';
COMMENT ON COLUMN audit.reconciliations.provider IS 'Provider that sent the bill.';
COMMENT ON COLUMN audit.reconciliations.model IS
    'Model, or the line of the bill that names none; NULL for a bill only by day.';
COMMENT ON COLUMN audit.reconciliations.cost_usd IS
    'The amount booked, in US dollars, exact: bill less ledger, so it may be negative.';
COMMENT ON COLUMN audit.reconciliations.cost_pico IS 'The same in picodollars (1e-12 USD).';
COMMENT ON COLUMN audit.reconciliations.billed_usd IS
    'What the bill says for the day and model, US dollars.';
COMMENT ON COLUMN audit.reconciliations.ledger_usd IS
    'What the ledger had for the day and model before this was booked, US dollars.';
COMMENT ON COLUMN audit.reconciliations.bill IS 'SHA-256 of the bill, hexadecimal.';
COMMENT ON COLUMN audit.reconciliations.detail IS
    'The bill''s period, and the difference by reason: a flat object of texts.';
