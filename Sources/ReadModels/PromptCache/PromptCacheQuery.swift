package import LedgerModel
import LedgerSQL
package import Postgres

/// A question about what requests read from and wrote to providers' caches in some days of UTC.
///
/// Its cells are finer than the groups that are asked for: each has one price.
package struct PromptCacheQuery: Hashable, Sendable {
    package enum Part: String, CaseIterable, Sendable {
        case app, provider, model
        case serviceTier = "service_tier"
        case region, day, session, agent
    }

    package let ledger: LedgerID
    package let by: [Part]
    package let days: DayRange

    /// Cells of one answer.
    package static let cellsMax: Int64 = 200_000
    /// Threads of sessions, those that missed most first.
    package static let threadsMax: Int64 = 20_000

    /// Times are rounded outwards to days.
    package init(ledger: LedgerID, by: [Part], from: Timestamp, to: Timestamp) {
        self.ledger = ledger
        self.by = by
        days = DayRange(from: from, to: to)
    }

    /// Whether the rows of sessions are asked, each of which counts on the day of its last request.
    package var isOfSessions: Bool { by.contains(.session) || by.contains(.agent) }

    package enum Refusal: Error, Hashable, Sendable {
        case tooMany
    }
}

extension PromptCacheQuery.Refusal: Fault {
    package var kind: FaultKind { .invalid }
    package var param: String? { "from" }
    package var description: String {
        "this time has more than \(PromptCacheQuery.cellsMax) days of models: ask for a shorter one"
    }
}

/// Requests that have the same price and stand at the same place in their sessions.
package struct PromptCacheCell: Sendable {
    /// In the order of `PromptCacheQuery.Part`; nil for those that were not asked for.
    package let names: [String?]
    /// App, provider, model, service tier and region.
    package let dimensions: Dimensions
    package let day: Timestamp
    /// Nil without a session, and for whole sessions.
    package let turn: Turn.Class?
    package let use: PromptCacheUse

    package init(
        names: [String?], dimensions: Dimensions, day: Timestamp, turn: Turn.Class?,
        use: PromptCacheUse
    ) {
        self.names = names
        self.dimensions = dimensions
        self.day = day
        self.turn = turn
        self.use = use
    }
}

/// What requests read, wrote and could have read, in tokens.
package struct PromptCacheUse: Hashable, Sendable {
    package var requests: Int64 = 0
    package var input: Int128 = 0
    package var read: Int128 = 0
    /// Written for five minutes.
    package var write: Int128 = 0
    package var writeHour: Int128 = 0
    /// Input that the turns before had at most, and what of it was not read.
    package var readable: Int128 = 0
    package var missed: Int128 = 0
    /// What requests that keep the cache of five minutes warm would have read.
    package var warm: Int128 = 0
    package var lostTurns: Int64 = 0
    package var recoveredTurns: Int64 = 0

    package init() {}

    package var written: Int128 { write + writeHour }
    package var uncached: Int128 { input - read - written }
    /// The part of input that was read from the cache; nil without input.
    package var share: Double? { input == 0 ? nil : Double(read) / Double(input) }
    package var meanInput: Int64 {
        requests == 0 ? 0 : Int64(clamping: dividedHalfEven(input, by: Int128(requests)))
    }

    package static func += (a: inout Self, b: Self) {
        a.requests += b.requests
        a.input += b.input
        a.read += b.read
        a.write += b.write
        a.writeHour += b.writeHour
        a.readable += b.readable
        a.missed += b.missed
        a.warm += b.warm
        a.lostTurns += b.lostTurns
        a.recoveredTurns += b.recoveredTurns
    }
}

extension PromptCacheQuery: ReadModelQuery {
    package static let model = ReadModel.promptCache

    package func rows(in session: Session) throws -> [PromptCacheCell] {
        if isOfSessions { return try session.run(ReadCacheSessions(query: self)) }
        let cells = try session.run(ReadPromptCache(query: self))
        guard cells.count <= Self.cellsMax else { throw Refusal.tooMany }
        return cells
    }

    fileprivate var asked: [Bool] { Part.allCases.map { by.contains($0) } }
}

/// Cells as statements select them.
private protocol CellStatement: Statement where Row == PromptCacheCell {}

extension CellStatement {
    static var columns:
        Columns<
            [String?], [String?], Int32, String?, Int64, PicodollarSum, PicodollarSum,
            PicodollarSum, PicodollarSum, PicodollarSum, PicodollarSum, PicodollarSum, Int64, Int64
        >
    {
        Columns(
            [String?].self, [String?].self, Int32.self, String?.self, Int64.self,
            PicodollarSum.self, PicodollarSum.self, PicodollarSum.self, PicodollarSum.self,
            PicodollarSum.self, PicodollarSum.self, PicodollarSum.self, Int64.self, Int64.self)
    }

    static func row(
        _ cells: (
            [String?], [String?], Int32, String?, Int64, PicodollarSum, PicodollarSum,
            PicodollarSum, PicodollarSum, PicodollarSum, PicodollarSum, PicodollarSum, Int64, Int64
        )
    ) throws(PostgresError) -> PromptCacheCell {
        var dimensions = Dimensions()
        for (dimension, name) in zip(PromptCache.dimensions, cells.1) {
            dimensions[dimension] = name.map { Name($0) }
        }
        var use = PromptCacheUse()
        use.requests = cells.4
        use.input = cells.5.amount
        use.read = cells.6.amount
        use.write = cells.7.amount
        use.writeHour = cells.8.amount
        use.readable = cells.9.amount
        use.missed = cells.10.amount
        use.warm = cells.11.amount
        use.lostTurns = cells.12
        use.recoveredTurns = cells.13
        return PromptCacheCell(
            names: cells.0, dimensions: dimensions,
            day: Timestamp(microseconds: Int64(cells.2) * Timestamp.dayMicroseconds),
            turn: cells.3.flatMap { Turn.Class(rawValue: $0) }, use: use)
    }
}

/// `$4` says for each part whether it is asked for.
struct ReadPromptCache: CellStatement {
    static let sql = """
        SELECT ARRAY[CASE WHEN ($4::boolean[])[1] THEN app END,
                CASE WHEN ($4::boolean[])[2] THEN provider END,
                CASE WHEN ($4::boolean[])[3] THEN model END,
                CASE WHEN ($4::boolean[])[4] THEN service_tier END,
                CASE WHEN ($4::boolean[])[5] THEN region END,
                CASE WHEN ($4::boolean[])[6] THEN day::text END, NULL, NULL] AS names,
            ARRAY[CASE WHEN ($4::boolean[])[1] THEN app END, provider, model, service_tier,
                region] AS priced,
            day - date '2000-01-01', turn, sum(requests)::bigint, sum(input_tokens),
            sum(cache_read_input_tokens), sum(cache_write_input_tokens),
            sum(cache_write_1h_input_tokens), sum(readable_tokens), sum(missed_tokens),
            sum(warm_tokens), sum(lost_turns)::bigint, sum(recovered_turns)::bigint
        FROM tally.current_prompt_cache_daily
        WHERE ledger_id = $1
            AND day >= ($2 AT TIME ZONE 'UTC')::date AND day < ($3 AT TIME ZONE 'UTC')::date
        GROUP BY names, priced, day, turn ORDER BY day, names, priced, turn LIMIT $5
        """
    let query: PromptCacheQuery
    var parameters: Parameters {
        Parameters(
            query.ledger, query.days.from, query.days.to, query.asked,
            PromptCacheQuery.cellsMax + 1)
    }
    typealias Row = PromptCacheCell
}

/// Threads whose last request was in the days, each as one cell.
struct ReadCacheSessions: CellStatement {
    static let sql = """
        SELECT ARRAY[CASE WHEN ($4::boolean[])[1] THEN app END,
                CASE WHEN ($4::boolean[])[2] THEN provider END,
                CASE WHEN ($4::boolean[])[3] THEN model END,
                CASE WHEN ($4::boolean[])[4] THEN service_tier END,
                CASE WHEN ($4::boolean[])[5] THEN region END,
                CASE WHEN ($4::boolean[])[6] THEN (last_at AT TIME ZONE 'UTC')::date::text END,
                CASE WHEN ($4::boolean[])[7] THEN session_id END,
                CASE WHEN ($4::boolean[])[8] THEN agent END],
            ARRAY[app, provider, model, service_tier, region],
            (last_at AT TIME ZONE 'UTC')::date - date '2000-01-01', NULL::text, requests,
            input_tokens::numeric, cache_read_input_tokens::numeric,
            cache_write_input_tokens::numeric, cache_write_1h_input_tokens::numeric,
            readable_tokens::numeric, missed_tokens::numeric, 0::numeric, 0::bigint, 0::bigint
        FROM tally.current_prompt_cache_sessions
        WHERE ledger_id = $1 AND last_at >= $2 AND last_at < $3
        ORDER BY missed_tokens DESC, session_id, agent, model LIMIT $5
        """
    let query: PromptCacheQuery
    var parameters: Parameters {
        Parameters(
            query.ledger, query.days.from, query.days.to, query.asked,
            PromptCacheQuery.threadsMax)
    }
    typealias Row = PromptCacheCell
}

/// The same cells by hour, for some times that are compared: each is some whole hours.
package struct PromptCacheHours: Sendable {
    package let ledger: LedgerID
    package let times: [[Timestamp]]

    /// - Parameter times: the hours of each, by their beginnings.
    package init(ledger: LedgerID, times: [[Timestamp]]) {
        self.ledger = ledger
        self.times = times
    }
}

extension PromptCacheHours: ReadModelQuery {
    package static let model = ReadModel.promptCache

    /// Cells without names; `day` is the number of their time, from 2000 on: see `time(of:)`.
    package func rows(in session: Session) throws -> [PromptCacheCell] {
        try session.run(ReadCacheHours(query: self))
    }

    /// Which of the times a cell is of.
    package static func time(of cell: PromptCacheCell) -> Int {
        Int(cell.day.microseconds / Timestamp.dayMicroseconds)
    }
}

struct ReadCacheHours: CellStatement {
    static let sql = """
        SELECT ARRAY[]::text[], ARRAY[app, provider, model, service_tier, region] AS priced,
            number, turn, coalesce(sum(requests), 0)::bigint, coalesce(sum(input_tokens), 0),
            coalesce(sum(cache_read_input_tokens), 0),
            coalesce(sum(cache_write_input_tokens), 0),
            coalesce(sum(cache_write_1h_input_tokens), 0), coalesce(sum(readable_tokens), 0),
            coalesce(sum(missed_tokens), 0), coalesce(sum(warm_tokens), 0),
            coalesce(sum(lost_turns), 0)::bigint, coalesce(sum(recovered_turns), 0)::bigint
        FROM unnest($2::timestamptz[], $3::integer[]) AS hours (asked_hour, number), LATERAL (
                SELECT set_id, requests, input_tokens, cache_read_input_tokens,
                    cache_write_input_tokens, cache_write_1h_input_tokens, readable_tokens,
                    missed_tokens, warm_tokens, lost_turns, recovered_turns
                FROM tally.prompt_cache_hourly
                WHERE ledger_id = $1 AND level = 97 AND hour = asked_hour
                    AND version = (
                        SELECT active_version FROM tally.projections WHERE name = 'prompt_cache')
                OFFSET 0
            ) AS cells
        JOIN tally.dimension_sets AS sets
            ON sets.ledger_id = $1 AND sets.level = 97 AND sets.set_id = cells.set_id
        GROUP BY priced, number, turn ORDER BY number, priced, turn
        """
    let query: PromptCacheHours
    var parameters: Parameters {
        Parameters(
            query.ledger, query.times.flatMap(\.self),
            query.times.enumerated().flatMap { number, hours in hours.map { _ in Int32(number) } })
    }
    typealias Row = PromptCacheCell
}
