-- Everything that happened to budgets: definitions, openings, holds and their ends, overruns.
CREATE OR REPLACE VIEW audit.budget_events WITH (security_barrier) AS
SELECT (SELECT name FROM tally.ledgers WHERE ledgers.ledger_id = events.ledger_id) AS ledger,
    event_id AS id, position, kinds.name AS kind, occurred_at, recorded_at, cause_id,
    external_id AS request_id, tally.readable_json(detail) ->> 'budget' AS budget,
    amount_pico * 0.000000000001 AS cost_usd, amount_pico AS cost_pico, unpriced,
    app, team, project, environment, feature, user_id AS "user", session_id AS session,
    provider, model, operation, service_tier, region, tally.readable_json(detail) AS detail,
    agent, parent_agent, attempt, api_key
FROM tally.events AS events
LEFT JOIN tally.event_kinds AS kinds ON kinds.number = events.kind
WHERE kind = ANY (tally.kinds(
        'budget.defined', 'budget.opened', 'budget.held', 'budget.settled', 'budget.released',
        'budget.expired', 'budget.denied', 'budget.leased', 'budget.lease_returned',
        'budget.lease_recalled', 'budget.overrun'))
    AND events.ledger_id = ANY (ARRAY(SELECT ledger_id FROM tally.audit_scope));

COMMENT ON VIEW audit.budget_events IS
    'Definitions, opening balances, holds with their ends, leases, and overruns, in the order of their positions.';
SELECT tally.describe_columns('audit.budget_events');
COMMENT ON COLUMN audit.budget_events.cause_id IS 'The hold that an event extends or ends, the lease that it renews or gives back, or the definition of an opening.';
COMMENT ON COLUMN audit.budget_events.request_id IS 'The caller''s name for a hold.';
COMMENT ON COLUMN audit.budget_events.budget IS 'The budget; NULL for holds, which name theirs by number in detail.';
COMMENT ON COLUMN audit.budget_events.cost_usd IS 'What is held, settled, leased, given back or above the limit, in USD; the most that one budget holds, where detail has usd for each.';
COMMENT ON COLUMN audit.budget_events.cost_pico IS 'The same in picodollars.';
