package import LedgerModel
import LedgerSQL
package import Postgres

/// A question about what caches of answers did in some days of UTC, the most saving groups first.
package struct CacheQuery: Hashable, Sendable {
    /// What it is kept by, in the order of the statement's array.
    package enum Part: String, CaseIterable, Sendable {
        case app, team, provider, model, tier, match, reason, day
    }

    package let ledger: LedgerID
    package let by: [Part]
    package let days: DayRange
    package let page: AnswerPage

    /// Times are rounded outwards to days.
    package init(
        ledger: LedgerID, by: [Part], from: Timestamp, to: Timestamp,
        page: AnswerPage = AnswerPage()
    ) {
        self.ledger = ledger
        self.by = by
        self.page = page
        days = DayRange(from: from, to: to)
    }
}

/// What caches did for a group.
package struct CacheRow: Hashable, Sendable {
    /// The group's names, for each part that was asked for and has one.
    package let group: [CacheQuery.Part: String]
    package let hits: Int64
    package let misses: Int64
    package let stored: Int64
    /// Hits whose saving has no price; their money is not in `saved`.
    package let unpricedHits: Int64
    package let evicted: Int128
    package let unusedEvicted: Int128
    package let invalidated: Int128
    package let bytesServed: Int128
    package let bytesStored: Int128
    package let inputTokens: Int128
    package let outputTokens: Int128
    /// What the answers would have cost, less what looking them up did.
    package let saved: PicodollarSum
    package let storing: PicodollarSum

    /// Hits for each look-up; nil where there were none.
    package var hitRatio: Double? {
        hits + misses == 0 ? nil : Double(hits) / Double(hits + misses)
    }
}

extension CacheQuery: GroupedQuestion {
    package static let name = "cache"
    package static let summary = "hits, misses and savings of caches of answers"
    package static let model = ReadModel.cache

    package func rows(in session: Session) throws -> [CacheRow] {
        try session.run(ReadCache(query: self))
    }
}

/// `$4` says for each part whether it is asked for.
struct ReadCache: Statement {
    static let sql = """
        SELECT ARRAY[CASE WHEN ($4::boolean[])[1] THEN app END,
                CASE WHEN ($4::boolean[])[2] THEN team END,
                CASE WHEN ($4::boolean[])[3] THEN provider END,
                CASE WHEN ($4::boolean[])[4] THEN model END,
                CASE WHEN ($4::boolean[])[5] THEN tier END,
                CASE WHEN ($4::boolean[])[6] THEN match END,
                CASE WHEN ($4::boolean[])[7] THEN reason END,
                CASE WHEN ($4::boolean[])[8] THEN day::text END] AS names,
            ARRAY[sum(hits), sum(misses), sum(stored), sum(unpriced_hits)]::bigint[],
            sum(evicted), sum(unused_evicted), sum(invalidated), sum(bytes_served),
            sum(bytes_stored), sum(input_tokens), sum(output_tokens), sum(saved_pico),
            sum(storing_pico)
        FROM tally.current_cache_daily
        WHERE ledger_id = $1
            AND day >= ($2 AT TIME ZONE 'UTC')::date AND day < ($3 AT TIME ZONE 'UTC')::date
        GROUP BY names
        ORDER BY sum(saved_pico) DESC, sum(hits + misses) DESC, names LIMIT $5 OFFSET $6
        """
    static let columns = Columns(
        [String?].self, [Int64].self, PicodollarSum.self, PicodollarSum.self, PicodollarSum.self,
        PicodollarSum.self, PicodollarSum.self, PicodollarSum.self, PicodollarSum.self,
        PicodollarSum.self, PicodollarSum.self)
    let query: CacheQuery
    var parameters: Parameters { query.parameters }
    typealias Row = CacheRow

    static func row(
        _ cells: (
            [String?], [Int64], PicodollarSum, PicodollarSum, PicodollarSum, PicodollarSum,
            PicodollarSum, PicodollarSum, PicodollarSum, PicodollarSum, PicodollarSum
        )
    ) throws(PostgresError) -> CacheRow {
        let counts = cells.1
        return CacheRow(
            group: CacheQuery.group(cells.0), hits: counts[0], misses: counts[1], stored: counts[2],
            unpricedHits: counts[3], evicted: cells.2.amount, unusedEvicted: cells.3.amount,
            invalidated: cells.4.amount, bytesServed: cells.5.amount, bytesStored: cells.6.amount,
            inputTokens: cells.7.amount, outputTokens: cells.8.amount, saved: cells.9,
            storing: cells.10)
    }
}
