-- The active version of the read model: threads of sessions.
CREATE OR REPLACE VIEW tally.current_prompt_cache_sessions AS
SELECT
    ledger_id, session_id, agent, app, provider, model, service_tier, region, first_at, last_at,
    requests, input_tokens, cache_read_input_tokens, cache_write_input_tokens,
    cache_write_1h_input_tokens, readable_tokens, missed_tokens
FROM tally.prompt_cache_sessions
WHERE version = (
    SELECT active_version FROM tally.projections WHERE projections.name = 'prompt_cache');
GRANT SELECT ON tally.current_prompt_cache_sessions TO tally_service;
