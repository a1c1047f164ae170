-- What requests read from and wrote to the caches of providers, each request as a turn of its
-- session, and where each session stands.

SET LOCAL ROLE tally_owner;

ALTER TABLE tally.dimension_sets ADD COLUMN turn text COLLATE "C";

CREATE TABLE tally.prompt_cache_hourly (
    ledger_id bigint NOT NULL,
    set_id bigint NOT NULL,
    version integer NOT NULL,
    hour timestamptz NOT NULL,
    level smallint NOT NULL,
    requests bigint,
    lost_turns bigint,
    recovered_turns bigint,
    input_tokens numeric,
    cache_read_input_tokens numeric,
    cache_write_input_tokens numeric,
    cache_write_1h_input_tokens numeric,
    readable_tokens numeric,
    missed_tokens numeric,
    warm_tokens numeric,
    PRIMARY KEY (ledger_id, version, level, hour, set_id)
);

CREATE TABLE tally.prompt_cache_daily (
    ledger_id bigint NOT NULL,
    set_id bigint NOT NULL,
    version integer NOT NULL,
    day date NOT NULL,
    level smallint NOT NULL,
    requests bigint,
    lost_turns bigint,
    recovered_turns bigint,
    input_tokens numeric,
    cache_read_input_tokens numeric,
    cache_write_input_tokens numeric,
    cache_write_1h_input_tokens numeric,
    readable_tokens numeric,
    missed_tokens numeric,
    warm_tokens numeric,
    PRIMARY KEY (ledger_id, version, level, day, set_id)
);

-- A thread is a session, an agent and a model. The rest is what the fold needs of the last request,
-- and the sums of all of them.
CREATE TABLE tally.prompt_cache_sessions (
    ledger_id bigint NOT NULL,
    version integer NOT NULL,
    thread bytea NOT NULL CHECK (octet_length(thread) = 32),
    session_id text COLLATE "C" NOT NULL,
    agent text COLLATE "C",
    model text COLLATE "C",
    app text COLLATE "C",
    provider text COLLATE "C",
    service_tier text COLLATE "C",
    region text COLLATE "C",
    last_position bigint NOT NULL,
    last_at timestamptz NOT NULL,
    last_input bigint NOT NULL,
    last_route bigint NOT NULL,
    was_lost boolean NOT NULL,
    first_at timestamptz NOT NULL,
    requests bigint NOT NULL,
    input_tokens bigint NOT NULL,
    cache_read_input_tokens bigint NOT NULL,
    cache_write_input_tokens bigint NOT NULL,
    cache_write_1h_input_tokens bigint NOT NULL,
    readable_tokens bigint NOT NULL,
    missed_tokens bigint NOT NULL,
    PRIMARY KEY (ledger_id, version, thread)
) WITH (fillfactor = 80);

GRANT SELECT, INSERT, UPDATE, DELETE ON
    tally.prompt_cache_hourly, tally.prompt_cache_daily, tally.prompt_cache_sessions
TO tally_service;

RESET ROLE;
