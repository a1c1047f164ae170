-- The active version of the read model, with the names of its dimensions.
CREATE OR REPLACE VIEW tally.current_user_usage AS
SELECT
    rows.ledger_id, rows.day, user_id, coalesce(requests, 0) AS requests,
    coalesce(failed_requests, 0) AS failed_requests,
    coalesce(unpriced_requests, 0) AS unpriced_requests, coalesce(cost_pico, 0) AS cost_pico,
    input_tokens, cache_read_input_tokens, output_tokens
FROM tally.user_usage AS rows
JOIN tally.dimension_sets AS sets USING (ledger_id, level, set_id)
WHERE level = 20
    AND version = (
        SELECT active_version FROM tally.projections WHERE projections.name = 'users');
GRANT SELECT ON tally.current_user_usage TO tally_service;
