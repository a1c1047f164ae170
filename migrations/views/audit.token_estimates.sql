-- Estimates of input tokens beside what was billed for.
CREATE OR REPLACE VIEW audit.token_estimates WITH (security_barrier) AS
SELECT (SELECT name FROM tally.ledgers WHERE ledgers.ledger_id = estimates.ledger_id) AS ledger,
    day, provider, model, estimated_with, estimated_requests AS requests, estimated_tokens,
    billed_tokens, ratios.p05 * 0.001 AS ratio_p05, ratios.p50 * 0.001 AS ratio_p50,
    ratios.p95 * 0.001 AS ratio_p95
FROM tally.token_estimates AS estimates
CROSS JOIN LATERAL (
    SELECT min(thousandths) FILTER (WHERE upto * 100 >= total * 5) AS p05,
        min(thousandths) FILTER (WHERE upto * 100 >= total * 50) AS p50,
        min(thousandths) FILTER (WHERE upto * 100 >= total * 95) AS p95
    FROM (
        SELECT thousandths, sum(count) OVER (ORDER BY thousandths) AS upto,
            sum(count) OVER () AS total
        FROM tally.token_estimate_ratios AS ratios
        WHERE ratios.ledger_id = estimates.ledger_id AND ratios.version = estimates.version
            AND ratios.day = estimates.day AND ratios.key = estimates.key
        ) AS cumulated
    ) AS ratios
WHERE estimated_requests > 0
    AND version = (
        SELECT active_version FROM tally.projections WHERE projections.name = 'token_estimates')
    AND estimates.ledger_id = ANY (ARRAY(SELECT ledger_id FROM tally.audit_scope));

COMMENT ON VIEW audit.token_estimates IS
    'Callers'' estimates of input tokens beside what was billed, by day (UTC) and model.';
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
