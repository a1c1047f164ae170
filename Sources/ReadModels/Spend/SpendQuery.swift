package import Calendars
package import LedgerModel
import LedgerSQL
package import Postgres

/// A question about spend: of a ledger, in a time, by some dimensions and by hour, day or month.
///
/// Times are rounded outwards to the hour, which is as fine as the read model is. Days and months are
/// those of a zone.
package struct SpendQuery: Hashable, Sendable {
    package enum Interval: String, CaseIterable, Sendable { case hour, day, month, none }

    package let ledger: LedgerID
    package let by: [Dimension]
    package let from: Timestamp
    package let to: Timestamp
    package let interval: Interval
    /// Whose days and months the intervals are.
    package let zone: CalendarZone
    /// Only spend whose dimension has this value.
    package let filters: [Dimension: Name]
    package let page: AnswerPage
    /// When the interval before the first one begins, and each one that is asked for; an hour has no
    /// need of the latter.
    fileprivate let bounds: [Timestamp]

    package enum Refusal: Error, Hashable, Sendable {
        case notKept(Dimension)
        case emptyTime(from: Timestamp, to: Timestamp)
        case betweenHours(CalendarZone)
    }

    package init(
        ledger: LedgerID, by: [Dimension] = [], from: Timestamp, to: Timestamp,
        interval: Interval = .none, in zone: CalendarZone = .utc,
        filters: [Dimension: Name] = [:], page: AnswerPage = AnswerPage()
    ) throws(Refusal) {
        for dimension in by + filters.keys where !Dimension.base.contains(dimension) {
            throw .notKept(dimension)
        }
        guard from < to else { throw .emptyTime(from: from, to: to) }
        let hour = Timestamp.hourMicroseconds
        let fromRest = from.timeOfDay % hour
        let toRest = to.timeOfDay % hour
        self.ledger = ledger
        self.by = by
        self.from = from.advanced(byMicroseconds: -fromRest)
        self.to = toRest == 0 ? to : to.advanced(byMicroseconds: hour - toRest)
        self.interval = interval
        self.zone = zone
        self.filters = filters
        self.page = page
        bounds = Self.bounds(of: interval, from: self.from, to: self.to, in: zone)
        if bounds.contains(where: { $0.timeOfDay % hour != 0 }) { throw .betweenHours(zone) }
    }

    /// No event lies after this time.
    private static let latest = Timestamp(year: 2100, month: 1, day: 1)

    private static func bounds(
        of interval: Interval, from: Timestamp, to: Timestamp, in zone: CalendarZone
    ) -> [Timestamp] {
        let period: CalendarPeriod
        switch interval {
        case .hour: return [from.advanced(byMicroseconds: -Timestamp.hourMicroseconds)]
        case .none:
            let length = to.microseconds - from.microseconds
            // Nothing is spent before the first event can be.
            let least = min(from, .earliest).advanced(byMicroseconds: -Timestamp.hourMicroseconds)
            return [max(from.advanced(byMicroseconds: -length), least), from]
        case .day: period = .day
        case .month: period = .month
        }
        let first = min(max(from, .earliest), latest)
        let starts = zone.bounds(of: period, from: first, to: min(max(to, first), latest))
        let before = zone.period(period, of: starts[0].advanced(byMicroseconds: -1))
        return [before.from] + starts
    }

    /// Days of UTC suffice where nothing asks for hours.
    fileprivate var grain: RollupTable.Grain {
        let isWholeDays = (bounds + [from, to]).allSatisfy { $0.timeOfDay == 0 }
        return interval != .hour && isWholeDays ? .day : .hour
    }

    fileprivate var level: Int16 {
        ReadModel.spend.rollups[0].level(with: Set(by + filters.keys), at: grain).number
    }
}

extension SpendQuery.Refusal: Fault {
    package var kind: FaultKind { .invalid }
    package var param: String? {
        switch self {
        case .notKept: "by"
        case .emptyTime: "from"
        case .betweenHours: "interval"
        }
    }

    package var description: String {
        switch self {
        case .betweenHours(let zone):
            "a day of \(zone) begins within an hour of UTC, and spend is summed by those: ask by "
                + "hour, or give times with an offset"
        case .notKept(let dimension):
            "spend is not kept by \(dimension.name): use audit.requests or audit.usage_daily"
        case .emptyTime(let from, let to): "from \(from) is not before to \(to)"
        }
    }
}

/// One group of spend in one interval.
package struct SpendRow: Hashable, Sendable {
    /// The dimensions asked for, as far as the group has them.
    package let group: Dimensions
    package let startsAt: Timestamp
    /// Nil if none of the requests has a price.
    package let cost: PicodollarSum?
    package let requests: Int64
    package let failedRequests: Int64
    package let unpricedRequests: Int64
    package let inputTokens: Int128
    package let cacheReadInputTokens: Int128
    package let outputTokens: Int128
    /// The group's part of all cost in the interval, 0 to 1; nil where that is nothing or unknown.
    package let share: Double?
    /// What the group cost in the interval before, of the same length; nil as `cost`.
    package let previousCost: PicodollarSum?

    /// The relative change against the interval before; nil where that cost nothing, or either is
    /// unknown.
    package var trend: Double? {
        guard let cost, let previousCost, previousCost.amount != 0 else { return nil }
        return Double(cost.amount - previousCost.amount) / Double(previousCost.amount)
    }
}

extension SpendQuery: ReadModelQuery {
    package static let model = ReadModel.spend

    package func rows(in session: Session) throws -> [SpendRow] {
        try session.run(ReadSpend(query: self))
    }
}

/// `$6` says for each base dimension whether it is asked for, `$7` which value it is filtered by,
/// both in their order; `$9` is the level with the fewest names that has all of them; `$11` has the
/// bounds of the intervals, the one before the first included.
///
/// Groups are numbered first, so that cells are summed by numbers instead of names.
struct ReadSpend: Statement {
    static let sql = """
        WITH sets AS MATERIALIZED (
            SELECT set_id, names, dense_rank() OVER (ORDER BY names) AS number
            FROM (
                SELECT set_id, ARRAY[
                    CASE WHEN ($6::boolean[])[1] THEN app END,
                    CASE WHEN ($6::boolean[])[2] THEN team END,
                    CASE WHEN ($6::boolean[])[3] THEN project END,
                    CASE WHEN ($6::boolean[])[4] THEN environment END,
                    CASE WHEN ($6::boolean[])[5] THEN feature END,
                    CASE WHEN ($6::boolean[])[6] THEN provider END,
                    CASE WHEN ($6::boolean[])[7] THEN model END,
                    CASE WHEN ($6::boolean[])[8] THEN operation END,
                    CASE WHEN ($6::boolean[])[9] THEN service_tier END,
                    CASE WHEN ($6::boolean[])[10] THEN region END] AS names
                FROM tally.dimension_sets
                WHERE ledger_id = $1 AND level = $9::smallint
                    AND (($7::text[])[1] IS NULL OR app = ($7::text[])[1])
                    AND (($7::text[])[2] IS NULL OR team = ($7::text[])[2])
                    AND (($7::text[])[3] IS NULL OR project = ($7::text[])[3])
                    AND (($7::text[])[4] IS NULL OR environment = ($7::text[])[4])
                    AND (($7::text[])[5] IS NULL OR feature = ($7::text[])[5])
                    AND (($7::text[])[6] IS NULL OR provider = ($7::text[])[6])
                    AND (($7::text[])[7] IS NULL OR model = ($7::text[])[7])
                    AND (($7::text[])[8] IS NULL OR operation = ($7::text[])[8])
                    AND (($7::text[])[9] IS NULL OR service_tier = ($7::text[])[9])
                    AND (($7::text[])[10] IS NULL OR region = ($7::text[])[10])
            ) AS named
        ), asked AS (
            SELECT ($11::timestamptz[])[1] AS since,
                (SELECT active_version FROM tally.projections WHERE name = 'spend') AS version
        ), cells AS (
            SELECT set_id, hour AS starts_at, cost_pico, requests, failed_requests,
                unpriced_requests, input_tokens, cache_read_input_tokens, output_tokens
            FROM tally.spend_hourly
            WHERE $2::integer = 1 AND ledger_id = $1 AND level = $9
                AND version = (SELECT version FROM asked) AND hour >= (SELECT since FROM asked)
                AND hour < $4::timestamptz
            UNION ALL
            SELECT set_id, day::timestamp AT TIME ZONE 'UTC', cost_pico, requests,
                failed_requests, unpriced_requests, input_tokens, cache_read_input_tokens,
                output_tokens
            FROM tally.spend_daily
            WHERE $2 = 24 AND ledger_id = $1 AND level = $9
                AND version = (SELECT version FROM asked)
                AND day >= (SELECT (since AT TIME ZONE 'UTC')::date FROM asked)
                AND day < ($4 AT TIME ZONE 'UTC')::date
        ), groups AS (
            SELECT number, bucket, bool_or(is_asked) AS is_asked,
                sum(cost_pico) FILTER (WHERE is_asked) AS cost_pico,
                CASE WHEN coalesce(sum(cost_pico), 0) <> 0
                        OR coalesce(sum(unpriced_requests), 0) = 0
                    THEN coalesce(sum(cost_pico), 0) END AS known_cost,
                sum(requests) FILTER (WHERE is_asked) AS requests,
                sum(failed_requests) FILTER (WHERE is_asked) AS failed_requests,
                sum(unpriced_requests) FILTER (WHERE is_asked) AS unpriced_requests,
                sum(input_tokens) FILTER (WHERE is_asked) AS input_tokens,
                sum(cache_read_input_tokens) FILTER (WHERE is_asked) AS cache_read,
                sum(output_tokens) FILTER (WHERE is_asked) AS output_tokens
            FROM (
                SELECT number, cells.*, starts_at >= $3::timestamptz AS is_asked,
                    CASE WHEN $5::text = 'hour' THEN starts_at
                        ELSE ($11::timestamptz[])[width_bucket(starts_at, $11::timestamptz[])]
                        END AS bucket
                FROM cells JOIN sets USING (set_id)
            ) AS placed
            GROUP BY number, bucket
        ), trends AS (
            SELECT groups.*, lag(bucket) OVER series AS previous_bucket,
                lag(known_cost) OVER series AS previous_cost
            FROM groups WINDOW series AS (PARTITION BY number ORDER BY bucket)
        )
        SELECT bucket, names, coalesce(cost_pico, 0) AS cost, coalesce(requests, 0)::bigint,
            coalesce(failed_requests, 0)::bigint, coalesce(unpriced_requests, 0)::bigint,
            coalesce(input_tokens, 0), coalesce(cache_read, 0), coalesce(output_tokens, 0),
            coalesce(cost_pico, 0)::double precision
                / nullif(sum(cost_pico) OVER (PARTITION BY bucket), 0)::double precision,
            CASE WHEN previous_bucket = CASE WHEN $5 = 'hour' THEN bucket - interval '1 hour'
                    ELSE ($11::timestamptz[])[width_bucket(bucket, $11::timestamptz[]) - 1] END
                THEN previous_cost ELSE 0 END
        FROM trends JOIN (SELECT DISTINCT number, names FROM sets) AS named USING (number)
        WHERE is_asked
        ORDER BY bucket, cost DESC, names
        LIMIT $8 OFFSET $10
        """
    static let columns = Columns(
        Timestamp.self, [String?].self, PicodollarSum.self, Int64.self, Int64.self, Int64.self,
        PicodollarSum.self, PicodollarSum.self, PicodollarSum.self, Double?.self,
        PicodollarSum?.self)

    let query: SpendQuery

    var parameters: Parameters {
        Parameters(
            query.ledger, query.grain.rawValue, query.from, query.to, query.interval.rawValue,
            Dimension.base.map { query.by.contains($0) },
            Dimension.base.map { query.filters[$0]?.string }, query.page.rowsMax,
            query.level, Int64(query.page.offset), query.bounds)
    }

    typealias Row = SpendRow

    static func row(
        _ cells: (
            Timestamp, [String?], PicodollarSum, Int64, Int64, Int64, PicodollarSum, PicodollarSum,
            PicodollarSum, Double?, PicodollarSum?
        )
    ) throws(PostgresError) -> SpendRow {
        var group = Dimensions()
        for (dimension, value) in zip(Dimension.base, cells.1) {
            group[dimension] = value.map { Name($0) }
        }
        let cost = cells.2.known(unpriced: cells.5)
        return SpendRow(
            group: group, startsAt: cells.0, cost: cost, requests: cells.3,
            failedRequests: cells.4, unpricedRequests: cells.5, inputTokens: cells.6.amount,
            cacheReadInputTokens: cells.7.amount, outputTokens: cells.8.amount,
            share: cost == nil ? nil : cells.9,
            previousCost: cells.10)
    }
}
