-- The active version of the read model, with the names of its dimensions.
CREATE OR REPLACE VIEW tally.current_prompt_savings AS
SELECT
    rows.ledger_id, rows.day, app, team, project, environment, feature, provider, model,
    coalesce(prompts, 0) AS prompts, coalesce(counted_prompts, 0) AS counted_prompts,
    coalesce(lossy_prompts, 0) AS lossy_prompts,
    coalesce(unpriced_prompts, 0) AS unpriced_prompts,
    coalesce(tokens_before, 0) AS tokens_before, coalesce(tokens_after, 0) AS tokens_after,
    coalesce(saved_pico, 0) AS saved_pico, coalesce(judged_prompts, 0) AS judged_prompts,
    coalesce(quality_ppm, 0) AS quality_ppm, coalesce(answered_prompts, 0) AS answered_prompts,
    coalesce(answered_tokens, 0) AS answered_tokens,
    coalesce(useful_output_tokens, 0) AS useful_output_tokens
FROM tally.prompt_savings AS rows
JOIN tally.dimension_sets AS sets USING (ledger_id, level, set_id)
WHERE level = 80
    AND version = (
        SELECT active_version FROM tally.projections WHERE projections.name = 'savings');
GRANT SELECT ON tally.current_prompt_savings TO tally_service;
