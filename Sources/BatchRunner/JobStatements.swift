import LedgerModel
import LedgerSQL
import Postgres

// MARK: - Making jobs

/// A lane with batches that are to become jobs.
struct FindLane: Statement {
    static let sql = """
        SELECT ledger_id, lane, provider, endpoint, facts, face FROM tally.batches
        WHERE formed_at IS NULL AND form_at <= $1 ORDER BY form_at LIMIT 1
        """
    static let columns = Columns(
        LedgerID.self, String.self, String.self, String.self, String.self, String.self)
    let now: Timestamp
    var parameters: Parameters { Parameters(now) }
}

/// The batches of a lane, locked: no other instance makes jobs of them.
struct LockLane: Statement {
    static let sql = """
        UPDATE tally.batches SET formed_at = $3 WHERE (ledger_id, batch_id) IN (
            SELECT ledger_id, batch_id FROM tally.batches
            WHERE ledger_id = $1 AND lane = $2 AND formed_at IS NULL AND form_at IS NOT NULL
            ORDER BY created_at, batch_id LIMIT 100000 FOR UPDATE SKIP LOCKED)
        RETURNING batch_id, created_at
        """
    static let columns = Columns(EventID.self, Timestamp.self)
    let ledger: LedgerID
    let lane: String
    let now: Timestamp
    var parameters: Parameters { Parameters(ledger, lane, now) }
}

/// A lane that could not become jobs lets others go first.
struct PostponeLane: Statement {
    static let sql = """
        UPDATE tally.batches SET form_at = $3
        WHERE ledger_id = $1 AND lane = $2 AND formed_at IS NULL AND form_at <= $3
        """
    static let columns = Columns()
    let ledger: LedgerID
    let lane: String
    let until: Timestamp
    var parameters: Parameters { Parameters(ledger, lane, until) }
}

/// What stands in no job of some batches.
struct FindFreeLines: Statement {
    static let sql = """
        SELECT batch_id, line, model, octet_length(request)::integer FROM tally.batch_lines
        WHERE ledger_id = $1 AND batch_id = ANY ($2) AND job_id IS NULL AND outcome IS NULL
        ORDER BY batch_id, line
        """
    static let columns = Columns(EventID.self, Int32.self, String.self, Int32.self)
    let ledger: LedgerID
    let batches: [EventID]
    var parameters: Parameters { Parameters(ledger, batches) }
}

struct InsertJob: Statement {
    static let sql = """
        INSERT INTO tally.batch_jobs (ledger_id, job_id, provider, endpoint, model, facts, lines,
            record, formed_by, wait_ms, due_at, created_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $11)
        """
    static let columns = Columns()
    let ledger: LedgerID
    let job: EventID
    let provider: String
    let endpoint: String
    let model: String
    let facts: String
    let lines: Int32
    let record: String
    let formedBy: String
    let waited: Int64
    let now: Timestamp
    var parameters: Parameters {
        Parameters(
            ledger, job, provider, endpoint, model, facts, lines, record, formedBy, waited, now)
    }
}

struct PlaceLines: Statement {
    static let sql = """
        UPDATE tally.batch_lines l SET job_id = $2, job_line = p.job_line
        FROM unnest($3::uuid[], $4::integer[], $5::integer[]) AS p (batch_id, line, job_line)
        WHERE l.ledger_id = $1 AND l.batch_id = p.batch_id AND l.line = p.line
        """
    static let columns = Columns()
    let ledger: LedgerID
    let job: EventID
    let batches: [EventID]
    let lines: [Int32]
    let places: [Int32]
    var parameters: Parameters { Parameters(ledger, job, batches, lines, places) }
}

// MARK: - Claiming

/// A job that this process works on as long as it renews its claim.
struct ClaimedJob: Sendable {
    let ledger: LedgerID
    let job: EventID
    let claim: Int64
    let provider: String
    let endpoint: String
    let model: String
    let facts: BatchFacts
    let lines: Int
    var record: String
    let formedBy: String
    let waited: Int64
    let cancelRequested: Bool
    var failures: Int
    let createdAt: Timestamp
    var finishedAt: Timestamp?
    var totals: JobTotals
}

/// What the lines of a job came to so far.
struct JobTotals: Sendable {
    var usage: Usage
    var succeeded: Int
    var failed: Int
    var expired: Int
    var retries: Int
}

/// Claims the job that has waited longest for its turn.
struct ClaimJob: Statement {
    static let sql = """
        UPDATE tally.batch_jobs SET owner = $1, claim = claim + 1,
            claimed_until = now() + $2::bigint * interval '1 millisecond'
        WHERE (ledger_id, job_id) = (
            SELECT ledger_id, job_id FROM tally.batch_jobs
            WHERE ended_at IS NULL AND due_at <= $3
                AND (claimed_until IS NULL OR claimed_until < now())
            ORDER BY due_at, job_id LIMIT 1 FOR UPDATE SKIP LOCKED)
        RETURNING ledger_id, job_id, claim, provider, endpoint, model, facts, lines, record,
            formed_by, wait_ms, cancel_requested, failures, created_at, finished_at, usage,
            succeeded, failed, expired, retries
        """
    static let columns = Columns(
        LedgerID.self, EventID.self, Int64.self, String.self, String.self, String.self,
        String.self, Int32.self, String.self, String.self, Int64.self, Bool.self, Int32.self,
        Timestamp.self, Timestamp?.self, String.self, Int32.self, Int32.self, Int32.self,
        Int32.self)
    let owner: EventID
    let term: Int64
    let now: Timestamp
    var parameters: Parameters { Parameters(owner, term, now) }
    typealias Row = ClaimedJob

    static func row(
        _ c: (
            LedgerID, EventID, Int64, String, String, String, String, Int32, String, String,
            Int64, Bool, Int32, Timestamp, Timestamp?, String, Int32, Int32, Int32, Int32
        )
    ) throws(PostgresError) -> ClaimedJob {
        ClaimedJob(
            ledger: c.0, job: c.1, claim: c.2, provider: c.3, endpoint: c.4, model: c.5,
            facts: BatchFacts(json: c.6), lines: Int(c.7), record: c.8, formedBy: c.9,
            waited: c.10, cancelRequested: c.11, failures: Int(c.12), createdAt: c.13,
            finishedAt: c.14,
            totals: JobTotals(
                usage: Usage(json: c.15), succeeded: Int(c.16), failed: Int(c.17),
                expired: Int(c.18), retries: Int(c.19)))
    }
}

struct RenewClaims: Statement {
    static let sql = """
        UPDATE tally.batch_jobs SET claimed_until = now() + $2::bigint * interval '1 millisecond'
        WHERE owner = $1 AND ended_at IS NULL AND claimed_until IS NOT NULL
        """
    static let columns = Columns()
    let owner: EventID
    let term: Int64
    var parameters: Parameters { Parameters(owner, term) }
}

struct ReleaseClaims: Statement {
    static let sql = """
        UPDATE tally.batch_jobs SET claimed_until = NULL WHERE owner = $1 AND ended_at IS NULL
        """
    static let columns = Columns()
    let owner: EventID
    var parameters: Parameters { Parameters(owner) }
}

// MARK: - Working

/// Writes how far a job is; no row if another process has it.
struct KeepJob: Statement {
    static let sql = """
        UPDATE tally.batch_jobs SET record = $4, remote_id = coalesce($5, remote_id),
            finished_at = coalesce(finished_at, $6), usage = $7, succeeded = $8, failed = $9,
            expired = $10, retries = $11, failures = 0
        WHERE ledger_id = $1 AND job_id = $2 AND claim = $3 AND ended_at IS NULL
        RETURNING finished_at
        """
    static let columns = Columns(Timestamp?.self)
    let job: ClaimedJob
    let remoteID: String?
    let finishedAt: Timestamp?
    var parameters: Parameters {
        let totals = job.totals
        return Parameters(
            job.ledger, job.job, job.claim, job.record, remoteID, finishedAt, totals.usage.json,
            Int32(totals.succeeded), Int32(totals.failed), Int32(totals.expired),
            Int32(totals.retries))
    }
}

/// Another job has its turn, and this one at a time.
struct ReleaseJob: Statement {
    static let sql = """
        UPDATE tally.batch_jobs SET due_at = $4, claimed_until = NULL, failures = $5, error = $6
        WHERE ledger_id = $1 AND job_id = $2 AND claim = $3 AND ended_at IS NULL
        """
    static let columns = Columns()
    let job: ClaimedJob
    let due: Timestamp
    let error: String?
    var parameters: Parameters {
        Parameters(job.ledger, job.job, job.claim, due, Int32(job.failures), error)
    }
}

struct EndJob: Statement {
    static let sql = """
        UPDATE tally.batch_jobs SET ended_at = $4, claimed_until = NULL, error = coalesce($5, error)
        WHERE ledger_id = $1 AND job_id = $2 AND claim = $3 AND ended_at IS NULL RETURNING claim
        """
    static let columns = Columns(Int64.self)
    let job: ClaimedJob
    let now: Timestamp
    let error: String?
    var parameters: Parameters { Parameters(job.ledger, job.job, job.claim, now, error) }
}

struct EndLines: Statement {
    static let sql = """
        UPDATE tally.batch_lines l SET outcome = e.outcome, status = e.status, answer = e.answer,
            request = NULL
        FROM unnest($3::integer[], $4::text[], $5::integer[], $6::bytea[])
            AS e (job_line, outcome, status, answer)
        WHERE l.ledger_id = $1 AND l.job_id = $2 AND l.job_line = e.job_line
            AND l.outcome IS NULL
        """
    static let columns = Columns()
    let ledger: LedgerID
    let job: EventID
    var lines: [Int32] = []
    var outcomes: [String] = []
    var statuses: [Int32?] = []
    var answers: [[UInt8]] = []
    var parameters: Parameters { Parameters(ledger, job, lines, outcomes, statuses, answers) }
}

/// The bodies of a job, in its order.
struct FindBodies: Statement {
    static let sql = """
        SELECT request FROM tally.batch_lines WHERE ledger_id = $1 AND job_id = $2
        ORDER BY job_line
        """
    static let columns = Columns([UInt8]?.self)
    let ledger: LedgerID
    let job: EventID
    var parameters: Parameters { Parameters(ledger, job) }
}

/// Whose the lines of a job are.
struct FindMembers: Statement {
    static let sql = """
        SELECT l.batch_id, l.line, l.model, b.facts, b.owner_key
        FROM tally.batch_lines l JOIN tally.batches b USING (ledger_id, batch_id)
        WHERE l.ledger_id = $1 AND l.job_id = $2 ORDER BY l.job_line
        """
    static let columns = Columns(
        EventID.self, Int32.self, String.self, String.self, EventID?.self)
    let ledger: LedgerID
    let job: EventID
    var parameters: Parameters { Parameters(ledger, job) }
}

/// Provider's ids of our jobs, which are not looked for any more.
struct FindRemoteIDs: Statement {
    static let sql = """
        SELECT remote_id FROM tally.batch_jobs
        WHERE provider = $1 AND remote_id IS NOT NULL AND job_id <> $2 AND created_at >= $3
        """
    static let columns = Columns(String.self)
    let provider: String
    let job: EventID
    let since: Timestamp
    var parameters: Parameters { Parameters(provider, job, since) }
}

/// For metrics: jobs that are not done, and the oldest time at which one was due.
struct OpenJobs: Statement {
    static let sql = """
        SELECT provider, count(*), count(*) FILTER (WHERE failures > 0), min(created_at)
        FROM tally.batch_jobs WHERE ended_at IS NULL GROUP BY provider
        """
    static let columns = Columns(String.self, Int64.self, Int64.self, Timestamp.self)
}
