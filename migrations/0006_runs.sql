-- Long runs (replays, re-ratings) that outlive the process that began them, and the scenarios that
-- replays leave behind, which people query as scenario.NAME_….

SET LOCAL ROLE tally_owner;

-- A run belongs to whoever claimed it last: claim counts the claims, and every write of an owner
-- names its own, so that one who was thought dead can't write any more. A run whose heartbeat is
-- old is claimed again and goes on at its checkpoint. attempts counts claims without a checkpoint.
CREATE TABLE tally.runs (
    ledger_id bigint NOT NULL,
    run_id uuid NOT NULL,
    kind text COLLATE "C" NOT NULL CHECK (kind <> ''),
    scope text COLLATE "C" NOT NULL,
    request text NOT NULL,
    state text COLLATE "C" NOT NULL
        CHECK (state IN ('queued', 'running', 'done', 'failed', 'cancelled')),
    done bigint NOT NULL DEFAULT 0,
    total bigint,
    checkpoint text,
    result text,
    error text,
    owner uuid,
    claim bigint NOT NULL DEFAULT 0,
    attempts integer NOT NULL DEFAULT 0,
    heartbeat_at timestamptz,
    cancel_requested_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    started_at timestamptz,
    updated_at timestamptz NOT NULL DEFAULT now(),
    finished_at timestamptz,
    PRIMARY KEY (ledger_id, run_id)
) WITH (fillfactor = 50);
CREATE INDEX runs_unfinished ON tally.runs (created_at, run_id)
    WHERE state IN ('queued', 'running');

GRANT SELECT, INSERT, UPDATE, DELETE ON tally.runs TO tally_service;

-- What a replay found, under a name that its ledger gave it. The check of the name is the wall
-- between a caller's text and the names of views.
CREATE TABLE tally.scenarios (
    ledger_id bigint NOT NULL,
    name text COLLATE "C" NOT NULL CHECK (name ~ '\A[a-z][a-z0-9_]{0,39}\Z'),
    kind text COLLATE "C" NOT NULL CHECK (kind = 'prices'),
    run_id uuid NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    position bigint NOT NULL,
    since timestamptz,
    until timestamptz,
    prices text NOT NULL,
    grouped_by text[] NOT NULL,
    what_if text,
    detail text NOT NULL,
    row_count bigint NOT NULL,
    requests bigint NOT NULL,
    recorded_pico numeric NOT NULL,
    replayed_pico numeric NOT NULL,
    unpriced_recorded bigint NOT NULL,
    unpriced_replayed bigint NOT NULL,
    PRIMARY KEY (ledger_id, name)
);

-- The groups of a scenario of prices; what it is not grouped by is NULL.
CREATE TABLE tally.scenario_prices (
    ledger_id bigint NOT NULL,
    name text COLLATE "C" NOT NULL,
    hour timestamptz,
    day date,
    month date,
    app text COLLATE "C",
    team text COLLATE "C",
    project text COLLATE "C",
    environment text COLLATE "C",
    feature text COLLATE "C",
    user_id text COLLATE "C",
    provider text COLLATE "C",
    model text COLLATE "C",
    operation text COLLATE "C",
    service_tier text COLLATE "C",
    region text COLLATE "C",
    requests bigint NOT NULL,
    recorded_pico numeric NOT NULL,
    replayed_pico numeric NOT NULL,
    unpriced_recorded bigint NOT NULL,
    unpriced_replayed bigint NOT NULL
);
CREATE INDEX scenario_prices_by_name ON tally.scenario_prices (ledger_id, name);

GRANT SELECT, INSERT, DELETE ON tally.scenarios, tally.scenario_prices TO tally_service;

CREATE SCHEMA scenario;
-- As with the schema audit: whoever may connect may look, and sees what the login role is mapped to.
GRANT USAGE ON SCHEMA scenario TO PUBLIC;
ALTER DEFAULT PRIVILEGES IN SCHEMA scenario GRANT SELECT ON TABLES TO PUBLIC;

-- Makes the views of a scenario's name, if they are not there: scenario.NAME_prices and
-- scenario.NAME_summary. Ledgers that use the same name share the views, and each sees its own rows.
--
-- No two names make the same view: a view's last word says what it is, and holds no underscore.
CREATE FUNCTION tally.ensure_scenario_views(scenario text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET lock_timeout = '5s' AS $$
DECLARE
    described record;
BEGIN
    IF scenario IS NULL OR scenario COLLATE "C" !~ '\A[a-z][a-z0-9_]{0,39}\Z' THEN
        RAISE EXCEPTION 'this is no name for a scenario' USING ERRCODE = 'invalid_name';
    END IF;
    PERFORM pg_advisory_xact_lock(hashtextextended('tally.scenario_views', 0));
    -- Not to_regclass: it would answer from a cache that waiting for the lock does not refresh.
    IF EXISTS (SELECT FROM pg_class WHERE relname = scenario || '_prices'
        AND relnamespace = 'scenario'::regnamespace) THEN
        RETURN;
    END IF;
    EXECUTE format($view$
        CREATE VIEW scenario.%I WITH (security_barrier) AS
        SELECT (SELECT name FROM tally.ledgers
                WHERE ledgers.ledger_id = prices.ledger_id) AS ledger,
            hour, day, month, app, team, project, environment, feature, user_id AS "user",
            provider, model, operation, service_tier, region, requests,
            recorded_pico * 0.000000000001 AS recorded_usd,
            replayed_pico * 0.000000000001 AS replayed_usd,
            (replayed_pico - recorded_pico) * 0.000000000001 AS difference_usd,
            recorded_pico, replayed_pico, unpriced_recorded, unpriced_replayed
        FROM tally.scenario_prices AS prices
        WHERE prices.name = %L
            AND prices.ledger_id = ANY (ARRAY(SELECT ledger_id FROM tally.audit_scope))
        $view$, scenario || '_prices', scenario);
    EXECUTE format($view$
        CREATE VIEW scenario.%I WITH (security_barrier) AS
        SELECT (SELECT ledgers.name FROM tally.ledgers
                WHERE ledgers.ledger_id = scenarios.ledger_id) AS ledger,
            name AS scenario, kind, run_id, created_at, position, since, until, prices, grouped_by,
            what_if, detail::jsonb AS detail, requests,
            recorded_pico * 0.000000000001 AS recorded_usd,
            replayed_pico * 0.000000000001 AS replayed_usd,
            (replayed_pico - recorded_pico) * 0.000000000001 AS difference_usd,
            recorded_pico, replayed_pico, unpriced_recorded, unpriced_replayed
        FROM tally.scenarios AS scenarios
        WHERE scenarios.name = %L
            AND scenarios.ledger_id = ANY (ARRAY(SELECT ledger_id FROM tally.audit_scope))
        $view$, scenario || '_summary', scenario);
    EXECUTE format('COMMENT ON VIEW scenario.%I IS %L', scenario || '_prices',
        'What the replay ' || scenario || ' found, a row a group; NULL where it is not grouped.');
    EXECUTE format('COMMENT ON VIEW scenario.%I IS %L', scenario || '_summary',
        'What the replay ' || scenario || ' supposed, and its sums.');
    FOR described IN
        SELECT columns.attrelid::regclass AS view, columns.attname AS name, comments.comment
        FROM pg_attribute AS columns
        JOIN (VALUES
            ('ledger', 'Name of the ledger.'),
            ('hour', 'Start of the hour, UTC.'),
            ('day', 'Day, UTC.'),
            ('month', 'First day of the month, UTC.'),
            ('user', 'User, possibly a pseudonym. Quote the name: "user".'),
            ('scenario', 'Name of the scenario.'),
            ('kind', 'What was replayed.'),
            ('run_id', 'Id of the run that replayed it.'),
            ('created_at', 'When it was finished.'),
            ('position', 'Position of the ledger that it is true at.'),
            ('since', 'Events that occurred then or later; NULL is all.'),
            ('until', 'Events that occurred before then; NULL is all.'),
            ('prices', 'The prices that were replayed, in words.'),
            ('grouped_by', 'What the groups are told apart by.'),
            ('what_if', 'Other models and discounts that were supposed, as a mapping file.'),
            ('detail', 'The report without its rows: models, discounts, reasons for no price.'),
            ('requests', 'Requests, failed ones included.'),
            ('recorded_usd', 'What was booked, in US dollars, exact.'),
            ('replayed_usd', 'What it would have been, in US dollars, exact.'),
            ('difference_usd', 'Replayed less recorded, in US dollars, exact.'),
            ('recorded_pico', 'What was booked, in picodollars (1e-12 USD).'),
            ('replayed_pico', 'What it would have been, in picodollars (1e-12 USD).'),
            ('unpriced_recorded', 'Requests without a price, as booked.'),
            ('unpriced_replayed', 'Requests without a price under the replayed prices.')
        ) AS comments (name, comment) ON comments.name = columns.attname
        WHERE columns.attnum > 0 AND columns.attrelid IN (
            SELECT oid FROM pg_class WHERE relnamespace = 'scenario'::regnamespace
                AND relname IN (scenario || '_prices', scenario || '_summary'))
        UNION ALL
        SELECT columns.attrelid::regclass, columns.attname,
            col_description('audit.spend_daily'::regclass, spend.attnum)
        FROM pg_attribute AS columns JOIN pg_attribute AS spend
            ON spend.attrelid = 'audit.spend_daily'::regclass AND spend.attname = columns.attname
        WHERE columns.attnum > 0 AND columns.attname NOT IN ('ledger', 'day', 'requests')
            AND columns.attrelid IN (
            SELECT oid FROM pg_class WHERE relnamespace = 'scenario'::regnamespace
                AND relname = scenario || '_prices')
    LOOP
        EXECUTE format('COMMENT ON COLUMN %s.%I IS %L',
            described.view, described.name, described.comment);
    END LOOP;
END $$;
REVOKE ALL ON FUNCTION tally.ensure_scenario_views(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION tally.ensure_scenario_views(text) TO tally_service;

-- Removes a ledger's scenario; whether there was one. Its views go with the last ledger that has one
-- of that name, and wait a while for whoever reads them.
CREATE FUNCTION tally.drop_scenario(ledger bigint, scenario text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET lock_timeout = '5s' AS $$
DECLARE
    was_there boolean;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('tally.scenario_views', 0));
    DELETE FROM tally.scenario_prices AS prices
    WHERE prices.ledger_id = ledger AND prices.name = scenario;
    DELETE FROM tally.scenarios AS scenarios
    WHERE scenarios.ledger_id = ledger AND scenarios.name = scenario;
    was_there := FOUND;
    IF was_there AND NOT EXISTS (
        SELECT FROM tally.scenarios AS scenarios WHERE scenarios.name = scenario)
    THEN
        EXECUTE format('DROP VIEW IF EXISTS scenario.%I, scenario.%I',
            scenario || '_prices', scenario || '_summary');
    END IF;
    RETURN was_there;
END $$;
REVOKE ALL ON FUNCTION tally.drop_scenario(bigint, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION tally.drop_scenario(bigint, text) TO tally_service;

RESET ROLE;
