-- Spend by application and model has a level of its own by day. The read model is made anew from the
-- events, as every read model can be.

SET LOCAL ROLE tally_owner;

TRUNCATE tally.spend_hourly, tally.spend_daily;
DELETE FROM tally.places WHERE subscription = 'spend';
DELETE FROM tally.subscriptions WHERE name = 'spend';

RESET ROLE;
