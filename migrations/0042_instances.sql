-- The instances of the gateway, each as it last said of itself, and how many were last wanted.

SET LOCAL ROLE tally_owner;

CREATE TABLE tally.instances (
    instance_id uuid PRIMARY KEY,
    seen_at timestamptz NOT NULL,
    -- Requests in flight, as a mean since it spoke before.
    in_flight double precision NOT NULL,
    -- Requests that it shed since then because it was full, and because its providers were.
    shed bigint NOT NULL,
    shed_by_providers bigint NOT NULL
);

CREATE TABLE tally.scaling (
    is_only boolean PRIMARY KEY DEFAULT true CHECK (is_only),
    -- Instances that are wanted; null before the first decision.
    wanted bigint,
    decided_at timestamptz NOT NULL DEFAULT '-infinity'
);

INSERT INTO tally.scaling DEFAULT VALUES;

GRANT SELECT, INSERT, UPDATE, DELETE ON tally.instances TO tally_service;
GRANT SELECT, UPDATE ON tally.scaling TO tally_service;

RESET ROLE;
