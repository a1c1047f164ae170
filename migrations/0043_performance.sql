-- How requests did, by the hour: whoever reported them, by the gateway or not.

SET LOCAL ROLE tally_owner;

ALTER TABLE tally.dimension_sets ADD COLUMN route text COLLATE "C";

-- Histograms are of completed requests: microseconds, and for output_rate thousandths of tokens a
-- second. failures counts by class. latency_slots and first_token_slots count by five minutes of the
-- hour, outcome and time, sixteen to an octave. Columns in us are sums over staged_requests.
CREATE TABLE tally.performance_hourly (
    ledger_id bigint NOT NULL,
    set_id bigint NOT NULL,
    version integer NOT NULL,
    hour timestamptz NOT NULL,
    level smallint NOT NULL,
    requests bigint,
    failed_requests bigint,
    unpriced_requests bigint,
    staged_requests bigint,
    cost_pico numeric,
    input_tokens numeric,
    output_tokens numeric,
    route_us numeric,
    admit_us numeric,
    idempotency_us numeric,
    cache_us numeric,
    near_us numeric,
    optimize_us numeric,
    estimate_us numeric,
    hold_us numeric,
    coalesce_us numeric,
    schedule_us numeric,
    call_us numeric,
    first_token_us numeric,
    relay_us numeric,
    book_us numeric,
    failures bigint[],
    latency bigint[],
    time_to_first_token bigint[],
    output_rate bigint[],
    queue bigint[],
    latency_slots bigint[],
    first_token_slots bigint[],
    PRIMARY KEY (ledger_id, version, level, hour, set_id)
);
GRANT SELECT, INSERT, UPDATE, DELETE ON tally.performance_hourly TO tally_service;

RESET ROLE;
