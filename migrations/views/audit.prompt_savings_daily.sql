CREATE OR REPLACE VIEW audit.prompt_savings_daily WITH (security_barrier) AS
SELECT (SELECT name FROM tally.ledgers WHERE ledgers.ledger_id = savings.ledger_id) AS ledger,
    day, app, team, project, environment, feature, provider, model, prompts, counted_prompts,
    lossy_prompts, unpriced_prompts, tokens_before, tokens_after,
    tokens_before - tokens_after AS tokens_saved,
    tokens_after / nullif(tokens_before, 0) AS compression_ratio,
    CASE WHEN saved_pico <> 0 OR unpriced_prompts = 0 THEN saved_pico * 0.000000000001 END
        AS saved_usd,
    CASE WHEN saved_pico <> 0 OR unpriced_prompts = 0 THEN saved_pico END AS saved_pico,
    quality_ppm * 0.000001 / nullif(judged_prompts, 0) AS quality, judged_prompts,
    useful_output_tokens, answered_prompts,
    useful_output_tokens / nullif(answered_tokens, 0) AS efficiency
FROM tally.current_prompt_savings AS savings
WHERE savings.ledger_id = ANY (ARRAY(SELECT ledger_id FROM tally.audit_scope));

COMMENT ON VIEW audit.prompt_savings_daily IS
    'What prompt optimization saved, by day (UTC) and dimensions.';
SELECT tally.describe_columns('audit.prompt_savings_daily');
COMMENT ON COLUMN audit.prompt_savings_daily.counted_prompts IS
    'Prompts whose tokens were counted before and after.';
COMMENT ON COLUMN audit.prompt_savings_daily.lossy_prompts IS
    'Prompts from which a stage left something out.';
COMMENT ON COLUMN audit.prompt_savings_daily.compression_ratio IS
    'Tokens after over tokens before; 0.6 is 40 percent less.';
COMMENT ON COLUMN audit.prompt_savings_daily.judged_prompts IS
    'Prompts whose quality was reported.';
COMMENT ON COLUMN audit.prompt_savings_daily.answered_prompts IS
    'Prompts whose useful output was reported.';
COMMENT ON COLUMN audit.prompt_savings_daily.efficiency IS
    'Useful output tokens for each token sent, of answered prompts.';
