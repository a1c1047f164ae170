-- The active version of the read model, with the names of its dimensions.
CREATE OR REPLACE VIEW tally.current_token_estimates AS
SELECT
    rows.ledger_id, rows.day, provider, model, estimated_with, coalesce(requests, 0) AS requests,
    coalesce(estimated_requests, 0) AS estimated_requests, coalesce(cost_pico, 0) AS cost_pico,
    coalesce(estimated_tokens, 0) AS estimated_tokens,
    coalesce(billed_tokens, 0) AS billed_tokens, ratios
FROM tally.token_estimates AS rows
JOIN tally.dimension_sets AS sets USING (ledger_id, level, set_id)
WHERE level = 70
    AND version = (
        SELECT active_version FROM tally.projections WHERE projections.name = 'token_estimates');
GRANT SELECT ON tally.current_token_estimates TO tally_service;
