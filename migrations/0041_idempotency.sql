-- Answers of the gateway by the Idempotency-Key of their requests, kept for a day.

SET LOCAL ROLE tally_owner;

CREATE TABLE tally.idempotency_keys (
    ledger_id bigint NOT NULL,
    -- A hash of the caller and the word that it gave.
    key_digest bytea NOT NULL CHECK (octet_length(key_digest) = 32),
    -- A hash of the call and its body: the same key with another one is refused.
    request_digest bytea NOT NULL CHECK (octet_length(request_digest) = 32),
    -- The request that has the key, and until when it has it unless it says more; NULL once it ended.
    claim uuid NOT NULL,
    claimed_until timestamptz,
    -- The answer; without a body it was too large to be kept.
    status integer,
    headers text,
    body bytea,
    expires_at timestamptz NOT NULL,
    PRIMARY KEY (ledger_id, key_digest)
);

CREATE INDEX idempotency_keys_expired ON tally.idempotency_keys (expires_at);

GRANT SELECT, INSERT, UPDATE, DELETE ON tally.idempotency_keys TO tally_service;

RESET ROLE;
