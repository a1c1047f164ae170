-- Each reporting zone that a ledger has had; one that never had another is not here and has UTC.
CREATE OR REPLACE VIEW audit.ledger_zones WITH (security_barrier) AS
SELECT ledgers.name AS ledger, zones.zone, zones.changed_at, zones.changed_by,
    lead(zones.changed_at) OVER (PARTITION BY zones.ledger_id ORDER BY zones.changed_at) IS NULL
        AS is_in_force
FROM tally.ledger_zones AS zones
JOIN tally.ledgers AS ledgers ON ledgers.ledger_id = zones.ledger_id
WHERE zones.ledger_id = ANY (ARRAY(SELECT ledger_id FROM tally.audit_scope));

COMMENT ON VIEW audit.ledger_zones IS 'The reporting zones of a ledger; without a row it is UTC.';
SELECT tally.describe_columns('audit.ledger_zones');
COMMENT ON COLUMN audit.ledger_zones.zone IS 'Whose days and months are reported.';
COMMENT ON COLUMN audit.ledger_zones.changed_at IS 'Since when.';
COMMENT ON COLUMN audit.ledger_zones.changed_by IS 'Who set it.';
COMMENT ON COLUMN audit.ledger_zones.is_in_force IS 'Whether it is the present one.';
