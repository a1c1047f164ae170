-- Long runs (replays, re-ratings) that outlive the process that began them, and the scenarios that
-- replays leave behind, which people query as scenario.NAME_….

SET LOCAL ROLE tally_owner;

-- A run belongs to whoever claimed it last: claim counts the claims, and every write of an owner
-- names its own, so that one who was thought dead can't write any more. A run whose heartbeat is
-- old is claimed again and goes on at its checkpoint. attempts counts claims without a checkpoint.
CREATE TABLE tally.runs (
    ledger_id bigint NOT NULL,
    run_id uuid NOT NULL,
    kind text COLLATE "C" NOT NULL CHECK (kind <> ''),
    scope text COLLATE "C" NOT NULL,
    request text NOT NULL,
    state text COLLATE "C" NOT NULL
        CHECK (state IN ('queued', 'running', 'done', 'failed', 'cancelled')),
    done bigint NOT NULL DEFAULT 0,
    total bigint,
    checkpoint text,
    result text,
    error text,
    owner uuid,
    claim bigint NOT NULL DEFAULT 0,
    attempts integer NOT NULL DEFAULT 0,
    heartbeat_at timestamptz,
    cancel_requested_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    started_at timestamptz,
    updated_at timestamptz NOT NULL DEFAULT now(),
    finished_at timestamptz,
    PRIMARY KEY (ledger_id, run_id)
) WITH (fillfactor = 50);
CREATE INDEX runs_unfinished ON tally.runs (created_at, run_id)
    WHERE state IN ('queued', 'running');

GRANT SELECT, INSERT, UPDATE, DELETE ON tally.runs TO tally_service;

RESET ROLE;
