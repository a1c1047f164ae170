-- The active version of the read model, with the names of its dimensions.
CREATE OR REPLACE VIEW tally.current_answer_usage AS
SELECT
    rows.ledger_id, rows.day, app, feature, provider, model, coalesce(requests, 0) AS requests,
    coalesce(failed_requests, 0) AS failed_requests,
    coalesce(finished_requests, 0) AS finished_requests,
    coalesce(cut_off_requests, 0) AS cut_off_requests,
    coalesce(refused_requests, 0) AS refused_requests,
    coalesce(unpriced_requests, 0) AS unpriced_requests, coalesce(cost_pico, 0) AS cost_pico,
    input_tokens, output_tokens
FROM tally.answer_usage AS rows
JOIN tally.dimension_sets AS sets USING (ledger_id, level, set_id)
WHERE level = 50
    AND version = (
        SELECT active_version FROM tally.projections WHERE projections.name = 'answers');
GRANT SELECT ON tally.current_answer_usage TO tally_service;
