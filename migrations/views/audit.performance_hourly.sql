CREATE OR REPLACE VIEW audit.performance_hourly WITH (security_barrier) AS
SELECT (SELECT name FROM tally.ledgers WHERE ledgers.ledger_id = calls.ledger_id) AS ledger,
    hour, app, provider, model, operation, route, requests, failed_requests,
    tally.cell_count(failures, 1) + tally.cell_count(failures, 17)
        AS rate_limited_requests,
    tally.cell_count(failures, 2) + tally.cell_count(failures, 18)
        AS overloaded_requests,
    tally.cell_count(failures, 3) + tally.cell_count(failures, 19)
        AS timed_out_requests,
    unpriced_requests,
    CASE WHEN cost_pico <> 0 OR unpriced_requests = 0 THEN cost_pico * 0.000000000001 END
        AS cost_usd,
    CASE WHEN cost_pico <> 0 OR unpriced_requests = 0 THEN cost_pico END AS cost_pico,
    input_tokens, output_tokens,
    CASE WHEN unpriced_requests = 0 THEN
        round(cost_pico * 0.000000001 / nullif(output_tokens, 0), 12)
        END AS usd_per_1000_output_tokens,
    CASE WHEN unpriced_requests = 0 THEN
        round(cost_pico * 0.000000000001 / nullif(requests - failed_requests, 0), 12)
        END AS usd_per_success,
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
        AS time_to_first_token_p99_ms,
    tally.duration_bucket_middle(tally.cells_percentile(queue, 50)) * 0.001
        AS queue_p50_ms,
    tally.duration_bucket_middle(tally.cells_percentile(queue, 95)) * 0.001
        AS queue_p95_ms,
    tally.duration_bucket_middle(tally.cells_percentile(queue, 99)) * 0.001
        AS queue_p99_ms,
    tally.duration_bucket_middle(tally.cells_percentile(output_rate, 50)) * 0.001
        AS output_rate_p50,
    tally.duration_bucket_middle(tally.cells_percentile(output_rate, 5)) * 0.001
        AS output_rate_p05,
    staged_requests,
    CASE WHEN staged_requests > 0 THEN jsonb_strip_nulls(jsonb_build_object(
        'route', round(route_us / staged_requests * 0.001, 3),
        'admit', round(admit_us / staged_requests * 0.001, 3),
        'idempotency', round(idempotency_us / staged_requests * 0.001, 3),
        'cache', round(cache_us / staged_requests * 0.001, 3),
        'near', round(near_us / staged_requests * 0.001, 3),
        'optimize', round(optimize_us / staged_requests * 0.001, 3),
        'estimate', round(estimate_us / staged_requests * 0.001, 3),
        'hold', round(hold_us / staged_requests * 0.001, 3),
        'coalesce', round(coalesce_us / staged_requests * 0.001, 3),
        'schedule', round(schedule_us / staged_requests * 0.001, 3),
        'call', round(call_us / staged_requests * 0.001, 3),
        'first_token', round(first_token_us / staged_requests * 0.001, 3),
        'relay', round(relay_us / staged_requests * 0.001, 3),
        'book', round(book_us / staged_requests * 0.001, 3)))
        END AS stage_mean_ms
FROM tally.current_performance_hourly AS calls
WHERE calls.ledger_id = ANY (ARRAY(SELECT ledger_id FROM tally.audit_scope));

COMMENT ON VIEW audit.performance_hourly IS
    'How requests did by hour (UTC), app, model, operation and route of the gateway: times, failures, cost for what was got. Times are of completed requests; percentiles are at most 1.6 % wrong.';
SELECT tally.describe_columns('audit.performance_hourly');
COMMENT ON COLUMN audit.performance_hourly.hour IS
    'Start of the hour, UTC.';
COMMENT ON COLUMN audit.performance_hourly.route IS
    'Route of the gateway; NULL for requests that did not take one.';
COMMENT ON COLUMN audit.performance_hourly.rate_limited_requests IS
    'Of the failed ones, those above a limit (429).';
COMMENT ON COLUMN audit.performance_hourly.overloaded_requests IS
    'Of the failed ones, those refused for too much load (503, 529).';
COMMENT ON COLUMN audit.performance_hourly.timed_out_requests IS
    'Of the failed ones, those that took too long.';
COMMENT ON COLUMN audit.performance_hourly.usd_per_1000_output_tokens IS
    'Cost of all requests for 1,000 tokens of output, input included; NULL where a request has no price.';
COMMENT ON COLUMN audit.performance_hourly.usd_per_success IS
    'Cost of all requests for each that succeeded; NULL where a request has no price.';
COMMENT ON COLUMN audit.performance_hourly.latency_p50_ms IS
    'Milliseconds to the end of the answer: half of the requests took no longer.';
COMMENT ON COLUMN audit.performance_hourly.latency_p95_ms IS
    'The same for 95 % of them.';
COMMENT ON COLUMN audit.performance_hourly.latency_p99_ms IS
    'The same for 99 % of them.';
COMMENT ON COLUMN audit.performance_hourly.time_to_first_token_p50_ms IS
    'Milliseconds to the first token: half of the requests took no longer.';
COMMENT ON COLUMN audit.performance_hourly.time_to_first_token_p95_ms IS
    'The same for 95 % of them.';
COMMENT ON COLUMN audit.performance_hourly.time_to_first_token_p99_ms IS
    'The same for 99 % of them.';
COMMENT ON COLUMN audit.performance_hourly.queue_p50_ms IS
    'Milliseconds in the queue of the gateway: half of the requests took no longer.';
COMMENT ON COLUMN audit.performance_hourly.queue_p95_ms IS
    'The same for 95 % of them.';
COMMENT ON COLUMN audit.performance_hourly.queue_p99_ms IS
    'The same for 99 % of them.';
COMMENT ON COLUMN audit.performance_hourly.output_rate_p50 IS
    'Output tokens a second, after the first token where that is known: half of the requests were no faster.';
COMMENT ON COLUMN audit.performance_hourly.output_rate_p05 IS
    'The same for the slowest twentieth.';
COMMENT ON COLUMN audit.performance_hourly.staged_requests IS
    'Requests that tell the times of their stages in the gateway.';
COMMENT ON COLUMN audit.performance_hourly.stage_mean_ms IS
    'Mean milliseconds of each stage of the gateway.';
