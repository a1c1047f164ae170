-- The reporting zone of a ledger: whose days and months its spend, its budgets and its words are in.
--
-- A ledger without a row has UTC. The newest row is in force; the others say what was before.

SET LOCAL ROLE tally_owner;

CREATE TABLE tally.ledger_zones (
    ledger_id bigint NOT NULL REFERENCES tally.ledgers,
    changed_at timestamptz NOT NULL,
    -- A name of the database of time zones, such as Europe/Berlin.
    zone text COLLATE "C" NOT NULL CHECK (octet_length(zone) BETWEEN 1 AND 64),
    changed_by text COLLATE "C" NOT NULL,
    PRIMARY KEY (ledger_id, changed_at)
);

GRANT SELECT, INSERT ON tally.ledger_zones TO tally_service;

RESET ROLE;
