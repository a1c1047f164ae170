import Caching
import LedgerModel
import LedgerSQL
import Postgres

struct FindSharedAnswer: Statement {
    static let sql = "SELECT record FROM tally.cache_answers WHERE ledger_id = $1 AND key = $2"
    static let columns = Columns([UInt8].self)
    let ledger: LedgerID
    let key: CacheKey
    var parameters: Parameters { Parameters(ledger, key.digest) }
}

/// An answer whose making began before what is closed is not stored: nobody would compare it any
/// more with what was invalidated since.
struct StoreSharedAnswer: Statement {
    static let sql = """
        INSERT INTO tally.cache_answers (ledger_id, key, record, bytes, body_bytes, sequence,
            provider, model, template, team, tags, dependencies, stored_at, usable_until, used_at)
        SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $13
        WHERE (SELECT closed FROM tally.cache_head) <= $6
        ON CONFLICT (ledger_id, key) DO UPDATE SET record = excluded.record,
            bytes = excluded.bytes, body_bytes = excluded.body_bytes,
            sequence = excluded.sequence, provider = excluded.provider, model = excluded.model,
            template = excluded.template, team = excluded.team, tags = excluded.tags,
            dependencies = excluded.dependencies, stored_at = excluded.stored_at,
            usable_until = excluded.usable_until, used_at = excluded.used_at, hits = 0
        """
    static let columns = Columns()
    let entry: TierEntry
    var parameters: Parameters {
        let answer = entry.answer
        return Parameters(
            entry.address.ledger, entry.address.key.digest, entry.record,
            Int64(entry.record.count + PostgresTier.rowBytes), Int64(entry.bodyBytes),
            answer.sequence, answer.provider?.string, answer.model?.string,
            answer.template?.string, entry.team?.string, answer.tags.map(\.string),
            answer.dependencies.map(\.string), answer.storedAt, answer.usableUntil)
    }
}

struct RemoveSharedAnswer: Statement {
    static let sql = """
        DELETE FROM tally.cache_answers WHERE ledger_id = $1 AND key = $2 AND sequence < $3
        """
    static let columns = Columns()
    let ledger: LedgerID
    let key: CacheKey
    let begunBefore: Int64
    var parameters: Parameters { Parameters(ledger, key.digest, begunBefore) }
}

struct RemoveSharedAnswers: Statement {
    static let sql = """
        DELETE FROM tally.cache_answers
        WHERE ledger_id = $1 AND sequence < $2
            AND ($3::bytea IS NULL OR key = $3)
            AND ($4::text IS NULL OR provider = $4)
            AND ($5::text IS NULL OR model = $5
                OR right($5, 1) = '*' AND starts_with(model, left($5, -1)))
            AND ($6::text IS NULL OR template = $6
                OR right($6, 1) = '*' AND starts_with(template, left($6, -1)))
            AND ($7::text IS NULL OR $7 = ANY (tags))
            AND ($8::text IS NULL OR $8 = ANY (dependencies))
            AND ($9::text IS NULL OR team = $9)
            AND ($10::timestamptz IS NULL OR stored_at < $10)
            AND ($11::timestamptz IS NULL OR stored_at >= $11)
            AND ($12::bigint IS NULL OR body_bytes >= $12)
            AND ($13::bigint IS NULL OR body_bytes <= $13)
        """
    static let columns = Columns()
    let ledger: LedgerID
    let predicate: CachePredicate
    let begunBefore: Int64
    var parameters: Parameters {
        Parameters(
            ledger, begunBefore, predicate.key?.digest, predicate.provider?.string,
            predicate.model?.string, predicate.template?.string, predicate.tag?.string,
            predicate.dependency?.string, predicate.team?.string, predicate.storedBefore,
            predicate.storedAfter, predicate.bytesMin, predicate.bytesMax)
    }
}

// MARK: - Turns

/// Takes the turn if nobody has it: one row that says so, or how long it is taken.
///
/// No row means that somebody took it just now.
struct ClaimSharedFill: Statement {
    static let sql = """
        WITH given AS (
            INSERT INTO tally.cache_fills AS fills (ledger_id, key, token, until)
            VALUES ($1, $2, $3, clock_timestamp() + $4::bigint * interval '1 microsecond')
            ON CONFLICT (ledger_id, key) DO UPDATE
                SET token = excluded.token, until = excluded.until
                WHERE fills.until <= clock_timestamp()
            RETURNING token
        )
        SELECT true, 0::bigint FROM given
        UNION ALL
        SELECT false,
            greatest(0, extract(epoch FROM until - clock_timestamp()) * 1000000)::bigint
        FROM tally.cache_fills
        WHERE ledger_id = $1 AND key = $2 AND NOT EXISTS (SELECT FROM given)
        """
    static let columns = Columns(Bool.self, Int64.self)
    let ledger: LedgerID
    let key: CacheKey
    let id: Int64
    let term: Duration
    var parameters: Parameters { Parameters(ledger, key.digest, id, term.microseconds) }
    typealias Row = (isGiven: Bool, left: Duration)

    static func row(_ cells: (Bool, Int64)) throws(PostgresError) -> Row {
        (cells.0, .microseconds(cells.1))
    }
}

struct EndSharedFill: Statement {
    static let sql = """
        DELETE FROM tally.cache_fills WHERE ledger_id = $1 AND key = $2 AND token = $3
        """
    static let columns = Columns()
    let ledger: LedgerID
    let key: CacheKey
    let id: Int64
    var parameters: Parameters { Parameters(ledger, key.digest, id) }
}

/// Which of several turns are taken, by their number from one, and for how long.
struct ListSharedTurns: Statement {
    static let sql = """
        SELECT asked.number, (extract(epoch FROM until - clock_timestamp()) * 1000000)::bigint
        FROM unnest($1::bigint[], $2::bytea[]) WITH ORDINALITY AS asked (ledger_id, key, number)
        JOIN tally.cache_fills AS fills ON fills.ledger_id = asked.ledger_id
            AND fills.key = asked.key
        WHERE until > clock_timestamp()
        """
    static let columns = Columns(Int64.self, Int64.self)
    let addresses: [CacheAddress]
    var parameters: Parameters {
        Parameters(addresses.map(\.ledger), addresses.map(\.key.digest))
    }
    typealias Row = (number: Int64, left: Duration)

    static func row(_ cells: (Int64, Int64)) throws(PostgresError) -> Row {
        (cells.0, .microseconds(cells.1))
    }
}

struct ForgetSharedFills: Statement {
    static let sql = """
        DELETE FROM tally.cache_fills WHERE until < clock_timestamp() - interval '1 minute'
        """
    static let columns = Columns()
}

// MARK: - Cleaning up

struct RemoveExpiredAnswers: Statement {
    static let sql = """
        WITH gone AS (
            DELETE FROM tally.cache_answers WHERE usable_until <= $1 RETURNING bytes, hits
        )
        SELECT count(*), coalesce(sum(bytes), 0)::bigint, count(*) FILTER (WHERE hits = 0)
        FROM gone
        """
    static let columns = Columns(Int64.self, Int64.self, Int64.self)
    let at: Timestamp
    var parameters: Parameters { Parameters(at) }
    typealias Row = TierSweep.Departures

    static func row(
        _ cells: (Int64, Int64, Int64)
    ) throws(PostgresError) -> TierSweep.Departures {
        TierSweep.Departures(count: Int(cells.0), bytes: Int(cells.1), unused: Int(cells.2))
    }
}

struct ListSharedSizes: Statement {
    static let sql = """
        SELECT ledger_id, count(*), sum(bytes)::bigint FROM tally.cache_answers
        GROUP BY ledger_id
        """
    static let columns = Columns(LedgerID.self, Int64.self, Int64.self)
    typealias Row = (ledger: LedgerID, entries: Int64, bytes: Int64)

    static func row(_ cells: (LedgerID, Int64, Int64)) throws(PostgresError) -> Row { cells }
}

/// Removes what was not used for the longest time, until the rest has no more bytes than are kept.
struct EvictSharedAnswers: Statement {
    static let sql = """
        WITH ranked AS (
            SELECT key, sum(bytes) OVER (ORDER BY used_at DESC, key) AS running
            FROM tally.cache_answers WHERE ledger_id = $1
        ), gone AS (
            DELETE FROM tally.cache_answers AS answers USING ranked
            WHERE answers.ledger_id = $1 AND answers.key = ranked.key AND running > $2::bigint
            RETURNING answers.bytes, answers.hits
        )
        SELECT count(*), coalesce(sum(bytes), 0)::bigint, count(*) FILTER (WHERE hits = 0)
        FROM gone
        """
    static let columns = RemoveExpiredAnswers.columns
    let ledger: LedgerID
    let keepBytes: Int64
    var parameters: Parameters { Parameters(ledger, keepBytes) }
    typealias Row = TierSweep.Departures

    static func row(
        _ cells: (Int64, Int64, Int64)
    ) throws(PostgresError) -> TierSweep.Departures { try RemoveExpiredAnswers.row(cells) }
}

/// Rows that somebody writes at the moment are passed over, so that instances never wait for each
/// other here.
struct TouchSharedAnswers: Statement {
    static let sql = """
        UPDATE tally.cache_answers AS answers
        SET used_at = greatest(used_at, $4), hits = hits + found.uses
        FROM (
            SELECT there.ledger_id, there.key, asked.uses
            FROM unnest($1::bigint[], $2::bytea[], $3::bigint[]) AS asked (ledger_id, key, uses)
            JOIN tally.cache_answers AS there ON there.ledger_id = asked.ledger_id
                AND there.key = asked.key
            FOR UPDATE OF there SKIP LOCKED
        ) AS found
        WHERE answers.ledger_id = found.ledger_id AND answers.key = found.key
        """
    static let columns = Columns()
    let uses: [(key: CacheAddress, value: Int64)]
    let at: Timestamp
    var parameters: Parameters {
        Parameters(
            uses.map(\.key.ledger), uses.map(\.key.key.digest), uses.map(\.value), at)
    }
}
