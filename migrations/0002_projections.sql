-- Read models, and how far each has read. All of this can be thrown away and rebuilt.
--
-- Every read model is keyed by (ledger_id, version, …): a rebuild fills version N + 1 beside
-- version N, and one update of tally.projections makes it the one that is read.
--
-- Names of many parts (up to ten of 512 bytes) do not fit into an index entry, so a group is
-- identified by key = SHA-256 of record_send(ROW(names)): lengths and NULLs are part of it, so two
-- groups never share one.

SET LOCAL ROLE tally_owner;

-- Which version of a projection is read, and which one a rebuild is filling.
--
-- definition is the revision of the program's fold that made the active version: a program with
-- another one leaves it alone until it is rebuilt.
CREATE TABLE tally.projections (
    name text COLLATE "C" PRIMARY KEY,
    active_version integer NOT NULL,
    definition integer NOT NULL,
    last_version integer NOT NULL,
    building_version integer,
    switched_at timestamptz NOT NULL DEFAULT now()
);

-- How far a version of a projection has read a ledger. The row is the claim of its worker.
CREATE TABLE tally.projection_checkpoints (
    ledger_id bigint NOT NULL,
    projection text COLLATE "C" NOT NULL,
    version integer NOT NULL,
    position bigint NOT NULL DEFAULT 0,
    updated_at timestamptz NOT NULL DEFAULT now(),
    halted_at timestamptz,
    error text,
    PRIMARY KEY (ledger_id, projection, version)
) WITH (fillfactor = 50);

-- Spend by hour (grain 1) and by day (grain 24), in UTC. Usage that nobody reported is NULL.
CREATE TABLE tally.spend (
    ledger_id bigint NOT NULL,
    version integer NOT NULL,
    grain smallint NOT NULL CHECK (grain IN (1, 24)),
    starts_at timestamptz NOT NULL,
    key bytea NOT NULL,
    app text COLLATE "C",
    team text COLLATE "C",
    project text COLLATE "C",
    environment text COLLATE "C",
    feature text COLLATE "C",
    provider text COLLATE "C",
    model text COLLATE "C",
    operation text COLLATE "C",
    service_tier text COLLATE "C",
    region text COLLATE "C",
    requests bigint NOT NULL,
    failed_requests bigint NOT NULL,
    charges bigint NOT NULL,
    unpriced_requests bigint NOT NULL,
    cost_pico numeric NOT NULL,
    input_tokens numeric,
    cache_read_input_tokens numeric,
    cache_write_input_tokens numeric,
    cache_write_1h_input_tokens numeric,
    output_tokens numeric,
    reasoning_output_tokens numeric,
    input_audio_tokens numeric,
    output_audio_tokens numeric,
    cache_read_audio_tokens numeric,
    input_image_tokens numeric,
    output_image_tokens numeric,
    cache_read_image_tokens numeric,
    input_us numeric,
    output_us numeric,
    input_characters numeric,
    web_searches numeric,
    images numeric,
    billed_requests numeric,
    PRIMARY KEY (ledger_id, version, grain, starts_at, key)
);

-- Usage by user and day; requests without a user are the row whose user_id is NULL.
CREATE TABLE tally.user_usage (
    ledger_id bigint NOT NULL,
    version integer NOT NULL,
    day date NOT NULL,
    user_id text COLLATE "C",
    requests bigint NOT NULL,
    failed_requests bigint NOT NULL,
    cost_pico numeric NOT NULL,
    input_tokens numeric,
    cache_read_input_tokens numeric,
    output_tokens numeric,
    UNIQUE NULLS NOT DISTINCT (ledger_id, version, day, user_id)
);

CREATE TABLE tally.provider_usage (
    ledger_id bigint NOT NULL,
    version integer NOT NULL,
    day date NOT NULL,
    key bytea NOT NULL,
    provider text COLLATE "C",
    model text COLLATE "C",
    service_tier text COLLATE "C",
    region text COLLATE "C",
    requests bigint NOT NULL,
    failed_requests bigint NOT NULL,
    unpriced_requests bigint NOT NULL,
    cost_pico numeric NOT NULL,
    input_tokens numeric,
    cache_read_input_tokens numeric,
    output_tokens numeric,
    PRIMARY KEY (ledger_id, version, day, key)
);

-- Histograms that merge by adding counts; key is that of provider_usage.
-- metric 1 is latency, 2 is time to first token, both in microseconds.
CREATE TABLE tally.provider_timings (
    ledger_id bigint NOT NULL,
    version integer NOT NULL,
    day date NOT NULL,
    key bytea NOT NULL,
    metric smallint NOT NULL CHECK (metric IN (1, 2)),
    bucket integer NOT NULL,
    count bigint NOT NULL,
    PRIMARY KEY (ledger_id, version, day, key, metric, bucket)
);

-- Requests whose latest charge has no price. A count of zero means that all were rated since.
CREATE TABLE tally.unpriced (
    ledger_id bigint NOT NULL,
    version integer NOT NULL,
    day date NOT NULL,
    key bytea NOT NULL,
    provider text COLLATE "C",
    model text COLLATE "C",
    service_tier text COLLATE "C",
    reason text COLLATE "C",
    requests bigint NOT NULL,
    input_tokens numeric NOT NULL,
    output_tokens numeric NOT NULL,
    PRIMARY KEY (ledger_id, version, day, key)
);

-- Price books by content: immutable, shared by all ledgers. A ledger's prices.published events say
-- from when it uses which.
CREATE TABLE tally.price_books (
    book_id uuid PRIMARY KEY,
    digest bytea NOT NULL UNIQUE CHECK (octet_length(digest) = 32),
    name text COLLATE "C" NOT NULL,
    body text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now()
);

-- The bucket of a duration: log-linear, 32 buckets an octave, so a bucket is at most 1/32 = 3.1 %
-- of its lower bound wide and its middle at most 1.6 % wrong. Values below 64 have their own.
--
-- The shift is how many octaves the value lies above 32..63; integers only, so a power of two
-- never falls into its neighbour. Not STRICT, so that it is inlined; NULL gives NULL.
CREATE FUNCTION tally.duration_bucket(microseconds bigint) RETURNS integer
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT (greatest(width_bucket(microseconds, '{
            32, 64, 128, 256, 512, 1024, 2048, 4096, 8192, 16384, 32768, 65536, 131072, 262144,
            524288, 1048576, 2097152, 4194304, 8388608, 16777216, 33554432, 67108864, 134217728,
            268435456, 536870912, 1073741824, 2147483648, 4294967296, 8589934592, 17179869184,
            34359738368, 68719476736, 137438953472, 274877906944, 549755813888, 1099511627776,
            2199023255552, 4398046511104, 8796093022208, 17592186044416, 35184372088832,
            70368744177664, 140737488355328, 281474976710656, 562949953421312, 1125899906842624,
            2251799813685248, 4503599627370496, 9007199254740992, 18014398509481984,
            36028797018963968, 72057594037927936, 144115188075855872, 288230376151711744,
            576460752303423488, 1152921504606846976, 2305843009213693952, 4611686018427387904
        }'::bigint[]) - 1, 0) * 32
        + (microseconds >> greatest(width_bucket(microseconds, '{
            32, 64, 128, 256, 512, 1024, 2048, 4096, 8192, 16384, 32768, 65536, 131072, 262144,
            524288, 1048576, 2097152, 4194304, 8388608, 16777216, 33554432, 67108864, 134217728,
            268435456, 536870912, 1073741824, 2147483648, 4294967296, 8589934592, 17179869184,
            34359738368, 68719476736, 137438953472, 274877906944, 549755813888, 1099511627776,
            2199023255552, 4398046511104, 8796093022208, 17592186044416, 35184372088832,
            70368744177664, 140737488355328, 281474976710656, 562949953421312, 1125899906842624,
            2251799813685248, 4503599627370496, 9007199254740992, 18014398509481984,
            36028797018963968, 72057594037927936, 144115188075855872, 288230376151711744,
            576460752303423488, 1152921504606846976, 2305843009213693952, 4611686018427387904
        }'::bigint[]) - 1, 0)))::integer
$$;

-- The smallest duration of a bucket, in microseconds; the next bucket's is just past its end.
CREATE FUNCTION tally.duration_bucket_start(bucket integer) RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN bucket < 64 THEN bucket::bigint
        ELSE (32 + bucket % 32)::bigint << (bucket / 32 - 1) END
$$;

-- The duration that stands for a bucket: its middle.
CREATE FUNCTION tally.duration_bucket_middle(bucket integer) RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN bucket < 64 THEN bucket::bigint
        ELSE ((32 + bucket % 32)::bigint << (bucket / 32 - 1))
            + ((1::bigint << (bucket / 32 - 1)) - 1) / 2 END
$$;

GRANT SELECT, INSERT, UPDATE, DELETE ON tally.projections, tally.projection_checkpoints,
    tally.spend, tally.user_usage, tally.provider_usage, tally.provider_timings, tally.unpriced
    TO tally_service;
GRANT SELECT, INSERT ON tally.price_books TO tally_service;

RESET ROLE;
