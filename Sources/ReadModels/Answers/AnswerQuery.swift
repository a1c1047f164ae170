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
        SELECT app, model,
            mode() WITHIN GROUP (ORDER BY provider) FILTER (WHERE requests > 0),
            coalesce(sum(requests), 0)::bigint, coalesce(sum(failed_requests), 0)::bigint,
            coalesce(sum(finished_requests), 0)::bigint,
            coalesce(sum(cut_off_requests), 0)::bigint,
            coalesce(sum(refused_requests), 0)::bigint,
            coalesce(sum(unpriced_requests), 0)::bigint, coalesce(sum(cost_pico), 0) AS cost_pico,
            coalesce(sum(input_tokens), 0), count(DISTINCT day) FILTER (WHERE requests > 0)
        FROM tally.answer_usage JOIN tally.dimension_sets AS sets USING (ledger_id, level, set_id)
        WHERE ledger_id = $1 AND level = 51
            AND version = (SELECT active_version FROM tally.projections WHERE name = 'answers')
            AND day >= ($2 AT TIME ZONE 'UTC')::date AND day < ($3 AT TIME ZONE 'UTC')::date
        GROUP BY app, model ORDER BY cost_pico DESC, app, model LIMIT $4
        """
    static let columns = Columns(
        String?.self, String?.self, String?.self, Int64.self, Int64.self, Int64.self, Int64.self,
        Int64.self, Int64.self, PicodollarSum.self, PicodollarSum.self, Int64.self)

    let query: AnswerQuery
    var parameters: Parameters {
        Parameters(query.ledger, query.days.from, query.days.to, AnswerQuery.groupsMax)
    }
    typealias Row = AnswerRow

    static func row(
        _ cells: (
            String?, String?, String?, Int64, Int64, Int64, Int64, Int64, Int64, PicodollarSum,
            PicodollarSum, Int64
        )
    ) throws(PostgresError) -> AnswerRow {
        AnswerRow(
            app: cells.0.map { Name($0) }, model: cells.1.map { Name($0) },
            provider: cells.2.map { Name($0) }, requests: cells.3, failed: cells.4,
            finished: cells.5, cutOff: cells.6, refused: cells.7, unpriced: cells.8, cost: cells.9,
            inputTokens: cells.10.amount, days: cells.11, lengths: LengthHistogram(),
            modelLengths: LengthHistogram(), limits: LengthHistogram())
    }
}

/// The lengths of each application with each model (level 62), and of each model (level 61): a row
/// a day, to be merged here.
struct ReadAnswerLengths: Statement {
    static let sql = """
        SELECT app, model, level = 62, coalesce(lengths, '{}'), coalesce(limits, '{}')
        FROM tally.current_answer_lengths
        WHERE ledger_id = $1 AND level IN (61, 62) AND day >= ($2 AT TIME ZONE 'UTC')::date
            AND day < ($3 AT TIME ZONE 'UTC')::date
        """
    static let columns = Columns(
        String?.self, String?.self, Bool.self, [Int64].self, [Int64].self)
    let query: AnswerQuery
    var parameters: Parameters { Parameters(query.ledger, query.days.from, query.days.to) }

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
