import LedgerModel
import LedgerSQL
import Postgres

struct InsertBatch: Statement {
    static let sql = """
        INSERT INTO tally.batches
            (ledger_id, batch_id, owner_key, face, provider, endpoint, input_file, metadata, facts,
            lane, lines, bytes, created_at, expires_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 0, 0, $11, $12)
        """
    static let columns = Columns()
    let owner: BatchOwner
    let batch: EventID
    let order: BatchOrder
    let provider: String
    let lane: String
    let now: Timestamp
    /// Until it is accepted.
    let expires: Timestamp
    var parameters: Parameters {
        Parameters(
            owner.ledger, batch, owner.key, order.face.rawValue, provider, order.endpoint,
            order.inputFile, order.metadata, order.facts.json, lane, now, expires)
    }
}

struct InsertLines: Statement {
    static let sql = """
        INSERT INTO tally.batch_lines (ledger_id, batch_id, line, custom_id, model, request)
        SELECT $1, $2, l.* FROM unnest($3::integer[], $4::text[], $5::text[], $6::bytea[]) AS l
        """
    static let columns = Columns()
    let ledger: LedgerID
    let batch: EventID
    var numbers: [Int32] = []
    var customIDs: [String] = []
    var models: [String] = []
    var bodies: [[UInt8]] = []
    var parameters: Parameters {
        Parameters(ledger, batch, numbers, customIDs, models, bodies)
    }
}

struct CountLines: Statement {
    static let sql = """
        UPDATE tally.batches SET lines = $3, bytes = $4 WHERE ledger_id = $1 AND batch_id = $2
        """
    static let columns = Columns()
    let ledger: LedgerID
    let batch: EventID
    let lines: Int32
    let bytes: Int64
    var parameters: Parameters { Parameters(ledger, batch, lines, bytes) }
}

/// From when on jobs may be made of a batch.
struct AcceptBatch: Statement {
    static let sql = """
        UPDATE tally.batches SET form_at = $3, is_held = $4, expires_at = $5
        WHERE ledger_id = $1 AND batch_id = $2
        """
    static let columns = Columns()
    let ledger: LedgerID
    let batch: EventID
    let formAt: Timestamp
    let isHeld: Bool
    let expires: Timestamp
    var parameters: Parameters { Parameters(ledger, batch, formAt, isHeld, expires) }
}

/// A lane with enough single requests waits no longer.
struct FillLane: Statement {
    static let sql = """
        UPDATE tally.batches SET form_at = $3
        WHERE ledger_id = $1 AND lane = $2 AND formed_at IS NULL AND form_at > $3
            AND (SELECT count(*) FROM tally.batches
                WHERE ledger_id = $1 AND lane = $2 AND formed_at IS NULL
                    AND form_at IS NOT NULL) >= $4
        """
    static let columns = Columns()
    let ledger: LedgerID
    let lane: String
    let now: Timestamp
    let sizeMax: Int64
    var parameters: Parameters { Parameters(ledger, lane, now, sizeMax) }
}

struct DropBatch: Statement {
    static let sql = "DELETE FROM tally.batches WHERE ledger_id = $1 AND batch_id = $2"
    static let columns = Columns()
    let ledger: LedgerID
    let batch: EventID
    var parameters: Parameters { Parameters(ledger, batch) }
}

/// Batches with their counts, of one owner, the newest first.
struct FindBatches: Statement {
    static let sql = """
        SELECT b.batch_id, b.owner_key, b.face, b.provider, b.endpoint, b.input_file, b.metadata,
            b.lines, b.created_at, b.formed_at, b.cancel_at, b.ended_at, b.expires_at,
            coalesce(n.succeeded, 0), coalesce(n.failed, 0), coalesce(n.expired, 0),
            coalesce(n.cancelled, 0), coalesce(n.missing, 0),
            (SELECT min(j.error) FROM tally.batch_jobs j
                WHERE j.ledger_id = b.ledger_id AND j.job_id IN (
                    SELECT l.job_id FROM tally.batch_lines l
                    WHERE l.ledger_id = b.ledger_id AND l.batch_id = b.batch_id))
        FROM tally.batches b
        LEFT JOIN LATERAL (
            SELECT count(*) FILTER (WHERE outcome = 'succeeded') AS succeeded,
                count(*) FILTER (WHERE outcome = 'failed') AS failed,
                count(*) FILTER (WHERE outcome = 'expired') AS expired,
                count(*) FILTER (WHERE outcome = 'cancelled') AS cancelled,
                count(*) FILTER (WHERE outcome = 'missing') AS missing
            FROM tally.batch_lines l
            WHERE l.ledger_id = b.ledger_id AND l.batch_id = b.batch_id) n ON true
        WHERE b.ledger_id = $1 AND ($2::uuid IS NULL OR b.batch_id = $2)
            AND b.face = ANY ($3) AND b.form_at IS NOT NULL
            AND ($4 OR b.owner_key IS NOT DISTINCT FROM $5)
            AND ($6::uuid IS NULL OR (b.created_at, b.batch_id) < (
                SELECT a.created_at, a.batch_id FROM tally.batches a
                WHERE a.ledger_id = $1 AND a.batch_id = $6))
        ORDER BY b.created_at DESC, b.batch_id DESC LIMIT $7
        """
    static let columns = Columns(
        EventID.self, EventID?.self, String.self, String.self, String.self, EventID?.self,
        String?.self, Int32.self, Timestamp.self, Timestamp?.self, Timestamp?.self,
        Timestamp?.self, Timestamp.self, Int64.self, Int64.self, Int64.self, Int64.self,
        Int64.self, String?.self)
    let owner: BatchOwner
    let faces: [BatchOrder.Face]
    var batch: EventID?
    var after: EventID?
    var limit: Int64 = 1
    var parameters: Parameters {
        Parameters(
            owner.ledger, batch, faces.map(\.rawValue), owner.isAdministrator, owner.key, after,
            limit)
    }
    typealias Row = BatchView

    static func row(
        _ c: (
            EventID, EventID?, String, String, String, EventID?, String?, Int32, Timestamp,
            Timestamp?, Timestamp?, Timestamp?, Timestamp, Int64, Int64, Int64, Int64, Int64,
            String?
        )
    ) throws(PostgresError) -> BatchView {
        BatchView(
            id: c.0, face: BatchOrder.Face(rawValue: c.2) ?? .jobs, provider: c.3, endpoint: c.4,
            inputFile: c.5, metadata: c.6, lines: Int(c.7), createdAt: c.8, formedAt: c.9,
            cancelAt: c.10, endedAt: c.11, expiresAt: c.12,
            counts: BatchView.Counts(
                succeeded: Int(c.13), failed: Int(c.14), expired: Int(c.15), cancelled: Int(c.16),
                missing: Int(c.17)), ownerKey: c.1, error: c.18)
    }
}

struct FindResults: Statement {
    static let sql = """
        SELECT line, custom_id, outcome, status, answer FROM tally.batch_lines
        WHERE ledger_id = $1 AND batch_id = $2 AND line >= $3 AND outcome = ANY ($4)
        ORDER BY line LIMIT $5
        """
    static let columns = Columns(
        Int32.self, String.self, String.self, Int32?.self, [UInt8]?.self)
    let ledger: LedgerID
    let batch: EventID
    let from: Int32
    let outcomes: [String]
    let limit: Int64
    var parameters: Parameters { Parameters(ledger, batch, from, outcomes, limit) }
    typealias Row = BatchResult

    static func row(
        _ c: (Int32, String, String, Int32?, [UInt8]?)
    ) throws(PostgresError) -> BatchResult {
        BatchResult(
            line: Int(c.0), customID: c.1, outcome: .init(rawValue: c.2) ?? .missing,
            status: c.3.map { Int($0) }, answer: c.4 ?? [])
    }
}

// MARK: - Cancelling and ending

/// Ends the lines of a batch that are in no job.
struct CancelLines: Statement {
    static let sql = """
        UPDATE tally.batch_lines SET outcome = 'cancelled', request = NULL
        WHERE ledger_id = $1 AND batch_id = $2 AND job_id IS NULL AND outcome IS NULL
        """
    static let columns = Columns()
    let ledger: LedgerID
    let batch: EventID
    var parameters: Parameters { Parameters(ledger, batch) }
}

struct CancelBatch: Statement {
    static let sql = """
        UPDATE tally.batches SET cancel_at = coalesce(cancel_at, $3),
            formed_at = coalesce(formed_at, $3)
        WHERE ledger_id = $1 AND batch_id = $2 AND ended_at IS NULL
        """
    static let columns = Columns()
    let ledger: LedgerID
    let batch: EventID
    let now: Timestamp
    var parameters: Parameters { Parameters(ledger, batch, now) }
}

/// Jobs of which nobody wants a line any more.
struct CancelJobs: Statement {
    static let sql = """
        UPDATE tally.batch_jobs j SET cancel_requested = true, due_at = least(due_at, $3)
        WHERE j.ledger_id = $1 AND j.ended_at IS NULL AND NOT j.cancel_requested
            AND j.job_id IN (SELECT l.job_id FROM tally.batch_lines l
                WHERE l.ledger_id = $1 AND l.batch_id = $2)
            AND NOT EXISTS (SELECT FROM tally.batch_lines l JOIN tally.batches b
                USING (ledger_id, batch_id)
                WHERE l.ledger_id = $1 AND l.job_id = j.job_id AND b.cancel_at IS NULL)
        """
    static let columns = Columns()
    let ledger: LedgerID
    let batch: EventID
    let now: Timestamp
    var parameters: Parameters { Parameters(ledger, batch, now) }
}

/// Ends batches all of whose lines have an outcome: one, or those of a job.
struct EndBatches: Statement {
    static let sql = """
        UPDATE tally.batches b SET ended_at = $4
        WHERE b.ledger_id = $1 AND b.ended_at IS NULL AND b.form_at IS NOT NULL
            AND (b.batch_id = $2 OR b.batch_id IN (SELECT l.batch_id FROM tally.batch_lines l
                WHERE l.ledger_id = $1 AND l.job_id = $3))
            AND NOT EXISTS (SELECT FROM tally.batch_lines l
                WHERE l.ledger_id = $1 AND l.batch_id = b.batch_id AND l.outcome IS NULL)
        """
    static let columns = Columns()
    let ledger: LedgerID
    var batch: EventID?
    var job: EventID?
    let now: Timestamp
    var parameters: Parameters { Parameters(ledger, batch, job, now) }
}

/// Batches that have ended, or were never accepted, with money still set aside.
struct FindHeld: Statement {
    static let sql = """
        SELECT ledger_id, batch_id FROM tally.batches
        WHERE is_held AND ended_at IS NOT NULL LIMIT 64
        """
    static let columns = Columns(LedgerID.self, EventID.self)
}

struct Unhold: Statement {
    static let sql = """
        UPDATE tally.batches SET is_held = false WHERE ledger_id = $1 AND batch_id = $2
        """
    static let columns = Columns()
    let ledger: LedgerID
    let batch: EventID
    var parameters: Parameters { Parameters(ledger, batch) }
}

/// Batches that expired, and those that were begun an hour ago and never accepted.
struct DropOldBatches: Statement {
    static let sql = """
        DELETE FROM tally.batches WHERE (ledger_id, batch_id) IN (
            SELECT ledger_id, batch_id FROM tally.batches
            WHERE expires_at < $1
                AND (ended_at IS NOT NULL AND NOT is_held OR form_at IS NULL) LIMIT 16)
        """
    static let columns = Columns()
    let now: Timestamp
    var parameters: Parameters { Parameters(now) }
}

struct DropOldJobs: Statement {
    static let sql = """
        DELETE FROM tally.batch_jobs j WHERE (j.ledger_id, j.job_id) IN (
            SELECT ledger_id, job_id FROM tally.batch_jobs WHERE ended_at < $1 LIMIT 64)
            AND NOT EXISTS (SELECT FROM tally.batch_lines l
                WHERE l.ledger_id = j.ledger_id AND l.job_id = j.job_id)
        """
    static let columns = Columns()
    let before: Timestamp
    var parameters: Parameters { Parameters(before) }
}
