-- The active version of the read model, with the names of its dimensions.
CREATE OR REPLACE VIEW tally.current_performance_hourly AS
SELECT
    rows.ledger_id, rows.hour, app, provider, model, operation, route,
    coalesce(requests, 0) AS requests, coalesce(failed_requests, 0) AS failed_requests,
    coalesce(unpriced_requests, 0) AS unpriced_requests,
    coalesce(staged_requests, 0) AS staged_requests,
    coalesce(cost_pico, 0) AS cost_pico, coalesce(input_tokens, 0) AS input_tokens,
    coalesce(output_tokens, 0) AS output_tokens, route_us, admit_us, idempotency_us, cache_us,
    near_us, optimize_us, estimate_us, hold_us, coalesce_us, schedule_us, call_us, first_token_us,
    relay_us, book_us, failures, latency, time_to_first_token, output_rate, queue, latency_slots,
    first_token_slots
FROM tally.performance_hourly AS rows
JOIN tally.dimension_sets AS sets USING (ledger_id, level, set_id)
WHERE level = 98
    AND version = (
        SELECT active_version FROM tally.projections WHERE projections.name = 'performance');
GRANT SELECT ON tally.current_performance_hourly TO tally_service;
