CREATE OR REPLACE VIEW audit.batches_daily WITH (security_barrier) AS
SELECT (SELECT name FROM tally.ledgers WHERE ledgers.ledger_id = batches.ledger_id) AS ledger,
    day, app, team, provider, model, form, batches, lone_batches, requests, duplicates,
    waited_ms,
    tally.duration_bucket_middle(tally.cells_percentile(waits, 50)) AS wait_p50_ms,
    tally.duration_bucket_middle(tally.cells_percentile(waits, 95)) AS wait_p95_ms,
    tally.duration_bucket_middle(tally.cells_percentile(waits, 100)) AS wait_max_ms,
    completed, succeeded, failed, expired, retries, deadline_misses, unpriced_batches,
    CASE WHEN saved_pico <> 0 OR unpriced_batches = 0 THEN saved_pico * 0.000000000001 END
        AS saved_usd,
    CASE WHEN saved_pico <> 0 OR unpriced_batches = 0 THEN saved_pico END AS saved_pico,
    input_tokens, output_tokens
FROM tally.current_batches_daily AS batches
WHERE batches.ledger_id = ANY (ARRAY(SELECT ledger_id FROM tally.audit_scope));

COMMENT ON VIEW audit.batches_daily IS
    'Batches by day (UTC), app, team, model and form: what was formed and how it ended.';
SELECT tally.describe_columns('audit.batches_daily');
COMMENT ON COLUMN audit.batches_daily.batches IS 'Batches that were formed.';
COMMENT ON COLUMN audit.batches_daily.lone_batches IS 'The part of batches with one request.';
COMMENT ON COLUMN audit.batches_daily.requests IS 'Requests in the batches that were formed.';
COMMENT ON COLUMN audit.batches_daily.waited_ms IS
    'Milliseconds that the first request of each batch waited, summed up.';
COMMENT ON COLUMN audit.batches_daily.wait_p50_ms IS
    'Half of the batches waited no longer, in milliseconds.';
COMMENT ON COLUMN audit.batches_daily.wait_p95_ms IS
    '95 of 100 batches waited no longer, in milliseconds.';
COMMENT ON COLUMN audit.batches_daily.wait_max_ms IS
    'The longest wait in milliseconds, at most 1.6 percent wrong.';
COMMENT ON COLUMN audit.batches_daily.completed IS 'Batches that ended.';
COMMENT ON COLUMN audit.batches_daily.unpriced_batches IS
    'Batches whose saving has no price; sums of money leave them out.';
COMMENT ON COLUMN audit.batches_daily.saved_usd IS
    'The standard price of the batches less the batch price.';
COMMENT ON COLUMN audit.batches_daily.input_tokens IS
    'Input tokens of the requests in the batches; they are booked with the requests.';
COMMENT ON COLUMN audit.batches_daily.output_tokens IS
    'Output tokens of the requests in the batches; they are booked with the requests.';
