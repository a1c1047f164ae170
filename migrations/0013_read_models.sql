-- Read models with narrow rows: a set of dimensions has a number, and a row names it by that.
--
-- Everything here can be thrown away and is made anew from the events: the tables of 0002, 0009 and
-- 0010 go, and every projection begins again. The audit views keep their columns.
--
-- Each table holds several levels, which differ in the names that they keep: the full one, which
-- the views show, and some with few names for questions that ask for no more. Each level holds
-- everything. A measure is NULL where nothing told it.

SET LOCAL ROLE tally_owner;

-- The views stand on the old tables until they are replaced below.
CREATE SCHEMA tally_old;
ALTER TABLE tally.spend SET SCHEMA tally_old;
ALTER TABLE tally.user_usage SET SCHEMA tally_old;
ALTER TABLE tally.provider_usage SET SCHEMA tally_old;
ALTER TABLE tally.provider_timings SET SCHEMA tally_old;
ALTER TABLE tally.unpriced SET SCHEMA tally_old;
ALTER TABLE tally.answer_usage SET SCHEMA tally_old;
ALTER TABLE tally.answer_lengths SET SCHEMA tally_old;
ALTER TABLE tally.token_estimates SET SCHEMA tally_old;
ALTER TABLE tally.token_estimate_ratios SET SCHEMA tally_old;
ALTER TABLE tally.prompt_savings SET SCHEMA tally_old;
ALTER TABLE tally.prompt_stage_savings SET SCHEMA tally_old;

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

-- What is read now of each read model, with names: the views that other parts of the program, and
-- the audit views, stand on.
CREATE VIEW tally.current_spend_hourly AS
SELECT
    rows.ledger_id, rows.hour, app, team, project, environment, feature, provider, model,
    operation, service_tier, region, coalesce(requests, 0) AS requests,
    coalesce(failed_requests, 0) AS failed_requests,
    coalesce(unpriced_requests, 0) AS unpriced_requests, coalesce(charges, 0) AS charges,
    coalesce(cost_pico, 0) AS cost_pico, input_tokens, cache_read_input_tokens,
    cache_write_input_tokens, cache_write_1h_input_tokens, output_tokens,
    reasoning_output_tokens, input_audio_tokens, output_audio_tokens, cache_read_audio_tokens,
    input_image_tokens, output_image_tokens, cache_read_image_tokens, input_us, output_us,
    input_characters, web_searches, images, billed_requests
FROM tally.spend_hourly AS rows
JOIN tally.dimension_sets AS sets USING (ledger_id, level, set_id)
WHERE level = 10
    AND version = (
        SELECT active_version FROM tally.projections WHERE projections.name = 'spend');

CREATE VIEW tally.current_spend_daily AS
SELECT
    rows.ledger_id, rows.day, app, team, project, environment, feature, provider, model,
    operation, service_tier, region, coalesce(requests, 0) AS requests,
    coalesce(failed_requests, 0) AS failed_requests,
    coalesce(unpriced_requests, 0) AS unpriced_requests, coalesce(charges, 0) AS charges,
    coalesce(cost_pico, 0) AS cost_pico, input_tokens, cache_read_input_tokens,
    cache_write_input_tokens, cache_write_1h_input_tokens, output_tokens,
    reasoning_output_tokens, input_audio_tokens, output_audio_tokens, cache_read_audio_tokens,
    input_image_tokens, output_image_tokens, cache_read_image_tokens, input_us, output_us,
    input_characters, web_searches, images, billed_requests
FROM tally.spend_daily AS rows
JOIN tally.dimension_sets AS sets USING (ledger_id, level, set_id)
WHERE level = 10
    AND version = (
        SELECT active_version FROM tally.projections WHERE projections.name = 'spend');

CREATE VIEW tally.current_user_usage AS
SELECT
    rows.ledger_id, rows.day, user_id, coalesce(requests, 0) AS requests,
    coalesce(failed_requests, 0) AS failed_requests, coalesce(cost_pico, 0) AS cost_pico,
    input_tokens, cache_read_input_tokens, output_tokens
FROM tally.user_usage AS rows
JOIN tally.dimension_sets AS sets USING (ledger_id, level, set_id)
WHERE level = 20
    AND version = (
        SELECT active_version FROM tally.projections WHERE projections.name = 'users');

CREATE VIEW tally.current_provider_usage AS
SELECT
    rows.ledger_id, rows.day, provider, model, service_tier, region,
    coalesce(requests, 0) AS requests, coalesce(failed_requests, 0) AS failed_requests,
    coalesce(unpriced_requests, 0) AS unpriced_requests, coalesce(cost_pico, 0) AS cost_pico,
    input_tokens, cache_read_input_tokens, output_tokens, latency, time_to_first_token
FROM tally.provider_usage AS rows
JOIN tally.dimension_sets AS sets USING (ledger_id, level, set_id)
WHERE level = 30
    AND version = (
        SELECT active_version FROM tally.projections WHERE projections.name = 'providers');

CREATE VIEW tally.current_unpriced AS
SELECT
    rows.ledger_id, rows.day, provider, model, service_tier, reason,
    coalesce(requests, 0) AS requests, coalesce(input_tokens, 0) AS input_tokens,
    coalesce(output_tokens, 0) AS output_tokens
FROM tally.unpriced AS rows
JOIN tally.dimension_sets AS sets USING (ledger_id, level, set_id)
WHERE level = 40
    AND version = (
        SELECT active_version FROM tally.projections WHERE projections.name = 'unpriced');

CREATE VIEW tally.current_answer_usage AS
SELECT
    rows.ledger_id, rows.day, app, feature, provider, model, coalesce(requests, 0) AS requests,
    coalesce(failed_requests, 0) AS failed_requests,
    coalesce(finished_requests, 0) AS finished_requests,
    coalesce(cut_off_requests, 0) AS cut_off_requests,
    coalesce(refused_requests, 0) AS refused_requests,
    coalesce(unpriced_requests, 0) AS unpriced_requests, coalesce(cost_pico, 0) AS cost_pico,
    input_tokens, output_tokens
FROM tally.answer_usage AS rows
JOIN tally.dimension_sets AS sets USING (ledger_id, level, set_id)
WHERE level = 50
    AND version = (
        SELECT active_version FROM tally.projections WHERE projections.name = 'answers');

CREATE VIEW tally.current_token_estimates AS
SELECT
    rows.ledger_id, rows.day, provider, model, estimated_with, coalesce(requests, 0) AS requests,
    coalesce(estimated_requests, 0) AS estimated_requests, coalesce(cost_pico, 0) AS cost_pico,
    coalesce(estimated_tokens, 0) AS estimated_tokens,
    coalesce(billed_tokens, 0) AS billed_tokens, ratios
FROM tally.token_estimates AS rows
JOIN tally.dimension_sets AS sets USING (ledger_id, level, set_id)
WHERE level = 70
    AND version = (
        SELECT active_version FROM tally.projections WHERE projections.name = 'token_estimates');

CREATE VIEW tally.current_prompt_savings AS
SELECT
    rows.ledger_id, rows.day, app, team, project, environment, feature, provider, model,
    coalesce(prompts, 0) AS prompts, coalesce(counted_prompts, 0) AS counted_prompts,
    coalesce(lossy_prompts, 0) AS lossy_prompts,
    coalesce(unpriced_prompts, 0) AS unpriced_prompts,
    coalesce(tokens_before, 0) AS tokens_before, coalesce(tokens_after, 0) AS tokens_after,
    coalesce(saved_pico, 0) AS saved_pico, coalesce(judged_prompts, 0) AS judged_prompts,
    coalesce(quality_ppm, 0) AS quality_ppm, coalesce(answered_prompts, 0) AS answered_prompts,
    coalesce(answered_tokens, 0) AS answered_tokens,
    coalesce(useful_output_tokens, 0) AS useful_output_tokens
FROM tally.prompt_savings AS rows
JOIN tally.dimension_sets AS sets USING (ledger_id, level, set_id)
WHERE level = 80
    AND version = (
        SELECT active_version FROM tally.projections WHERE projections.name = 'savings');

CREATE VIEW tally.current_prompt_stage_savings AS
SELECT
    rows.ledger_id, rows.day, app, team, project, environment, feature, provider, model, stage,
    is_lossy, coalesce(prompts, 0) AS prompts, coalesce(unpriced_prompts, 0) AS unpriced_prompts,
    coalesce(tokens_saved, 0) AS tokens_saved, coalesce(saved_pico, 0) AS saved_pico
FROM tally.prompt_stage_savings AS rows
JOIN tally.dimension_sets AS sets USING (ledger_id, level, set_id)
WHERE level = 81
    AND version = (
        SELECT active_version FROM tally.projections WHERE projections.name = 'savings');

-- Lengths have no full level that tells everything, so all levels are there.
CREATE VIEW tally.current_answer_lengths AS
SELECT rows.ledger_id, rows.day, level, app, feature, model, shape, lengths, limits
FROM tally.answer_lengths AS rows JOIN tally.dimension_sets AS sets USING (ledger_id, level, set_id)
WHERE version = (SELECT active_version FROM tally.projections WHERE projections.name = 'answers');

GRANT SELECT ON
    tally.current_spend_hourly, tally.current_spend_daily, tally.current_user_usage,
    tally.current_provider_usage, tally.current_unpriced, tally.current_answer_usage,
    tally.current_token_estimates, tally.current_prompt_savings,
    tally.current_prompt_stage_savings, tally.current_answer_lengths
    TO tally_service;

CREATE OR REPLACE VIEW audit.spend_hourly WITH (security_barrier) AS
SELECT (SELECT name FROM tally.ledgers WHERE ledgers.ledger_id = spend.ledger_id) AS ledger,
    hour, app, team, project, environment, feature, provider, model, operation, service_tier,
    region, requests, failed_requests, unpriced_requests, charges,
    cost_pico * 0.000000000001 AS cost_usd, cost_pico, input_tokens, cache_read_input_tokens,
    cache_write_input_tokens, cache_write_1h_input_tokens, output_tokens,
    reasoning_output_tokens, input_audio_tokens, output_audio_tokens, cache_read_audio_tokens,
    input_image_tokens, output_image_tokens, cache_read_image_tokens,
    input_us * 0.000001 AS input_seconds, output_us * 0.000001 AS output_seconds,
    input_characters, web_searches, images, billed_requests
FROM tally.current_spend_hourly AS spend
WHERE spend.ledger_id = ANY (ARRAY(SELECT ledger_id FROM tally.audit_scope));

CREATE OR REPLACE VIEW audit.spend_daily WITH (security_barrier) AS
SELECT (SELECT name FROM tally.ledgers WHERE ledgers.ledger_id = spend.ledger_id) AS ledger,
    day, app, team, project, environment, feature, provider, model, operation, service_tier,
    region, requests, failed_requests, unpriced_requests, charges,
    cost_pico * 0.000000000001 AS cost_usd, cost_pico, input_tokens, cache_read_input_tokens,
    cache_write_input_tokens, cache_write_1h_input_tokens, output_tokens,
    reasoning_output_tokens, input_audio_tokens, output_audio_tokens, cache_read_audio_tokens,
    input_image_tokens, output_image_tokens, cache_read_image_tokens,
    input_us * 0.000001 AS input_seconds, output_us * 0.000001 AS output_seconds,
    input_characters, web_searches, images, billed_requests
FROM tally.current_spend_daily AS spend
WHERE spend.ledger_id = ANY (ARRAY(SELECT ledger_id FROM tally.audit_scope));

CREATE OR REPLACE VIEW audit.usage_daily WITH (security_barrier) AS
SELECT (SELECT name FROM tally.ledgers WHERE ledgers.ledger_id = usage.ledger_id) AS ledger,
    day, user_id AS "user", requests, failed_requests, cost_pico * 0.000000000001 AS cost_usd,
    cost_pico, input_tokens, cache_read_input_tokens, output_tokens
FROM tally.current_user_usage AS usage
WHERE usage.ledger_id = ANY (ARRAY(SELECT ledger_id FROM tally.audit_scope));

CREATE OR REPLACE VIEW audit.unpriced WITH (security_barrier) AS
SELECT (SELECT name FROM tally.ledgers WHERE ledgers.ledger_id = unpriced.ledger_id) AS ledger,
    day, provider, model, service_tier, reason, requests, input_tokens, output_tokens
FROM tally.current_unpriced AS unpriced
WHERE requests <> 0 AND
    unpriced.ledger_id = ANY (ARRAY(SELECT ledger_id FROM tally.audit_scope));

CREATE OR REPLACE VIEW audit.providers_daily WITH (security_barrier) AS
SELECT (SELECT name FROM tally.ledgers WHERE ledgers.ledger_id = usage.ledger_id) AS ledger,
    day, provider, model, service_tier, region, requests, failed_requests, unpriced_requests,
    cost_pico * 0.000000000001 AS cost_usd, cost_pico, input_tokens, cache_read_input_tokens,
    output_tokens,
    tally.duration_bucket_middle(tally.cells_percentile(latency, 50)) * 0.001
        AS latency_p50_ms,
    tally.duration_bucket_middle(tally.cells_percentile(latency, 95)) * 0.001
        AS latency_p95_ms,
    tally.duration_bucket_middle(tally.cells_percentile(latency, 99)) * 0.001
        AS latency_p99_ms,
    tally.duration_bucket_middle(tally.cells_percentile(time_to_first_token, 50)) * 0.001
        AS time_to_first_token_p50_ms,
    tally.duration_bucket_middle(tally.cells_percentile(time_to_first_token, 95)) * 0.001
        AS time_to_first_token_p95_ms,
    tally.duration_bucket_middle(tally.cells_percentile(time_to_first_token, 99)) * 0.001
        AS time_to_first_token_p99_ms
FROM tally.current_provider_usage AS usage
WHERE usage.ledger_id = ANY (ARRAY(SELECT ledger_id FROM tally.audit_scope));

CREATE OR REPLACE VIEW audit.answers_daily WITH (security_barrier) AS
SELECT (SELECT name FROM tally.ledgers WHERE ledgers.ledger_id = usage.ledger_id) AS ledger,
    day, app, feature, provider, model, requests, failed_requests, finished_requests,
    cut_off_requests, refused_requests,
    requests - failed_requests - finished_requests - cut_off_requests - refused_requests
        AS unknown_requests,
    unpriced_requests, cost_pico * 0.000000000001 AS cost_usd, cost_pico,
    CASE WHEN unpriced_requests = 0 THEN round(cost_pico * 0.000000000001 / nullif(
        requests - failed_requests - cut_off_requests - refused_requests, 0), 12)
        END AS useful_answer_usd_min,
    CASE WHEN unpriced_requests = 0 THEN
        round(cost_pico * 0.000000000001 / nullif(finished_requests, 0), 12)
        END AS useful_answer_usd_max,
    input_tokens, output_tokens,
    (SELECT tally.token_bucket_middle(tally.cells_percentile(lengths, 50))
        FROM tally.answer_lengths AS lengths
        WHERE lengths.ledger_id = usage.ledger_id AND lengths.day = usage.day AND level = 63
            AND lengths.version = (
                SELECT active_version FROM tally.projections WHERE projections.name = 'answers')
            AND lengths.set_id = (
                SELECT set_id FROM tally.dimension_sets AS sets
                WHERE sets.ledger_id = usage.ledger_id AND sets.level = 63
                    AND sets.digest = sha256(int2send(63::smallint) || tally.set_field(usage.app)
                        || tally.set_field(usage.feature) || tally.set_field(usage.model)))
        ) AS output_tokens_p50,
    (SELECT tally.token_bucket_middle(tally.cells_percentile(lengths, 90))
        FROM tally.answer_lengths AS lengths
        WHERE lengths.ledger_id = usage.ledger_id AND lengths.day = usage.day AND level = 63
            AND lengths.version = (
                SELECT active_version FROM tally.projections WHERE projections.name = 'answers')
            AND lengths.set_id = (
                SELECT set_id FROM tally.dimension_sets AS sets
                WHERE sets.ledger_id = usage.ledger_id AND sets.level = 63
                    AND sets.digest = sha256(int2send(63::smallint) || tally.set_field(usage.app)
                        || tally.set_field(usage.feature) || tally.set_field(usage.model)))
        ) AS output_tokens_p90,
    (SELECT tally.token_bucket_middle(tally.cells_percentile(lengths, 99))
        FROM tally.answer_lengths AS lengths
        WHERE lengths.ledger_id = usage.ledger_id AND lengths.day = usage.day AND level = 63
            AND lengths.version = (
                SELECT active_version FROM tally.projections WHERE projections.name = 'answers')
            AND lengths.set_id = (
                SELECT set_id FROM tally.dimension_sets AS sets
                WHERE sets.ledger_id = usage.ledger_id AND sets.level = 63
                    AND sets.digest = sha256(int2send(63::smallint) || tally.set_field(usage.app)
                        || tally.set_field(usage.feature) || tally.set_field(usage.model)))
        ) AS output_tokens_p99
FROM tally.current_answer_usage AS usage
WHERE usage.ledger_id = ANY (ARRAY(SELECT ledger_id FROM tally.audit_scope));

CREATE OR REPLACE VIEW audit.token_estimates WITH (security_barrier) AS
SELECT (SELECT name FROM tally.ledgers WHERE ledgers.ledger_id = estimates.ledger_id) AS ledger,
    day, provider, model, estimated_with, estimated_requests AS requests, estimated_tokens,
    billed_tokens, tally.cells_percentile(ratios, 5) * 0.001 AS ratio_p05,
    tally.cells_percentile(ratios, 50) * 0.001 AS ratio_p50,
    tally.cells_percentile(ratios, 95) * 0.001 AS ratio_p95
FROM tally.current_token_estimates AS estimates
WHERE estimated_requests > 0 AND
    estimates.ledger_id = ANY (ARRAY(SELECT ledger_id FROM tally.audit_scope));

CREATE OR REPLACE VIEW audit.prompt_savings_daily WITH (security_barrier) AS
SELECT (SELECT name FROM tally.ledgers WHERE ledgers.ledger_id = savings.ledger_id) AS ledger,
    day, app, team, project, environment, feature, provider, model, prompts, counted_prompts,
    lossy_prompts, unpriced_prompts, tokens_before, tokens_after,
    tokens_before - tokens_after AS tokens_saved,
    tokens_after / nullif(tokens_before, 0) AS compression_ratio,
    saved_pico * 0.000000000001 AS saved_usd, saved_pico,
    quality_ppm * 0.000001 / nullif(judged_prompts, 0) AS quality, judged_prompts,
    useful_output_tokens, answered_prompts,
    useful_output_tokens / nullif(answered_tokens, 0) AS efficiency
FROM tally.current_prompt_savings AS savings
WHERE savings.ledger_id = ANY (ARRAY(SELECT ledger_id FROM tally.audit_scope));

CREATE OR REPLACE VIEW audit.prompt_stages_daily WITH (security_barrier) AS
SELECT (SELECT name FROM tally.ledgers WHERE ledgers.ledger_id = stages.ledger_id) AS ledger,
    day, app, team, project, environment, feature, provider, model, nullif(stage, '') AS stage,
    CASE WHEN stage <> '' THEN NOT is_lossy END AS is_lossless, prompts, unpriced_prompts,
    tokens_saved, saved_pico * 0.000000000001 AS saved_usd, saved_pico
FROM tally.current_prompt_stage_savings AS stages
WHERE stages.ledger_id = ANY (ARRAY(SELECT ledger_id FROM tally.audit_scope));

DROP VIEW tally.answer_length_counts;
DROP TABLE
    tally_old.spend, tally_old.user_usage, tally_old.provider_usage, tally_old.provider_timings,
    tally_old.unpriced, tally_old.answer_usage, tally_old.answer_lengths,
    tally_old.token_estimates, tally_old.token_estimate_ratios, tally_old.prompt_savings,
    tally_old.prompt_stage_savings;
DROP SCHEMA tally_old;
-- The program reads labels itself.
DROP FUNCTION tally.prompt_shape(bigint, bigint, jsonb), tally.answer_outcome(jsonb, bigint),
    tally.label_count(jsonb, text), tally.label_flag(jsonb, text);

-- The runners begin again at the first event.
DELETE FROM tally.places WHERE subscription IN ('spend', 'providers', 'users', 'unpriced',
    'answers', 'token_estimates', 'savings');
DELETE FROM tally.subscriptions WHERE name IN ('spend', 'providers', 'users', 'unpriced',
    'answers', 'token_estimates', 'savings');

RESET ROLE;
