-- The active version of each read model, which readers use.
CREATE OR REPLACE VIEW tally.projections AS SELECT name, active_version FROM tally.subscriptions;
GRANT SELECT ON tally.projections TO tally_service;
