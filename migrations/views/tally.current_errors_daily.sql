-- The active version of the read model, with the names of its dimensions.
CREATE OR REPLACE VIEW tally.current_errors_daily AS
SELECT
    rows.ledger_id, rows.day, app, provider, model, status, error_type,
    coalesce(requests, 0) AS requests, coalesce(unpriced_requests, 0) AS unpriced_requests,
    coalesce(cost_pico, 0) AS cost_pico,
    coalesce(input_tokens, 0) AS input_tokens, coalesce(output_tokens, 0) AS output_tokens
FROM tally.errors_daily AS rows
JOIN tally.dimension_sets AS sets USING (ledger_id, level, set_id)
WHERE level = 90
    AND version = (
        SELECT active_version FROM tally.projections WHERE projections.name = 'errors');
GRANT SELECT ON tally.current_errors_daily TO tally_service;
