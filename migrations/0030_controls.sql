-- Controls share the revision of a ledger's budgets, so both are read together, by one index.

SET LOCAL ROLE tally_owner;

CREATE INDEX events_policies ON tally.events (ledger_id, position) WHERE kind IN (50, 60, 61);
DROP INDEX tally.events_budgets;

RESET ROLE;
