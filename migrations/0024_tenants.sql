-- A ledger's administrator is not the installation's: what concerns every ledger has scopes of its
-- own. And a key may be for several ledgers, the first of which is its default.

SET LOCAL ROLE tally_owner;

ALTER TABLE tally.api_keys
    ADD COLUMN ledger_ids bigint[],
    ADD COLUMN promoted_at timestamptz,
    DROP CONSTRAINT api_keys_scopes_check;

UPDATE tally.api_keys SET ledger_ids = ARRAY[ledger_id];

-- Until now admin was of every ledger. Whoever runs the installation with such a key must not be
-- locked out by an upgrade, so these keys stay what they were; every start names them.
UPDATE tally.api_keys SET scopes = array_append(scopes, 'operator'), promoted_at = now()
WHERE 'admin' = ANY (scopes) AND revoked_at IS NULL;

ALTER TABLE tally.api_keys
    ALTER COLUMN ledger_ids SET NOT NULL,
    DROP COLUMN ledger_id,
    ADD CONSTRAINT api_keys_ledgers_check CHECK (
        cardinality(ledger_ids) BETWEEN 1 AND 64 AND array_position(ledger_ids, NULL) IS NULL),
    ADD CONSTRAINT api_keys_scopes_check CHECK (
        scopes <@ ARRAY['ingest', 'read', 'gateway', 'admin', 'metrics', 'operator']
        AND scopes <> '{}');

RESET ROLE;
