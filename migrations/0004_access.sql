-- API keys, and the index that finds the few events which say which prices a ledger uses.

SET LOCAL ROLE tally_owner;

-- A key is shown once; what is kept is its SHA-256 (keys are 256 random bits, so that suffices).
CREATE TABLE tally.api_keys (
    key_id uuid PRIMARY KEY,
    ledger_id bigint NOT NULL,
    name text COLLATE "C" NOT NULL,
    scopes text[] NOT NULL CHECK (
        scopes <@ ARRAY['ingest', 'read', 'gateway', 'admin'] AND scopes <> '{}'),
    digest bytea NOT NULL UNIQUE CHECK (octet_length(digest) = 32),
    created_at timestamptz NOT NULL DEFAULT now(),
    revoked_at timestamptz
);
GRANT SELECT, INSERT ON tally.api_keys TO tally_service;
GRANT UPDATE (revoked_at) ON tally.api_keys TO tally_service;

CREATE INDEX events_prices_published ON tally.events (ledger_id, position) WHERE kind = 70;

RESET ROLE;
