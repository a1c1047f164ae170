CREATE OR REPLACE VIEW audit.prompt_stages_daily WITH (security_barrier) AS
SELECT (SELECT name FROM tally.ledgers WHERE ledgers.ledger_id = savings.ledger_id) AS ledger,
    day, app, team, project, environment, feature, provider, model,
    nullif(stage, '') AS stage, CASE WHEN stage <> '' THEN NOT is_lossy END AS is_lossless,
    stages.prompts, stages.unpriced_prompts, stages.tokens_saved,
    stages.saved_pico * 0.000000000001 AS saved_usd, stages.saved_pico
FROM tally.prompt_stage_savings AS stages
JOIN tally.prompt_savings AS savings USING (ledger_id, version, day, key)
WHERE version = (SELECT active_version FROM tally.projections WHERE projections.name = 'savings')
    AND savings.ledger_id = ANY (ARRAY(SELECT ledger_id FROM tally.audit_scope));

COMMENT ON VIEW audit.prompt_stages_daily IS
    'What each stage of prompt optimization saved, by day (UTC) and dimensions.';
SELECT tally.describe_columns('audit.prompt_stages_daily');
COMMENT ON COLUMN audit.prompt_stages_daily.stage IS
    'Stage of the optimizer; NULL for what nobody attributed to one.';
