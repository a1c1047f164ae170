-- Batches that callers gave us, the jobs of providers that they became, and their files.

SET LOCAL ROLE tally_owner;

-- What callers uploaded; the content stands in pieces, so that nobody holds it as a whole.
CREATE TABLE tally.batch_files (
    ledger_id bigint NOT NULL,
    file_id uuid NOT NULL,
    -- The key that uploaded it; NULL for a caller on this machine without a key.
    owner_key uuid,
    name text COLLATE "C" NOT NULL,
    purpose text COLLATE "C" NOT NULL,
    bytes bigint NOT NULL,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    PRIMARY KEY (ledger_id, file_id)
);

CREATE INDEX batch_files_expired ON tally.batch_files (expires_at);

CREATE TABLE tally.batch_file_pieces (
    ledger_id bigint NOT NULL,
    file_id uuid NOT NULL,
    piece integer NOT NULL,
    content bytea NOT NULL,
    PRIMARY KEY (ledger_id, file_id, piece),
    FOREIGN KEY (ledger_id, file_id) REFERENCES tally.batch_files ON DELETE CASCADE
);

CREATE TABLE tally.batches (
    ledger_id bigint NOT NULL,
    batch_id uuid NOT NULL,
    owner_key uuid,
    -- Whose shapes it came in.
    face text COLLATE "C" NOT NULL CHECK (face IN ('openai', 'anthropic', 'jobs', 'async')),
    provider text COLLATE "C" NOT NULL,
    endpoint text COLLATE "C" NOT NULL,
    input_file uuid,
    -- The caller's, as JSON.
    metadata text,
    -- Dimensions and labels of its requests, as JSON.
    facts text NOT NULL,
    -- Batches of one lane may share jobs.
    lane text COLLATE "C" NOT NULL,
    lines integer NOT NULL,
    bytes bigint NOT NULL,
    created_at timestamptz NOT NULL,
    -- From when on jobs are made of it; NULL until budgets have room for it.
    form_at timestamptz,
    formed_at timestamptz,
    cancel_at timestamptz,
    ended_at timestamptz,
    -- Whether money is set aside for it.
    is_held boolean NOT NULL DEFAULT false,
    expires_at timestamptz NOT NULL,
    PRIMARY KEY (ledger_id, batch_id)
);

CREATE INDEX batches_to_form ON tally.batches (form_at) WHERE formed_at IS NULL;
CREATE INDEX batches_held ON tally.batches (ended_at) WHERE is_held;
CREATE INDEX batches_of_owner ON tally.batches (ledger_id, created_at DESC, batch_id DESC);
CREATE INDEX batches_expired ON tally.batches (expires_at);

CREATE TABLE tally.batch_jobs (
    ledger_id bigint NOT NULL,
    job_id uuid NOT NULL,
    provider text COLLATE "C" NOT NULL,
    endpoint text COLLATE "C" NOT NULL,
    model text COLLATE "C" NOT NULL,
    facts text NOT NULL,
    lines integer NOT NULL,
    -- The state of Batching.BatchJob, written before each of its steps.
    record text NOT NULL,
    -- The provider's own id, once it is known.
    remote_id text COLLATE "C",
    formed_by text COLLATE "C" NOT NULL,
    wait_ms bigint NOT NULL,
    cancel_requested boolean NOT NULL DEFAULT false,
    due_at timestamptz NOT NULL,
    owner uuid,
    claim bigint NOT NULL DEFAULT 0,
    claimed_until timestamptz,
    failures integer NOT NULL DEFAULT 0,
    error text,
    created_at timestamptz NOT NULL,
    -- When the provider had ended it, as we saw first: the time of its events.
    finished_at timestamptz,
    ended_at timestamptz,
    usage text NOT NULL DEFAULT '{}',
    succeeded integer NOT NULL DEFAULT 0,
    failed integer NOT NULL DEFAULT 0,
    expired integer NOT NULL DEFAULT 0,
    retries integer NOT NULL DEFAULT 0,
    PRIMARY KEY (ledger_id, job_id)
);

CREATE INDEX batch_jobs_due ON tally.batch_jobs (due_at) WHERE ended_at IS NULL;
CREATE INDEX batch_jobs_ended ON tally.batch_jobs (ended_at) WHERE ended_at IS NOT NULL;

CREATE TABLE tally.batch_lines (
    ledger_id bigint NOT NULL,
    batch_id uuid NOT NULL,
    -- Its place in the batch, from 0.
    line integer NOT NULL,
    custom_id text NOT NULL,
    model text COLLATE "C" NOT NULL,
    -- The body; NULL once the line has its outcome.
    request bytea,
    job_id uuid,
    -- Its place in the job.
    job_line integer,
    outcome text COLLATE "C"
        CHECK (outcome IN ('succeeded', 'failed', 'expired', 'cancelled', 'missing')),
    status integer,
    answer bytea,
    PRIMARY KEY (ledger_id, batch_id, line),
    FOREIGN KEY (ledger_id, batch_id) REFERENCES tally.batches ON DELETE CASCADE
);

CREATE UNIQUE INDEX batch_lines_of_job ON tally.batch_lines (ledger_id, job_id, job_line)
    WHERE job_id IS NOT NULL;

GRANT SELECT, INSERT, UPDATE, DELETE ON tally.batch_files, tally.batch_file_pieces, tally.batches,
    tally.batch_jobs, tally.batch_lines TO tally_service;

RESET ROLE;
