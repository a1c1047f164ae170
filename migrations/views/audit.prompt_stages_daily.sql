CREATE OR REPLACE VIEW audit.prompt_stages_daily WITH (security_barrier) AS
SELECT (SELECT name FROM tally.ledgers WHERE ledgers.ledger_id = stages.ledger_id) AS ledger,
    day, app, team, project, environment, feature, provider, model, nullif(stage, '') AS stage,
    CASE WHEN stage <> '' THEN NOT is_lossy END AS is_lossless, prompts, unpriced_prompts,
    tokens_saved,
    CASE WHEN saved_pico <> 0 OR unpriced_prompts = 0 THEN saved_pico * 0.000000000001 END
        AS saved_usd,
    CASE WHEN saved_pico <> 0 OR unpriced_prompts = 0 THEN saved_pico END AS saved_pico
FROM tally.current_prompt_stage_savings AS stages
WHERE stages.ledger_id = ANY (ARRAY(SELECT ledger_id FROM tally.audit_scope));

COMMENT ON VIEW audit.prompt_stages_daily IS
    'What each stage of prompt optimization saved, by day (UTC) and dimensions.';
SELECT tally.describe_columns('audit.prompt_stages_daily');
COMMENT ON COLUMN audit.prompt_stages_daily.stage IS
    'Stage of the optimizer; NULL for savings that were not attributed to a stage.';
