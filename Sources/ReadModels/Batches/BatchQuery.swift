package import LedgerModel
import LedgerSQL
package import Postgres

/// A question about the batches of some days of UTC, the groups with most of them first.
package struct BatchQuery: Hashable, Sendable {
    /// What they are kept by, in the order of the statement's array.
    package enum Part: String, CaseIterable, Sendable {
        case app, team, provider, model, form, day
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

/// The batches of a group.
package struct BatchRow: Hashable, Sendable {
    /// The group's names, for each part that was asked for and has one.
    package let group: [BatchQuery.Part: String]
    /// Those that were formed, and those of one request among them.
    package let batches: Int64
    package let loneBatches: Int64
    package let completed: Int64
    /// Batches whose saving has no price; their money is not in `saved`.
    package let unpricedBatches: Int64
    package let requests: Int128
    package let duplicates: Int128
    /// How long the first request of a batch waited; nil where no batch told it.
    package let wait: Wait?
    package let succeeded: Int128
    package let failed: Int128
    package let expired: Int128
    package let retries: Int128
    package let deadlineMisses: Int128
    package let inputTokens: Int128
    package let outputTokens: Int128
    package let saved: PicodollarSum

    /// Milliseconds; all but the mean are at most 1.6 % wrong.
    package struct Wait: Hashable, Sendable {
        package let mean: Int64
        package let p50: Int64
        package let p95: Int64
        package let max: Int64
    }
}

extension BatchQuery: GroupedQuestion {
    package static let name = "batches"
    package static let summary = "batches, how long they waited and how they ended"
    package static let model = ReadModel.batches

    package func rows(in session: Session) throws -> [BatchRow] {
        try session.run(ReadBatches(query: self))
    }
}

/// `$4` says for each part whether it is asked for.
struct ReadBatches: Statement {
    static let sql = """
        WITH days AS MATERIALIZED (
            SELECT ARRAY[CASE WHEN ($4::boolean[])[1] THEN app END,
                    CASE WHEN ($4::boolean[])[2] THEN team END,
                    CASE WHEN ($4::boolean[])[3] THEN provider END,
                    CASE WHEN ($4::boolean[])[4] THEN model END,
                    CASE WHEN ($4::boolean[])[5] THEN form END,
                    CASE WHEN ($4::boolean[])[6] THEN day::text END] AS names, batches.*
            FROM tally.current_batches_daily AS batches
            WHERE ledger_id = $1
                AND day >= ($2 AT TIME ZONE 'UTC')::date AND day < ($3 AT TIME ZONE 'UTC')::date
        ), measured AS (
            SELECT names, array_agg(bucket << 48 | count) AS cells, sum(count) AS count
            FROM (
                SELECT names, cell >> 48 AS bucket, sum(cell & 281474976710655)::bigint AS count
                FROM days, unnest(waits) AS cell GROUP BY names, cell >> 48
            ) AS buckets GROUP BY names
        )
        SELECT names, ARRAY[sum(batches), sum(lone_batches), sum(completed),
                sum(unpriced_batches)]::bigint[],
            coalesce((
                SELECT ARRAY[round(sum(days.waited_ms) / count)::bigint] || ARRAY(
                    SELECT tally.duration_bucket_middle(tally.cells_percentile(cells, percent))
                    FROM unnest('{50, 95, 100}'::integer[]) AS percent)
                FROM measured WHERE measured.names = days.names), '{}'),
            sum(requests), sum(duplicates), sum(succeeded), sum(failed), sum(expired),
            sum(retries), sum(deadline_misses), sum(input_tokens), sum(output_tokens),
            sum(saved_pico)
        FROM days GROUP BY names
        ORDER BY sum(batches) DESC, sum(completed) DESC, names LIMIT $5 OFFSET $6
        """
    static let columns = Columns(
        [String?].self, [Int64].self, [Int64].self, PicodollarSum.self, PicodollarSum.self,
        PicodollarSum.self, PicodollarSum.self, PicodollarSum.self, PicodollarSum.self,
        PicodollarSum.self, PicodollarSum.self, PicodollarSum.self, PicodollarSum.self)
    let query: BatchQuery
    var parameters: Parameters { query.parameters }
    typealias Row = BatchRow

    static func row(
        _ cells: (
            [String?], [Int64], [Int64], PicodollarSum, PicodollarSum, PicodollarSum,
            PicodollarSum, PicodollarSum, PicodollarSum, PicodollarSum, PicodollarSum,
            PicodollarSum, PicodollarSum
        )
    ) throws(PostgresError) -> BatchRow {
        let (counts, waits) = (cells.1, cells.2)
        return BatchRow(
            group: BatchQuery.group(cells.0), batches: counts[0], loneBatches: counts[1],
            completed: counts[2],
            unpricedBatches: counts[3], requests: cells.3.amount, duplicates: cells.4.amount,
            wait: waits.count == 4
                ? BatchRow.Wait(mean: waits[0], p50: waits[1], p95: waits[2], max: waits[3]) : nil,
            succeeded: cells.5.amount, failed: cells.6.amount, expired: cells.7.amount,
            retries: cells.8.amount, deadlineMisses: cells.9.amount,
            inputTokens: cells.10.amount, outputTokens: cells.11.amount, saved: cells.12)
    }
}
