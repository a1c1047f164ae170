-- The active version of the read model, with the names of its dimensions.
CREATE OR REPLACE VIEW tally.current_prompt_stage_savings AS
SELECT
    rows.ledger_id, rows.day, app, team, project, environment, feature, provider, model, stage,
    is_lossy, coalesce(prompts, 0) AS prompts, coalesce(unpriced_prompts, 0) AS unpriced_prompts,
    coalesce(tokens_saved, 0) AS tokens_saved, coalesce(saved_pico, 0) AS saved_pico
FROM tally.prompt_stage_savings AS rows
JOIN tally.dimension_sets AS sets USING (ledger_id, level, set_id)
WHERE level = 81
    AND version = (
        SELECT active_version FROM tally.projections WHERE projections.name = 'savings');
GRANT SELECT ON tally.current_prompt_stage_savings TO tally_service;
