package import LedgerModel
import LedgerSQL
package import Postgres

/// Which users used how much in some days of UTC, the costliest first.
package struct UserQuery: Hashable, Sendable {
    package let ledger: LedgerID
    package let days: DayRange
    package let page: AnswerPage

    package init(ledger: LedgerID, days: DayRange, page: AnswerPage) {
        self.ledger = ledger
        self.days = days
        self.page = page
    }
}

package struct UserRow: Hashable, Sendable {
    /// Nil for requests that named no user.
    package let user: Name?
    package let requests: Int64
    package let failedRequests: Int64
    package let unpricedRequests: Int64
    package let cost: PicodollarSum
    package let inputTokens: Int128
    package let outputTokens: Int128
}

extension UserQuery: DayQuestion {
    package static let name = "users"
    package static let summary = "requests and cost by user"
    package static let limitStandard = 100
    package static let model = ReadModel.users

    package func rows(in session: Session) throws -> [UserRow] {
        try session.run(ReadUsers(query: self))
    }
}

struct ReadUsers: Statement {
    static let sql = """
        SELECT user_id, requests, failed_requests, unpriced_requests, cost_pico, input_tokens,
            output_tokens
        FROM (
            SELECT set_id, coalesce(sum(requests), 0)::bigint AS requests,
                coalesce(sum(failed_requests), 0)::bigint AS failed_requests,
                coalesce(sum(unpriced_requests), 0)::bigint AS unpriced_requests,
                coalesce(sum(cost_pico), 0) AS cost_pico,
                coalesce(sum(input_tokens), 0) AS input_tokens,
                coalesce(sum(output_tokens), 0) AS output_tokens
            FROM \(DaySpans.rows(
                "set_id, requests, failed_requests, unpriced_requests, cost_pico, input_tokens, "
                    + "output_tokens",
                of: "user_usage", in: "users", levels: "$2", starts: "$3"))
            GROUP BY set_id
        ) AS users
        JOIN tally.dimension_sets AS sets
            ON sets.ledger_id = $1 AND sets.level = 20 AND sets.set_id = users.set_id
        ORDER BY cost_pico DESC, user_id LIMIT $4 OFFSET $5
        """
    static let columns = Columns(
        String?.self, Int64.self, Int64.self, Int64.self, PicodollarSum.self,
        PicodollarSum.self, PicodollarSum.self)
    let query: UserQuery
    var parameters: Parameters {
        let spans = DaySpans(query.days)
        return Parameters(
            query.ledger, spans.stored(20), spans.starts, query.page.rowsMax,
            Int64(query.page.offset))
    }
    typealias Row = UserRow

    static func row(
        _ cells: (String?, Int64, Int64, Int64, PicodollarSum, PicodollarSum, PicodollarSum)
    ) throws(PostgresError) -> UserRow {
        UserRow(
            user: cells.0.map { Name($0) }, requests: cells.1, failedRequests: cells.2,
            unpricedRequests: cells.3, cost: cells.4, inputTokens: cells.5.amount,
            outputTokens: cells.6.amount)
    }
}
