-- The ledgers that the login role may see.
CREATE OR REPLACE VIEW tally.audit_scope AS
SELECT ledgers.ledger_id
FROM tally.audit_roles AS roles
JOIN tally.ledgers AS ledgers
    ON roles.ledger_id IS NULL OR roles.ledger_id = ledgers.ledger_id
WHERE roles.role_name = session_user AND roles.database_id = (
    SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database());
