-- Tables by day may have rows by spans of 4, 16 and 64 days too, under levels of their own, so that
-- questions about months read few rows. What counts days over such rows needs to know which they
-- were: active_days has a bit for each day of the span with requests.
--
-- The read models that have spans are made anew from the events.

SET LOCAL ROLE tally_owner;

ALTER TABLE tally.spend_daily ADD COLUMN active_days bigint;
ALTER TABLE tally.answer_usage ADD COLUMN active_days bigint;

TRUNCATE tally.spend_hourly, tally.spend_daily, tally.user_usage, tally.answer_usage,
    tally.answer_lengths;
DELETE FROM tally.places WHERE subscription IN ('spend', 'users', 'answers');
DELETE FROM tally.subscriptions WHERE name IN ('spend', 'users', 'answers');

RESET ROLE;
