CREATE OR REPLACE VIEW audit.performance_daily WITH (security_barrier) AS
SELECT (SELECT name FROM tally.ledgers WHERE ledgers.ledger_id = calls.ledger_id) AS ledger,
    day, app, provider, model, operation, route, requests, failed_requests,
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
FROM (
    SELECT ledger_id, (hour AT TIME ZONE 'UTC')::date AS day, app, provider, model, operation,
        route, sum(requests)::bigint AS requests, sum(failed_requests)::bigint AS
        failed_requests, sum(unpriced_requests)::bigint AS unpriced_requests,
        sum(staged_requests)::bigint AS staged_requests, sum(cost_pico) AS cost_pico,
        sum(input_tokens) AS input_tokens, sum(output_tokens) AS output_tokens, sum(route_us) AS
        route_us, sum(admit_us) AS admit_us, sum(idempotency_us) AS idempotency_us,
        sum(cache_us) AS cache_us, sum(near_us) AS near_us, sum(optimize_us) AS optimize_us,
        sum(estimate_us) AS estimate_us, sum(hold_us) AS hold_us, sum(coalesce_us) AS
        coalesce_us, sum(schedule_us) AS schedule_us, sum(call_us) AS call_us,
        sum(first_token_us) AS first_token_us, sum(relay_us) AS relay_us, sum(book_us) AS
        book_us, tally.sum_cells(failures) AS failures, tally.sum_cells(latency) AS latency,
        tally.sum_cells(time_to_first_token) AS time_to_first_token,
        tally.sum_cells(output_rate) AS output_rate, tally.sum_cells(queue) AS queue
    FROM tally.current_performance_hourly
    GROUP BY ledger_id, day, app, provider, model, operation, route
) AS calls
WHERE calls.ledger_id = ANY (ARRAY(SELECT ledger_id FROM tally.audit_scope));

COMMENT ON VIEW audit.performance_daily IS
    'How requests did by day (UTC), app, model, operation and route of the gateway: times, failures, cost for what was got. Times are of completed requests; percentiles are at most 1.6 % wrong.';
SELECT tally.describe_columns('audit.performance_daily');
COMMENT ON COLUMN audit.performance_daily.route IS
    'Route of the gateway; NULL for requests that did not take one.';
COMMENT ON COLUMN audit.performance_daily.rate_limited_requests IS
    'Of the failed ones, those above a limit (429).';
COMMENT ON COLUMN audit.performance_daily.overloaded_requests IS
    'Of the failed ones, those refused for too much load (503, 529).';
COMMENT ON COLUMN audit.performance_daily.timed_out_requests IS
    'Of the failed ones, those that took too long.';
COMMENT ON COLUMN audit.performance_daily.usd_per_1000_output_tokens IS
    'Cost of all requests for 1,000 tokens of output, input included; NULL where a request has no price.';
COMMENT ON COLUMN audit.performance_daily.usd_per_success IS
    'Cost of all requests for each that succeeded; NULL where a request has no price.';
COMMENT ON COLUMN audit.performance_daily.latency_p50_ms IS
    'Milliseconds to the end of the answer: half of the requests took no longer.';
COMMENT ON COLUMN audit.performance_daily.latency_p95_ms IS
    'The same for 95 % of them.';
COMMENT ON COLUMN audit.performance_daily.latency_p99_ms IS
    'The same for 99 % of them.';
COMMENT ON COLUMN audit.performance_daily.time_to_first_token_p50_ms IS
    'Milliseconds to the first token: half of the requests took no longer.';
COMMENT ON COLUMN audit.performance_daily.time_to_first_token_p95_ms IS
    'The same for 95 % of them.';
COMMENT ON COLUMN audit.performance_daily.time_to_first_token_p99_ms IS
    'The same for 99 % of them.';
COMMENT ON COLUMN audit.performance_daily.queue_p50_ms IS
    'Milliseconds in the queue of the gateway: half of the requests took no longer.';
COMMENT ON COLUMN audit.performance_daily.queue_p95_ms IS
    'The same for 95 % of them.';
COMMENT ON COLUMN audit.performance_daily.queue_p99_ms IS
    'The same for 99 % of them.';
COMMENT ON COLUMN audit.performance_daily.output_rate_p50 IS
    'Output tokens a second, after the first token where that is known: half of the requests were no faster.';
COMMENT ON COLUMN audit.performance_daily.output_rate_p05 IS
    'The same for the slowest twentieth.';
COMMENT ON COLUMN audit.performance_daily.staged_requests IS
    'Requests that tell the times of their stages in the gateway.';
COMMENT ON COLUMN audit.performance_daily.stage_mean_ms IS
    'Mean milliseconds of each stage of the gateway.';
