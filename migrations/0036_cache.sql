-- The response cache over instances: the answers that all share, who fetches what, and what was
-- invalidated (docs/decisions/0071).

SET LOCAL ROLE tally_owner;

-- One row, whose lock orders invalidations: who knows a sequence knows all before it.
CREATE TABLE tally.cache_head (
    is_only boolean PRIMARY KEY DEFAULT true CHECK (is_only),
    sequence bigint NOT NULL DEFAULT 0,
    -- Up to here nothing that began before is on its way any more: it is not stored.
    closed bigint NOT NULL DEFAULT 0,
    -- Until when an instance cleans up.
    tended_until timestamptz NOT NULL DEFAULT '-infinity'
);

INSERT INTO tally.cache_head DEFAULT VALUES;

CREATE TABLE tally.cache_invalidations (
    sequence bigint PRIMARY KEY,
    ledger_id bigint NOT NULL,
    made_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    -- A JSON object: every member must hold.
    selection text COLLATE "C" NOT NULL,
    -- When the shared answers that it means were removed.
    swept_at timestamptz,
    -- When that was done again, after the longest term of a fetch.
    closed_at timestamptz
);

CREATE INDEX cache_invalidations_open ON tally.cache_invalidations (sequence)
    WHERE closed_at IS NULL;

-- Lost in a crash of the server, as a cache may be; in exchange writing it costs no WAL.
CREATE UNLOGGED TABLE tally.cache_answers (
    ledger_id bigint NOT NULL,
    key bytea NOT NULL,
    record bytea NOT NULL,
    -- What the row takes, about.
    bytes bigint NOT NULL,
    body_bytes bigint NOT NULL,
    sequence bigint NOT NULL,
    provider text COLLATE "C",
    model text COLLATE "C",
    template text COLLATE "C",
    team text COLLATE "C",
    tags text[] COLLATE "C" NOT NULL,
    dependencies text[] COLLATE "C" NOT NULL,
    stored_at timestamptz NOT NULL,
    usable_until timestamptz NOT NULL,
    used_at timestamptz NOT NULL,
    hits bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (ledger_id, key)
) WITH (fillfactor = 85);

-- It is compressed already.
ALTER TABLE tally.cache_answers ALTER COLUMN record SET STORAGE EXTERNAL;

CREATE UNLOGGED TABLE tally.cache_fills (
    ledger_id bigint NOT NULL,
    key bytea NOT NULL,
    token bigint NOT NULL,
    until timestamptz NOT NULL,
    PRIMARY KEY (ledger_id, key)
);

GRANT SELECT, UPDATE ON tally.cache_head TO tally_service;
GRANT SELECT, INSERT, UPDATE, DELETE ON tally.cache_invalidations, tally.cache_answers,
    tally.cache_fills TO tally_service;

RESET ROLE;
