-- Budgets: definitions and opening balances are events, few among many, and are looked for by every
-- writer of the ledger.

SET LOCAL ROLE tally_owner;

CREATE INDEX events_budgets ON tally.events (ledger_id, position) WHERE kind IN (50, 60);

RESET ROLE;
