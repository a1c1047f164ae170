-- One way to follow a ledger, for read models and for what appends: subscriptions and places.

SET LOCAL ROLE tally_owner;

-- Every subscription has a row. A read model's names the version that is read and the one that a
-- rebuild is filling; definition is the revision of the program's effect that made the active one.
ALTER TABLE tally.projections RENAME TO subscriptions;
ALTER TABLE tally.subscriptions RENAME CONSTRAINT projections_pkey TO subscriptions_pkey;

-- How far a version of a subscription came in a ledger.
--
-- An effect that is SQL locks the row, which is its claim. One that appends claims it until a time
-- on this server's clock; state is what it keeps from page to page.
ALTER TABLE tally.projection_checkpoints RENAME TO places;
ALTER TABLE tally.places RENAME CONSTRAINT projection_checkpoints_pkey TO places_pkey;
ALTER TABLE tally.places RENAME COLUMN projection TO subscription;
ALTER TABLE tally.places
    ADD COLUMN state text NOT NULL DEFAULT '',
    ADD COLUMN claimed_until timestamptz;

-- Reactors go on where they were. A walk over unpriced charges stood at a charge: it starts again
-- at the charge's block, and finds in it nothing to book twice.
INSERT INTO tally.subscriptions (name, active_version, definition, last_version)
VALUES ('unpriced_rating', 1, 1, 1), ('allowance_credits', 1, 1, 1);
INSERT INTO tally.places (ledger_id, subscription, version, position, state)
SELECT ledger_id, 'unpriced_rating', 1, coalesce((
        SELECT max(first_position) - 1 FROM tally.blocks
        WHERE blocks.ledger_id = places.ledger_id AND first_position <= places.position + 1), 0),
    json_build_object('publication', publication)::text
FROM tally.rating_places AS places;
INSERT INTO tally.places (ledger_id, subscription, version, position, state)
SELECT ledger_id, 'allowance_credits', 1, position, json_build_object(
        'publication', publication, 'used', coalesce((
            SELECT json_agg(json_build_object('allowance', allowance,
                'start', (extract(epoch FROM start) * 1000000)::bigint, 'count', count))
            FROM unnest(allowances, windows, used) AS pools (allowance, start, count)),
            '[]'))::text
FROM tally.allowance_places;
DROP TABLE tally.rating_places, tally.allowance_places;

RESET ROLE;
