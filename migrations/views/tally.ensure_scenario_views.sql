-- Makes the views of a scenario's name, if they are not there: scenario.NAME_prices and
-- scenario.NAME_summary. Ledgers that use the same name share the views, and each sees its own rows.
--
-- No two names make the same view: a view's last word says what it is, and holds no underscore.
CREATE OR REPLACE FUNCTION tally.ensure_scenario_views(scenario text) RETURNS void
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
            CASE WHEN recorded_pico <> 0 OR unpriced_recorded = 0
                THEN recorded_pico * 0.000000000001 END AS recorded_usd,
            CASE WHEN replayed_pico <> 0 OR unpriced_replayed = 0
                THEN replayed_pico * 0.000000000001 END AS replayed_usd,
            CASE WHEN unpriced_recorded = 0 AND unpriced_replayed = 0
                THEN (replayed_pico - recorded_pico) * 0.000000000001 END AS difference_usd,
            CASE WHEN recorded_pico <> 0 OR unpriced_recorded = 0 THEN recorded_pico END
                AS recorded_pico,
            CASE WHEN replayed_pico <> 0 OR unpriced_replayed = 0 THEN replayed_pico END
                AS replayed_pico,
            unpriced_recorded, unpriced_replayed
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
            CASE WHEN recorded_pico <> 0 OR unpriced_recorded = 0
                THEN recorded_pico * 0.000000000001 END AS recorded_usd,
            CASE WHEN replayed_pico <> 0 OR unpriced_replayed = 0
                THEN replayed_pico * 0.000000000001 END AS replayed_usd,
            (detail::jsonb #>> '{total,difference_usd}')::numeric AS difference_usd,
            CASE WHEN recorded_pico <> 0 OR unpriced_recorded = 0 THEN recorded_pico END
                AS recorded_pico,
            CASE WHEN replayed_pico <> 0 OR unpriced_replayed = 0 THEN replayed_pico END
                AS replayed_pico,
            unpriced_recorded, unpriced_replayed
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
            ('recorded_usd', 'What was booked, in US dollars, exact; NULL if nothing of it has a price.'),
            ('replayed_usd', 'What it would have been, in US dollars, exact; NULL if nothing of it has a '
                'price.'),
            ('difference_usd', 'Replayed less recorded, in US dollars, exact: in the summary of the requests '
                'with a price on both sides, in a group NULL unless all have one.'),
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

-- Scenarios from before this text get its views.
DO $$
DECLARE
    scenario text;
BEGIN
    FOR scenario IN SELECT DISTINCT name FROM tally.scenarios LOOP
        EXECUTE format('DROP VIEW IF EXISTS scenario.%I, scenario.%I',
            scenario || '_prices', scenario || '_summary');
        PERFORM tally.ensure_scenario_views(scenario);
    END LOOP;
END $$;
