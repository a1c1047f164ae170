-- The numbers of kinds of events, by their names in tally.event_kinds.
--
-- A number never changes its name, so the planner may compute this once and use the indexes of rare
-- kinds. It is SECURITY DEFINER because those who query a view may not read the table.
CREATE OR REPLACE FUNCTION tally.kinds(VARIADIC names text[]) RETURNS integer[]
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    numbers integer[] := ARRAY(
        SELECT kinds.number FROM tally.event_kinds AS kinds WHERE kinds.name = ANY (names));
BEGIN
    IF cardinality(numbers) <> cardinality(names) THEN
        RAISE EXCEPTION 'one of % is not a kind of event', names USING ERRCODE = 'undefined_object';
    END IF;
    RETURN numbers;
END $$;
