-- What controls are and do: their definitions, and each action on a call, or on calls of an hour that
-- were refused.
CREATE OR REPLACE VIEW audit.controls WITH (security_barrier) AS
SELECT (SELECT name FROM tally.ledgers WHERE ledgers.ledger_id = events.ledger_id) AS ledger,
    event_id AS id, position, kinds.name AS kind, occurred_at, recorded_at, cause_id,
    facts.detail ->> 'policy' AS control, facts.detail ->> 'action' AS action,
    coalesce(facts.detail ->> 'mode', 'active') AS mode,
    facts.detail ->> 'from' AS "from", facts.detail ->> 'to' AS "to",
    (facts.detail ->> 'refusals')::numeric AS refusals, facts.detail ->> 'member' AS member,
    facts.detail ->> 'change' AS change, facts.detail ->> 'by' AS by, facts.detail ->> 'reason' AS reason,
    app, team, project, environment, feature, user_id AS "user", session_id AS session,
    provider, model, operation, service_tier, region, facts.detail
FROM tally.events AS events
LEFT JOIN tally.event_kinds AS kinds ON kinds.number = events.kind
CROSS JOIN LATERAL (SELECT tally.readable_json(events.detail) AS detail) AS facts
WHERE kind = ANY (tally.kinds('control.defined', 'control.applied'))
    AND events.ledger_id = ANY (ARRAY(SELECT ledger_id FROM tally.audit_scope));

COMMENT ON VIEW audit.controls IS
    'Definitions of controls, and what they did to calls, in the order of their positions.';
SELECT tally.describe_columns('audit.controls');
COMMENT ON COLUMN audit.controls.cause_id IS 'The hold that an action changed; NULL for definitions and refusals.';
COMMENT ON COLUMN audit.controls.control IS 'The name of the control.';
COMMENT ON COLUMN audit.controls.action IS 'downgrade, disallow_provider, max_tokens, cache, flag, throttle or block; NULL for definitions.';
COMMENT ON COLUMN audit.controls.mode IS 'active, or shadow: it only would have been done.';
COMMENT ON COLUMN audit.controls."from" IS 'What the call asked for.';
COMMENT ON COLUMN audit.controls."to" IS 'What was made of it.';
COMMENT ON COLUMN audit.controls.refusals IS 'How many calls were refused; NULL where none was.';
COMMENT ON COLUMN audit.controls.member IS 'Whose calls a throttle refused, if each has a number for itself.';
COMMENT ON COLUMN audit.controls.change IS 'What was done to the definition: set or remove.';
COMMENT ON COLUMN audit.controls.by IS 'Who did it.';
COMMENT ON COLUMN audit.controls.reason IS 'The reason that was given.';
COMMENT ON COLUMN audit.controls.detail IS 'All facts, of a definition everything that it says.';
