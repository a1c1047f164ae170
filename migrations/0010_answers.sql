-- Two read models: how answers ended and how long they were, and how far callers' estimates of
-- input tokens were from what providers billed.
--
-- Both are read by a key that is the SHA-256 of the names, as in 0002. Lengths are kept at five
-- levels, each the sum of the next: of the ledger (0), of a model (1), of an application with it
-- (2), of a feature (3), of a shape of prompt (4). A prediction reads one key of each.

SET LOCAL ROLE tally_owner;

-- How requests ended, by day. Their outcomes add up to requests.
CREATE TABLE tally.answer_usage (
    ledger_id bigint NOT NULL,
    version integer NOT NULL,
    day date NOT NULL,
    key bytea NOT NULL,
    app text COLLATE "C",
    feature text COLLATE "C",
    provider text COLLATE "C",
    model text COLLATE "C",
    requests bigint NOT NULL,
    failed_requests bigint NOT NULL,
    finished_requests bigint NOT NULL,
    cut_off_requests bigint NOT NULL,
    refused_requests bigint NOT NULL,
    unpriced_requests bigint NOT NULL,
    cost_pico numeric NOT NULL,
    input_tokens numeric,
    output_tokens numeric,
    PRIMARY KEY (ledger_id, version, day, key)
);

-- Histograms that merge by adding counts, each in one row: as a row for each bucket they took as
-- much room as the events, and most of a rebuild's time. measure 1 is the output of completed requests, at every
-- level; 2 is the max_tokens that requests were sent with, at level 2.
CREATE TABLE tally.answer_lengths (
    ledger_id bigint NOT NULL,
    version integer NOT NULL,
    key bytea NOT NULL,
    day date NOT NULL,
    measure smallint NOT NULL CHECK (measure IN (1, 2)),
    level smallint NOT NULL CHECK (level BETWEEN 0 AND 4),
    buckets integer[] NOT NULL,
    counts bigint[] NOT NULL CHECK (cardinality(counts) = cardinality(buckets)),
    PRIMARY KEY (ledger_id, version, key, day, measure)
);

-- The same, a row for each bucket.
CREATE VIEW tally.answer_length_counts AS
SELECT ledger_id, version, key, day, measure, level, bucket, count
FROM tally.answer_lengths, unnest(buckets, counts) AS cell (bucket, count);

-- Requests with the estimate that their caller made of them; estimated_with is NULL where none
-- was, and those rows have counts of requests and costs only.
CREATE TABLE tally.token_estimates (
    ledger_id bigint NOT NULL,
    version integer NOT NULL,
    day date NOT NULL,
    key bytea NOT NULL,
    provider text COLLATE "C",
    model text COLLATE "C",
    estimated_with text COLLATE "C",
    requests bigint NOT NULL,
    estimated_requests bigint NOT NULL,
    cost_pico numeric NOT NULL,
    estimated_tokens numeric NOT NULL,
    billed_tokens numeric NOT NULL,
    PRIMARY KEY (ledger_id, version, day, key)
);

-- Histograms of billed ÷ estimated in thousandths, the last for 10 and more; key is that of
-- token_estimates.
CREATE TABLE tally.token_estimate_ratios (
    ledger_id bigint NOT NULL,
    version integer NOT NULL,
    day date NOT NULL,
    key bytea NOT NULL,
    thousandths integer NOT NULL,
    count bigint NOT NULL,
    PRIMARY KEY (ledger_id, version, day, key, thousandths)
);

-- The bucket of a count of tokens: that of a duration, which is any whole number.
CREATE FUNCTION tally.token_bucket(tokens bigint) RETURNS integer
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT tally.duration_bucket(tokens) $$;

CREATE FUNCTION tally.token_bucket_middle(bucket integer) RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT tally.duration_bucket_middle(bucket) $$;

-- A label that is a whole number of at most 15 digits; NULL where it is anything else.
CREATE FUNCTION tally.label_count(labels jsonb, name text) RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN labels ->> name ~ '^[0-9]{1,15}$' THEN (labels ->> name)::bigint END
$$;

-- Whether a label says yes: anything but no, false, 0 and nothing.
CREATE FUNCTION tally.label_flag(labels jsonb, name text) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT coalesce(lower(labels ->> name) NOT IN ('', '0', 'false', 'no', 'none'), false)
$$;

-- What of a prompt tells how long its answer will be; PromptShape is the same function in Swift.
-- Octaves of input tokens; no event has 2 to the power of 52.
CREATE FUNCTION tally.prompt_shape(
    input_tokens bigint, input_image_tokens bigint, labels jsonb) RETURNS smallint
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT (8 * coalesce(1 + width_bucket(input_tokens, '{
            1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192, 16384, 32768, 65536,
            131072, 262144, 524288, 1048576, 2097152, 4194304, 8388608, 16777216, 33554432,
            67108864, 134217728, 268435456, 536870912, 1073741824, 2147483648, 4294967296,
            8589934592, 17179869184, 34359738368, 68719476736, 137438953472, 274877906944,
            549755813888, 1099511627776, 2199023255552, 4398046511104, 8796093022208,
            17592186044416, 35184372088832, 70368744177664, 140737488355328, 281474976710656,
            562949953421312, 1125899906842624, 2251799813685248, 4503599627370496
        }'::bigint[]), 0)
        + 4 * tally.label_flag(labels, 'tools')::integer
        + 2 * coalesce(lower(labels ->> 'response_format') IN ('json', 'json_object', 'json_schema'),
            false)::integer
        + (coalesce(input_image_tokens, 0) > 0 OR tally.label_flag(labels, 'images'))::integer
        )::smallint
$$;

-- How a completed request ended, as far as its labels tell: NULL is unknown.
--
-- finish_reason is the provider's word. Without one that is known here, an answer that used up its
-- max_tokens was cut off, and one that did not was finished.
CREATE FUNCTION tally.answer_outcome(labels jsonb, output_tokens bigint) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE
        WHEN lower(labels ->> 'finish_reason') IN ('stop', 'end_turn', 'stop_sequence',
            'tool_calls', 'tool_use', 'function_call', 'eos', 'eos_token', 'complete', 'completed')
            THEN 'finished'
        WHEN lower(labels ->> 'finish_reason') IN ('length', 'max_tokens', 'max_output_tokens',
            'model_length', 'model_context_window_exceeded')
            THEN 'cut_off'
        WHEN lower(labels ->> 'finish_reason') IN ('content_filter', 'refusal', 'safety',
            'recitation', 'blocklist', 'prohibited_content', 'spii', 'guardrail_intervened',
            'content_filtered')
            THEN 'refused'
        WHEN output_tokens >= tally.label_count(labels, 'max_tokens') THEN 'cut_off'
        WHEN output_tokens < tally.label_count(labels, 'max_tokens') THEN 'finished'
        END
$$;

GRANT SELECT, INSERT, UPDATE, DELETE ON tally.answer_usage, tally.answer_lengths,
    tally.token_estimates, tally.token_estimate_ratios TO tally_service;
GRANT SELECT ON tally.answer_length_counts TO tally_service;

-- What became of requests, and what a useful answer cost.
CREATE VIEW audit.answers_daily WITH (security_barrier) AS
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
    lengths.p50 AS output_tokens_p50, lengths.p90 AS output_tokens_p90,
    lengths.p99 AS output_tokens_p99
FROM tally.answer_usage AS usage
CROSS JOIN LATERAL (
    SELECT tally.token_bucket_middle(min(bucket) FILTER (WHERE upto * 100 >= total * 50)) AS p50,
        tally.token_bucket_middle(min(bucket) FILTER (WHERE upto * 100 >= total * 90)) AS p90,
        tally.token_bucket_middle(min(bucket) FILTER (WHERE upto * 100 >= total * 99)) AS p99
    FROM (
        SELECT bucket, sum(count) OVER (ORDER BY bucket) AS upto, sum(count) OVER () AS total
        FROM tally.answer_length_counts AS lengths
        WHERE lengths.ledger_id = usage.ledger_id AND lengths.version = usage.version
            AND lengths.day = usage.day AND measure = 1
            AND lengths.key = sha256(record_send(ROW(
                3::smallint, usage.app, usage.feature, usage.model, NULL::smallint)))
        ) AS cumulated
    ) AS lengths
WHERE version = (SELECT active_version FROM tally.projections WHERE projections.name = 'answers')
    AND usage.ledger_id = ANY (ARRAY(SELECT ledger_id FROM tally.audit_scope));

-- Estimates of input tokens beside what was billed for.
CREATE VIEW audit.token_estimates WITH (security_barrier) AS
SELECT (SELECT name FROM tally.ledgers WHERE ledgers.ledger_id = estimates.ledger_id) AS ledger,
    day, provider, model, estimated_with, estimated_requests AS requests, estimated_tokens,
    billed_tokens, ratios.p05 * 0.001 AS ratio_p05, ratios.p50 * 0.001 AS ratio_p50,
    ratios.p95 * 0.001 AS ratio_p95
FROM tally.token_estimates AS estimates
CROSS JOIN LATERAL (
    SELECT min(thousandths) FILTER (WHERE upto * 100 >= total * 5) AS p05,
        min(thousandths) FILTER (WHERE upto * 100 >= total * 50) AS p50,
        min(thousandths) FILTER (WHERE upto * 100 >= total * 95) AS p95
    FROM (
        SELECT thousandths, sum(count) OVER (ORDER BY thousandths) AS upto,
            sum(count) OVER () AS total
        FROM tally.token_estimate_ratios AS ratios
        WHERE ratios.ledger_id = estimates.ledger_id AND ratios.version = estimates.version
            AND ratios.day = estimates.day AND ratios.key = estimates.key
        ) AS cumulated
    ) AS ratios
WHERE estimated_requests > 0
    AND version = (
        SELECT active_version FROM tally.projections WHERE projections.name = 'token_estimates')
    AND estimates.ledger_id = ANY (ARRAY(SELECT ledger_id FROM tally.audit_scope));

COMMENT ON VIEW audit.answers_daily IS
    'How requests ended, how long the answers were and what a useful one cost, by day (UTC).';
COMMENT ON VIEW audit.token_estimates IS
    'Callers'' estimates of input tokens beside what was billed, by day (UTC) and model.';

DO $$
DECLARE
    described record;
BEGIN
    FOR described IN
        SELECT columns.attrelid::regclass AS view, columns.attname AS name, comments.comment
        FROM pg_catalog.pg_attribute AS columns
        JOIN (VALUES
            ('ledger', 'Name of the ledger.'),
            ('day', 'Day, UTC.'),
            ('app', 'Application.'),
            ('feature', 'Feature of the application.'),
            ('provider', 'Provider, such as openai.'),
            ('model', 'Model that answered.'),
            ('requests', 'Requests, failed ones included; of estimates, those that carry one.'),
            ('failed_requests', 'Requests that failed; they are among the requests.'),
            ('finished_requests', 'Completed requests whose answer came to its end: useful.'),
            ('cut_off_requests', 'Completed requests whose answer ended at its limit of tokens.'),
            ('refused_requests', 'Completed requests that the model or a filter did not answer.'),
            ('unknown_requests', 'Completed requests whose events do not tell how they ended.'),
            ('unpriced_requests', 'Requests whose latest charge has no price.'),
            ('cost_usd', 'Cost in US dollars, exact.'),
            ('cost_pico', 'Cost in picodollars (1e-12 USD), exact.'),
            ('useful_answer_usd_min', 'Cost of all requests for each useful answer, if all unknown '
                'ones were useful; NULL where a request has no price.'),
            ('useful_answer_usd_max', 'The same if none of the unknown ones was useful.'),
            ('input_tokens', 'Tokens of input, cached ones included.'),
            ('output_tokens', 'Tokens of output, reasoning included.'),
            ('output_tokens_p50', 'Half of the completed answers of the app, feature and model '
                'were no longer, whoever provided them; at most 1.6 % wrong.'),
            ('output_tokens_p90', 'The same for 90 % of them.'),
            ('output_tokens_p99', 'The same for 99 % of them.'),
            ('estimated_with', 'What the caller counted with, such as o200k_base.'),
            ('estimated_tokens', 'Input tokens that callers expected.'),
            ('billed_tokens', 'Input tokens of the same requests as billed.'),
            ('ratio_p05', 'Billed ÷ estimated, which 5 % of the requests did not exceed.'),
            ('ratio_p50', 'Billed ÷ estimated, which half of the requests did not exceed.'),
            ('ratio_p95', 'Billed ÷ estimated, which 95 % of the requests did not exceed.')
        ) AS comments (name, comment) ON comments.name = columns.attname
        WHERE columns.attrelid IN (
                'audit.answers_daily'::regclass, 'audit.token_estimates'::regclass)
            AND columns.attnum > 0
    LOOP
        EXECUTE format('COMMENT ON COLUMN %s.%I IS %L',
            described.view, described.name, described.comment);
    END LOOP;
END $$;

RESET ROLE;
