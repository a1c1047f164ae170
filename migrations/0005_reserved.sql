-- Nothing: keeps the numbers without a gap until the migration of this number is merged.
SET LOCAL ROLE tally_owner;
RESET ROLE;
