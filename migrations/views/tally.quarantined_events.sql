-- Which events each subscription leaves out, since when and why.
CREATE OR REPLACE VIEW tally.quarantined_events AS
SELECT said.ledger_id, tally.readable_json(said.detail) ->> 'subscription' AS subscription,
    event.event_id, event.position, event.kind, event.amount_pico,
    tally.readable_json(said.detail) ->> 'reason' AS reason,
    said.event_id AS quarantine_id, said.position AS quarantined_position,
    said.recorded_at AS quarantined_at
FROM tally.events AS said
JOIN tally.events AS event ON event.ledger_id = said.ledger_id AND event.event_id = said.cause_id
WHERE said.kind = ANY (tally.kinds('event.quarantined'));
GRANT SELECT ON tally.quarantined_events TO tally_service;
