-- The ledger: heads, blocks, events by month, and the index of external identities.
--
-- Shape rules (a distributed PostgreSQL asks for them): ledger_id in every unique key, no
-- triggers, no foreign keys between distributed tables, partitions of one level.
-- Names are qualified everywhere; nothing relies on search_path.

-- Roles belong to the whole server, so another database may have made them already.
DO $$
BEGIN
    CREATE ROLE tally_owner NOLOGIN;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
END $$;
DO $$
BEGIN
    CREATE ROLE tally_service LOGIN;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
END $$;
DO $$
BEGIN
    EXECUTE format('GRANT tally_owner TO %I', current_user);
    EXECUTE format('GRANT CREATE, CONNECT ON DATABASE %I TO tally_owner', current_database());
    EXECUTE format('GRANT CONNECT ON DATABASE %I TO tally_service', current_database());
    -- Only named roles connect, and nobody makes temporary tables.
    EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database());
END $$;
REVOKE CREATE ON SCHEMA public FROM PUBLIC;

SET LOCAL ROLE tally_owner;

CREATE SCHEMA tally;
GRANT USAGE ON SCHEMA tally TO tally_service;

CREATE TABLE tally.ledgers (
    ledger_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name text COLLATE "C" NOT NULL UNIQUE CHECK (name <> '' AND octet_length(name) <= 128),
    created_at timestamptz NOT NULL DEFAULT now()
);

-- The end of each ledger. Positions are taken from here, under the row's lock.
CREATE TABLE tally.heads (
    ledger_id bigint PRIMARY KEY,
    block bigint NOT NULL,
    position bigint NOT NULL,
    first_position bigint NOT NULL,
    prev_hash bytea NOT NULL,
    hash bytea NOT NULL,
    recorded_at timestamptz NOT NULL,
    requests bigint NOT NULL,
    charged_pico numeric NOT NULL
) WITH (fillfactor = 50);

-- One row a commit: the links of the chain, with the totals of the ledger so far.
CREATE TABLE tally.blocks (
    ledger_id bigint NOT NULL,
    block bigint NOT NULL,
    first_position bigint NOT NULL,
    count bigint NOT NULL CHECK (count > 0),
    root bytea NOT NULL CHECK (octet_length(root) = 32),
    prev_hash bytea NOT NULL CHECK (octet_length(prev_hash) = 32),
    hash bytea NOT NULL CHECK (octet_length(hash) = 32),
    recorded_at timestamptz NOT NULL,
    batch_id uuid NOT NULL,
    first_month date NOT NULL,
    last_month date NOT NULL,
    requests bigint NOT NULL,
    charged_pico numeric NOT NULL,
    PRIMARY KEY (ledger_id, block)
);
CREATE UNIQUE INDEX blocks_by_position ON tally.blocks (ledger_id, first_position);

-- leaf_prefix, the first 8 bytes of the leaf hash, is not the proof (the block's root is); it
-- tells verification which row of a block was changed.
CREATE TABLE tally.events (
    ledger_id bigint NOT NULL,
    position bigint NOT NULL,
    recorded_at timestamptz NOT NULL,
    leaf_prefix bigint NOT NULL,
    occurred_at timestamptz NOT NULL,
    amount_pico bigint,
    input_tokens bigint,
    cache_read_input_tokens bigint,
    cache_write_input_tokens bigint,
    cache_write_1h_input_tokens bigint,
    output_tokens bigint,
    reasoning_output_tokens bigint,
    input_audio_tokens bigint,
    output_audio_tokens bigint,
    cache_read_audio_tokens bigint,
    input_image_tokens bigint,
    output_image_tokens bigint,
    cache_read_image_tokens bigint,
    input_us bigint,
    output_us bigint,
    input_characters bigint,
    web_searches bigint,
    images bigint,
    requests bigint,
    latency_us bigint,
    time_to_first_token_us bigint,
    status integer,
    kind smallint NOT NULL,
    event_id uuid NOT NULL,
    cause_id uuid,
    book_id uuid,
    previous_id uuid,
    source text COLLATE "C",
    external_id text COLLATE "C",
    app text COLLATE "C",
    team text COLLATE "C",
    project text COLLATE "C",
    environment text COLLATE "C",
    feature text COLLATE "C",
    user_id text COLLATE "C",
    session_id text COLLATE "C",
    provider text COLLATE "C",
    model text COLLATE "C",
    operation text COLLATE "C",
    service_tier text COLLATE "C",
    region text COLLATE "C",
    error_type text COLLATE "C",
    labels text COLLATE "C",
    content_hash bytea,
    unpriced text COLLATE "C",
    detail text COLLATE "C",
    PRIMARY KEY (ledger_id, event_id)
) PARTITION BY RANGE (event_id);
CREATE INDEX events_by_position ON tally.events (ledger_id, position);

-- Identities that are not UUIDv7: digest = SHA-256(length ‖ source ‖ id).
CREATE TABLE tally.identities (
    ledger_id bigint NOT NULL,
    digest bytea NOT NULL CHECK (octet_length(digest) = 32),
    event_id uuid NOT NULL,
    PRIMARY KEY (ledger_id, digest)
);

-- The first UUIDv7 of a moment: its milliseconds, then zeros.
CREATE FUNCTION tally.first_event_id(at timestamptz) RETURNS uuid
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT (lpad(to_hex((extract(epoch FROM at) * 1000)::bigint), 12, '0')
        || '00000000000000000000')::uuid
$$;

-- Makes the partition of a month, if it is not there, and attaches it without stopping anyone.
--
-- The CHECK on occurred_at lets plain time filters prune: an event lies within a day of its id.
CREATE FUNCTION tally.ensure_month(month date) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET lock_timeout = '5s'
SET timezone = 'UTC' AS $$
DECLARE
    starts timestamptz := date_trunc('month', month::timestamptz);
    ends timestamptz := starts + interval '1 month';
    partition text := 'events_' || to_char(starts, 'YYYY_MM');
BEGIN
    IF to_regclass('tally.' || partition) IS NOT NULL THEN
        RETURN;
    END IF;
    IF starts < '2014-12-01' OR starts > now() + interval '2 days' THEN
        RAISE EXCEPTION 'no event may lie in %', to_char(starts, 'YYYY-MM')
            USING ERRCODE = 'invalid_parameter_value';
    END IF;
    PERFORM pg_advisory_xact_lock(hashtextextended('tally.ensure_month', 0));
    -- Not to_regclass: it would answer from a cache that waiting for the lock does not refresh.
    IF EXISTS (SELECT FROM pg_class
        WHERE relname = partition AND relnamespace = 'tally'::regnamespace) THEN
        RETURN;
    END IF;
    EXECUTE format(
        'CREATE TABLE tally.%I (LIKE tally.events INCLUDING DEFAULTS,
            CONSTRAINT %I CHECK (occurred_at >= %L AND occurred_at < %L),
            CONSTRAINT %I CHECK (event_id >= %L AND event_id < %L))',
        partition,
        partition || '_time', starts - interval '1 day', ends + interval '1 day',
        partition || '_id', tally.first_event_id(starts), tally.first_event_id(ends));
    EXECUTE format(
        'ALTER TABLE tally.events ATTACH PARTITION tally.%I FOR VALUES FROM (%L) TO (%L)',
        partition, tally.first_event_id(starts), tally.first_event_id(ends));
END $$;
REVOKE ALL ON FUNCTION tally.ensure_month(date) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION tally.ensure_month(date) TO tally_service;

-- Immutability by privilege: what is appended can be read, and nothing else.
GRANT SELECT, INSERT ON tally.ledgers, tally.events, tally.blocks, tally.identities
    TO tally_service;
GRANT SELECT, INSERT, UPDATE ON tally.heads TO tally_service;

RESET ROLE;
