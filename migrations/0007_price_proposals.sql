-- Books that a refresh fetched and that wait for somebody's word before a ledger uses them.

SET LOCAL ROLE tally_owner;

-- A proposal is to put book_id in the place of base_id, the book that was in force when the two
-- were compared. The difference itself follows from the books; these are its counts.
CREATE TABLE tally.price_proposals (
    ledger_id bigint NOT NULL,
    proposal_id uuid NOT NULL,
    proposed_at timestamptz NOT NULL,
    source text COLLATE "C" NOT NULL,
    book_id uuid NOT NULL,
    base_id uuid NOT NULL,
    models_compared bigint NOT NULL,
    models_equal bigint NOT NULL,
    models_removed bigint NOT NULL,
    models_added bigint NOT NULL,
    prices_higher bigint NOT NULL,
    prices_lower bigint NOT NULL,
    prices_removed bigint NOT NULL,
    prices_added bigint NOT NULL,
    -- policy: approved by the service, within the tolerance that it was configured with.
    decision text COLLATE "C"
        CHECK (decision IN ('approved', 'policy', 'rejected', 'superseded')),
    decided_at timestamptz,
    -- The prices.published event of an approval.
    event_id uuid,
    PRIMARY KEY (ledger_id, proposal_id),
    CHECK ((decision IS NULL) = (decided_at IS NULL)),
    CHECK ((event_id IS NOT NULL) = coalesce(decision IN ('approved', 'policy'), false))
);
-- Several instances of the service may fetch the same book: one of them proposes it.
CREATE UNIQUE INDEX price_proposals_open ON tally.price_proposals (ledger_id, book_id, base_id)
    WHERE decision IS NULL;

GRANT SELECT, INSERT ON tally.price_proposals TO tally_service;
GRANT UPDATE (decision, decided_at, event_id) ON tally.price_proposals TO tally_service;

RESET ROLE;
