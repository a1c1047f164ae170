import Access
import LedgerModel
import LedgerSQL
import Postgres

/// A process's right to write to a run; it ends when another process claims the run.
struct RunClaim: Sendable {
    let ledger: LedgerID
    let run: EventID
    /// The number of the claim: how often the run was claimed.
    let number: Int64

    var parameters: Parameters { Parameters(ledger, run, number) }
}

/// A run that this process owns as long as it sends heartbeats.
struct ClaimedRun: Sendable {
    let claim: RunClaim
    let kind: String
    let request: String
    let checkpoint: String?
    let done: Int64
    let total: Int64?
    /// Failed, if the run was begun too often.
    let state: Run.State

    var run: EventID { claim.run }
    var ledger: LedgerID { claim.ledger }
}

/// Returns no row if too many runs of the ledger are unfinished.
struct InsertRun: Statement {
    static let sql = """
        INSERT INTO tally.runs (ledger_id, run_id, kind, scope, request, state)
        SELECT $1, $2, $3, $4, $5, 'queued'
        WHERE (SELECT count(*) FROM tally.runs
            WHERE ledger_id = $1 AND state IN ('queued', 'running')) < $6
        RETURNING run_id, ledger_id, kind, scope, state, done, total, false, error, created_at,
            started_at, updated_at, finished_at
        """
    static let columns = FindRun.columns
    let ledger: LedgerID
    let run: EventID
    let kind: String
    let scope: String
    let request: String
    let unfinishedMax: Int64
    var parameters: Parameters { Parameters(ledger, run, kind, scope, request, unfinishedMax) }
    typealias Row = Run

    static func row(_ cells: RunCells) throws(PostgresError) -> Run { try Run(cells) }
}

struct FindRun: Statement {
    static let sql = """
        SELECT run_id, ledger_id, kind, scope, state, done, total,
            cancel_requested_at IS NOT NULL, error, created_at, started_at, updated_at, finished_at
        FROM tally.runs WHERE ledger_id = $1 AND run_id = $2
        """
    static let columns = Columns(
        EventID.self, LedgerID.self, String.self, String.self, String.self, Int64.self,
        Int64?.self, Bool.self, String?.self, Timestamp.self, Timestamp?.self, Timestamp.self,
        Timestamp?.self)
    let ledger: LedgerID
    let run: EventID
    var parameters: Parameters { Parameters(ledger, run) }
    typealias Row = Run

    static func row(_ cells: RunCells) throws(PostgresError) -> Run { try Run(cells) }
}

struct ListRuns: Statement {
    static let sql = """
        SELECT run_id, ledger_id, kind, scope, state, done, total,
            cancel_requested_at IS NOT NULL, error, created_at, started_at, updated_at, finished_at
        FROM tally.runs WHERE ledger_id = $1 AND kind = ANY ($2)
        ORDER BY created_at DESC, run_id DESC LIMIT 1000
        """
    static let columns = FindRun.columns
    let ledger: LedgerID
    let kinds: [String]
    var parameters: Parameters { Parameters(ledger, kinds) }
    typealias Row = Run

    static func row(_ cells: RunCells) throws(PostgresError) -> Run { try Run(cells) }
}

typealias RunCells = (
    EventID, LedgerID, String, String, String, Int64, Int64?, Bool, String?, Timestamp, Timestamp?,
    Timestamp, Timestamp?
)

extension Run {
    fileprivate init(_ cells: RunCells) throws(PostgresError) {
        guard let state = State(rawValue: cells.4) else {
            throw PostgresError(.decoding, "\(cells.4) is not a known state of a run")
        }
        self.init(
            id: cells.0, ledger: cells.1, kind: cells.2,
            scope: KeyScope(rawValue: cells.3) ?? .admin, state: state, done: cells.5,
            total: cells.6, isCancelRequested: cells.7, error: cells.8, createdAt: cells.9,
            startedAt: cells.10, updatedAt: cells.11, finishedAt: cells.12)
    }
}

struct FindRunResult: Statement {
    static let sql = "SELECT result FROM tally.runs WHERE ledger_id = $1 AND run_id = $2"
    static let columns = Columns(String?.self)
    let ledger: LedgerID
    let run: EventID
    var parameters: Parameters { Parameters(ledger, run) }
}

struct DropOldRuns: Statement {
    static let sql = """
        DELETE FROM tally.runs WHERE ledger_id = $1 AND run_id IN (
            SELECT run_id FROM tally.runs
            WHERE ledger_id = $1 AND kind = $2 AND finished_at IS NOT NULL
            ORDER BY finished_at DESC, run_id DESC OFFSET $3)
        """
    static let columns = Columns()
    let ledger: LedgerID
    let kind: String
    let kept: Int64
    var parameters: Parameters { Parameters(ledger, kind, kept) }
}

// MARK: - Cancelling

/// Ends a run without an owner, or asks its owner to end it.
struct CancelRun: Statement {
    static let sql = """
        UPDATE tally.runs SET updated_at = now(), cancel_requested_at = now(),
            state = CASE WHEN state = 'queued'
                OR heartbeat_at < now() - $3::bigint * interval '1 millisecond'
                THEN 'cancelled' ELSE state END,
            finished_at = CASE WHEN state = 'queued'
                OR heartbeat_at < now() - $3::bigint * interval '1 millisecond'
                THEN now() END
        WHERE ledger_id = $1 AND run_id = $2 AND state IN ('queued', 'running')
        """
    static let columns = Columns()
    let ledger: LedgerID
    let run: EventID
    let silence: Int64
    var parameters: Parameters { Parameters(ledger, run, silence) }
}

/// Ends runs whose owner died before it saw that they were cancelled.
struct EndCancelledRuns: Statement {
    static let sql = """
        UPDATE tally.runs SET state = 'cancelled', updated_at = now(), finished_at = now()
        WHERE state = 'running' AND cancel_requested_at IS NOT NULL
            AND heartbeat_at < now() - $1::bigint * interval '1 millisecond'
        """
    static let columns = Columns()
    let silence: Int64
    var parameters: Parameters { Parameters(silence) }
}

// MARK: - Claiming

/// Runs that are queued or whose owner is silent; for a given request only the latter.
struct FindClaimable: Statement {
    static let sql = """
        SELECT ledger_id, run_id FROM tally.runs
        WHERE kind = ANY ($1) AND cancel_requested_at IS NULL
            AND ($3::bigint IS NULL OR ledger_id = $3)
            AND ($4::text IS NULL OR request = $4 AND state = 'running')
            AND (state = 'queued' OR state = 'running'
                AND heartbeat_at < now() - $2::bigint * interval '1 millisecond')
        ORDER BY created_at, run_id LIMIT 16
        """
    static let columns = Columns(LedgerID.self, EventID.self)

    struct Abandoned: Sendable {
        let ledger: LedgerID
        let request: String
    }

    let kinds: [String]
    let silence: Int64
    var abandoned: Abandoned?
    var parameters: Parameters {
        Parameters(kinds, silence, abandoned?.ledger, abandoned?.request)
    }
    typealias Row = (ledger: LedgerID, run: EventID)

    static func row(_ cells: (LedgerID, EventID)) throws(PostgresError) -> Row { cells }
}

/// Claims a run by compare-and-set: of several processes that found it, one gets it.
///
/// A run that was begun too often without reaching a checkpoint fails instead.
struct ClaimRun: Statement {
    static let sql = """
        UPDATE tally.runs SET owner = $3, claim = claim + 1, attempts = attempts + 1,
            heartbeat_at = now(), updated_at = now(), started_at = coalesce(started_at, now()),
            state = CASE WHEN attempts < $5 THEN 'running' ELSE 'failed' END,
            finished_at = CASE WHEN attempts >= $5 THEN now() END,
            error = CASE WHEN attempts >= $5 THEN 'it was begun ' || attempts
                || ' times and never got on: the log of the service may say more' END
        WHERE ledger_id = $1 AND run_id = $2 AND cancel_requested_at IS NULL AND (state = 'queued'
            OR state = 'running'
                AND heartbeat_at < now() - $4::bigint * interval '1 millisecond')
        RETURNING ledger_id, run_id, claim, kind, request, checkpoint, done, total,
            state = 'running'
        """
    static let columns = Columns(
        LedgerID.self, EventID.self, Int64.self, String.self, String.self, String?.self,
        Int64.self, Int64?.self, Bool.self)
    let ledger: LedgerID
    let run: EventID
    let owner: EventID
    let silence: Int64
    let attemptsMax: Int32
    var parameters: Parameters { Parameters(ledger, run, owner, silence, attemptsMax) }
    typealias Row = ClaimedRun

    static func row(
        _ cells: (LedgerID, EventID, Int64, String, String, String?, Int64, Int64?, Bool)
    ) throws(PostgresError) -> ClaimedRun {
        ClaimedRun(
            claim: RunClaim(ledger: cells.0, run: cells.1, number: cells.2), kind: cells.3,
            request: cells.4, checkpoint: cells.5, done: cells.6, total: cells.7,
            state: cells.8 ? .running : .failed)
    }
}

// MARK: - Owning

/// Renews the heartbeat, and writes the progress and the new checkpoint, if any.
///
/// Returns whether the run is to be cancelled; no row if this process no longer owns it.
struct BeatRun: Statement {
    static let sql = """
        UPDATE tally.runs SET heartbeat_at = now(), updated_at = now(), done = $4, total = $5,
            checkpoint = coalesce($6, checkpoint),
            attempts = CASE WHEN $6::text IS NULL THEN attempts ELSE 0 END
        WHERE ledger_id = $1 AND run_id = $2 AND claim = $3 AND state = 'running'
        RETURNING cancel_requested_at IS NOT NULL
        """
    static let columns = Columns(Bool.self)
    let claim: RunClaim
    let done: Int64
    let total: Int64?
    let checkpoint: String?

    init(_ claim: RunClaim, done: Int64, total: Int64?, checkpoint: String? = nil) {
        self.claim = claim
        self.done = done
        self.total = total
        self.checkpoint = checkpoint
    }

    var parameters: Parameters {
        Parameters(claim.ledger, claim.run, claim.number, done, total, checkpoint)
    }
}

/// Returns no row if this process no longer owns the run, or if it cannot be done because it was
/// cancelled.
struct EndRun: Statement {
    static let sql = """
        UPDATE tally.runs SET state = $4, result = $5, error = $6, checkpoint = NULL,
            done = CASE WHEN $4 = 'done' THEN coalesce(total, done) ELSE done END,
            updated_at = now(), finished_at = now()
        WHERE ledger_id = $1 AND run_id = $2 AND claim = $3 AND state = 'running'
            AND ($4 <> 'done' OR cancel_requested_at IS NULL)
        RETURNING claim
        """
    static let columns = Columns(Int64.self)
    let claim: RunClaim
    let state: Run.State
    let result: String?
    let error: String?

    init(
        _ claim: RunClaim, as state: Run.State, result: String? = nil, error: String? = nil
    ) {
        self.claim = claim
        self.state = state
        self.result = result
        self.error = error
    }

    var parameters: Parameters {
        Parameters(claim.ledger, claim.run, claim.number, state.rawValue, result, error)
    }
}

/// Releases a run; an attempt that its owner ended in this way does not count.
struct ReleaseRun: Statement {
    static let sql = """
        UPDATE tally.runs SET updated_at = now(), heartbeat_at = NULL, owner = NULL,
            attempts = greatest(attempts - 1, 0),
            state = CASE WHEN cancel_requested_at IS NULL THEN 'queued' ELSE 'cancelled' END,
            finished_at = CASE WHEN cancel_requested_at IS NULL THEN NULL ELSE now() END
        WHERE ledger_id = $1 AND run_id = $2 AND claim = $3 AND state = 'running'
        """
    static let columns = Columns()
    let claim: RunClaim
    var parameters: Parameters { claim.parameters }
}
