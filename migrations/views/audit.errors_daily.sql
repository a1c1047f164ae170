CREATE OR REPLACE VIEW audit.errors_daily WITH (security_barrier) AS
SELECT (SELECT name FROM tally.ledgers WHERE ledgers.ledger_id = errors.ledger_id) AS ledger,
    day, app, provider, model, status, error_type, requests, unpriced_requests,
    CASE WHEN cost_pico <> 0 OR unpriced_requests = 0 THEN cost_pico * 0.000000000001 END
        AS cost_usd,
    CASE WHEN cost_pico <> 0 OR unpriced_requests = 0 THEN cost_pico END AS cost_pico,
    input_tokens, output_tokens
FROM tally.current_errors_daily AS errors
WHERE errors.ledger_id = ANY (ARRAY(SELECT ledger_id FROM tally.audit_scope));

COMMENT ON VIEW audit.errors_daily IS
    'Failed requests by day (UTC), app, model, status and kind of failure, with their cost.';
SELECT tally.describe_columns('audit.errors_daily');
COMMENT ON COLUMN audit.errors_daily.requests IS 'Requests that failed.';
