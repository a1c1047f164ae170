-- Failed requests by day: what went wrong, how often, and what it cost.

SET LOCAL ROLE tally_owner;

CREATE TABLE tally.errors_daily (
    ledger_id bigint NOT NULL,
    set_id bigint NOT NULL,
    version integer NOT NULL,
    day date NOT NULL,
    level smallint NOT NULL,
    requests bigint,
    cost_pico numeric,
    input_tokens numeric,
    output_tokens numeric,
    PRIMARY KEY (ledger_id, version, level, day, set_id)
);
GRANT SELECT, INSERT, UPDATE, DELETE ON tally.errors_daily TO tally_service;

RESET ROLE;
