-- What PostgreSQL knows of a table that was just filled: nothing, until autovacuum comes by, and
-- questions of the first minutes are planned blindly. Whoever did bulk work calls this; tables of
-- which less than a tenth changed are left as they are.

SET LOCAL ROLE tally_owner;

CREATE FUNCTION tally.analyze_tables() RETURNS void
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    filled regclass;
BEGIN
    FOR filled IN
        SELECT oid FROM pg_class
        WHERE relnamespace = 'tally'::regnamespace AND relkind = 'r' AND relname <> 'heads'
            AND relowner = 'tally_owner'::regrole
            AND pg_stat_get_mod_since_analyze(oid) > 0.1 * reltuples
        ORDER BY oid
    LOOP
        EXECUTE format('ANALYZE %s', filled);
    END LOOP;
END $$;
REVOKE ALL ON FUNCTION tally.analyze_tables() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION tally.analyze_tables() TO tally_service;

RESET ROLE;
