-- Unknown is not zero: failures count those without a price, so that a cost of others is not taken
-- for the cost of all. The read model is made anew from the events.

SET LOCAL ROLE tally_owner;

ALTER TABLE tally.errors_daily ADD COLUMN unpriced_requests bigint;
TRUNCATE tally.errors_daily;
DELETE FROM tally.places WHERE subscription = 'errors';
DELETE FROM tally.subscriptions WHERE name = 'errors';

RESET ROLE;
