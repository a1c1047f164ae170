-- The cost of a request over time: the chain of its charges, each with what it added and what the
-- request cost from then on.
--
-- Every window is partitioned by a request and its time, so that a filter on occurred_at reaches
-- the scan.
CREATE OR REPLACE VIEW audit.charge_versions WITH (security_barrier) AS
SELECT (SELECT name FROM tally.ledgers WHERE ledgers.ledger_id = chained.ledger_id) AS ledger,
    cause_id AS request_id, version, event_id AS id, position,
    kinds.name AS kind, occurred_at, recorded_at, superseded_at, previous_id, book_id,
    (SELECT max(published.occurred_at) FROM tally.events AS published
        WHERE published.ledger_id = chained.ledger_id
            AND published.kind = ANY (tally.kinds('prices.published'))
            AND published.book_id = chained.book_id AND published.position < chained.position
    ) AS book_published_at,
    app, team, project, environment, feature, user_id AS "user", session_id AS session,
    provider, model, operation, service_tier, region,
    amount_pico * 0.000000000001 AS cost_usd, amount_pico AS cost_pico,
    CASE WHEN unpriced IS NULL THEN total_pico * 0.000000000001 END AS total_usd,
    CASE WHEN unpriced IS NULL THEN total_pico END AS total_pico,
    CASE WHEN unpriced IS NULL THEN 'priced' ELSE 'unpriced' END AS price_state, unpriced
FROM (
    SELECT ledger_id, cause_id, event_id, position, kind, occurred_at, recorded_at, previous_id,
        book_id, app, team, project, environment, feature, user_id, session_id, provider, model,
        operation, service_tier, region, amount_pico, unpriced,
        row_number() OVER chain AS version,
        lead(recorded_at) OVER chain AS superseded_at,
        coalesce(sum(amount_pico) OVER chain, 0) AS total_pico
    FROM tally.events AS events
    WHERE kind = ANY (tally.kinds('charge.rated', 'charge.adjusted')) AND cause_id IS NOT NULL
        AND events.ledger_id = ANY (ARRAY(SELECT ledger_id FROM tally.audit_scope))
    WINDOW chain AS (PARTITION BY ledger_id, occurred_at, cause_id ORDER BY position)
) AS chained
LEFT JOIN tally.event_kinds AS kinds ON kinds.number = chained.kind;

COMMENT ON VIEW audit.charge_versions IS
    'What a request cost, from when until when, as recorded: its charges as a chain.';
SELECT tally.describe_columns('audit.charge_versions');
COMMENT ON COLUMN audit.charge_versions.version IS
    '1 for the first rating of a request, then one more with each adjustment.';
COMMENT ON COLUMN audit.charge_versions.superseded_at IS
    'When the next version was booked; NULL for the current one.';
COMMENT ON COLUMN audit.charge_versions.book_published_at IS
    'When the book was last published to the ledger before this was booked; NULL if it was not.';
COMMENT ON COLUMN audit.charge_versions.cost_usd IS
    'What this version added to the cost, in US dollars; NULL where nothing was known.';
COMMENT ON COLUMN audit.charge_versions.cost_pico IS
    'What this version added to the cost, in picodollars.';
COMMENT ON COLUMN audit.charge_versions.total_usd IS
    'What the request costs by this version, in US dollars; NULL without a price.';
COMMENT ON COLUMN audit.charge_versions.total_pico IS
    'What the request costs by this version, in picodollars; NULL without a price.';
COMMENT ON COLUMN audit.charge_versions.price_state IS 'priced or unpriced.';
