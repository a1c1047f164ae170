-- Estimates of input tokens beside those that were billed.
CREATE OR REPLACE VIEW audit.token_estimates WITH (security_barrier) AS
SELECT (SELECT name FROM tally.ledgers WHERE ledgers.ledger_id = estimates.ledger_id) AS ledger,
    day, provider, model, estimated_with, estimated_requests AS requests, estimated_tokens,
    billed_tokens, tally.cells_percentile(ratios, 5) * 0.001 AS ratio_p05,
    tally.cells_percentile(ratios, 50) * 0.001 AS ratio_p50,
    tally.cells_percentile(ratios, 95) * 0.001 AS ratio_p95
FROM tally.current_token_estimates AS estimates
WHERE estimated_requests > 0 AND
    estimates.ledger_id = ANY (ARRAY(SELECT ledger_id FROM tally.audit_scope));

COMMENT ON VIEW audit.token_estimates IS
    'Callers'' estimates of input tokens beside the billed tokens, by day (UTC) and model.';
SELECT tally.describe_columns('audit.token_estimates');
COMMENT ON COLUMN audit.token_estimates.estimated_with IS
    'What the caller counted with, such as o200k_base.';
COMMENT ON COLUMN audit.token_estimates.requests IS 'Requests that carry an estimate.';
COMMENT ON COLUMN audit.token_estimates.estimated_tokens IS 'Input tokens that callers expected.';
COMMENT ON COLUMN audit.token_estimates.billed_tokens IS
    'Input tokens of the same requests as billed.';
COMMENT ON COLUMN audit.token_estimates.ratio_p05 IS
    'Billed ÷ estimated, which 5 % of the requests did not exceed.';
COMMENT ON COLUMN audit.token_estimates.ratio_p50 IS
    'Billed ÷ estimated, which half of the requests did not exceed.';
COMMENT ON COLUMN audit.token_estimates.ratio_p95 IS
    'Billed ÷ estimated, which 95 % of the requests did not exceed.';
