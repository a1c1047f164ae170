-- What was rejected or ignored on its way in, summed up by reason, with an example of each.
--
-- Not a part of the ledger: nothing follows from it but what a person does about it.

SET LOCAL ROLE tally_owner;

CREATE TABLE tally.intake_reasons (
    ledger_id bigint NOT NULL,
    -- Where it came from: traces, logs, metrics, events, or the format of a file.
    source text COLLATE "C" NOT NULL,
    -- rejected, ignored or unpriced.
    outcome text COLLATE "C" NOT NULL,
    -- A sentence with what differs from case to case left out.
    reason text COLLATE "C" NOT NULL,
    count bigint NOT NULL CHECK (count > 0),
    first_at timestamptz NOT NULL,
    last_at timestamptz NOT NULL,
    -- The last case: its name, and the sentence as its sender was told.
    example text COLLATE "C" NOT NULL,
    PRIMARY KEY (ledger_id, source, outcome, reason)
);

GRANT SELECT, INSERT, UPDATE, DELETE ON tally.intake_reasons TO tally_service;

RESET ROLE;
