-- Unknown is not zero: what users' requests cost is unknown if none of them has a price, so their
-- usage counts those without one. The read model is made anew from the events.

SET LOCAL ROLE tally_owner;

ALTER TABLE tally.user_usage ADD COLUMN unpriced_requests bigint;
TRUNCATE tally.user_usage;
DELETE FROM tally.places WHERE subscription = 'users';
DELETE FROM tally.subscriptions WHERE name = 'users';

RESET ROLE;
