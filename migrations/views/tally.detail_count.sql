-- A member of an event's detail as a whole number of at most 15 digits; NULL for anything else.
CREATE OR REPLACE FUNCTION tally.detail_count(detail text, key text) RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN tally.readable_json(detail) ->> key ~ '^[0-9]{1,15}$'
    THEN (tally.readable_json(detail) ->> key)::bigint END;
