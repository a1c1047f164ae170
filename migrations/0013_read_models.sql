-- Read models with narrow rows: a set of dimensions has a number, and a row names it by that.
--
-- Everything here can be thrown away and is made anew from the events: the tables of 0002, 0009 and
-- 0010 go, and every projection begins again. The audit views keep their columns.
--
-- Each table holds several levels, which differ in the names that they keep: the full one, which
-- the views show, and some with few names for questions that ask for no more. Each level holds
-- everything. A measure is NULL where nothing told it.

SET LOCAL ROLE tally_owner;

-- The views come back with their files; a view of somebody else on one of them stops this here.
DROP VIEW audit.spend_hourly, audit.spend_daily, audit.usage_daily, audit.unpriced,
    audit.providers_daily, audit.answers_daily, audit.token_estimates,
    audit.prompt_savings_daily, audit.prompt_stages_daily, tally.answer_length_counts;
DROP TABLE tally.spend, tally.user_usage, tally.provider_usage, tally.provider_timings,
    tally.unpriced, tally.answer_usage, tally.answer_lengths, tally.token_estimates,
    tally.token_estimate_ratios, tally.prompt_savings, tally.prompt_stage_savings;

-- The sets of names that rows are kept by. Names of many parts do not fit into an index entry, so a
-- set is found by digest = SHA-256 of level and fields: lengths and NULLs are part of it.
CREATE TABLE tally.dimension_sets (
    ledger_id bigint NOT NULL,
    set_id bigint GENERATED ALWAYS AS IDENTITY,
    level smallint NOT NULL,
    digest bytea NOT NULL CHECK (octet_length(digest) = 32),
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
    reason text COLLATE "C",
    estimated_with text COLLATE "C",
    shape smallint,
    status integer,
    error_type text COLLATE "C",
    stage text COLLATE "C",
    is_lossy boolean,
    PRIMARY KEY (ledger_id, set_id),
    UNIQUE (ledger_id, level, digest)
);

-- A field of a digest, as binary COPY sends it: the length and the bytes, or a length of -1.
CREATE FUNCTION tally.set_field(name text) RETURNS bytea
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT coalesce(int4send(octet_length(convert_to(name, 'UTF8'))) || convert_to(name, 'UTF8'),
        '\xffffffff'::bytea)
$$;

-- Spend by hour, in UTC, by all dimensions but user and session; usage that nobody reported is
-- NULL.
CREATE TABLE tally.spend_hourly (
    ledger_id bigint NOT NULL,
    set_id bigint NOT NULL,
    hour timestamptz NOT NULL,
    version integer NOT NULL,
    level smallint NOT NULL,
    requests bigint,
    failed_requests bigint,
    charges bigint,
    unpriced_requests bigint,
    cost_pico numeric,
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
    PRIMARY KEY (ledger_id, version, level, hour, set_id)
);

-- The same by day.
CREATE TABLE tally.spend_daily (
    ledger_id bigint NOT NULL,
    set_id bigint NOT NULL,
    version integer NOT NULL,
    day date NOT NULL,
    level smallint NOT NULL,
    requests bigint,
    failed_requests bigint,
    charges bigint,
    unpriced_requests bigint,
    cost_pico numeric,
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
    PRIMARY KEY (ledger_id, version, level, day, set_id)
);

-- Usage by user and day.
CREATE TABLE tally.user_usage (
    ledger_id bigint NOT NULL,
    set_id bigint NOT NULL,
    version integer NOT NULL,
    day date NOT NULL,
    level smallint NOT NULL,
    requests bigint,
    failed_requests bigint,
    cost_pico numeric,
    input_tokens numeric,
    cache_read_input_tokens numeric,
    output_tokens numeric,
    PRIMARY KEY (ledger_id, version, level, day, set_id)
);

-- Providers and models by day; latency and time_to_first_token are histograms of microseconds.
CREATE TABLE tally.provider_usage (
    ledger_id bigint NOT NULL,
    set_id bigint NOT NULL,
    version integer NOT NULL,
    day date NOT NULL,
    level smallint NOT NULL,
    requests bigint,
    failed_requests bigint,
    unpriced_requests bigint,
    cost_pico numeric,
    input_tokens numeric,
    cache_read_input_tokens numeric,
    output_tokens numeric,
    latency bigint[],
    time_to_first_token bigint[],
    PRIMARY KEY (ledger_id, version, level, day, set_id)
);

-- Requests whose latest charge has no price. A count of zero means that all were rated since.
CREATE TABLE tally.unpriced (
    ledger_id bigint NOT NULL,
    set_id bigint NOT NULL,
    version integer NOT NULL,
    day date NOT NULL,
    level smallint NOT NULL,
    requests bigint,
    input_tokens numeric,
    output_tokens numeric,
    PRIMARY KEY (ledger_id, version, level, day, set_id)
);

-- How requests ended, by day. Their outcomes add up to requests.
CREATE TABLE tally.answer_usage (
    ledger_id bigint NOT NULL,
    set_id bigint NOT NULL,
    version integer NOT NULL,
    day date NOT NULL,
    level smallint NOT NULL,
    requests bigint,
    failed_requests bigint,
    finished_requests bigint,
    cut_off_requests bigint,
    refused_requests bigint,
    unpriced_requests bigint,
    cost_pico numeric,
    input_tokens numeric,
    output_tokens numeric,
    PRIMARY KEY (ledger_id, version, level, day, set_id)
);

-- Histograms of the outputs of completed requests, and of the max_tokens that requests were sent
-- with. The levels nest: of the ledger (60), of a model (61), of an application with it (62), of a
-- feature (63), of a shape of prompt (64). A prediction reads one set of each.
CREATE TABLE tally.answer_lengths (
    ledger_id bigint NOT NULL,
    set_id bigint NOT NULL,
    version integer NOT NULL,
    day date NOT NULL,
    level smallint NOT NULL,
    lengths bigint[],
    limits bigint[],
    PRIMARY KEY (ledger_id, version, level, day, set_id)
);

-- Requests with the estimate that their caller made of them; estimated_with is NULL where none
-- was, and those rows have counts of requests and costs only. ratios is a histogram of billed ÷
-- estimated in thousandths, the last for 10 and more.
CREATE TABLE tally.token_estimates (
    ledger_id bigint NOT NULL,
    set_id bigint NOT NULL,
    version integer NOT NULL,
    day date NOT NULL,
    level smallint NOT NULL,
    requests bigint,
    estimated_requests bigint,
    cost_pico numeric,
    estimated_tokens numeric,
    billed_tokens numeric,
    ratios bigint[],
    PRIMARY KEY (ledger_id, version, level, day, set_id)
);

-- What optimisation saved, by day and dimensions. A prompt whose saving has no price is among the
-- unpriced; answered prompts are those whose useful output is known.
CREATE TABLE tally.prompt_savings (
    ledger_id bigint NOT NULL,
    set_id bigint NOT NULL,
    version integer NOT NULL,
    day date NOT NULL,
    level smallint NOT NULL,
    prompts bigint,
    counted_prompts bigint,
    lossy_prompts bigint,
    unpriced_prompts bigint,
    judged_prompts bigint,
    answered_prompts bigint,
    tokens_before numeric,
    tokens_after numeric,
    saved_pico numeric,
    quality_ppm numeric,
    answered_tokens numeric,
    useful_output_tokens numeric,
    PRIMARY KEY (ledger_id, version, level, day, set_id)
);

-- The same by stage. An empty stage holds what nobody attributed. The money of a prompt is divided
-- among its stages by their tokens, to the last picodollar.
CREATE TABLE tally.prompt_stage_savings (
    ledger_id bigint NOT NULL,
    set_id bigint NOT NULL,
    version integer NOT NULL,
    day date NOT NULL,
    level smallint NOT NULL,
    prompts bigint,
    unpriced_prompts bigint,
    tokens_saved numeric,
    saved_pico numeric,
    PRIMARY KEY (ledger_id, version, level, day, set_id)
);

GRANT SELECT, INSERT, UPDATE, DELETE ON
    tally.spend_hourly, tally.spend_daily, tally.user_usage, tally.provider_usage,
    tally.unpriced, tally.answer_usage, tally.answer_lengths, tally.token_estimates,
    tally.prompt_savings, tally.prompt_stage_savings
    TO tally_service;
GRANT SELECT, INSERT ON tally.dimension_sets TO tally_service;

-- A histogram is an array of cells: a bucket and its count in one number, 48 bits for the count.
-- Two of them merge by adding counts.
CREATE FUNCTION tally.merged_cells(a bigint[], b bigint[]) RETURNS bigint[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN a IS NOT NULL AND b IS NOT NULL THEN (
        SELECT array_agg(bucket << 48 | count ORDER BY bucket) FROM (
            SELECT cell >> 48 AS bucket, sum(cell & 281474976710655)::bigint AS count
            FROM unnest(a || b) AS cell GROUP BY cell >> 48
        ) AS merged) END
$$;

-- The bucket at which a part of the counts is reached; NULL without any.
CREATE FUNCTION tally.cells_percentile(cells bigint[], percent integer) RETURNS integer
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT (min(cell) >> 48)::integer FROM (
        SELECT cell, sum(cell & 281474976710655) OVER (ORDER BY cell) AS upto,
            sum(cell & 281474976710655) OVER () AS total
        FROM unnest(cells) AS cell
    ) AS cumulated WHERE upto * 100 >= total * percent
$$;

-- The program reads labels itself.
DROP FUNCTION tally.prompt_shape(bigint, bigint, jsonb), tally.answer_outcome(jsonb, bigint),
    tally.label_count(jsonb, text), tally.label_flag(jsonb, text);

-- The runners begin again at the first event.
DELETE FROM tally.places WHERE subscription IN ('spend', 'providers', 'users', 'unpriced',
    'answers', 'token_estimates', 'savings');
DELETE FROM tally.subscriptions WHERE name IN ('spend', 'providers', 'users', 'unpriced',
    'answers', 'token_estimates', 'savings');

RESET ROLE;
