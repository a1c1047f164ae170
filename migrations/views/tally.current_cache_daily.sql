-- The active version of the read model, with the names of its dimensions.
CREATE OR REPLACE VIEW tally.current_cache_daily AS
SELECT
    rows.ledger_id, rows.day, app, team, provider, model, tier, match, cache_reason AS reason,
    coalesce(hits, 0) AS hits, coalesce(misses, 0) AS misses, coalesce(stored, 0) AS stored,
    coalesce(unpriced_hits, 0) AS unpriced_hits, coalesce(evicted, 0) AS evicted,
    coalesce(unused_evicted, 0) AS unused_evicted, coalesce(invalidated, 0) AS invalidated,
    coalesce(bytes_served, 0) AS bytes_served, coalesce(bytes_stored, 0) AS bytes_stored,
    coalesce(bytes_evicted, 0) AS bytes_evicted, coalesce(saved_pico, 0) AS saved_pico,
    coalesce(storing_pico, 0) AS storing_pico,
    coalesce(input_tokens, 0) AS input_tokens, coalesce(output_tokens, 0) AS output_tokens
FROM tally.cache_daily AS rows
JOIN tally.dimension_sets AS sets USING (ledger_id, level, set_id)
WHERE level = 95
    AND version = (
        SELECT active_version FROM tally.projections WHERE projections.name = 'cache');
GRANT SELECT ON tally.current_cache_daily TO tally_service;
