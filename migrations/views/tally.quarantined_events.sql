-- Which events each subscription leaves out, since when and why; and which quarantines were taken
-- back, by whose words.
--
-- is_left_out: whether the active version leaves it out. One whose place was made after the release
-- does not.
CREATE OR REPLACE VIEW tally.quarantined_events AS
SELECT said.ledger_id, tally.readable_json(said.detail) ->> 'subscription' AS subscription,
    event.event_id, event.position, event.kind, event.amount_pico,
    tally.readable_json(said.detail) ->> 'reason' AS reason,
    said.event_id AS quarantine_id, said.position AS quarantined_position,
    said.recorded_at AS quarantined_at,
    released.position AS released_position, released.recorded_at AS released_at,
    tally.readable_json(released.detail) ->> 'reason' AS release_reason,
    released.event_id AS release_id,
    released.position IS NULL OR released.position > coalesce((
        SELECT born FROM tally.places
        JOIN tally.subscriptions ON subscriptions.name = places.subscription
            AND subscriptions.active_version = places.version
        WHERE places.ledger_id = said.ledger_id
            AND places.subscription = tally.readable_json(said.detail) ->> 'subscription'),
        released.position) AS is_left_out
FROM tally.events AS said
JOIN tally.events AS event ON event.ledger_id = said.ledger_id AND event.event_id = said.cause_id
LEFT JOIN tally.events AS released ON released.ledger_id = said.ledger_id
    AND released.cause_id = said.event_id AND released.kind = ANY (tally.kinds('event.released'))
WHERE said.kind = ANY (tally.kinds('event.quarantined'));
GRANT SELECT ON tally.quarantined_events TO tally_service;
