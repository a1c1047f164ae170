package import LedgerModel
import LedgerSQL
package import Postgres

extension ReadModel {
    /// Failed requests by day, app, provider, model, status and error type, with what they cost.
    package static let errors = ReadModel(
        "errors", definition: 2, patience: .seconds(1),
        rollups: [
            Rollup(
                of: .failures, tables: [.daily("errors_daily")],
                levels: [
                    RollupLevel(
                        90,
                        [.app, .provider, .model].map(KeyColumn.dimension) + [.status, .errorType])
                ],
                measures: [
                    .count("requests", of: .requests),
                    .count("unpriced_requests", of: .unpricedRequests),
                    .sum("cost_pico", of: .cost), .usage(.inputTokens),
                    .usage(.outputTokens),
                ])
        ])
}

/// Which requests of some days of UTC failed, the most frequent first.
package struct ErrorQuery: Hashable, Sendable {
    package let ledger: LedgerID
    package let days: DayRange
    package let page: AnswerPage

    package init(ledger: LedgerID, days: DayRange, page: AnswerPage) {
        self.ledger = ledger
        self.days = days
        self.page = page
    }
}

package struct ErrorRow: Hashable, Sendable {
    package let app: Name?
    package let provider: Name?
    package let model: Name?
    package let status: Int32?
    package let errorType: Name?
    package let requests: Int64
    package let unpricedRequests: Int64
    package let cost: PicodollarSum
    package let inputTokens: Int128
    package let outputTokens: Int128
}

extension ErrorQuery: DayQuestion {
    package static let name = "errors"
    package static let summary = "failed requests, their errors and cost"
    package static let model = ReadModel.errors

    package func rows(in session: Session) throws -> [ErrorRow] {
        try session.run(ReadErrors(query: self))
    }
}

struct ReadErrors: Statement {
    static let sql = """
        SELECT app, provider, model, status, error_type, sum(requests)::bigint,
            sum(unpriced_requests)::bigint, sum(cost_pico), sum(input_tokens), sum(output_tokens)
        FROM tally.current_errors_daily
        WHERE ledger_id = $1 AND day >= ($2 AT TIME ZONE 'UTC')::date
            AND day < ($3 AT TIME ZONE 'UTC')::date
        GROUP BY app, provider, model, status, error_type
        ORDER BY sum(requests) DESC, app, provider, model, status, error_type LIMIT $4 OFFSET $5
        """
    static let columns = Columns(
        String?.self, String?.self, String?.self, Int32?.self, String?.self, Int64.self,
        Int64.self, PicodollarSum.self, PicodollarSum.self, PicodollarSum.self)
    let query: ErrorQuery
    var parameters: Parameters { query.parameters }
    typealias Row = ErrorRow

    static func row(
        _ cells: (
            String?, String?, String?, Int32?, String?, Int64, Int64, PicodollarSum,
            PicodollarSum, PicodollarSum
        )
    ) throws(PostgresError) -> ErrorRow {
        ErrorRow(
            app: cells.0.map { Name($0) }, provider: cells.1.map { Name($0) },
            model: cells.2.map { Name($0) }, status: cells.3, errorType: cells.4.map { Name($0) },
            requests: cells.5, unpricedRequests: cells.6,
            cost: cells.7, inputTokens: cells.8.amount, outputTokens: cells.9.amount)
    }
}
