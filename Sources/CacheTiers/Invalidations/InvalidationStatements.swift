import Caching
import LedgerModel
import LedgerSQL
import Postgres

/// The next invalidation, in the order of their commits.
struct RecordInvalidation: Statement {
    static let sql = """
        WITH head AS (
            UPDATE tally.cache_head SET sequence = sequence + 1 RETURNING sequence
        )
        INSERT INTO tally.cache_invalidations (sequence, ledger_id, selection)
        SELECT sequence, $1, $2 FROM head
        RETURNING sequence
        """
    static let columns = Columns(Int64.self)
    let ledger: LedgerID
    let predicate: CachePredicate
    var parameters: Parameters { Parameters(ledger, predicate.text) }
}

/// Tells all who listen, when the transaction commits.
struct NotifyInvalidation: Statement {
    static let sql = "SELECT pg_notify('tally_cache', $1)"
    static let columns = Columns()
    static let channel = "tally_cache"
    let sequence: Int64
    var parameters: Parameters { Parameters(String(sequence)) }
}

struct ReadCacheHead: Statement {
    static let sql = "SELECT sequence, closed FROM tally.cache_head"
    static let columns = Columns(Int64.self, Int64.self)
    typealias Row = (sequence: Int64, closed: Int64)

    static func row(_ cells: (Int64, Int64)) throws(PostgresError) -> Row { cells }
}

/// Those after a sequence, or also the open ones.
struct ReadInvalidations: Statement {
    static let sql = """
        SELECT sequence, ledger_id, made_at, selection FROM tally.cache_invalidations
        WHERE sequence > $1 OR $2 AND closed_at IS NULL
        ORDER BY sequence LIMIT $3
        """
    static let columns = Columns(Int64.self, LedgerID.self, Timestamp.self, String.self)
    let after: Int64
    var withOpen = false
    let limit: Int64
    var parameters: Parameters { Parameters(after, withOpen, limit) }
    typealias Row = InvalidationRecord

    static func row(
        _ cells: (Int64, LedgerID, Timestamp, String)
    ) throws(PostgresError) -> InvalidationRecord {
        InvalidationRecord(
            sequence: cells.0, ledger: cells.1, madeAt: cells.2,
            predicate: CachePredicate(text: cells.3))
    }
}

struct MarkSwept: Statement {
    static let sql = """
        UPDATE tally.cache_invalidations SET swept_at = clock_timestamp()
        WHERE sequence = $1 AND swept_at IS NULL
        """
    static let columns = Columns()
    let sequence: Int64
    var parameters: Parameters { Parameters(sequence) }
}

// MARK: - Cleaning up

/// Gives a row to the one instance that cleans up for the next while.
struct ClaimTending: Statement {
    static let sql = """
        UPDATE tally.cache_head
        SET tended_until = clock_timestamp() + $1::bigint * interval '1 microsecond'
        WHERE tended_until < clock_timestamp()
        RETURNING sequence
        """
    static let columns = Columns(Int64.self)
    let term: Duration
    var parameters: Parameters { Parameters(term.microseconds) }
}

/// Invalidations whose answers have to be removed: a first time, because whoever made them did not
/// get so far, or the second time, when nothing from before them can still arrive.
struct ListUnswept: Statement {
    static let sql = """
        SELECT sequence, ledger_id, made_at, selection FROM tally.cache_invalidations
        WHERE closed_at IS NULL
            AND (swept_at IS NULL
                    AND made_at < clock_timestamp() - $1::bigint * interval '1 microsecond'
                OR made_at < clock_timestamp() - $2::bigint * interval '1 microsecond')
        ORDER BY sequence LIMIT 256
        """
    static let columns = ReadInvalidations.columns
    let sweepAfter: Duration
    let closeAfter: Duration
    var parameters: Parameters { Parameters(sweepAfter.microseconds, closeAfter.microseconds) }
    typealias Row = InvalidationRecord

    static func row(
        _ cells: (Int64, LedgerID, Timestamp, String)
    ) throws(PostgresError) -> InvalidationRecord { try ReadInvalidations.row(cells) }
}

/// Closes those up to a sequence that were made long enough ago, each of which was swept again.
struct CloseInvalidations: Statement {
    static let sql = """
        WITH closing AS (
            UPDATE tally.cache_invalidations SET closed_at = clock_timestamp(),
                swept_at = coalesce(swept_at, clock_timestamp())
            WHERE closed_at IS NULL AND sequence <= $1
                AND made_at < clock_timestamp() - $2::bigint * interval '1 microsecond'
            RETURNING sequence
        )
        UPDATE tally.cache_head SET closed = greatest(closed, last)
        FROM (SELECT max(sequence) AS last FROM closing) AS closed_ones
        WHERE last IS NOT NULL
        """
    static let columns = Columns()
    let upTo: Int64
    let closeAfter: Duration
    var parameters: Parameters { Parameters(upTo, closeAfter.microseconds) }
}

struct ForgetInvalidations: Statement {
    static let sql = """
        DELETE FROM tally.cache_invalidations
        WHERE closed_at < clock_timestamp() - $1::bigint * interval '1 microsecond'
        """
    static let columns = Columns()
    let after: Duration
    var parameters: Parameters { Parameters(after.microseconds) }
}
