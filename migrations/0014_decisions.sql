-- Rows of state that are locked while something is decided: what a budget has left, who holds a
-- lease. Their owners write them as bytes of their own, always together with the events that say
-- the same, so that a row equals the fold of its ledger's events at all times.

SET LOCAL ROLE tally_owner;

CREATE TABLE tally.states (
    ledger_id bigint NOT NULL,
    -- What the row is the state of; each kind has one owner.
    kind smallint NOT NULL,
    key text COLLATE "C" NOT NULL,
    -- Empty before anything happened.
    state bytea NOT NULL DEFAULT '',
    PRIMARY KEY (ledger_id, kind, key)
) WITH (fillfactor = 50);

GRANT SELECT, INSERT ON tally.states TO tally_service;
GRANT UPDATE (state) ON tally.states TO tally_service;

-- From when an approved book is used: with it the row says everything of the prices.published
-- event, which follows in a commit of its own.
ALTER TABLE tally.price_proposals ADD COLUMN effective_from timestamptz;
GRANT UPDATE (effective_from) ON tally.price_proposals TO tally_service;

RESET ROLE;
