package import LedgerModel
import LedgerSQL
package import Postgres

/// Which users used how much in some days of UTC, the costliest first.
package struct UserQuery: Hashable, Sendable {
    package let ledger: LedgerID
    package let from: Timestamp
    package let to: Timestamp
    package let limit: Int

    package static let limitMax = 10_000

    /// Times are rounded outwards to days.
    package init(ledger: LedgerID, from: Timestamp, to: Timestamp, limit: Int = 100) {
        self.ledger = ledger
        self.from = from.startOfDay
        self.to = to.advanced(byMicroseconds: Timestamp.dayMicroseconds - 1).startOfDay
        self.limit = min(max(limit, 1), Self.limitMax)
    }
}

package struct UserRow: Hashable, Sendable {
    /// Nil for requests that named no user.
    package let user: Name?
    package let requests: Int64
    package let failedRequests: Int64
    package let cost: PicodollarSum
    package let inputTokens: Int128
    package let outputTokens: Int128
}

package struct UserAnswer: Sendable {
    package let position: Int64
    package let rows: [UserRow]
}

extension UserQuery {
    package func run(on pool: Pool) async throws -> UserAnswer {
        let query = self
        return try await pool.transaction(isolation: .repeatableRead, readOnly: true) { session in
            let position = try session.first(
                ReadPosition(ledger: query.ledger, projection: UserUsage.name))
            return UserAnswer(
                position: position ?? 0, rows: try session.run(ReadUsers(query: query)))
        }
    }
}

struct ReadUsers: Statement {
    static let sql = """
        SELECT user_id, sum(requests)::bigint, sum(failed_requests)::bigint, sum(cost_pico),
            coalesce(sum(input_tokens), 0), coalesce(sum(output_tokens), 0)
        FROM tally.user_usage
        WHERE ledger_id = $1
            AND version = (SELECT active_version FROM tally.projections WHERE name = 'users')
            AND day >= ($2 AT TIME ZONE 'UTC')::date AND day < ($3 AT TIME ZONE 'UTC')::date
        GROUP BY user_id ORDER BY sum(cost_pico) DESC, user_id LIMIT $4
        """
    static let columns = Columns(
        String?.self, Int64.self, Int64.self, PicodollarSum.self, PicodollarSum.self,
        PicodollarSum.self)
    let query: UserQuery
    var parameters: Parameters {
        Parameters(query.ledger, query.from, query.to, Int64(query.limit))
    }
    typealias Row = UserRow

    static func row(
        _ cells: (String?, Int64, Int64, PicodollarSum, PicodollarSum, PicodollarSum)
    ) throws(PostgresError) -> UserRow {
        UserRow(
            user: cells.0.map { Name($0) }, requests: cells.1, failedRequests: cells.2,
            cost: cells.3, inputTokens: cells.4.amount, outputTokens: cells.5.amount)
    }
}
