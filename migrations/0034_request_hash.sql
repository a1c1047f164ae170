-- Which request it was: two requests of a ledger with one hash are the same request.

SET LOCAL ROLE tally_owner;

ALTER TABLE tally.events ADD COLUMN request_hash bytea;

-- Who got an answer, and what was stored under a key: hits and stored answers only, so that booking
-- requests costs nothing.
CREATE INDEX events_by_request_hash ON tally.events (ledger_id, request_hash, kind, occurred_at)
    WHERE request_hash IS NOT NULL AND kind IN (20, 22);

RESET ROLE;
