-- What people query: the schema audit, and the login roles that see one ledger of it or all.
--
-- Isolation is by login role: a view shows the rows of the ledgers that session_user is mapped to,
-- and nothing that a query can call changes session_user. The views are security barriers, so
-- that a function in a query never meets a row of another ledger.

SET LOCAL ROLE tally_owner;

-- Which login role sees which ledger; all of them where ledger_id is NULL. Roles belong to the
-- whole server, hence the database. The service needs the password to log in as the role, which
-- may do less than the service itself.
CREATE TABLE tally.audit_roles (
    database_id oid NOT NULL,
    role_name name NOT NULL,
    ledger_id bigint,
    password text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (database_id, role_name)
);
GRANT SELECT ON tally.audit_roles TO tally_service;

-- The ledgers of whoever logged in.
CREATE VIEW tally.audit_scope AS
SELECT ledgers.ledger_id
FROM tally.audit_roles AS roles
JOIN tally.ledgers AS ledgers
    ON roles.ledger_id IS NULL OR roles.ledger_id = ledgers.ledger_id
WHERE roles.role_name = session_user AND roles.database_id = (
    SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database());

CREATE SCHEMA audit;
-- Whoever may connect may look: what is there depends on who it is.
GRANT USAGE ON SCHEMA audit TO PUBLIC;
ALTER DEFAULT PRIVILEGES IN SCHEMA audit GRANT SELECT ON TABLES TO PUBLIC;

-- Every event, as it was recorded.
CREATE VIEW audit.events WITH (security_barrier) AS
SELECT (SELECT name FROM tally.ledgers WHERE ledgers.ledger_id = events.ledger_id) AS ledger,
    position, CASE kind WHEN 1 THEN 'request.completed' WHEN 2 THEN 'request.failed'
        WHEN 10 THEN 'charge.rated' WHEN 11 THEN 'charge.adjusted' WHEN 20 THEN 'cache.hit'
        WHEN 21 THEN 'cache.miss' WHEN 22 THEN 'cache.stored' WHEN 23 THEN 'cache.evicted'
        WHEN 24 THEN 'cache.invalidated' WHEN 30 THEN 'batch.formed'
        WHEN 31 THEN 'batch.completed' WHEN 40 THEN 'prompt.optimized'
        WHEN 50 THEN 'budget.defined' WHEN 51 THEN 'budget.held' WHEN 52 THEN 'budget.settled'
        WHEN 53 THEN 'budget.released' WHEN 54 THEN 'budget.expired'
        WHEN 55 THEN 'budget.denied' WHEN 56 THEN 'budget.leased'
        WHEN 57 THEN 'budget.lease_returned' WHEN 58 THEN 'budget.overrun'
        WHEN 59 THEN 'control.applied' WHEN 70 THEN 'prices.published'
        WHEN 80 THEN 'alert.raised' WHEN 81 THEN 'alert.delivered'
        WHEN 82 THEN 'alert.acknowledged' WHEN 83 THEN 'alert.resolved'
        WHEN 90 THEN 'scaling.decided' WHEN 100 THEN 'event.quarantined' END AS kind,
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
    labels::jsonb AS labels, detail::jsonb AS detail, content_hash
FROM tally.events AS events
WHERE events.ledger_id = ANY (ARRAY(SELECT ledger_id FROM tally.audit_scope));

-- One row a request, with what its charges add up to.
--
-- A charge carries its request's occurred_at, so one pass groups both, and a filter on occurred_at
-- reaches the scan and leaves out the months it excludes. Columns that nobody selects cost nothing.
CREATE VIEW audit.requests WITH (security_barrier) AS
SELECT (SELECT name FROM tally.ledgers WHERE ledgers.ledger_id = grouped.ledger_id) AS ledger,
    id, position, CASE WHEN is_failed THEN 'request.failed' ELSE 'request.completed' END AS kind,
    occurred_at, recorded_at, source, external_id,
    app, team, project, environment, feature, "user", session, provider, model, operation,
    service_tier, region,
    status, error_type,
    cost_pico * 0.000000000001 AS cost_usd, cost_pico, charges,
    CASE WHEN is_priced THEN 'priced' WHEN charges > 0 THEN 'unpriced' ELSE 'uncharged' END
        AS price_state,
    CASE WHEN NOT is_priced THEN unpriced END AS unpriced,
    input_tokens, cache_read_input_tokens, cache_write_input_tokens,
    cache_write_1h_input_tokens, output_tokens, reasoning_output_tokens, input_audio_tokens,
    output_audio_tokens, cache_read_audio_tokens, input_image_tokens, output_image_tokens,
    cache_read_image_tokens, input_seconds, output_seconds, input_characters, web_searches,
    images, requests,
    latency_us * 0.001 AS latency_ms, time_to_first_token_us * 0.001 AS time_to_first_token_ms,
    labels::jsonb AS labels, content_hash
FROM (
    SELECT ledger_id, occurred_at,
        CASE WHEN kind IN (1, 2) THEN event_id ELSE cause_id END AS id,
        max(position) FILTER (WHERE kind IN (1, 2)) AS position,
        max(recorded_at) FILTER (WHERE kind IN (1, 2)) AS recorded_at,
        bool_or(kind = 2) AS is_failed,
        count(*) FILTER (WHERE kind IN (10, 11)) AS charges,
        bool_or(amount_pico IS NOT NULL) AS is_priced,
        coalesce(sum(amount_pico), 0) AS cost_pico, max(unpriced) AS unpriced,
        max(source) AS source, max(external_id) AS external_id,
        max(app) AS app, max(team) AS team, max(project) AS project,
        max(environment) AS environment, max(feature) AS feature, max(user_id) AS "user",
        max(session_id) AS session, max(provider) AS provider, max(model) AS model,
        max(operation) AS operation, max(service_tier) AS service_tier, max(region) AS region,
        max(status) AS status, max(error_type) AS error_type,
        max(input_tokens) AS input_tokens,
        max(cache_read_input_tokens) AS cache_read_input_tokens,
        max(cache_write_input_tokens) AS cache_write_input_tokens,
        max(cache_write_1h_input_tokens) AS cache_write_1h_input_tokens,
        max(output_tokens) AS output_tokens,
        max(reasoning_output_tokens) AS reasoning_output_tokens,
        max(input_audio_tokens) AS input_audio_tokens,
        max(output_audio_tokens) AS output_audio_tokens,
        max(cache_read_audio_tokens) AS cache_read_audio_tokens,
        max(input_image_tokens) AS input_image_tokens,
        max(output_image_tokens) AS output_image_tokens,
        max(cache_read_image_tokens) AS cache_read_image_tokens,
        max(input_us) * 0.000001 AS input_seconds, max(output_us) * 0.000001 AS output_seconds,
        max(input_characters) AS input_characters, max(web_searches) AS web_searches,
        max(images) AS images, max(requests) AS requests,
        max(latency_us) AS latency_us, max(time_to_first_token_us) AS time_to_first_token_us,
        max(labels) AS labels,
        decode(max(encode(content_hash, 'hex')), 'hex') AS content_hash
    FROM tally.events AS events
    WHERE kind IN (1, 2, 10, 11)
        AND events.ledger_id = ANY (ARRAY(SELECT ledger_id FROM tally.audit_scope))
    GROUP BY ledger_id, occurred_at, CASE WHEN kind IN (1, 2) THEN event_id ELSE cause_id END
    HAVING bool_or(kind IN (1, 2))
) AS grouped;

-- What was booked, each rating and each adjustment.
CREATE VIEW audit.charges WITH (security_barrier) AS
SELECT (SELECT name FROM tally.ledgers WHERE ledgers.ledger_id = events.ledger_id) AS ledger,
    event_id AS id, position,
    CASE kind WHEN 10 THEN 'charge.rated' WHEN 11 THEN 'charge.adjusted' END AS kind,
    occurred_at, recorded_at, cause_id AS request_id, previous_id, book_id,
    app, team, project, environment, feature, user_id AS "user", session_id AS session,
    provider, model, operation, service_tier, region,
    amount_pico * 0.000000000001 AS cost_usd, amount_pico AS cost_pico, unpriced
FROM tally.events AS events
WHERE kind IN (10, 11) AND events.ledger_id = ANY (ARRAY(SELECT ledger_id FROM tally.audit_scope));

CREATE VIEW audit.cache_events WITH (security_barrier) AS
SELECT (SELECT name FROM tally.ledgers WHERE ledgers.ledger_id = events.ledger_id) AS ledger,
    event_id AS id, position,
    CASE kind WHEN 20 THEN 'cache.hit' WHEN 21 THEN 'cache.miss' WHEN 22 THEN 'cache.stored'
        WHEN 23 THEN 'cache.evicted' WHEN 24 THEN 'cache.invalidated' END AS kind,
    occurred_at, recorded_at, cause_id AS request_id,
    app, team, project, environment, feature, user_id AS "user", session_id AS session,
    provider, model, operation, service_tier, region,
    input_tokens, cache_read_input_tokens, cache_write_input_tokens,
    cache_write_1h_input_tokens, output_tokens, reasoning_output_tokens, input_audio_tokens,
    output_audio_tokens, cache_read_audio_tokens, input_image_tokens, output_image_tokens,
    cache_read_image_tokens, input_us * 0.000001 AS input_seconds,
    output_us * 0.000001 AS output_seconds, input_characters, web_searches, images, requests,
    labels::jsonb AS labels, detail::jsonb AS detail, content_hash
FROM tally.events AS events
WHERE kind BETWEEN 20 AND 24
    AND events.ledger_id = ANY (ARRAY(SELECT ledger_id FROM tally.audit_scope));

CREATE VIEW audit.batches WITH (security_barrier) AS
SELECT (SELECT name FROM tally.ledgers WHERE ledgers.ledger_id = events.ledger_id) AS ledger,
    event_id AS id, position,
    CASE kind WHEN 30 THEN 'batch.formed' WHEN 31 THEN 'batch.completed' END AS kind,
    occurred_at, recorded_at, cause_id,
    app, team, project, environment, feature, user_id AS "user", session_id AS session,
    provider, model, operation, service_tier, region,
    input_tokens, cache_read_input_tokens, cache_write_input_tokens,
    cache_write_1h_input_tokens, output_tokens, reasoning_output_tokens, input_audio_tokens,
    output_audio_tokens, cache_read_audio_tokens, input_image_tokens, output_image_tokens,
    cache_read_image_tokens, input_us * 0.000001 AS input_seconds,
    output_us * 0.000001 AS output_seconds, input_characters, web_searches, images, requests,
    latency_us * 0.001 AS latency_ms, labels::jsonb AS labels, detail::jsonb AS detail
FROM tally.events AS events
WHERE kind IN (30, 31) AND events.ledger_id = ANY (ARRAY(SELECT ledger_id FROM tally.audit_scope));

-- From when the ledger uses which price book.
CREATE VIEW audit.prices WITH (security_barrier) AS
SELECT (SELECT name FROM tally.ledgers WHERE ledgers.ledger_id = events.ledger_id) AS ledger,
    position, occurred_at AS published_at, book_id, detail::jsonb ->> 'name' AS name,
    (detail::jsonb ->> 'effective_from')::timestamptz AS effective_from,
    detail::jsonb ->> 'digest' AS digest, detail::jsonb ->> 'models' AS models
FROM tally.events AS events
WHERE kind = 70 AND events.ledger_id = ANY (ARRAY(SELECT ledger_id FROM tally.audit_scope));

CREATE VIEW audit.unpriced WITH (security_barrier) AS
SELECT (SELECT name FROM tally.ledgers WHERE ledgers.ledger_id = unpriced.ledger_id) AS ledger,
    day, provider, model, service_tier, reason, requests, input_tokens, output_tokens
FROM tally.unpriced AS unpriced
WHERE version = (SELECT active_version FROM tally.projections WHERE projections.name = 'unpriced')
    AND requests <> 0 AND unpriced.ledger_id = ANY (ARRAY(SELECT ledger_id FROM tally.audit_scope));

CREATE VIEW audit.spend_hourly WITH (security_barrier) AS
SELECT (SELECT name FROM tally.ledgers WHERE ledgers.ledger_id = spend.ledger_id) AS ledger,
    starts_at AS hour,
    app, team, project, environment, feature, provider, model, operation, service_tier, region,
    requests, failed_requests, unpriced_requests, charges,
    cost_pico * 0.000000000001 AS cost_usd, cost_pico,
    input_tokens, cache_read_input_tokens, cache_write_input_tokens,
    cache_write_1h_input_tokens, output_tokens, reasoning_output_tokens, input_audio_tokens,
    output_audio_tokens, cache_read_audio_tokens, input_image_tokens, output_image_tokens,
    cache_read_image_tokens, input_us * 0.000001 AS input_seconds,
    output_us * 0.000001 AS output_seconds, input_characters, web_searches, images,
    billed_requests
FROM tally.spend AS spend
WHERE grain = 1
    AND version = (SELECT active_version FROM tally.projections WHERE projections.name = 'spend')
    AND spend.ledger_id = ANY (ARRAY(SELECT ledger_id FROM tally.audit_scope));

CREATE VIEW audit.spend_daily WITH (security_barrier) AS
SELECT (SELECT name FROM tally.ledgers WHERE ledgers.ledger_id = spend.ledger_id) AS ledger,
    (starts_at AT TIME ZONE 'UTC')::date AS day,
    app, team, project, environment, feature, provider, model, operation, service_tier, region,
    requests, failed_requests, unpriced_requests, charges,
    cost_pico * 0.000000000001 AS cost_usd, cost_pico,
    input_tokens, cache_read_input_tokens, cache_write_input_tokens,
    cache_write_1h_input_tokens, output_tokens, reasoning_output_tokens, input_audio_tokens,
    output_audio_tokens, cache_read_audio_tokens, input_image_tokens, output_image_tokens,
    cache_read_image_tokens, input_us * 0.000001 AS input_seconds,
    output_us * 0.000001 AS output_seconds, input_characters, web_searches, images,
    billed_requests
FROM tally.spend AS spend
WHERE grain = 24
    AND version = (SELECT active_version FROM tally.projections WHERE projections.name = 'spend')
    AND spend.ledger_id = ANY (ARRAY(SELECT ledger_id FROM tally.audit_scope));

CREATE VIEW audit.providers_daily WITH (security_barrier) AS
SELECT (SELECT name FROM tally.ledgers WHERE ledgers.ledger_id = usage.ledger_id) AS ledger,
    day, provider, model, service_tier, region, requests, failed_requests, unpriced_requests,
    cost_pico * 0.000000000001 AS cost_usd, cost_pico,
    input_tokens, cache_read_input_tokens, output_tokens,
    (SELECT tally.duration_bucket_middle(min(bucket)) * 0.001 FROM (
        SELECT bucket, sum(count) OVER (ORDER BY bucket) AS upto, sum(count) OVER () AS total
        FROM tally.provider_timings AS timings
        WHERE timings.ledger_id = usage.ledger_id AND timings.version = usage.version
            AND timings.day = usage.day AND timings.key = usage.key AND metric = 1
        ) AS cumulated WHERE upto * 100 >= total * 50) AS latency_p50_ms,
    (SELECT tally.duration_bucket_middle(min(bucket)) * 0.001 FROM (
        SELECT bucket, sum(count) OVER (ORDER BY bucket) AS upto, sum(count) OVER () AS total
        FROM tally.provider_timings AS timings
        WHERE timings.ledger_id = usage.ledger_id AND timings.version = usage.version
            AND timings.day = usage.day AND timings.key = usage.key AND metric = 1
        ) AS cumulated WHERE upto * 100 >= total * 95) AS latency_p95_ms,
    (SELECT tally.duration_bucket_middle(min(bucket)) * 0.001 FROM (
        SELECT bucket, sum(count) OVER (ORDER BY bucket) AS upto, sum(count) OVER () AS total
        FROM tally.provider_timings AS timings
        WHERE timings.ledger_id = usage.ledger_id AND timings.version = usage.version
            AND timings.day = usage.day AND timings.key = usage.key AND metric = 1
        ) AS cumulated WHERE upto * 100 >= total * 99) AS latency_p99_ms,
    (SELECT tally.duration_bucket_middle(min(bucket)) * 0.001 FROM (
        SELECT bucket, sum(count) OVER (ORDER BY bucket) AS upto, sum(count) OVER () AS total
        FROM tally.provider_timings AS timings
        WHERE timings.ledger_id = usage.ledger_id AND timings.version = usage.version
            AND timings.day = usage.day AND timings.key = usage.key AND metric = 2
        ) AS cumulated WHERE upto * 100 >= total * 50) AS time_to_first_token_p50_ms,
    (SELECT tally.duration_bucket_middle(min(bucket)) * 0.001 FROM (
        SELECT bucket, sum(count) OVER (ORDER BY bucket) AS upto, sum(count) OVER () AS total
        FROM tally.provider_timings AS timings
        WHERE timings.ledger_id = usage.ledger_id AND timings.version = usage.version
            AND timings.day = usage.day AND timings.key = usage.key AND metric = 2
        ) AS cumulated WHERE upto * 100 >= total * 95) AS time_to_first_token_p95_ms,
    (SELECT tally.duration_bucket_middle(min(bucket)) * 0.001 FROM (
        SELECT bucket, sum(count) OVER (ORDER BY bucket) AS upto, sum(count) OVER () AS total
        FROM tally.provider_timings AS timings
        WHERE timings.ledger_id = usage.ledger_id AND timings.version = usage.version
            AND timings.day = usage.day AND timings.key = usage.key AND metric = 2
        ) AS cumulated WHERE upto * 100 >= total * 99) AS time_to_first_token_p99_ms
FROM tally.provider_usage AS usage
WHERE version = (SELECT active_version FROM tally.projections WHERE projections.name = 'providers')
    AND usage.ledger_id = ANY (ARRAY(SELECT ledger_id FROM tally.audit_scope));

CREATE VIEW audit.usage_daily WITH (security_barrier) AS
SELECT (SELECT name FROM tally.ledgers WHERE ledgers.ledger_id = usage.ledger_id) AS ledger,
    day, user_id AS "user", requests, failed_requests,
    cost_pico * 0.000000000001 AS cost_usd, cost_pico,
    input_tokens, cache_read_input_tokens, output_tokens
FROM tally.user_usage AS usage
WHERE version = (SELECT active_version FROM tally.projections WHERE projections.name = 'users')
    AND usage.ledger_id = ANY (ARRAY(SELECT ledger_id FROM tally.audit_scope));

CREATE VIEW audit.blocks WITH (security_barrier) AS
SELECT (SELECT name FROM tally.ledgers WHERE ledgers.ledger_id = blocks.ledger_id) AS ledger,
    block, first_position, first_position + count - 1 AS last_position, count, recorded_at,
    root, prev_hash, hash, requests,
    charged_pico * 0.000000000001 AS charged_usd, charged_pico
FROM tally.blocks AS blocks
WHERE blocks.ledger_id = ANY (ARRAY(SELECT ledger_id FROM tally.audit_scope));

COMMENT ON SCHEMA audit IS 'Documented views of the ledgers; their names and columns are stable.';
COMMENT ON VIEW audit.events IS 'Every event of the ledger, as it was recorded.';
COMMENT ON VIEW audit.requests IS
    'One row a request, with its current cost: the sum of its charges.';
COMMENT ON VIEW audit.charges IS 'Every booking: the rating of a request, and each adjustment.';
COMMENT ON VIEW audit.cache_events IS
    'Hits, misses, stores, evictions and invalidations of caches.';
COMMENT ON VIEW audit.batches IS 'Batches that were formed and completed.';
COMMENT ON VIEW audit.prices IS 'Which price book the ledger uses from when.';
COMMENT ON VIEW audit.unpriced IS 'Requests without a price, by day (UTC), model and reason.';
COMMENT ON VIEW audit.spend_hourly IS 'Spend and usage by hour (UTC) and dimensions.';
COMMENT ON VIEW audit.spend_daily IS 'Spend and usage by day (UTC) and dimensions.';
COMMENT ON VIEW audit.providers_daily IS
    'Providers and models by day (UTC): requests, failures, cost, latency percentiles.';
COMMENT ON VIEW audit.usage_daily IS 'Spend and usage by user and day (UTC).';
COMMENT ON VIEW audit.blocks IS 'The hash chain: one row a commit.';

-- A column of the same name means the same in every view. Columns without a comment are an error.
DO $$
DECLARE
    described record;
    missing text;
BEGIN
    FOR described IN
        SELECT columns.attrelid::regclass AS view, columns.attname AS name, comments.comment
        FROM pg_catalog.pg_attribute AS columns
        JOIN (VALUES
            ('ledger', 'Name of the ledger.'),
            ('position', 'Place in the ledger, from 1 without gaps.'),
            ('kind', 'What happened, such as request.completed or charge.rated.'),
            ('occurred_at', 'When it happened, as the sender says. Filter on it with literal '
                'times: that leaves out the months it excludes.'),
            ('recorded_at', 'When it was appended; never decreases along the ledger.'),
            ('id', 'Id of the event, a UUID of version 7.'),
            ('source', 'Who sent it, where the sender uses ids of its own.'),
            ('external_id', 'The id that the sender uses.'),
            ('cause_id', 'Id of the request that a charge or a cache event belongs to.'),
            ('request_id', 'Id of the request that this belongs to.'),
            ('previous_id', 'Id of the charge that an adjustment follows.'),
            ('book_id', 'Id of the price book that was used.'),
            ('app', 'Application.'),
            ('team', 'Team.'),
            ('project', 'Project.'),
            ('environment', 'Environment, such as production.'),
            ('feature', 'Feature of the application.'),
            ('user', 'User, possibly a pseudonym. Quote the name: "user".'),
            ('session', 'Session or conversation.'),
            ('provider', 'Provider, such as openai.'),
            ('model', 'Model that answered.'),
            ('operation', 'Operation, such as chat or embeddings.'),
            ('service_tier', 'Tier: standard, batch, flex, priority, or the provider''s word.'),
            ('region', 'Region of the provider.'),
            ('status', 'HTTP status of the provider''s answer.'),
            ('error_type', 'Kind of failure.'),
            ('cost_usd', 'Cost in US dollars, exact.'),
            ('cost_pico', 'Cost in picodollars (1e-12 USD), exact.'),
            ('unpriced', 'Why there is no price; NULL where there is one.'),
            ('price_state', 'priced, unpriced (charged without a price), or uncharged.'),
            ('charges', 'How many charges were booked.'),
            ('input_tokens', 'Tokens of input, cached ones included.'),
            ('cache_read_input_tokens', 'The part of input that came from the provider''s cache.'),
            ('cache_write_input_tokens', 'The part of input written to the cache for 5 minutes.'),
            ('cache_write_1h_input_tokens', 'The part of input written to the cache for an hour.'),
            ('output_tokens', 'Tokens of output, reasoning included.'),
            ('reasoning_output_tokens', 'The part of output that was reasoning.'),
            ('input_audio_tokens', 'The part of input that was audio.'),
            ('output_audio_tokens', 'The part of output that was audio.'),
            ('cache_read_audio_tokens', 'The part of audio input that came from the cache.'),
            ('input_image_tokens', 'The part of input that was images.'),
            ('output_image_tokens', 'The part of output that was images.'),
            ('cache_read_image_tokens', 'The part of image input that came from the cache.'),
            ('input_seconds', 'Seconds of audio or video input.'),
            ('output_seconds', 'Seconds of audio or video output.'),
            ('input_characters', 'Characters of input, where those are billed.'),
            ('web_searches', 'Web searches made for the answer.'),
            ('images', 'Images made.'),
            ('billed_requests', 'Requests as a unit of billing, as the senders reported them.'),
            ('latency_ms', 'Milliseconds from the request to the end of the answer.'),
            ('time_to_first_token_ms', 'Milliseconds from the request to the first token.'),
            ('labels', 'Free labels, a flat object of texts.'),
            ('detail', 'Facts of the rarer kinds, a flat object of texts.'),
            ('content_hash', 'SHA-256 of prompt and answer; the texts are not stored.'),
            ('published_at', 'When the book was published to the ledger.'),
            ('effective_from', 'From which occurred_at the book applies; NULL is since always.'),
            ('name', 'Name of the price book.'),
            ('digest', 'SHA-256 of the price book, hexadecimal.'),
            ('models', 'How many models the book has prices for.'),
            ('day', 'Day, UTC.'),
            ('hour', 'Start of the hour, UTC.'),
            ('reason', 'Why there is no price.'),
            ('failed_requests', 'Requests that failed; they are among the requests.'),
            ('unpriced_requests', 'Requests whose latest charge has no price.'),
            ('latency_p50_ms', 'Half of the requests took no longer, at most 1.6 % wrong.'),
            ('latency_p95_ms', '95 % of the requests took no longer, at most 1.6 % wrong.'),
            ('latency_p99_ms', '99 % of the requests took no longer, at most 1.6 % wrong.'),
            ('time_to_first_token_p50_ms', 'As latency_p50_ms, for the first token.'),
            ('time_to_first_token_p95_ms', 'As latency_p95_ms, for the first token.'),
            ('time_to_first_token_p99_ms', 'As latency_p99_ms, for the first token.'),
            ('block', 'Number of the block, from 1 without gaps.'),
            ('first_position', 'Position of the block''s first event.'),
            ('last_position', 'Position of the block''s last event.'),
            ('count', 'Events in the block.'),
            ('root', 'Merkle root of the block''s events.'),
            ('prev_hash', 'Hash of the block before.'),
            ('hash', 'Hash of the block, which the next one names.'),
            ('charged_usd', 'Charges of the ledger up to and including the block, US dollars.'),
            ('charged_pico', 'Charges of the ledger up to and including the block, picodollars.')
        ) AS comments (name, comment) ON comments.name = columns.attname
        WHERE columns.attrelid IN (
                SELECT oid FROM pg_catalog.pg_class WHERE relnamespace = 'audit'::regnamespace)
            AND columns.attnum > 0
    LOOP
        EXECUTE format('COMMENT ON COLUMN %s.%I IS %L',
            described.view, described.name, described.comment);
    END LOOP;
    SELECT string_agg(format('%s.%I', attrelid::regclass, attname), ', ') INTO missing
    FROM pg_catalog.pg_attribute
    WHERE attrelid IN (
            SELECT oid FROM pg_catalog.pg_class WHERE relnamespace = 'audit'::regnamespace)
        AND attnum > 0 AND attname <> 'requests'
        AND col_description(attrelid, attnum) IS NULL;
    IF missing IS NOT NULL THEN
        RAISE EXCEPTION 'columns without a comment: %', missing;
    END IF;
END $$;
-- The one name that means two things: in rows it is a unit of usage, in sums a count of rows.
COMMENT ON COLUMN audit.events.requests IS 'Requests as a unit of billing, as the sender says.';
COMMENT ON COLUMN audit.requests.requests IS 'Requests as a unit of billing, as the sender says.';
COMMENT ON COLUMN audit.cache_events.requests IS 'Requests as a unit of billing.';
COMMENT ON COLUMN audit.batches.requests IS 'Requests as a unit of billing.';
COMMENT ON COLUMN audit.unpriced.requests IS 'Requests whose latest charge has no price.';
COMMENT ON COLUMN audit.spend_hourly.requests IS 'Requests, failed ones included.';
COMMENT ON COLUMN audit.spend_daily.requests IS 'Requests, failed ones included.';
COMMENT ON COLUMN audit.providers_daily.requests IS 'Requests, failed ones included.';
COMMENT ON COLUMN audit.usage_daily.requests IS 'Requests, failed ones included.';
COMMENT ON COLUMN audit.blocks.requests IS
    'Requests of the ledger up to and including the block.';

RESET ROLE;

-- Makes the login role that sees one ledger, or all of them for NULL; gives back its name.
--
-- It belongs to whoever migrates, who may create roles; nobody else needs to. The password of a
-- role that is there already stays. The role is a member of nothing, owns nothing and may connect
-- to this database only.
CREATE FUNCTION tally.ensure_audit_role(ledger bigint, new_password text) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    database oid := (SELECT oid FROM pg_database WHERE datname = current_database());
    role name := format('tally_audit_%s_%s', database, coalesce(ledger::text, 'all'));
    secret text;
    setting text;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('tally.ensure_audit_role', 0));
    IF ledger IS NOT NULL AND NOT EXISTS (
        SELECT FROM tally.ledgers WHERE ledgers.ledger_id = ledger)
    THEN
        RAISE EXCEPTION 'there is no ledger %', ledger USING ERRCODE = 'no_data_found';
    END IF;
    IF length(new_password) < 16 THEN
        RAISE EXCEPTION 'the password is too short' USING ERRCODE = 'invalid_password';
    END IF;
    INSERT INTO tally.audit_roles (database_id, role_name, ledger_id, password)
    VALUES (database, role, ledger, new_password) ON CONFLICT DO NOTHING;
    SELECT password INTO secret FROM tally.audit_roles
    WHERE database_id = database AND role_name = role;
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = role) THEN
        EXECUTE format('CREATE ROLE %I', role);
    END IF;
    IF EXISTS (
        SELECT FROM pg_roles LEFT JOIN pg_auth_members ON member = pg_roles.oid
        WHERE rolname = role AND (member IS NOT NULL OR rolsuper OR rolcreaterole
            OR rolcreatedb OR rolreplication OR rolbypassrls))
    THEN
        RAISE EXCEPTION 'role % has rights that an auditor must not have', role
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    EXECUTE format('ALTER ROLE %I LOGIN NOINHERIT CONNECTION LIMIT 16 PASSWORD %L', role, secret);
    EXECUTE format('GRANT CONNECT ON DATABASE %I TO %I', current_database(), role);
    FOREACH setting IN ARRAY ARRAY[
        'default_transaction_read_only = on', 'search_path = audit', 'timezone = UTC',
        'statement_timeout = ''120s''', 'lock_timeout = ''5s''',
        'idle_in_transaction_session_timeout = ''120s''', 'idle_session_timeout = ''10min''',
        'client_connection_check_interval = ''2s''', 'work_mem = ''32MB''',
        'max_parallel_workers_per_gather = 0', 'jit = off', 'constraint_exclusion = partition',
        'temp_file_limit = ''1GB'''
    ] LOOP
        BEGIN
            EXECUTE format('ALTER ROLE %I SET %s', role, setting);
        EXCEPTION WHEN insufficient_privilege THEN
            -- temp_file_limit asks for a superuser; without one the server's own limit holds.
            RAISE NOTICE 'role % goes without %', role, setting;
        END;
    END LOOP;
    RETURN role;
END $$;
REVOKE ALL ON FUNCTION tally.ensure_audit_role(bigint, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION tally.ensure_audit_role(bigint, text) TO tally_service;

-- Ends a session of an audit role that did not end itself.
CREATE FUNCTION tally.end_audit_session(session_pid integer) RETURNS boolean
LANGUAGE sql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
    SELECT coalesce(bool_or(pg_terminate_backend(activity.pid)), false)
    FROM pg_stat_activity AS activity
    JOIN tally.audit_roles AS roles
        ON roles.role_name = activity.usename AND roles.database_id = activity.datid
    WHERE activity.pid = session_pid AND activity.datname = current_database()
$$;
REVOKE ALL ON FUNCTION tally.end_audit_session(integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION tally.end_audit_session(integer) TO tally_service;

-- The functions that an auditor must not call: they change settings, take locks, wait, write,
-- signal other sessions, read files, or run text as a query.
CREATE FUNCTION tally.audit_forbidden() RETURNS SETOF regprocedure
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp AS $$
    SELECT oid::regprocedure FROM pg_proc
    WHERE pronamespace = 'pg_catalog'::regnamespace AND prokind = 'f' AND (
        proname IN (
            'set_config', 'loread', 'lowrite', 'ts_stat', 'pg_notify', 'pg_logical_emit_message',
            'txid_current', 'pg_current_xact_id', 'pg_export_snapshot', 'pg_cancel_backend',
            'pg_terminate_backend', 'pg_blocking_pids', 'pg_safe_snapshot_blocking_pids',
            'pg_stat_file', 'pg_read_binary_file', 'pg_log_backend_memory_contexts')
        OR proname ~ '^(lo_|pg_advisory_|pg_try_advisory_|pg_sleep|pg_read_file|pg_ls_)'
        OR proname ~ '^(query|cursor|table|schema|database)_to_xml'
        OR oid = 'ts_rewrite(tsquery, text)'::regprocedure)
$$;
GRANT EXECUTE ON FUNCTION tally.audit_forbidden() TO tally_service;

-- Takes those from everybody and gives them back to our own roles. It asks for a superuser; a
-- managed PostgreSQL without one keeps the other walls (login role, barrier views, cursor,
-- read-only, time limits), says so here, and tally.audit_exposed() lists what is open.
DO $$
DECLARE
    forbidden regprocedure;
    refused integer := 0;
BEGIN
    FOR forbidden IN SELECT * FROM tally.audit_forbidden() LOOP
        BEGIN
            EXECUTE format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', forbidden);
            EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO tally_owner', forbidden);
            EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO tally_service', forbidden);
        EXCEPTION WHEN insufficient_privilege THEN
            refused := refused + 1;
        END;
    END LOOP;
    BEGIN
        REVOKE USAGE ON LANGUAGE plpgsql, sql FROM PUBLIC;
        GRANT USAGE ON LANGUAGE plpgsql, sql TO tally_owner;
    EXCEPTION WHEN insufficient_privilege THEN
        refused := refused + 1;
    END;
    IF refused > 0 THEN
        RAISE NOTICE 'without a superuser, % revocations for audit roles were not possible',
            refused;
    END IF;
END $$;

-- What of it everybody may still call.
CREATE FUNCTION tally.audit_exposed() RETURNS SETOF text
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp AS $$
    SELECT forbidden::text FROM tally.audit_forbidden() AS forbidden
    JOIN pg_proc ON pg_proc.oid = forbidden::oid
    WHERE EXISTS (
        SELECT FROM aclexplode(coalesce(proacl, acldefault('f', proowner)))
        WHERE grantee = 0 AND privilege_type = 'EXECUTE')
    UNION ALL
    SELECT 'language ' || lanname FROM pg_language
    WHERE lanname IN ('plpgsql', 'sql') AND EXISTS (
        SELECT FROM aclexplode(coalesce(lanacl, acldefault('l', lanowner)))
        WHERE grantee = 0 AND privilege_type = 'USAGE')
    ORDER BY 1
$$;
GRANT EXECUTE ON FUNCTION tally.audit_exposed() TO tally_service;
