package import Estimating
package import LedgerModel
import LedgerSQL
package import Postgres

/// How the requests of each application and model ended in some days of UTC, the costliest first.
package struct AnswerQuery: Hashable, Sendable {
    package let ledger: LedgerID
    package let from: Timestamp
    package let to: Timestamp

    /// The groups that are read; the costliest.
    package static let groupsMax: Int64 = 1_000

    /// Times are rounded outwards to days.
    package init(ledger: LedgerID, from: Timestamp, to: Timestamp) {
        self.ledger = ledger
        self.from = from.startOfDay
        self.to = to.advanced(byMicroseconds: Timestamp.dayMicroseconds - 1).startOfDay
    }
}

/// What became of the requests of one application with one model.
package struct AnswerRow: Hashable, Sendable {
    package let app: Name?
    package let model: Name?
    /// Who provided them on most days.
    package let provider: Name?
    package let requests: Int64
    package let failed: Int64
    package let finished: Int64
    package let cutOff: Int64
    package let refused: Int64
    package let unpriced: Int64
    package let cost: PicodollarSum
    package let inputTokens: Int128
    /// Days on which there were requests.
    package let days: Int64
    /// Outputs of completed requests, and of all applications with the model.
    package let lengths: LengthHistogram
    package let modelLengths: LengthHistogram
    /// The `max_tokens` that requests were sent with, as far as they say so.
    package let limits: LengthHistogram

    /// Completed requests whose events do not tell how they ended.
    package var unknown: Int64 { requests - failed - finished - cutOff - refused }
}

package struct AnswerLengths: Sendable {
    package let position: Int64
    package let rows: [AnswerRow]
}

extension AnswerQuery {
    package func run(on pool: Pool) async throws -> AnswerLengths {
        let query = self
        return try await pool.transaction(isolation: .repeatableRead, readOnly: true) { session in
            let position = try session.first(
                ReadPosition(ledger: query.ledger, projection: Answers.name))
            return AnswerLengths(
                position: position ?? 0, rows: try session.run(ReadAnswers(query: query)))
        }
    }
}

/// Reconciliations count as cost of a model without an application, as in spend.
struct ReadAnswers: Statement {
    static let sql = """
        WITH active AS (
            SELECT active_version AS version FROM tally.projections WHERE name = 'answers'
        ), groups AS (
            SELECT app, model,
                mode() WITHIN GROUP (ORDER BY provider) FILTER (WHERE requests > 0) AS provider,
                sum(requests)::bigint AS requests, sum(failed_requests)::bigint AS failed,
                sum(finished_requests)::bigint AS finished,
                sum(cut_off_requests)::bigint AS cut_off,
                sum(refused_requests)::bigint AS refused,
                sum(unpriced_requests)::bigint AS unpriced, sum(cost_pico) AS cost_pico,
                coalesce(sum(input_tokens), 0) AS input_tokens,
                count(DISTINCT day) FILTER (WHERE requests > 0) AS days
            FROM tally.answer_usage JOIN active USING (version)
            WHERE ledger_id = $1 AND day >= ($2 AT TIME ZONE 'UTC')::date
                AND day < ($3 AT TIME ZONE 'UTC')::date
            GROUP BY app, model ORDER BY sum(cost_pico) DESC, app, model LIMIT $4
        )
        SELECT app, model, provider, requests, failed, finished, cut_off, refused, unpriced,
            cost_pico, input_tokens, days, lengths.*
        FROM groups
        CROSS JOIN LATERAL (
            SELECT sha256(record_send(ROW(
                    2::smallint, app, NULL::text, model, NULL::smallint))) AS own,
                sha256(record_send(ROW(
                    1::smallint, NULL::text, NULL::text, model, NULL::smallint))) AS wide
        ) AS keys
        CROSS JOIN LATERAL (
            SELECT coalesce(array_agg(bucket ORDER BY bucket) FILTER (WHERE what = 1), '{}'),
                coalesce(array_agg(count ORDER BY bucket) FILTER (WHERE what = 1), '{}'),
                coalesce(array_agg(bucket ORDER BY bucket) FILTER (WHERE what = 2), '{}'),
                coalesce(array_agg(count ORDER BY bucket) FILTER (WHERE what = 2), '{}'),
                coalesce(array_agg(bucket ORDER BY bucket) FILTER (WHERE what = 3), '{}'),
                coalesce(array_agg(count ORDER BY bucket) FILTER (WHERE what = 3), '{}')
            FROM (
                SELECT CASE WHEN key = keys.wide THEN 2 WHEN measure = 1 THEN 1 ELSE 3 END AS what,
                    bucket, sum(count)::bigint AS count
                FROM tally.answer_length_counts JOIN active USING (version)
                WHERE ledger_id = $1 AND key IN (keys.own, keys.wide)
                    AND day >= ($2 AT TIME ZONE 'UTC')::date
                    AND day < ($3 AT TIME ZONE 'UTC')::date
                GROUP BY what, bucket
            ) AS counted
        ) AS lengths
        ORDER BY cost_pico DESC, app, model
        """
    static let columns = Columns(
        String?.self, String?.self, String?.self, Int64.self, Int64.self, Int64.self, Int64.self,
        Int64.self, Int64.self, PicodollarSum.self, PicodollarSum.self, Int64.self, [Int32].self,
        [Int64].self, [Int32].self,
        [Int64].self, [Int32].self, [Int64].self)

    let query: AnswerQuery
    var parameters: Parameters {
        Parameters(query.ledger, query.from, query.to, AnswerQuery.groupsMax)
    }
    typealias Row = AnswerRow

    static func row(
        _ cells: (
            String?, String?, String?, Int64, Int64, Int64, Int64, Int64, Int64, PicodollarSum,
            PicodollarSum, Int64, [Int32], [Int64], [Int32], [Int64], [Int32], [Int64]
        )
    ) throws(PostgresError) -> AnswerRow {
        AnswerRow(
            app: cells.0.map { Name($0) }, model: cells.1.map { Name($0) },
            provider: cells.2.map { Name($0) }, requests: cells.3, failed: cells.4,
            finished: cells.5, cutOff: cells.6, refused: cells.7, unpriced: cells.8, cost: cells.9,
            inputTokens: cells.10.amount, days: cells.11,
            lengths: try LengthHistogram(buckets: cells.12, counts: cells.13),
            modelLengths: try LengthHistogram(buckets: cells.14, counts: cells.15),
            limits: try LengthHistogram(buckets: cells.16, counts: cells.17))
    }
}
