CREATE OR REPLACE VIEW audit.cache_daily WITH (security_barrier) AS
SELECT (SELECT name FROM tally.ledgers WHERE ledgers.ledger_id = cache.ledger_id) AS ledger,
    day, app, team, provider, model, tier, match, reason, hits, misses, stored, evicted,
    unused_evicted, invalidated, bytes_served, bytes_stored, bytes_evicted, unpriced_hits,
    CASE WHEN saved_pico <> 0 OR unpriced_hits = 0 THEN saved_pico * 0.000000000001 END
        AS saved_usd,
    CASE WHEN saved_pico <> 0 OR unpriced_hits = 0 THEN saved_pico END AS saved_pico,
    storing_pico * 0.000000000001 AS storing_usd,
    input_tokens AS served_input_tokens, output_tokens AS served_output_tokens
FROM tally.current_cache_daily AS cache
WHERE cache.ledger_id = ANY (ARRAY(SELECT ledger_id FROM tally.audit_scope));

COMMENT ON VIEW audit.cache_daily IS
    'What caches of answers did by day (UTC), app, team, model, tier, match and reason.';
SELECT tally.describe_columns('audit.cache_daily');
COMMENT ON COLUMN audit.cache_daily.reason IS
    'Why a request missed or an entry left; of invalidations, what they went by.';
COMMENT ON COLUMN audit.cache_daily.evicted IS 'Entries that left for want of room or time.';
COMMENT ON COLUMN audit.cache_daily.unused_evicted IS 'The part of evicted that was never hit.';
COMMENT ON COLUMN audit.cache_daily.invalidated IS 'Entries that somebody took out.';
COMMENT ON COLUMN audit.cache_daily.unpriced_hits IS
    'Hits whose saving has no price; sums of money leave them out.';
COMMENT ON COLUMN audit.cache_daily.saved_usd IS
    'What the answers that were served would have cost, less the cost of looking them up.';
COMMENT ON COLUMN audit.cache_daily.storing_usd IS 'What storing answers cost; not in saved_usd.';
COMMENT ON COLUMN audit.cache_daily.served_input_tokens IS
    'Input tokens of the answers that were served; nobody consumed them.';
COMMENT ON COLUMN audit.cache_daily.served_output_tokens IS
    'Output tokens of the answers that were served; nobody consumed them.';
