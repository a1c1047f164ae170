import Access
import LedgerModel
import LedgerSQL
import Postgres

/// A run that this process owns until it falls silent.
struct ClaimedRun: Sendable {
    let ledger: LedgerID
    let run: EventID
    let kind: String
    let request: String
    let checkpoint: String?
    let claim: Int64
    let done: Int64
    let total: Int64?
}

/// Nothing comes back where too many runs of the ledger are unfinished.
struct InsertRun: Statement {
    static let sql = """
        INSERT INTO tally.runs (
            ledger_id, run_id, kind, scope, request, owner, state, claim, attempts, heartbeat_at,
            started_at)
        SELECT $1, $2, $3, $4, $5, $6::uuid, CASE WHEN $6::uuid IS NULL THEN 'queued' ELSE 'running' END,
            CASE WHEN $6::uuid IS NULL THEN 0 ELSE 1 END,
            CASE WHEN $6::uuid IS NULL THEN 0 ELSE 1 END,
            CASE WHEN $6::uuid IS NOT NULL THEN now() END,
            CASE WHEN $6::uuid IS NOT NULL THEN now() END
        WHERE (SELECT count(*) FROM tally.runs
            WHERE ledger_id = $1 AND state IN ('queued', 'running')) < $7
        RETURNING run_id, ledger_id, kind, scope, state, done, total, false, error, created_at,
            started_at, updated_at, finished_at
        """
    static let columns = FindRun.columns
    let ledger: LedgerID
    let run: EventID
    let kind: String
    let scope: String
    let request: String
    /// Who works on it from the first moment; nil lets it wait.
    let owner: EventID?
    let unfinishedMax: Int64
    var parameters: Parameters {
        Parameters(ledger, run, kind, scope, request, owner, unfinishedMax)
    }
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
            throw PostgresError(.decoding, "\(cells.4) is no state of a run that is known here")
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
    typealias Row = String?

    static func row(_ cell: String?) throws(PostgresError) -> String? { cell }
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

/// Ends a run that nobody works on, or asks its owner to.
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

/// Runs whose owner died before it saw that they were cancelled.
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

struct FindClaimable: Statement {
    static let sql = """
        SELECT ledger_id, run_id FROM tally.runs
        WHERE kind = ANY ($1) AND cancel_requested_at IS NULL AND state IN ('queued', 'running')
            AND (state = 'queued'
                OR heartbeat_at < now() - $2::bigint * interval '1 millisecond')
        ORDER BY created_at, run_id LIMIT 16
        """
    static let columns = Columns(LedgerID.self, EventID.self)
    let kinds: [String]
    let silence: Int64
    var parameters: Parameters { Parameters(kinds, silence) }
    typealias Row = (ledger: LedgerID, run: EventID)

    static func row(_ cells: (LedgerID, EventID)) throws(PostgresError) -> Row { cells }
}

/// A run of the same request whose owner has fallen silent.
struct FindAbandoned: Statement {
    static let sql = """
        SELECT run_id FROM tally.runs
        WHERE ledger_id = $1 AND kind = $2 AND request = $3 AND state = 'running'
            AND cancel_requested_at IS NULL
            AND heartbeat_at < now() - $4::bigint * interval '1 millisecond'
        ORDER BY created_at, run_id LIMIT 1
        """
    static let columns = Columns(EventID.self)
    let ledger: LedgerID
    let kind: String
    let request: String
    let silence: Int64
    var parameters: Parameters { Parameters(ledger, kind, request, silence) }
    typealias Row = EventID

    static func row(_ cell: EventID) throws(PostgresError) -> EventID { cell }
}

/// Compare-and-set: of several who found the run waiting, one gets it.
struct ClaimRun: Statement {
    static let sql = """
        UPDATE tally.runs SET state = 'running', owner = $3, claim = claim + 1,
            attempts = attempts + 1, heartbeat_at = now(), updated_at = now(),
            started_at = coalesce(started_at, now())
        WHERE ledger_id = $1 AND run_id = $2 AND cancel_requested_at IS NULL AND (state = 'queued'
            OR state = 'running'
                AND heartbeat_at < now() - $4::bigint * interval '1 millisecond')
        RETURNING ledger_id, run_id, kind, request, checkpoint, claim, done, total
        """
    static let columns = Columns(
        LedgerID.self, EventID.self, String.self, String.self, String?.self, Int64.self,
        Int64.self, Int64?.self)
    let ledger: LedgerID
    let run: EventID
    let owner: EventID
    let silence: Int64
    var parameters: Parameters { Parameters(ledger, run, owner, silence) }
    typealias Row = ClaimedRun

    static func row(
        _ cells: (LedgerID, EventID, String, String, String?, Int64, Int64, Int64?)
    ) throws(PostgresError) -> ClaimedRun {
        ClaimedRun(
            ledger: cells.0, run: cells.1, kind: cells.2, request: cells.3, checkpoint: cells.4,
            claim: cells.5, done: cells.6, total: cells.7)
    }
}

/// A run that was begun again and again and never got as far as a checkpoint.
struct GiveUpRun: Statement {
    static let sql = """
        UPDATE tally.runs SET state = 'failed', updated_at = now(), finished_at = now(),
            error = 'it was begun ' || attempts || ' times and never got on: the log of the '
                || 'service may say more'
        WHERE ledger_id = $1 AND run_id = $2 AND attempts >= $3 AND (state = 'queued'
            OR state = 'running'
                AND heartbeat_at < now() - $4::bigint * interval '1 millisecond')
        """
    static let columns = Columns()
    let ledger: LedgerID
    let run: EventID
    let attemptsMax: Int32
    let silence: Int64
    var parameters: Parameters { Parameters(ledger, run, attemptsMax, silence) }
}

// MARK: - Owning

/// Whether somebody wants the run to end; nothing if it is not ours any more.
struct BeatRun: Statement {
    static let sql = """
        UPDATE tally.runs SET heartbeat_at = now(), updated_at = now(), done = $4, total = $5
        WHERE ledger_id = $1 AND run_id = $2 AND claim = $3 AND state = 'running'
        RETURNING cancel_requested_at IS NOT NULL
        """
    static let columns = Columns(Bool.self)
    let ledger: LedgerID
    let run: EventID
    let claim: Int64
    let done: Int64
    let total: Int64?
    var parameters: Parameters { Parameters(ledger, run, claim, done, total) }
    typealias Row = Bool

    static func row(_ cell: Bool) throws(PostgresError) -> Bool { cell }
}

struct KeepCheckpoint: Statement {
    static let sql = """
        UPDATE tally.runs SET checkpoint = $4, done = $5, total = $6, attempts = 0,
            heartbeat_at = now(), updated_at = now()
        WHERE ledger_id = $1 AND run_id = $2 AND claim = $3 AND state = 'running'
            AND cancel_requested_at IS NULL
        RETURNING claim
        """
    static let columns = Columns(Int64.self)
    let ledger: LedgerID
    let run: EventID
    let claim: Int64
    let checkpoint: String
    let done: Int64
    let total: Int64?
    var parameters: Parameters { Parameters(ledger, run, claim, checkpoint, done, total) }
}

struct FinishRun: Statement {
    static let sql = """
        UPDATE tally.runs SET state = 'done', result = $4, checkpoint = NULL, error = NULL,
            done = coalesce(total, done), updated_at = now(), finished_at = now()
        WHERE ledger_id = $1 AND run_id = $2 AND claim = $3 AND state = 'running'
            AND cancel_requested_at IS NULL
        RETURNING claim
        """
    static let columns = Columns(Int64.self)
    let ledger: LedgerID
    let run: EventID
    let claim: Int64
    let result: String
    var parameters: Parameters { Parameters(ledger, run, claim, result) }
}

struct EndRun: Statement {
    static let sql = """
        UPDATE tally.runs SET state = $4, error = $5, checkpoint = NULL, updated_at = now(),
            finished_at = now()
        WHERE ledger_id = $1 AND run_id = $2 AND claim = $3 AND state = 'running'
        """
    static let columns = Columns()
    let ledger: LedgerID
    let run: EventID
    let claim: Int64
    let state: String
    let error: String?
    var parameters: Parameters { Parameters(ledger, run, claim, state, error) }
}

/// An attempt that its owner ended by itself does not count.
struct ReleaseRun: Statement {
    static let sql = """
        UPDATE tally.runs SET updated_at = now(), heartbeat_at = NULL, owner = NULL,
            attempts = greatest(attempts - 1, 0),
            state = CASE WHEN cancel_requested_at IS NULL THEN 'queued' ELSE 'cancelled' END,
            finished_at = CASE WHEN cancel_requested_at IS NULL THEN NULL ELSE now() END
        WHERE ledger_id = $1 AND run_id = $2 AND claim = $3 AND state = 'running'
        """
    static let columns = Columns()
    let ledger: LedgerID
    let run: EventID
    let claim: Int64
    var parameters: Parameters { Parameters(ledger, run, claim) }
}
