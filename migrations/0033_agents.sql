-- Who makes a call: an agent, the run that it belongs to, and which try of the same work it is.

SET LOCAL ROLE tally_owner;

ALTER TABLE tally.events
    ADD COLUMN agent text COLLATE "C",
    ADD COLUMN parent_agent text COLLATE "C",
    ADD COLUMN attempt text COLLATE "C";

RESET ROLE;
