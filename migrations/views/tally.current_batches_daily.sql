-- The active version of the read model, with the names of its dimensions.
CREATE OR REPLACE VIEW tally.current_batches_daily AS
SELECT
    rows.ledger_id, rows.day, app, team, provider, model, form,
    coalesce(batches, 0) AS batches, coalesce(lone_batches, 0) AS lone_batches,
    coalesce(requests, 0) AS requests, coalesce(duplicates, 0) AS duplicates,
    coalesce(waited_ms, 0) AS waited_ms, waits, coalesce(completed, 0) AS completed,
    coalesce(unpriced_batches, 0) AS unpriced_batches, coalesce(succeeded, 0) AS succeeded,
    coalesce(failed, 0) AS failed, coalesce(expired, 0) AS expired,
    coalesce(retries, 0) AS retries, coalesce(deadline_misses, 0) AS deadline_misses,
    coalesce(saved_pico, 0) AS saved_pico,
    coalesce(input_tokens, 0) AS input_tokens, coalesce(output_tokens, 0) AS output_tokens
FROM tally.batches_daily AS rows
JOIN tally.dimension_sets AS sets USING (ledger_id, level, set_id)
WHERE level = 96
    AND version = (
        SELECT active_version FROM tally.projections WHERE projections.name = 'batches');
GRANT SELECT ON tally.current_batches_daily TO tally_service;
