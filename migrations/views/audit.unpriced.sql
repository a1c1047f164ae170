CREATE OR REPLACE VIEW audit.unpriced WITH (security_barrier) AS
SELECT (SELECT name FROM tally.ledgers WHERE ledgers.ledger_id = unpriced.ledger_id) AS ledger,
    day, provider, model, service_tier, reason, requests, input_tokens, output_tokens
FROM tally.current_unpriced AS unpriced
WHERE requests <> 0 AND
    unpriced.ledger_id = ANY (ARRAY(SELECT ledger_id FROM tally.audit_scope));

COMMENT ON VIEW audit.unpriced IS 'Requests without a price, by day (UTC), model and reason.';
SELECT tally.describe_columns('audit.unpriced');
COMMENT ON COLUMN audit.unpriced.reason IS 'Why there is no price.';
COMMENT ON COLUMN audit.unpriced.requests IS 'Requests whose latest charge has no price.';
