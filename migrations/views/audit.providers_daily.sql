CREATE OR REPLACE VIEW audit.providers_daily WITH (security_barrier) AS
SELECT (SELECT name FROM tally.ledgers WHERE ledgers.ledger_id = usage.ledger_id) AS ledger,
    day, provider, model, service_tier, region, requests, failed_requests, unpriced_requests,
    CASE WHEN cost_pico <> 0 OR unpriced_requests = 0 THEN cost_pico * 0.000000000001 END
        AS cost_usd,
    CASE WHEN cost_pico <> 0 OR unpriced_requests = 0 THEN cost_pico END AS cost_pico,
    input_tokens, cache_read_input_tokens,
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

COMMENT ON VIEW audit.providers_daily IS
    'Providers and models by day (UTC): requests, failures, cost, latency percentiles.';
SELECT tally.describe_columns('audit.providers_daily');
COMMENT ON COLUMN audit.providers_daily.latency_p50_ms IS
    'Half of the requests took no longer; the error is at most 1.6 %.';
COMMENT ON COLUMN audit.providers_daily.latency_p95_ms IS
    '95 % of the requests took no longer; the error is at most 1.6 %.';
COMMENT ON COLUMN audit.providers_daily.latency_p99_ms IS
    '99 % of the requests took no longer; the error is at most 1.6 %.';
COMMENT ON COLUMN audit.providers_daily.time_to_first_token_p50_ms IS
    'As latency_p50_ms, for the first token.';
COMMENT ON COLUMN audit.providers_daily.time_to_first_token_p95_ms IS
    'As latency_p95_ms, for the first token.';
COMMENT ON COLUMN audit.providers_daily.time_to_first_token_p99_ms IS
    'As latency_p99_ms, for the first token.';
