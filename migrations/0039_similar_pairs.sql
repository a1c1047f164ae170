-- What was learnt about pairs of similar requests: hashes and counts, no text.

SET LOCAL ROLE tally_owner;

CREATE TABLE tally.similar_pairs (
    ledger_id bigint NOT NULL,
    -- The keys of the two requests, the lower one first.
    low bytea NOT NULL CHECK (octet_length(low) = 32),
    high bytea NOT NULL CHECK (octet_length(high) = 32),
    -- How often new answers to both were equal.
    agreements bigint NOT NULL,
    -- They differed once: never served again, unless a person says so later.
    is_refuted boolean NOT NULL,
    -- What a judge or a person said; null if nobody did.
    is_same boolean,
    is_person boolean,
    changed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (ledger_id, low, high)
);

CREATE INDEX similar_pairs_changed ON tally.similar_pairs (changed_at);

-- How often answers were equal in groups of pairs, each named by a hash of its team, context and kind.
CREATE TABLE tally.similar_tallies (
    subject bigint PRIMARY KEY,
    agreed bigint NOT NULL,
    disagreed bigint NOT NULL,
    changed_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

CREATE INDEX similar_tallies_changed ON tally.similar_tallies (changed_at);

GRANT SELECT, INSERT, UPDATE ON tally.similar_pairs, tally.similar_tallies TO tally_service;

RESET ROLE;
