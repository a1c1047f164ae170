-- A JSON text of an event; NULL where it holds an escaped NUL, which jsonb refuses: one such text,
-- stored by an early version, would fail every query over its rows.
CREATE OR REPLACE FUNCTION tally.readable_json(json text) RETURNS jsonb
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN json ~ '\\u0000' AND json ~ '(^|[^\\])(\\\\)*\\u0000' THEN NULL
    ELSE json::jsonb END;
