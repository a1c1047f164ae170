-- Who got an answer although something else was asked: hits of similar questions name the one whose
-- answer they got.

SET LOCAL ROLE tally_owner;

CREATE INDEX events_by_near_hash ON tally.events
    (ledger_id, substring(detail FROM '"near_hash":"([0-9a-f]{64})"'))
    WHERE kind = 20 AND detail LIKE '%"near_hash"%';

RESET ROLE;
