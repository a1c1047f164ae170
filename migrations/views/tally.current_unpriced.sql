-- The active version of the read model, with the names of its dimensions.
CREATE OR REPLACE VIEW tally.current_unpriced AS
SELECT
    rows.ledger_id, rows.day, provider, model, service_tier, reason,
    coalesce(requests, 0) AS requests, coalesce(input_tokens, 0) AS input_tokens,
    coalesce(output_tokens, 0) AS output_tokens
FROM tally.unpriced AS rows
JOIN tally.dimension_sets AS sets USING (ledger_id, level, set_id)
WHERE level = 40
    AND version = (
        SELECT active_version FROM tally.projections WHERE projections.name = 'unpriced');
GRANT SELECT ON tally.current_unpriced TO tally_service;
