-- Release from quarantine, functions that other programs ask the catalogues with, rights on
-- languages, and an end for old notices of alerts (docs/decisions/0067).

SET LOCAL ROLE tally_owner;

-- A place remembers where its ledger ended when it was made. What was released from quarantine up
-- to there is not left out by it; later releases are for versions that begin after them.
ALTER TABLE tally.places ADD COLUMN born bigint NOT NULL DEFAULT 0;

-- Both kinds in one index, in place of that of the first.
DROP INDEX tally.events_quarantined;
CREATE INDEX events_quarantined ON tally.events (ledger_id, position) WHERE kind IN (100, 101);

-- Notices that are over are removed after some time.
CREATE INDEX alert_deliveries_over ON tally.alert_deliveries (finished_at)
    WHERE outcome IN ('delivered', 'cancelled', 'failed', 'disabled');
GRANT DELETE ON tally.alert_deliveries TO tally_service;

-- DuckDB asks for a snapshot that parallel readers share, and reads alone where there is none: the
-- built-in function would write a file for each call.
CREATE FUNCTION audit.pg_export_snapshot() RETURNS text
LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$ BEGIN RETURN NULL; END $$;

-- A stand-in for format with texts, in the schema that auditors search first; other values need a
-- cast. A template may ask for wide columns and repeat its values, so both are bounded.
CREATE FUNCTION tally.make_format(count integer) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS $make$
BEGIN
    EXECUTE format($function$
        CREATE FUNCTION audit.format(text%1$s) RETURNS text
        LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER AS $$
        BEGIN
            IF pg_catalog.int8(pg_catalog.octet_length($1)) OPERATOR(pg_catalog.*) (333%2$s)
                OPERATOR(pg_catalog.>) 16777216
            THEN
                PERFORM tally.check_work(pg_catalog.octet_length($1), 333%2$s);
            END IF;
            IF $1 OPERATOR(pg_catalog.~) '%%[0-9$-]*([0-9]{4}|[*])' THEN
                RAISE EXCEPTION 'a column of format has at most 999 characters'
                    USING ERRCODE = 'program_limit_exceeded';
            END IF;
            RETURN pg_catalog.format($1%3$s);
        END $$
        $function$,
        repeat(', text', count),
        (SELECT coalesce(string_agg(format(
            ' OPERATOR(pg_catalog.+) coalesce(pg_catalog.octet_length($%s), 0)', number), ''), '')
            FROM generate_series(2, count + 1) AS number),
        (SELECT coalesce(string_agg(format(', $%s', number), '' ORDER BY number), '')
            FROM generate_series(2, count + 1) AS number));
END $make$;
SELECT tally.make_format(count) FROM generate_series(0, 8) AS count;
DROP FUNCTION tally.make_format(integer);

RESET ROLE;

-- What more everybody may call: what Metabase and DuckDB ask the catalogues with, which tells no
-- more than the size of a table does, and OVERLAPS of times.
ALTER FUNCTION tally.audit_allowed() RENAME TO audit_allowed_first;
CREATE FUNCTION tally.audit_allowed() RETURNS SETOF regprocedure
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp AS $$
    SELECT tally.audit_allowed_first()
    UNION
    SELECT pg_proc.oid::regprocedure FROM pg_proc
    WHERE pronamespace = 'pg_catalog'::regnamespace AND proname IN (
        'overlaps', 'pg_stat_get_live_tuples', 'pg_stat_get_wal_receiver')
$$;

-- Takes what is forbidden from everybody, gives back what is allowed by now, and takes the right to
-- write functions; returns whether nothing is left open.
--
-- Built-in functions ask for a superuser; a language, for its owner. Each is tried by itself: where
-- one belongs to somebody else, the others are closed all the same. PostgreSQL only warns where
-- nothing could be revoked, so what is open afterwards is looked up.
CREATE OR REPLACE FUNCTION tally.revoke_forbidden() RETURNS boolean
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
SET client_min_messages = error AS $$
DECLARE
    forbidden text := (
        SELECT string_agg(routine::text, ', ') FROM tally.audit_forbidden() AS routine);
    allowed text := (
        SELECT string_agg(routine::text, ', ') FROM tally.audit_allowed() AS routine
        WHERE NOT has_function_privilege('public', routine::oid, 'EXECUTE'));
    language name;
BEGIN
    BEGIN
        EXECUTE 'REVOKE EXECUTE ON ROUTINE ' || forbidden || ' FROM PUBLIC';
        EXECUTE 'GRANT EXECUTE ON ROUTINE ' || forbidden || ' TO tally_functions';
    EXCEPTION WHEN insufficient_privilege THEN
        NULL;
    END;
    BEGIN
        EXECUTE coalesce('GRANT EXECUTE ON ROUTINE ' || allowed || ' TO PUBLIC', 'SELECT');
    EXCEPTION WHEN insufficient_privilege THEN
        NULL;
    END;
    FOREACH language IN ARRAY ARRAY['plpgsql', 'sql'] LOOP
        BEGIN
            EXECUTE 'GRANT USAGE ON LANGUAGE ' || language || ' TO tally_owner';
            EXECUTE 'REVOKE USAGE ON LANGUAGE ' || language || ' FROM PUBLIC';
        EXCEPTION WHEN insufficient_privilege THEN
            NULL;
        END;
    END LOOP;
    RETURN NOT EXISTS (SELECT FROM tally.audit_exposed());
END $$;

DO $$
BEGIN
    IF NOT tally.revoke_forbidden() THEN
        RAISE NOTICE 'some functions or languages stay open: see tally doctor and docs/audit.md';
    END IF;
END $$;
