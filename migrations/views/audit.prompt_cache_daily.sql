CREATE OR REPLACE VIEW audit.prompt_cache_daily WITH (security_barrier) AS
SELECT (SELECT name FROM tally.ledgers WHERE ledgers.ledger_id = cache.ledger_id) AS ledger,
    day, app, provider, model, service_tier, region, turn, requests, lost_turns, recovered_turns,
    input_tokens, cache_read_input_tokens, cache_write_input_tokens, cache_write_1h_input_tokens,
    input_tokens - cache_read_input_tokens - cache_write_input_tokens
        - cache_write_1h_input_tokens AS uncached_input_tokens,
    round(cache_read_input_tokens / nullif(input_tokens, 0), 4) AS cached_share,
    readable_tokens, missed_tokens
FROM tally.current_prompt_cache_daily AS cache
WHERE cache.ledger_id = ANY (ARRAY(SELECT ledger_id FROM tally.audit_scope));

COMMENT ON VIEW audit.prompt_cache_daily IS
    'What requests read from and wrote to the caches of providers, by day (UTC), app, model and turn of a session. Its money is in tally prompt-cache.';
SELECT tally.describe_columns('audit.prompt_cache_daily');
COMMENT ON COLUMN audit.prompt_cache_daily.turn IS
    'first, within_5m, moved (within 5 minutes by another provider, tier, region or key), within_1h or later, by the turn before; NULL without a session.';
COMMENT ON COLUMN audit.prompt_cache_daily.lost_turns IS
    'Turns that read less than half of what they could.';
COMMENT ON COLUMN audit.prompt_cache_daily.recovered_turns IS
    'Turns that read at least three quarters of it, right after a lost one.';
COMMENT ON COLUMN audit.prompt_cache_daily.uncached_input_tokens IS
    'Input that was neither read from the cache nor written to it.';
COMMENT ON COLUMN audit.prompt_cache_daily.cached_share IS
    'cache_read_input_tokens over input_tokens.';
COMMENT ON COLUMN audit.prompt_cache_daily.readable_tokens IS
    'Input that the turn before had at most: what the cache could have given.';
COMMENT ON COLUMN audit.prompt_cache_daily.missed_tokens IS
    'What of it was not read from the cache.';
