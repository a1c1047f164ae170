CREATE OR REPLACE VIEW audit.providers_daily WITH (security_barrier) AS
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

COMMENT ON VIEW audit.providers_daily IS
    'Providers and models by day (UTC): requests, failures, cost, latency percentiles.';
SELECT tally.describe_columns('audit.providers_daily');
COMMENT ON COLUMN audit.providers_daily.latency_p50_ms IS
    'Half of the requests took no longer, at most 1.6 % wrong.';
COMMENT ON COLUMN audit.providers_daily.latency_p95_ms IS
    '95 % of the requests took no longer, at most 1.6 % wrong.';
COMMENT ON COLUMN audit.providers_daily.latency_p99_ms IS
    '99 % of the requests took no longer, at most 1.6 % wrong.';
COMMENT ON COLUMN audit.providers_daily.time_to_first_token_p50_ms IS
    'As latency_p50_ms, for the first token.';
COMMENT ON COLUMN audit.providers_daily.time_to_first_token_p95_ms IS
    'As latency_p95_ms, for the first token.';
COMMENT ON COLUMN audit.providers_daily.time_to_first_token_p99_ms IS
    'As latency_p99_ms, for the first token.';
