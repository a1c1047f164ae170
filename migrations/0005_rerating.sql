-- Re-rating: how far the reactor came, what it and a re-rating find their rows by, and views of
-- what the ledger thought of a price when.

SET LOCAL ROLE tally_owner;

-- Up to which unpriced charge the reactor has looked, under the prices as of which publication.
-- The adjustments that it books and the move of its row share one transaction.
CREATE TABLE tally.rating_places (
    ledger_id bigint PRIMARY KEY,
    publication bigint NOT NULL DEFAULT 0,
    position bigint NOT NULL DEFAULT 0,
    updated_at timestamptz NOT NULL DEFAULT now()
) WITH (fillfactor = 50);
GRANT SELECT, INSERT, UPDATE ON tally.rating_places TO tally_service;

-- Up to which position free allowances were credited, under the prices as of which publication,
-- with what was used of each: the counts of an allowance in a window. Only ledgers whose prices
-- have allowances have a row.
CREATE TABLE tally.allowance_places (
    ledger_id bigint PRIMARY KEY,
    publication bigint NOT NULL DEFAULT 0,
    position bigint NOT NULL DEFAULT 0,
    allowances text[] NOT NULL DEFAULT '{}',
    windows timestamptz[] NOT NULL DEFAULT '{}',
    used bigint[] NOT NULL DEFAULT '{}',
    updated_at timestamptz NOT NULL DEFAULT now()
) WITH (fillfactor = 50);
GRANT SELECT, INSERT, UPDATE, DELETE ON tally.allowance_places TO tally_service;

-- Rows that few events have, so they cost the others nothing.
CREATE INDEX events_adjusted ON tally.events (ledger_id, cause_id) WHERE kind = 11;
CREATE INDEX events_unpriced ON tally.events (ledger_id, position) WHERE unpriced IS NOT NULL;

-- As before, but for the price: the last charge says whether there is one and by which book. An
-- adjustment that takes a price back carries an amount and a reason.
CREATE OR REPLACE VIEW audit.requests WITH (security_barrier) AS
SELECT (SELECT name FROM tally.ledgers WHERE ledgers.ledger_id = grouped.ledger_id) AS ledger,
    id, position, CASE WHEN is_failed THEN 'request.failed' ELSE 'request.completed' END AS kind,
    occurred_at, recorded_at, source, external_id,
    app, team, project, environment, feature, "user", session, provider, model, operation,
    service_tier, region,
    status, error_type,
    cost_pico * 0.000000000001 AS cost_usd, cost_pico, charges,
    CASE WHEN charges = 0 THEN 'uncharged' WHEN last_unpriced = last_charge THEN 'unpriced'
        ELSE 'priced' END AS price_state,
    CASE WHEN last_unpriced = last_charge THEN substr(unpriced, 20) END AS unpriced,
    input_tokens, cache_read_input_tokens, cache_write_input_tokens,
    cache_write_1h_input_tokens, output_tokens, reasoning_output_tokens, input_audio_tokens,
    output_audio_tokens, cache_read_audio_tokens, input_image_tokens, output_image_tokens,
    cache_read_image_tokens, input_seconds, output_seconds, input_characters, web_searches,
    images, requests,
    latency_us * 0.001 AS latency_ms, time_to_first_token_us * 0.001 AS time_to_first_token_ms,
    labels::jsonb AS labels, content_hash, substr(book, 20)::uuid AS book_id
FROM (
    SELECT ledger_id, occurred_at,
        CASE WHEN kind IN (1, 2) THEN event_id ELSE cause_id END AS id,
        max(position) FILTER (WHERE kind IN (1, 2)) AS position,
        max(recorded_at) FILTER (WHERE kind IN (1, 2)) AS recorded_at,
        bool_or(kind = 2) AS is_failed,
        count(*) FILTER (WHERE kind IN (10, 11)) AS charges,
        max(position) FILTER (WHERE kind IN (10, 11)) AS last_charge,
        max(position) FILTER (WHERE unpriced IS NOT NULL) AS last_unpriced,
        coalesce(sum(amount_pico), 0) AS cost_pico,
        -- The texts of the last charge: the greatest, with its position in 19 digits before it.
        max(to_char(position, 'FM0000000000000000000') || unpriced COLLATE "C") AS unpriced,
        max(to_char(position, 'FM0000000000000000000') || coalesce(book_id::text, '')
            COLLATE "C") FILTER (WHERE kind IN (10, 11)) AS book,
        max(source) AS source, max(external_id) AS external_id,
        max(app) AS app, max(team) AS team, max(project) AS project,
        max(environment) AS environment, max(feature) AS feature, max(user_id) AS "user",
        max(session_id) AS session, max(provider) AS provider, max(model) AS model,
        max(operation) AS operation, max(service_tier) AS service_tier, max(region) AS region,
        max(status) AS status, max(error_type) AS error_type,
        max(input_tokens) AS input_tokens,
        max(cache_read_input_tokens) AS cache_read_input_tokens,
        max(cache_write_input_tokens) AS cache_write_input_tokens,
        max(cache_write_1h_input_tokens) AS cache_write_1h_input_tokens,
        max(output_tokens) AS output_tokens,
        max(reasoning_output_tokens) AS reasoning_output_tokens,
        max(input_audio_tokens) AS input_audio_tokens,
        max(output_audio_tokens) AS output_audio_tokens,
        max(cache_read_audio_tokens) AS cache_read_audio_tokens,
        max(input_image_tokens) AS input_image_tokens,
        max(output_image_tokens) AS output_image_tokens,
        max(cache_read_image_tokens) AS cache_read_image_tokens,
        max(input_us) * 0.000001 AS input_seconds, max(output_us) * 0.000001 AS output_seconds,
        max(input_characters) AS input_characters, max(web_searches) AS web_searches,
        max(images) AS images, max(requests) AS requests,
        max(latency_us) AS latency_us, max(time_to_first_token_us) AS time_to_first_token_us,
        max(labels) AS labels,
        decode(max(encode(content_hash, 'hex')), 'hex') AS content_hash
    FROM tally.events AS events
    WHERE kind IN (1, 2, 10, 11)
        AND events.ledger_id = ANY (ARRAY(SELECT ledger_id FROM tally.audit_scope))
    GROUP BY ledger_id, occurred_at, CASE WHEN kind IN (1, 2) THEN event_id ELSE cause_id END
    HAVING bool_or(kind IN (1, 2))
) AS grouped;

-- What the ledger thought a request costs, from when until when: the chain of its charges, each
-- with what it added and what the request cost by it.
--
-- Every window is of one request, named with its time, so that a filter on occurred_at reaches
-- the scan.
CREATE VIEW audit.charge_versions WITH (security_barrier) AS
SELECT (SELECT name FROM tally.ledgers WHERE ledgers.ledger_id = chained.ledger_id) AS ledger,
    cause_id AS request_id, version, event_id AS id, position,
    CASE kind WHEN 10 THEN 'charge.rated' WHEN 11 THEN 'charge.adjusted' END AS kind,
    occurred_at, recorded_at, superseded_at, previous_id, book_id,
    (SELECT max(published.occurred_at) FROM tally.events AS published
        WHERE published.ledger_id = chained.ledger_id AND published.kind = 70
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
    WHERE kind IN (10, 11) AND cause_id IS NOT NULL
        AND events.ledger_id = ANY (ARRAY(SELECT ledger_id FROM tally.audit_scope))
    WINDOW chain AS (PARTITION BY ledger_id, occurred_at, cause_id ORDER BY position)
) AS chained;

COMMENT ON VIEW audit.charge_versions IS
    'What the ledger thought a request costs, from when until when: its charges as a chain.';
COMMENT ON COLUMN audit.requests.book_id IS
    'Price book of the last charge; NULL where no book was in force.';

-- Columns that other views have mean the same here.
DO $$
DECLARE
    described record;
BEGIN
    FOR described IN
        SELECT DISTINCT ON (ours.attname) ours.attname AS name,
            col_description(theirs.attrelid, theirs.attnum) AS comment
        FROM pg_catalog.pg_attribute AS ours
        JOIN pg_catalog.pg_attribute AS theirs ON theirs.attname = ours.attname
            AND theirs.attrelid IN ('audit.charges'::regclass, 'audit.requests'::regclass)
        WHERE ours.attrelid = 'audit.charge_versions'::regclass AND ours.attnum > 0
        ORDER BY ours.attname, theirs.attrelid = 'audit.charges'::regclass DESC
    LOOP
        EXECUTE format('COMMENT ON COLUMN audit.charge_versions.%I IS %L',
            described.name, described.comment);
    END LOOP;
END $$;
COMMENT ON COLUMN audit.charge_versions.version IS
    '1 for the first rating of a request, then one more with each adjustment.';
COMMENT ON COLUMN audit.charge_versions.superseded_at IS
    'When the next version was booked; NULL for the one that holds now.';
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

RESET ROLE;
