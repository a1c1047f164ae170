-- The active version of the read model, with the names of its dimensions.
CREATE OR REPLACE VIEW tally.current_prompt_cache_daily AS
SELECT
    rows.ledger_id, rows.day, app, provider, model, service_tier, region, turn,
    coalesce(requests, 0) AS requests, coalesce(lost_turns, 0) AS lost_turns,
    coalesce(recovered_turns, 0) AS recovered_turns,
    coalesce(input_tokens, 0) AS input_tokens,
    coalesce(cache_read_input_tokens, 0) AS cache_read_input_tokens,
    coalesce(cache_write_input_tokens, 0) AS cache_write_input_tokens,
    coalesce(cache_write_1h_input_tokens, 0) AS cache_write_1h_input_tokens,
    coalesce(readable_tokens, 0) AS readable_tokens, coalesce(missed_tokens, 0) AS missed_tokens,
    coalesce(warm_tokens, 0) AS warm_tokens
FROM tally.prompt_cache_daily AS rows
JOIN tally.dimension_sets AS sets USING (ledger_id, level, set_id)
WHERE level = 97
    AND version = (
        SELECT active_version FROM tally.projections WHERE projections.name = 'prompt_cache');
GRANT SELECT ON tally.current_prompt_cache_daily TO tally_service;
