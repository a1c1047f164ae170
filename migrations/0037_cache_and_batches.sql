-- What caches of answers and batches did, by day; and the misses and stored answers by time, so that
-- those who look for the worst of them need not look through all other events.

SET LOCAL ROLE tally_owner;

ALTER TABLE tally.dimension_sets
    ADD COLUMN tier text COLLATE "C",
    ADD COLUMN match text COLLATE "C",
    ADD COLUMN cache_reason text COLLATE "C",
    ADD COLUMN form text COLLATE "C";

-- input_tokens and output_tokens are those that hits served; nobody consumed them.
CREATE TABLE tally.cache_daily (
    ledger_id bigint NOT NULL,
    set_id bigint NOT NULL,
    version integer NOT NULL,
    day date NOT NULL,
    level smallint NOT NULL,
    hits bigint,
    misses bigint,
    stored bigint,
    unpriced_hits bigint,
    evicted numeric,
    unused_evicted numeric,
    invalidated numeric,
    bytes_served numeric,
    bytes_stored numeric,
    bytes_evicted numeric,
    saved_pico numeric,
    storing_pico numeric,
    input_tokens numeric,
    output_tokens numeric,
    PRIMARY KEY (ledger_id, version, level, day, set_id)
);

-- waits is a histogram of milliseconds. Columns up to it are told by batch.formed, the others by
-- batch.completed.
CREATE TABLE tally.batches_daily (
    ledger_id bigint NOT NULL,
    set_id bigint NOT NULL,
    version integer NOT NULL,
    day date NOT NULL,
    level smallint NOT NULL,
    batches bigint,
    lone_batches bigint,
    requests numeric,
    duplicates numeric,
    waited_ms numeric,
    waits bigint[],
    completed bigint,
    unpriced_batches bigint,
    succeeded numeric,
    failed numeric,
    expired numeric,
    retries numeric,
    deadline_misses numeric,
    saved_pico numeric,
    input_tokens numeric,
    output_tokens numeric,
    PRIMARY KEY (ledger_id, version, level, day, set_id)
);

GRANT SELECT, INSERT, UPDATE, DELETE ON tally.cache_daily, tally.batches_daily TO tally_service;

CREATE INDEX events_cache_by_time ON tally.events (ledger_id, kind, occurred_at)
    WHERE request_hash IS NOT NULL AND kind IN (21, 22);

RESET ROLE;
