CREATE OR REPLACE VIEW audit.usage_daily WITH (security_barrier) AS
SELECT (SELECT name FROM tally.ledgers WHERE ledgers.ledger_id = usage.ledger_id) AS ledger,
    day, user_id AS "user", requests, failed_requests, unpriced_requests,
    CASE WHEN cost_pico <> 0 OR unpriced_requests = 0 THEN cost_pico * 0.000000000001 END
        AS cost_usd,
    CASE WHEN cost_pico <> 0 OR unpriced_requests = 0 THEN cost_pico END AS cost_pico,
    input_tokens, cache_read_input_tokens, output_tokens
FROM tally.current_user_usage AS usage
WHERE usage.ledger_id = ANY (ARRAY(SELECT ledger_id FROM tally.audit_scope));

COMMENT ON VIEW audit.usage_daily IS 'Spend and usage by user and day (UTC).';
SELECT tally.describe_columns('audit.usage_daily');
