package import LedgerModel
import LedgerSQL
package import Postgres

/// Which requests of some days of UTC have no price yet, the most frequent first.
package struct UnpricedQuery: Hashable, Sendable {
    package let ledger: LedgerID
    package let days: DayRange
    package let page: AnswerPage

    package init(ledger: LedgerID, days: DayRange, page: AnswerPage) {
        self.ledger = ledger
        self.days = days
        self.page = page
    }
}

package struct UnpricedRow: Hashable, Sendable {
    package let provider: Name?
    package let model: Name?
    package let serviceTier: Name?
    package let reason: Name?
    package let requests: Int64
    package let inputTokens: Int128
    package let outputTokens: Int128
}

extension UnpricedQuery: DayQuestion {
    package static let name = "unpriced"
    package static let summary = "requests without a price, and why"
    package static let model = ReadModel.unpriced

    package func rows(in session: Session) throws -> [UnpricedRow] {
        try session.run(ReadUnpriced(query: self))
    }
}

struct ReadUnpriced: Statement {
    static let sql = """
        SELECT provider, model, service_tier, reason, sum(requests)::bigint, sum(input_tokens),
            sum(output_tokens)
        FROM tally.current_unpriced
        WHERE ledger_id = $1 AND day >= ($2 AT TIME ZONE 'UTC')::date
            AND day < ($3 AT TIME ZONE 'UTC')::date
        GROUP BY provider, model, service_tier, reason HAVING sum(requests) <> 0
        ORDER BY sum(requests) DESC, provider, model, service_tier, reason
        LIMIT $4 OFFSET $5
        """
    static let columns = Columns(
        String?.self, String?.self, String?.self, String?.self, Int64.self, PicodollarSum.self,
        PicodollarSum.self)
    let query: UnpricedQuery
    var parameters: Parameters { query.parameters }
    typealias Row = UnpricedRow

    static func row(
        _ cells: (
            String?, String?, String?, String?, Int64, PicodollarSum, PicodollarSum
        )
    ) throws(PostgresError) -> UnpricedRow {
        UnpricedRow(
            provider: cells.0.map { Name($0) }, model: cells.1.map { Name($0) },
            serviceTier: cells.2.map { Name($0) }, reason: cells.3.map { Name($0) },
            requests: cells.4, inputTokens: cells.5.amount, outputTokens: cells.6.amount)
    }
}
