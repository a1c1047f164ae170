-- Who makes a call: an agent, the run that it belongs to, which try of the same work it is, and the id
-- of the API key that it came by.

SET LOCAL ROLE tally_owner;

ALTER TABLE tally.events
    ADD COLUMN agent text COLLATE "C",
    ADD COLUMN parent_agent text COLLATE "C",
    ADD COLUMN attempt text COLLATE "C",
    ADD COLUMN api_key text COLLATE "C";

RESET ROLE;
