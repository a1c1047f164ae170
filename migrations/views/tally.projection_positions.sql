-- The position up to which the active version of each read model is folded.
CREATE OR REPLACE VIEW tally.projection_positions AS
SELECT places.ledger_id, subscriptions.name AS projection, places.position
FROM tally.subscriptions AS subscriptions
JOIN tally.places AS places ON places.subscription = subscriptions.name
    AND places.version = subscriptions.active_version;
GRANT SELECT ON tally.projection_positions TO tally_service;
