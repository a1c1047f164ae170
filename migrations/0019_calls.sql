-- Where the report of a request comes from, by which other reports of the same call are recognized.

SET LOCAL ROLE tally_owner;

ALTER TABLE tally.events
    ADD COLUMN trace_id text COLLATE "C",
    ADD COLUMN span_id text COLLATE "C",
    ADD COLUMN parent_span_id text COLLATE "C",
    ADD COLUMN scope text COLLATE "C",
    ADD COLUMN response_id text COLLATE "C";

-- Reports of one call have their trace in common, or the provider's id of the answer. Events
-- without these take no room here.
CREATE INDEX events_by_trace ON tally.events (ledger_id, trace_id) WHERE trace_id IS NOT NULL;
CREATE INDEX events_by_response ON tally.events (ledger_id, response_id)
    WHERE response_id IS NOT NULL;

-- request.repeated: by the request, and in order for those that add something to it.
CREATE INDEX events_repeated ON tally.events (ledger_id, cause_id) WHERE kind = 3;
CREATE INDEX events_repeated_by_position ON tally.events (ledger_id, position) WHERE kind = 3;

RESET ROLE;
