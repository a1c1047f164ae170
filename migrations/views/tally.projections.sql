-- Which version of a read model is read now.
CREATE OR REPLACE VIEW tally.projections AS SELECT name, active_version FROM tally.subscriptions;
GRANT SELECT ON tally.projections TO tally_service;
