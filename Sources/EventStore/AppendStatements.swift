import LedgerModel
import LedgerSQL
import Postgres

// The statements of an append, in the order in which they run.

/// Makes the partition of a month.
struct EnsureMonth: Statement {
    static let sql = "SELECT tally.ensure_month(($1::timestamptz AT TIME ZONE 'UTC')::date)::text"
    static let columns = Columns(String?.self)
    let month: Timestamp
    var parameters: Parameters { Parameters(month) }
}

/// Protects a ledger from its own writers: a commit is durable, a wait for the head is short, and a
/// writer that stalls inside its transaction loses it.
struct WriterLimits: Statement {
    static let sql = """
        SELECT set_config('synchronous_commit', 'on', true),
            set_config('lock_timeout', '5s', true),
            set_config('idle_in_transaction_session_timeout', '10s', true)
        """
    static let columns = Columns(String.self, String.self, String.self)
}

/// Advances the head, extends the chain and records the block, in one statement.
///
/// The UPDATE reads only its own row: a join or a subquery that reads the head separately would
/// link to a stale hash when writers queue for the lock. Time never runs backwards along the
/// chain, whatever the clock does.
struct AdvanceHead: Statement {
    static let sql = """
        WITH advanced AS (
            UPDATE tally.heads SET
                block = block + 1,
                first_position = position + 1,
                position = position + $2,
                prev_hash = hash,
                recorded_at = greatest(recorded_at, statement_timestamp()),
                hash = sha256('\\x02'::bytea || hash || int8send(ledger_id)
                    || int8send(block + 1) || int8send(position + 1) || int8send($2) || $3
                    || timestamptz_send(greatest(recorded_at, statement_timestamp()))),
                requests = requests + $7,
                charged_pico = charged_pico + $8
            WHERE ledger_id = $1
            RETURNING *)
        INSERT INTO tally.blocks (
            ledger_id, block, first_position, count, root, prev_hash, hash, recorded_at,
            batch_id, first_month, last_month, requests, charged_pico)
        SELECT ledger_id, block, first_position, $2, $3, prev_hash, hash, recorded_at,
            $4, ($5::timestamptz AT TIME ZONE 'UTC')::date,
            ($6::timestamptz AT TIME ZONE 'UTC')::date, requests, charged_pico
        FROM advanced
        RETURNING first_position, block, hash, recorded_at
        """
    static let columns = Columns(Int64.self, Int64.self, Digest.self, Timestamp.self)

    let ledger: LedgerID
    let count: Int64
    let root: Digest
    let batchID: EventID
    let firstMonth: Timestamp
    let lastMonth: Timestamp
    let totals: BlockTotals

    var parameters: Parameters {
        Parameters(
            ledger, count, root, batchID, firstMonth, lastMonth, totals.requests, totals.charged)
    }

    struct Advanced {
        let firstPosition: Int64
        let block: Int64
        let hash: Digest
        let recordedAt: Timestamp
    }
    typealias Row = Advanced

    static func row(
        _ cells: (Int64, Int64, Digest, Timestamp)
    ) throws(PostgresError) -> Advanced {
        Advanced(
            firstPosition: cells.0, block: cells.1, hash: cells.2, recordedAt: cells.3)
    }
}

/// Reads the head and keeps every other writer out until the transaction ends.
struct LockHead: Statement {
    static let sql =
        "SELECT position, block, hash FROM tally.heads WHERE ledger_id = $1 FOR UPDATE"
    static let columns = Columns(Int64.self, Int64.self, Digest.self)
    let ledger: LedgerID
    var parameters: Parameters { Parameters(ledger) }
    typealias Row = Head

    static func row(_ cells: (Int64, Int64, Digest)) throws(PostgresError) -> Head {
        Head(position: cells.0, block: cells.1, hash: cells.2)
    }
}

/// The positions of the block that an earlier attempt of a commit made.
struct FindBatch: Statement {
    static let sql = """
        SELECT first_position, first_position + count - 1 FROM tally.blocks
        WHERE ledger_id = $1 AND batch_id = $2 AND block > $3
        """
    static let columns = Columns(Int64.self, Int64.self)
    let ledger: LedgerID
    let batchID: EventID
    /// A block known to be older than the commit.
    let after: Int64
    var parameters: Parameters { Parameters(ledger, batchID, after) }
    typealias Row = ClosedRange<Int64>

    static func row(_ cells: (Int64, Int64)) throws(PostgresError) -> ClosedRange<Int64> {
        cells.0...cells.1
    }
}

/// Finds which of these external identities the ledger has, and as which events.
struct FindIdentities: Statement {
    static let sql = """
        SELECT digest, event_id FROM tally.identities
        WHERE ledger_id = $1 AND digest = ANY ($2)
        """
    static let columns = Columns(Digest.self, EventID.self)
    let ledger: LedgerID
    let digests: [Digest]
    var parameters: Parameters { Parameters(ledger, digests.map(\.bytes)) }
}

/// Ends the session that has held a ledger's head, or state that a group needs, for longer than any
/// healthy commit.
///
/// A writer stopped in the middle of COPY holds its locks for ever, and a cancel does not reach it.
/// The transaction id that it left on the row identifies it.
struct TerminateStalledWriter: Statement {
    static let sql = """
        WITH held AS (
            SELECT heads.xmax AS holder FROM tally.heads WHERE heads.ledger_id = $1
            UNION ALL
            SELECT states.xmax FROM unnest($2::smallint[], $3::text[]) AS wanted (kind, key)
            JOIN tally.states ON states.ledger_id = $1
                AND states.kind = wanted.kind AND states.key = wanted.key COLLATE "C")
        SELECT DISTINCT pg_terminate_backend(locks.pid) FROM held
        JOIN pg_locks AS locks ON locks.locktype = 'transactionid' AND locks.granted
            AND locks.transactionid = held.holder
        JOIN pg_stat_activity AS activity ON activity.pid = locks.pid
        WHERE locks.pid <> pg_backend_pid()
            AND activity.xact_start < clock_timestamp() - interval '5 seconds'
        """
    static let columns = Columns(Bool.self)
    let ledger: LedgerID
    let keys: [StateKey]
    var parameters: Parameters { Parameters(ledger, keys.map(\.kind), keys.map(\.name.string)) }
}
