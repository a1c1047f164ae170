import LedgerModel
import LedgerSQL
import Postgres

extension SessionThreads {
    /// Rows in one statement.
    private static let rowsMax = 8_192

    func write(
        of ledger: LedgerID, _ version: Int32, in session: Session
    ) throws(PostgresError) {
        for start in stride(from: 0, to: rows.count, by: Self.rowsMax) {
            let page = rows[start..<min(start + Self.rowsMax, rows.count)]
            try session.execute(
                WriteThreads(ledger: ledger, version: version, rows: Array(page)))
        }
    }
}

/// Where threads stand, each with its number among those that are asked for, from 1.
struct LoadThreads: Statement {
    static let sql = """
        SELECT ordinal, found.*
        FROM unnest($3::bytea[]) WITH ORDINALITY AS wanted (thread, ordinal), LATERAL (
            SELECT last_position, last_at, last_input, last_route, was_lost, first_at, requests,
                input_tokens, cache_read_input_tokens, cache_write_input_tokens,
                cache_write_1h_input_tokens, readable_tokens, missed_tokens
            FROM tally.prompt_cache_sessions AS sessions
            WHERE sessions.ledger_id = $1 AND sessions.version = $2
                AND sessions.thread = wanted.thread OFFSET 0
        ) AS found
        """
    static let columns = Columns(
        Int64.self, Int64.self, Timestamp.self, Int64.self, Int64.self, Bool.self,
        Timestamp.self, Int64.self, Int64.self, Int64.self, Int64.self, Int64.self, Int64.self,
        Int64.self)
    let ledger: LedgerID
    let version: Int32
    let threads: [Digest]
    var parameters: Parameters { Parameters(ledger, version, threads) }
    typealias Row = (ordinal: Int64, thread: SessionThread)

    static func row(
        _ cells: (
            Int64, Int64, Timestamp, Int64, Int64, Bool, Timestamp, Int64, Int64, Int64, Int64,
            Int64, Int64, Int64
        )
    ) throws(PostgresError) -> Row {
        let sums = SessionThread.Sums(
            requests: cells.7, input: cells.8, read: cells.9, write: cells.10,
            writeHour: cells.11, readable: cells.12, missed: cells.13)
        return (
            cells.0,
            SessionThread(
                lastPosition: cells.1, lastAt: cells.2.microseconds, lastInput: cells.3,
                lastRoute: cells.4, wasLost: cells.5, firstAt: cells.6.microseconds, sums: sums)
        )
    }
}

/// Whoever writes holds the claim, so rows are replaced whole.
struct WriteThreads: Statement {
    static let sql = """
        INSERT INTO tally.prompt_cache_sessions AS sessions (
            ledger_id, version, thread, session_id, agent, model, app, provider, service_tier,
            region, last_position, last_at, last_input, last_route, was_lost, first_at, requests,
            input_tokens, cache_read_input_tokens, cache_write_input_tokens,
            cache_write_1h_input_tokens, readable_tokens, missed_tokens)
        SELECT $1::bigint, $2::integer, rows.*
        FROM unnest($3::bytea[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[],
            $9::text[], $10::text[], $11::bigint[], $12::timestamptz[], $13::bigint[],
            $14::bigint[], $15::boolean[], $16::timestamptz[], $17::bigint[], $18::bigint[],
            $19::bigint[], $20::bigint[], $21::bigint[], $22::bigint[], $23::bigint[]) AS rows
        ON CONFLICT (ledger_id, version, thread) DO UPDATE SET
            app = excluded.app, provider = excluded.provider,
            service_tier = excluded.service_tier, region = excluded.region,
            last_position = excluded.last_position, last_at = excluded.last_at,
            last_input = excluded.last_input, last_route = excluded.last_route,
            was_lost = excluded.was_lost, first_at = excluded.first_at,
            requests = excluded.requests, input_tokens = excluded.input_tokens,
            cache_read_input_tokens = excluded.cache_read_input_tokens,
            cache_write_input_tokens = excluded.cache_write_input_tokens,
            cache_write_1h_input_tokens = excluded.cache_write_1h_input_tokens,
            readable_tokens = excluded.readable_tokens, missed_tokens = excluded.missed_tokens
        """
    static let columns = Columns()
    let ledger: LedgerID
    let version: Int32
    let rows: [SessionThreads.Row]

    var parameters: Parameters {
        var parameters = Parameters(ledger, version, rows.map(\.digest))
        for index in 0..<7 { parameters.append(rows.map { $0.names[index] }) }
        let threads = rows.map(\.thread)
        parameters.append(threads.map(\.lastPosition))
        parameters.append(threads.map { Timestamp(microseconds: $0.lastAt) })
        parameters.append(threads.map(\.lastInput))
        parameters.append(threads.map(\.lastRoute))
        parameters.append(threads.map(\.wasLost))
        parameters.append(threads.map { Timestamp(microseconds: $0.firstAt) })
        for sum in [
            \SessionThread.Sums.requests, \.input, \.read, \.write, \.writeHour, \.readable,
            \.missed,
        ] {
            parameters.append(threads.map { $0.sums[keyPath: sum] })
        }
        return parameters
    }
}

/// Forgets sessions that are over.
struct PruneThreads: Statement {
    static let sql = """
        DELETE FROM tally.prompt_cache_sessions
        WHERE ledger_id = $1 AND version = $2 AND last_position < $3
        """
    static let columns = Columns()
    let ledger: LedgerID
    let version: Int32
    let before: Int64
    var parameters: Parameters { Parameters(ledger, version, before) }
}

struct EraseThreads: Statement {
    static let sql = """
        DELETE FROM tally.prompt_cache_sessions WHERE ctid = ANY (ARRAY(
            SELECT ctid FROM tally.prompt_cache_sessions
            WHERE ledger_id = $1 AND version < $2 LIMIT $3))
        """
    static let columns = Columns()
    let page: ErasePage
    var parameters: Parameters { Parameters(page.ledger, page.version, page.limit) }
}
