-- Every booking: each rating, adjustment and reconciliation.
CREATE OR REPLACE VIEW audit.charges WITH (security_barrier) AS
SELECT (SELECT name FROM tally.ledgers WHERE ledgers.ledger_id = events.ledger_id) AS ledger,
    event_id AS id, position, kinds.name AS kind, occurred_at, recorded_at,
    cause_id AS request_id, previous_id, book_id,
    app, team, project, environment, feature, user_id AS "user", session_id AS session,
    provider, model, operation, service_tier, region,
    amount_pico * 0.000000000001 AS cost_usd, amount_pico AS cost_pico, unpriced,
    agent, parent_agent, attempt, api_key
FROM tally.events AS events
LEFT JOIN tally.event_kinds AS kinds ON kinds.number = events.kind
WHERE kind = ANY (tally.kinds('charge.rated', 'charge.adjusted', 'charge.reconciled'))
    AND events.ledger_id = ANY (ARRAY(SELECT ledger_id FROM tally.audit_scope));

COMMENT ON VIEW audit.charges IS
    'Every booking: the rating of a request, each adjustment, and each reconciliation.';
SELECT tally.describe_columns('audit.charges');
COMMENT ON COLUMN audit.charges.request_id IS
    'Id of the request that the charge belongs to; NULL for a reconciliation.';
COMMENT ON COLUMN audit.charges.previous_id IS
    'Id of the charge that an adjustment or a reconciliation follows.';
