package import LedgerModel
import LedgerSQL
package import Postgres

/// What groups of requests read from providers' caches in some days of UTC and in as many days
/// before, those with the most requests first.
package struct CacheUseQuery: Hashable, Sendable {
    package let ledger: LedgerID
    package let days: DayRange
    package let page: AnswerPage

    /// What a group is made by.
    package static let dimensions: [Dimension] = [
        .app, .feature, .provider, .model, .serviceTier, .region,
    ]

    package init(ledger: LedgerID, days: DayRange, page: AnswerPage = AnswerPage()) {
        self.ledger = ledger
        self.days = days
        self.page = page
    }

    fileprivate var before: DayRange {
        let length = days.to.microseconds - days.from.microseconds
        return DayRange(from: days.from.advanced(byMicroseconds: -length), to: days.from)
    }
}

package struct CacheUseRow: Hashable, Sendable {
    /// In the order of the query's dimensions.
    package let names: [Name?]
    package let recent: CacheUse
    package let before: CacheUse
}

/// Requests of a group in some days, with their input and what of it caches gave, in tokens.
package struct CacheUse: Hashable, Sendable {
    package let requests: Int64
    /// Days on which there were requests.
    package let days: Int64
    package let input: Int128
    package let cacheRead: Int128
}

extension CacheUseQuery: ReadModelQuery {
    package static let model = ReadModel.spend

    package func rows(in session: Session) throws -> [CacheUseRow] {
        try session.run(ReadCacheUse(query: self))
    }
}

/// The first `$4` spans are those of the days before.
struct ReadCacheUse: Statement {
    static let sql = """
        SELECT names,
            coalesce(sum(requests) FILTER (WHERE is_recent), 0)::bigint,
            coalesce(sum(days) FILTER (WHERE is_recent), 0)::bigint,
            coalesce(sum(input) FILTER (WHERE is_recent), 0),
            coalesce(sum(cache_read) FILTER (WHERE is_recent), 0),
            coalesce(sum(requests) FILTER (WHERE NOT is_recent), 0)::bigint,
            coalesce(sum(days) FILTER (WHERE NOT is_recent), 0)::bigint,
            coalesce(sum(input) FILTER (WHERE NOT is_recent), 0),
            coalesce(sum(cache_read) FILTER (WHERE NOT is_recent), 0)
        FROM (
            SELECT ARRAY[app, feature, provider, model, service_tier, region] AS names,
                span_number > $4::integer AS is_recent, sum(requests) AS requests,
                bit_count(bit_or(active_days)::bit(64)) AS days, sum(input_tokens) AS input,
                sum(cache_read_input_tokens) AS cache_read
            FROM \(DaySpans.rows(
                "set_id, requests, input_tokens, cache_read_input_tokens, active_days",
                of: "spend_daily", in: "spend", levels: "$2", starts: "$3"))
            JOIN tally.dimension_sets AS sets
                ON sets.ledger_id = $1 AND sets.level = 10 AND sets.set_id = cells.set_id
            GROUP BY names, span_number
        ) AS spans
        GROUP BY names ORDER BY sum(requests) DESC NULLS LAST, names LIMIT $5 OFFSET $6
        """
    static let columns = Columns(
        [String?].self, Int64.self, Int64.self, PicodollarSum.self, PicodollarSum.self,
        Int64.self, Int64.self, PicodollarSum.self, PicodollarSum.self)
    let query: CacheUseQuery
    var parameters: Parameters {
        let (before, recent) = (DaySpans(query.before), DaySpans(query.days))
        return Parameters(
            query.ledger, before.stored(10) + recent.stored(10), before.starts + recent.starts,
            Int32(before.starts.count), query.page.rowsMax, Int64(query.page.offset))
    }
    typealias Row = CacheUseRow

    static func row(
        _ cells: (
            [String?], Int64, Int64, PicodollarSum, PicodollarSum, Int64, Int64, PicodollarSum,
            PicodollarSum
        )
    ) throws(PostgresError) -> CacheUseRow {
        CacheUseRow(
            names: cells.0.map { $0.map { Name($0) } },
            recent: CacheUse(
                requests: cells.1, days: cells.2, input: cells.3.amount,
                cacheRead: cells.4.amount),
            before: CacheUse(
                requests: cells.5, days: cells.6, input: cells.7.amount,
                cacheRead: cells.8.amount))
    }
}
