-- The newest definition of each budget. What it has spent is the sum of the charges that it counts;
-- `tally budgets list` and GET /api/v1/budgets say it with what is held.
CREATE OR REPLACE VIEW audit.budgets WITH (security_barrier) AS
SELECT DISTINCT ON (events.ledger_id, facts.detail ->> 'budget')
    (SELECT name FROM tally.ledgers WHERE ledgers.ledger_id = events.ledger_id) AS ledger,
    facts.detail ->> 'budget' AS budget, position, recorded_at AS changed_at,
    (facts.detail ->> 'usd')::numeric AS limit_usd,
    (facts.detail ->> 'tokens')::numeric AS limit_tokens,
    (facts.detail ->> 'requests')::numeric AS limit_requests,
    facts.detail ->> 'window' AS "window", coalesce(facts.detail ->> 'periods', '1')::integer AS periods,
    facts.detail ->> 'starts' AS starts, facts.detail ->> 'zone' AS zone,
    (facts.detail ->> 'since')::timestamptz AS reset_at, facts.detail ->> 'each' AS each,
    facts.detail ->> 'enforcement' AS enforcement,
    (facts.detail ->> 'extra_usd')::numeric AS extra_usd,
    (facts.detail ->> 'extra_until')::timestamptz AS extra_until,
    facts.detail ->> 'change' AS change, facts.detail ->> 'by' AS by, facts.detail ->> 'reason' AS reason,
    facts.detail ? 'retired' AS is_removed, facts.detail, facts.detail ? 'rolling' AS is_rolling,
    coalesce(facts.detail ->> 'hold', 'stream') AS hold_mode,
    coalesce(facts.detail ->> 'slice', '512')::bigint AS slice_tokens,
    coalesce(facts.detail ->> 'reserve', '0')::integer AS reserve_percent,
    coalesce(facts.detail ->> 'hold_seconds', '600')::integer AS hold_seconds,
    facts.detail ? 'lease' AS is_leased
FROM tally.events AS events
CROSS JOIN LATERAL (SELECT tally.readable_json(events.detail) AS detail) AS facts
WHERE kind = ANY (tally.kinds('budget.defined'))
    AND events.ledger_id = ANY (ARRAY(SELECT ledger_id FROM tally.audit_scope))
ORDER BY events.ledger_id, facts.detail ->> 'budget', position DESC;

COMMENT ON VIEW audit.budgets IS 'The newest definition of each budget.';
SELECT tally.describe_columns('audit.budgets');
COMMENT ON COLUMN audit.budgets.budget IS 'The name of the budget.';
COMMENT ON COLUMN audit.budgets.position IS 'The position of the definition.';
COMMENT ON COLUMN audit.budgets.changed_at IS 'When the definition was appended.';
COMMENT ON COLUMN audit.budgets.limit_usd IS 'The limit of each window in USD; NULL without one.';
COMMENT ON COLUMN audit.budgets.limit_tokens IS 'The limit of each window in tokens; NULL without one.';
COMMENT ON COLUMN audit.budgets.limit_requests IS 'The limit of each window in requests; NULL without one.';
COMMENT ON COLUMN audit.budgets.window IS 'The unit of its windows: hour to year, or total.';
COMMENT ON COLUMN audit.budgets.periods IS 'How many of these units make a window.';
COMMENT ON COLUMN audit.budgets.starts IS 'A day on which some window begins; NULL for the calendar''s own.';
COMMENT ON COLUMN audit.budgets.zone IS 'The time zone of its windows.';
COMMENT ON COLUMN audit.budgets.reset_at IS 'When it last began anew by hand.';
COMMENT ON COLUMN audit.budgets.each IS 'The dimension of which each value has the limits for itself.';
COMMENT ON COLUMN audit.budgets.enforcement IS 'hard, soft or shadow.';
COMMENT ON COLUMN audit.budgets.extra_usd IS 'More for windows that begin before extra_until.';
COMMENT ON COLUMN audit.budgets.extra_until IS 'The end of the extra.';
COMMENT ON COLUMN audit.budgets.change IS 'What was done last: set, top-up, override, reset or remove.';
COMMENT ON COLUMN audit.budgets.by IS 'Who did it.';
COMMENT ON COLUMN audit.budgets.reason IS 'The reason that was given.';
COMMENT ON COLUMN audit.budgets.is_removed IS 'Whether the budget was removed.';
COMMENT ON COLUMN audit.budgets.detail IS 'All facts of the definition, with the dimensions of its filter.';
COMMENT ON COLUMN audit.budgets.is_rolling IS 'Whether its window always ends now.';
COMMENT ON COLUMN audit.budgets.hold_mode IS 'How much of a call it holds: stream, expected or strict.';
COMMENT ON COLUMN audit.budgets.slice_tokens IS 'The output tokens that a stream is held for at a time.';
COMMENT ON COLUMN audit.budgets.reserve_percent IS 'The part of the limits that no hold may take.';
COMMENT ON COLUMN audit.budgets.hold_seconds IS 'After how many seconds a hold that nobody ends expires.';
COMMENT ON COLUMN audit.budgets.is_leased IS 'Whether instances take parts of it and hold from memory.';
