package import Estimating
package import LedgerModel
import LedgerSQL
package import Postgres

/// How the requests of each application and model ended in some days of UTC, the costliest first.
package struct AnswerQuery: Hashable, Sendable {
    package let ledger: LedgerID
    package let days: DayRange

    /// The groups that are read; the costliest.
    package static let groupsMax: Int64 = 1_000

    /// Times are rounded outwards to days.
    package init(ledger: LedgerID, from: Timestamp, to: Timestamp) {
        self.ledger = ledger
        days = DayRange(from: from, to: to)
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
    package fileprivate(set) var lengths: LengthHistogram
    package fileprivate(set) var modelLengths: LengthHistogram
    /// The `max_tokens` that requests were sent with, as far as they say so.
    package fileprivate(set) var limits: LengthHistogram

    /// Completed requests whose events do not tell how they ended.
    package var unknown: Int64 { requests - failed - finished - cutOff - refused }
}

extension AnswerQuery: ReadModelQuery {
    package static let model = ReadModel.answers

    package func rows(in session: Session) throws -> [AnswerRow] {
        var lengths: [AnswerGroup: AnswerLengths] = [:]
        let groups = try session.run(ReadAnswers(query: self))
        for row in try session.run(ReadAnswerLengths(query: self)) {
            try lengths[row.group, default: AnswerLengths()].add(row)
        }
        return groups.map { group in
            let own = lengths[AnswerGroup(app: group.app, model: group.model, isOfApp: true)]
            let wide = lengths[AnswerGroup(app: nil, model: group.model, isOfApp: false)]
            return group.with(own ?? AnswerLengths(), model: wide ?? AnswerLengths())
        }
    }
}

/// Reconciliations count as cost of a model without an application, as in spend.
struct ReadAnswers: Statement {
    static let sql = """
        WITH answers AS MATERIALIZED (
            SELECT ARRAY[app, model] AS names, provider, cells.*, span_start
            FROM \(DaySpans.rows(
                """
                set_id, requests, failed_requests, finished_requests, cut_off_requests,
                refused_requests, unpriced_requests, cost_pico, input_tokens, active_days
                """,
                of: "answer_usage", in: "answers", levels: "$2", starts: "$3"))
            JOIN tally.dimension_sets AS sets
                ON sets.ledger_id = $1 AND sets.level = 51 AND sets.set_id = cells.set_id
        ), active AS (
            SELECT names, sum(bit_count(mask::bit(64)))::bigint AS days
            FROM (
                SELECT names, bit_or(active_days) AS mask FROM answers GROUP BY names, span_start
            ) AS spans
            GROUP BY names
        ), providers AS (
            SELECT names, provider, sum(bit_count(active_days::bit(64))) AS provider_days,
                sum(requests) AS requests, sum(failed_requests) AS failed_requests,
                sum(finished_requests) AS finished_requests,
                sum(cut_off_requests) AS cut_off_requests,
                sum(refused_requests) AS refused_requests,
                sum(unpriced_requests) AS unpriced_requests, sum(cost_pico) AS cost_pico,
                sum(input_tokens) AS input_tokens
            FROM answers GROUP BY names, provider
        )
        SELECT names,
            (array_agg(provider ORDER BY provider_days DESC, provider)
                FILTER (WHERE provider_days > 0 AND provider IS NOT NULL))[1],
            coalesce(sum(requests), 0)::bigint, coalesce(sum(failed_requests), 0)::bigint,
            coalesce(sum(finished_requests), 0)::bigint,
            coalesce(sum(cut_off_requests), 0)::bigint,
            coalesce(sum(refused_requests), 0)::bigint,
            coalesce(sum(unpriced_requests), 0)::bigint, coalesce(sum(cost_pico), 0) AS cost_pico,
            coalesce(sum(input_tokens), 0), coalesce(max(days), 0)
        FROM providers JOIN active USING (names)
        GROUP BY names ORDER BY cost_pico DESC, names LIMIT $4
        """
    static let columns = Columns(
        [String?].self, String?.self, Int64.self, Int64.self, Int64.self, Int64.self,
        Int64.self, Int64.self, PicodollarSum.self, PicodollarSum.self, Int64.self)

    let query: AnswerQuery
    var parameters: Parameters {
        let spans = DaySpans(query.days)
        return Parameters(
            query.ledger, spans.stored(51), spans.starts, AnswerQuery.groupsMax)
    }
    typealias Row = AnswerRow

    static func row(
        _ cells: (
            [String?], String?, Int64, Int64, Int64, Int64, Int64, Int64, PicodollarSum,
            PicodollarSum, Int64
        )
    ) throws(PostgresError) -> AnswerRow {
        let names = cells.0.map { $0.map { Name($0) } }
        return AnswerRow(
            app: names[0], model: names[1], provider: cells.1.map { Name($0) },
            requests: cells.2, failed: cells.3, finished: cells.4, cutOff: cells.5,
            refused: cells.6, unpriced: cells.7, cost: cells.8, inputTokens: cells.9.amount,
            days: cells.10, lengths: LengthHistogram(), modelLengths: LengthHistogram(),
            limits: LengthHistogram())
    }
}

/// The lengths of each application with each model (level 62), and of each model (level 61): a row
/// a span, to be merged here.
struct ReadAnswerLengths: Statement {
    static let sql = """
        SELECT app, model, level = 62, coalesce(lengths, '{}'), coalesce(limits, '{}')
        FROM \(DaySpans.rows(
            "set_id, lengths, limits", of: "answer_lengths", in: "answers", levels: "$2",
            starts: "$3"))
        JOIN tally.dimension_sets AS sets USING (set_id)
        WHERE sets.ledger_id = $1 AND sets.level IN (61, 62)
        """
    static let columns = Columns(
        String?.self, String?.self, Bool.self, [Int64].self, [Int64].self)
    let query: AnswerQuery
    var parameters: Parameters {
        let spans = DaySpans(query.days)
        return Parameters(
            query.ledger, spans.stored(61) + spans.stored(62), spans.starts + spans.starts)
    }

    struct Row: Sendable {
        let group: AnswerGroup
        let lengths: [Int64]
        let limits: [Int64]
    }

    static func row(
        _ cells: (String?, String?, Bool, [Int64], [Int64])
    ) throws(PostgresError) -> Row {
        Row(
            group: AnswerGroup(
                app: cells.0.map { Name($0) }, model: cells.1.map { Name($0) }, isOfApp: cells.2),
            lengths: cells.3, limits: cells.4)
    }
}

struct AnswerGroup: Hashable, Sendable {
    let app: Name?
    let model: Name?
    let isOfApp: Bool
}

private struct AnswerLengths {
    var lengths = LengthHistogram()
    var limits = LengthHistogram()

    mutating func add(_ row: ReadAnswerLengths.Row) throws {
        lengths.merge(try LengthHistogram(cells: row.lengths))
        limits.merge(try LengthHistogram(cells: row.limits))
    }
}

extension AnswerRow {
    fileprivate func with(_ own: AnswerLengths, model: AnswerLengths) -> AnswerRow {
        var row = self
        (row.lengths, row.limits, row.modelLengths) = (own.lengths, own.limits, model.lengths)
        return row
    }
}
