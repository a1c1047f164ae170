-- Optimised prompts and experiments: what a prompt.optimized event counts, what it saved, and what
-- the arms of an experiment saw.

SET LOCAL ROLE tally_owner;

-- Fields 48 to 54 of the canonical encoding. A column without values costs a row nothing: its
-- bitmap of NULLs has room for 72 columns before the header grows.
ALTER TABLE tally.events
    ADD COLUMN tokens_before bigint,
    ADD COLUMN tokens_after bigint,
    ADD COLUMN useful_output_tokens bigint,
    ADD COLUMN quality_ppm integer,
    ADD COLUMN stages text COLLATE "C",
    ADD COLUMN lossy_stages text COLLATE "C",
    ADD COLUMN saved_pico bigint;

-- Few events have these kinds, and they are looked for among all others.
CREATE INDEX events_optimized ON tally.events (ledger_id, occurred_at) WHERE kind IN (40, 41);
CREATE INDEX events_experiments ON tally.events (ledger_id, position) WHERE kind IN (110, 112);

-- The id of what is booked first with an event, a charge or a saving: a UUIDv7 of the event's own
-- time and of SHA-256(id ‖ 16 zero bytes).
CREATE FUNCTION tally.charge_id(id uuid) RETURNS uuid
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT encode(substr(uuid_send(id), 1, 6) || set_byte(set_byte(substr(hash, 7, 10),
            0, get_byte(hash, 6) & 15 | 112), 2, get_byte(hash, 8) & 63 | 128), 'hex')::uuid
    FROM (SELECT sha256(uuid_send(id) || '\x00000000000000000000000000000000'::bytea)) AS of (hash)
$$;

-- What optimisation saved, by day and dimensions. A prompt whose saving has no price is among the
-- unpriced; answered prompts are those whose useful output is known.
CREATE TABLE tally.prompt_savings (
    ledger_id bigint NOT NULL,
    version integer NOT NULL,
    day date NOT NULL,
    key bytea NOT NULL,
    app text COLLATE "C",
    team text COLLATE "C",
    project text COLLATE "C",
    environment text COLLATE "C",
    feature text COLLATE "C",
    provider text COLLATE "C",
    model text COLLATE "C",
    prompts bigint NOT NULL,
    counted_prompts bigint NOT NULL,
    lossy_prompts bigint NOT NULL,
    unpriced_prompts bigint NOT NULL,
    tokens_before numeric NOT NULL,
    tokens_after numeric NOT NULL,
    saved_pico numeric NOT NULL,
    judged_prompts bigint NOT NULL,
    quality_ppm numeric NOT NULL,
    answered_prompts bigint NOT NULL,
    answered_tokens numeric NOT NULL,
    useful_output_tokens numeric NOT NULL,
    PRIMARY KEY (ledger_id, version, day, key)
);

-- The same by stage; key is that of prompt_savings. An empty stage holds what nobody attributed.
-- The money of a prompt is divided among its stages by their tokens, to the last picodollar.
CREATE TABLE tally.prompt_stage_savings (
    ledger_id bigint NOT NULL,
    version integer NOT NULL,
    day date NOT NULL,
    key bytea NOT NULL,
    stage text COLLATE "C" NOT NULL,
    is_lossy boolean NOT NULL,
    prompts bigint NOT NULL,
    unpriced_prompts bigint NOT NULL,
    tokens_saved numeric NOT NULL,
    saved_pico numeric NOT NULL,
    PRIMARY KEY (ledger_id, version, day, key, stage, is_lossy)
);

-- What each unit of an experiment saw in an arm: the sums that the comparison is computed from.
-- key is the id of a request, or SHA-256 of a user or session; it is empty where a request has none.
CREATE TABLE tally.experiment_units (
    ledger_id bigint NOT NULL,
    version integer NOT NULL,
    experiment text COLLATE "C" NOT NULL,
    arm text COLLATE "C" NOT NULL,
    key bytea NOT NULL,
    requests bigint NOT NULL,
    failed_requests bigint NOT NULL,
    unpriced_requests bigint NOT NULL,
    cost_pico numeric NOT NULL,
    timed_requests bigint NOT NULL,
    latency_us numeric NOT NULL,
    judgements bigint NOT NULL,
    quality_ppm bigint NOT NULL,
    PRIMARY KEY (ledger_id, version, experiment, arm, key)
);

GRANT SELECT, INSERT, UPDATE, DELETE ON tally.prompt_savings, tally.prompt_stage_savings,
    tally.experiment_units TO tally_service;

-- Every event, as it was recorded.
CREATE OR REPLACE VIEW audit.events WITH (security_barrier) AS
SELECT (SELECT name FROM tally.ledgers WHERE ledgers.ledger_id = events.ledger_id) AS ledger,
    position, CASE kind WHEN 1 THEN 'request.completed' WHEN 2 THEN 'request.failed'
        WHEN 10 THEN 'charge.rated' WHEN 11 THEN 'charge.adjusted'
        WHEN 12 THEN 'charge.reconciled' WHEN 20 THEN 'cache.hit'
        WHEN 21 THEN 'cache.miss' WHEN 22 THEN 'cache.stored' WHEN 23 THEN 'cache.evicted'
        WHEN 24 THEN 'cache.invalidated' WHEN 30 THEN 'batch.formed'
        WHEN 31 THEN 'batch.completed' WHEN 40 THEN 'prompt.optimized'
        WHEN 41 THEN 'saving.rated'
        WHEN 50 THEN 'budget.defined' WHEN 51 THEN 'budget.held' WHEN 52 THEN 'budget.settled'
        WHEN 53 THEN 'budget.released' WHEN 54 THEN 'budget.expired'
        WHEN 55 THEN 'budget.denied' WHEN 56 THEN 'budget.leased'
        WHEN 57 THEN 'budget.lease_returned' WHEN 58 THEN 'budget.overrun'
        WHEN 59 THEN 'control.applied' WHEN 70 THEN 'prices.published'
        WHEN 80 THEN 'alert.raised' WHEN 81 THEN 'alert.delivered'
        WHEN 82 THEN 'alert.acknowledged' WHEN 83 THEN 'alert.resolved'
        WHEN 90 THEN 'scaling.decided' WHEN 100 THEN 'event.quarantined'
        WHEN 110 THEN 'experiment.defined' WHEN 111 THEN 'experiment.observed'
        WHEN 112 THEN 'experiment.stopped' END AS kind,
    occurred_at, recorded_at, event_id AS id, source, external_id, cause_id, previous_id, book_id,
    app, team, project, environment, feature, user_id AS "user", session_id AS session,
    provider, model, operation, service_tier, region,
    status, error_type,
    amount_pico * 0.000000000001 AS cost_usd, amount_pico AS cost_pico, unpriced,
    input_tokens, cache_read_input_tokens, cache_write_input_tokens,
    cache_write_1h_input_tokens, output_tokens, reasoning_output_tokens, input_audio_tokens,
    output_audio_tokens, cache_read_audio_tokens, input_image_tokens, output_image_tokens,
    cache_read_image_tokens, input_us * 0.000001 AS input_seconds,
    output_us * 0.000001 AS output_seconds, input_characters, web_searches, images, requests,
    latency_us * 0.001 AS latency_ms, time_to_first_token_us * 0.001 AS time_to_first_token_ms,
    labels::jsonb AS labels, detail::jsonb AS detail, content_hash,
    tokens_before, tokens_after, useful_output_tokens, quality_ppm * 0.000001 AS quality,
    stages::jsonb AS stages, lossy_stages::jsonb AS lossy_stages,
    saved_pico * 0.000000000001 AS saved_usd, saved_pico
FROM tally.events AS events
WHERE events.ledger_id = ANY (ARRAY(SELECT ledger_id FROM tally.audit_scope));

-- One row an optimised prompt, with what it saved.
CREATE VIEW audit.prompt_optimizations WITH (security_barrier) AS
SELECT (SELECT name FROM tally.ledgers WHERE ledgers.ledger_id = grouped.ledger_id) AS ledger,
    id, position, occurred_at, recorded_at, request_id,
    app, team, project, environment, feature, "user", session, provider, model, operation,
    service_tier, region,
    tokens_before, tokens_after, tokens_before - tokens_after AS tokens_saved,
    CASE WHEN lossy_stages IS NOT NULL THEN false WHEN stages IS NOT NULL THEN true END
        AS is_lossless,
    stages::jsonb AS stages, lossy_stages::jsonb AS lossy_stages,
    quality_ppm * 0.000001 AS quality, useful_output_tokens,
    saved_pico * 0.000000000001 AS saved_usd, saved_pico, unpriced, book_id::uuid AS book_id,
    labels::jsonb AS labels, detail::jsonb AS detail
FROM (
    SELECT ledger_id, occurred_at, CASE kind WHEN 40 THEN event_id ELSE cause_id END AS id,
        max(position) FILTER (WHERE kind = 40) AS position,
        max(recorded_at) FILTER (WHERE kind = 40) AS recorded_at,
        max(cause_id::text) FILTER (WHERE kind = 40)::uuid AS request_id,
        max(app) AS app, max(team) AS team, max(project) AS project,
        max(environment) AS environment, max(feature) AS feature, max(user_id) AS "user",
        max(session_id) AS session, max(provider) AS provider, max(model) AS model,
        max(operation) AS operation, max(service_tier) AS service_tier, max(region) AS region,
        max(tokens_before) AS tokens_before, max(tokens_after) AS tokens_after,
        max(stages) AS stages, max(lossy_stages) AS lossy_stages,
        max(quality_ppm) AS quality_ppm, max(useful_output_tokens) AS useful_output_tokens,
        max(saved_pico) AS saved_pico, max(book_id::text) AS book_id,
        max(detail) FILTER (WHERE kind = 41)::jsonb ->> 'unpriced' AS unpriced,
        max(labels) AS labels, max(detail) FILTER (WHERE kind = 40) AS detail
    FROM tally.events AS events
    WHERE kind IN (40, 41)
        AND events.ledger_id = ANY (ARRAY(SELECT ledger_id FROM tally.audit_scope))
    GROUP BY ledger_id, occurred_at, CASE kind WHEN 40 THEN event_id ELSE cause_id END
    HAVING bool_or(kind = 40)
) AS grouped;

CREATE VIEW audit.prompt_savings_daily WITH (security_barrier) AS
SELECT (SELECT name FROM tally.ledgers WHERE ledgers.ledger_id = savings.ledger_id) AS ledger,
    day, app, team, project, environment, feature, provider, model,
    prompts, counted_prompts, lossy_prompts, unpriced_prompts,
    tokens_before, tokens_after, tokens_before - tokens_after AS tokens_saved,
    tokens_after / nullif(tokens_before, 0) AS compression_ratio,
    saved_pico * 0.000000000001 AS saved_usd, saved_pico,
    quality_ppm * 0.000001 / nullif(judged_prompts, 0) AS quality, judged_prompts,
    useful_output_tokens, answered_prompts,
    useful_output_tokens / nullif(answered_tokens, 0) AS efficiency
FROM tally.prompt_savings AS savings
WHERE version = (SELECT active_version FROM tally.projections WHERE projections.name = 'savings')
    AND savings.ledger_id = ANY (ARRAY(SELECT ledger_id FROM tally.audit_scope));

CREATE VIEW audit.prompt_stages_daily WITH (security_barrier) AS
SELECT (SELECT name FROM tally.ledgers WHERE ledgers.ledger_id = savings.ledger_id) AS ledger,
    day, app, team, project, environment, feature, provider, model,
    nullif(stage, '') AS stage, CASE WHEN stage <> '' THEN NOT is_lossy END AS is_lossless,
    stages.prompts, stages.unpriced_prompts, stages.tokens_saved,
    stages.saved_pico * 0.000000000001 AS saved_usd, stages.saved_pico
FROM tally.prompt_stage_savings AS stages
JOIN tally.prompt_savings AS savings USING (ledger_id, version, day, key)
WHERE version = (SELECT active_version FROM tally.projections WHERE projections.name = 'savings')
    AND savings.ledger_id = ANY (ARRAY(SELECT ledger_id FROM tally.audit_scope));

-- What was decided about experiments: each definition and each stop.
CREATE VIEW audit.experiments WITH (security_barrier) AS
SELECT (SELECT name FROM tally.ledgers WHERE ledgers.ledger_id = events.ledger_id) AS ledger,
    position, CASE kind WHEN 110 THEN 'experiment.defined' ELSE 'experiment.stopped' END AS kind,
    occurred_at, recorded_at, detail::jsonb ->> 'experiment' AS experiment,
    detail::jsonb ->> 'arms' AS arms, detail::jsonb ->> 'unit' AS unit,
    detail::jsonb ->> 'metrics' AS metrics, detail::jsonb ->> 'winner' AS winner,
    detail::jsonb ->> 'reason' AS reason, detail::jsonb AS detail
FROM tally.events AS events
WHERE kind IN (110, 112)
    AND events.ledger_id = ANY (ARRAY(SELECT ledger_id FROM tally.audit_scope));

CREATE VIEW audit.experiment_arms WITH (security_barrier) AS
SELECT (SELECT name FROM tally.ledgers WHERE ledgers.ledger_id = units.ledger_id) AS ledger,
    experiment, arm, count(*) FILTER (WHERE key <> '') AS units,
    sum(requests)::bigint AS requests, sum(failed_requests)::bigint AS failed_requests,
    sum(unpriced_requests)::bigint AS unpriced_requests,
    sum(cost_pico) * 0.000000000001 AS cost_usd, sum(cost_pico) AS cost_pico,
    sum(latency_us) * 0.001 / nullif(sum(timed_requests), 0) AS latency_ms,
    sum(quality_ppm) * 0.000001 / nullif(sum(judgements), 0) AS quality,
    sum(judgements)::bigint AS judgements
FROM tally.experiment_units AS units
WHERE version = (SELECT active_version FROM tally.projections WHERE projections.name = 'experiments')
    AND units.ledger_id = ANY (ARRAY(SELECT ledger_id FROM tally.audit_scope))
GROUP BY units.ledger_id, experiment, arm;

COMMENT ON VIEW audit.prompt_optimizations IS
    'One row a prompt that an optimiser rewrote, with what that saved.';
COMMENT ON VIEW audit.prompt_savings_daily IS
    'What prompt optimisation saved, by day (UTC) and dimensions.';
COMMENT ON VIEW audit.prompt_stages_daily IS
    'What each stage of prompt optimisation saved, by day (UTC) and dimensions.';
COMMENT ON VIEW audit.experiments IS 'Definitions and ends of experiments, in their order.';
COMMENT ON VIEW audit.experiment_arms IS
    'What the arms of experiments saw, from the definition to the stop of each.';

-- A column that other views have means the same here, unless it is named below.
DO $$
DECLARE
    described record;
    missing text;
BEGIN
    FOR described IN
        SELECT ours.attrelid::regclass AS view, ours.attname AS name,
            coalesce(own.comment, (
                SELECT col_description(theirs.attrelid, theirs.attnum)
                FROM pg_catalog.pg_attribute AS theirs
                WHERE theirs.attname = ours.attname AND theirs.attnum > 0
                    AND theirs.attrelid IN ('audit.events'::regclass, 'audit.cache_events'::regclass,
                        'audit.spend_daily'::regclass)
                ORDER BY theirs.attrelid = 'audit.events'::regclass DESC LIMIT 1)) AS comment
        FROM pg_catalog.pg_attribute AS ours
        LEFT JOIN (VALUES
            ('id', 'Id of the prompt.optimized event, a UUID of version 7.'),
            ('request_id', 'Id of the request that the prompt belongs to.'),
            ('tokens_before', 'Tokens of the prompts as the applications wrote them.'),
            ('tokens_after', 'Tokens of the prompts as they were sent.'),
            ('tokens_saved', 'The difference; negative where prompts grew.'),
            ('is_lossless', 'Whether no stage left anything out; NULL where no stage was named.'),
            ('stages', 'Tokens that each stage saved which keeps everything.'),
            ('lossy_stages', 'Tokens that each stage saved which leaves something out.'),
            ('quality', 'How good the prompt or answer is, 0 to 1, as reported; means in sums.'),
            ('useful_output_tokens', 'Tokens of the answers that the application could use.'),
            ('saved_usd', 'What was saved in US dollars, exact; NULL without a price.'),
            ('saved_pico', 'What was saved in picodollars (1e-12 USD); NULL without a price.'),
            ('unpriced', 'Why there is no price; NULL where there is one.'),
            ('book_id', 'Id of the price book that the saving was rated with.'),
            ('prompts', 'Prompts that were optimised.'),
            ('counted_prompts', 'Prompts whose tokens were counted before and after.'),
            ('lossy_prompts', 'Prompts from which a stage left something out.'),
            ('unpriced_prompts', 'Prompts whose saving has no price; their money is not in sums.'),
            ('compression_ratio', 'Tokens after over tokens before; 0.6 is 40 percent less.'),
            ('judged_prompts', 'Prompts whose quality was reported.'),
            ('answered_prompts', 'Prompts whose useful output was reported.'),
            ('efficiency', 'Useful output tokens for each token sent, of answered prompts.'),
            ('stage', 'Stage of the optimiser; NULL for what nobody attributed to one.'),
            ('experiment', 'Name of the experiment.'),
            ('arm', 'Arm, as requests name it in their labels.'),
            ('arms', 'The arms with their weights.'),
            ('unit', 'What is assigned to an arm: request, session or user.'),
            ('metrics', 'What is compared, each with the smallest effect that matters.'),
            ('winner', 'The arm that was kept; NULL in a definition.'),
            ('reason', 'Why it was stopped; NULL in a definition.'),
            ('units', 'Requests, sessions or users that were counted.'),
            ('requests', 'Requests, failed ones included.'),
            ('unpriced_requests', 'Requests without a price; their units are not in costs.'),
            ('latency_ms', 'Mean milliseconds of completed requests.'),
            ('judgements', 'Qualities that were reported.')
        ) AS own (name, comment) ON own.name = ours.attname
        WHERE ours.attrelid IN ('audit.prompt_optimizations'::regclass,
                'audit.prompt_savings_daily'::regclass, 'audit.prompt_stages_daily'::regclass,
                'audit.experiments'::regclass, 'audit.experiment_arms'::regclass)
            OR (ours.attrelid = 'audit.events'::regclass
                AND col_description(ours.attrelid, ours.attnum) IS NULL)
    LOOP
        CONTINUE WHEN described.comment IS NULL;
        EXECUTE format('COMMENT ON COLUMN %s.%I IS %L',
            described.view, described.name, described.comment);
    END LOOP;
    SELECT string_agg(format('%s.%I', attrelid::regclass, attname), ', ') INTO missing
    FROM pg_catalog.pg_attribute
    WHERE attrelid IN (
            SELECT oid FROM pg_catalog.pg_class WHERE relnamespace = 'audit'::regnamespace)
        AND attnum > 0 AND NOT attisdropped AND col_description(attrelid, attnum) IS NULL;
    IF missing IS NOT NULL THEN
        RAISE EXCEPTION 'columns without a comment: %', missing;
    END IF;
END $$;

RESET ROLE;
