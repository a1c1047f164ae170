-- Quarantine: events that a subscription leaves out, each said by an event (docs/decisions/0059).

SET LOCAL ROLE tally_owner;

-- Almost no ledger has any, and every page of every subscription asks.
CREATE INDEX events_quarantined ON tally.events (ledger_id, position) WHERE kind = 100;

RESET ROLE;
