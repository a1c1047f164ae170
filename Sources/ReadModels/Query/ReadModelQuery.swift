package import LedgerModel
import LedgerSQL
package import Postgres

/// A question to a read model: the answer and the position that it is true at, in one snapshot.
package protocol ReadModelQuery: Sendable {
    associatedtype Row: Sendable
    /// Whose place the answer is true at.
    static var model: ReadModel { get }
    var ledger: LedgerID { get }
    /// The rows that are wanted; all of them for a query that has a bound of its own.
    var page: AnswerPage { get }
    /// One row more than the page takes tells that there are more.
    func rows(in session: Session) throws -> [Row]
}

/// Which rows of an answer are wanted.
package struct AnswerPage: Hashable, Sendable {
    package private(set) var limit: Int
    package let offset: Int

    package static let limitMax = 10_000
    package static let offsetMax = 1_000_000_000

    /// Values out of bounds are clamped.
    package init(limit: Int? = nil, offset: Int? = nil) {
        self.limit = min(max(limit ?? Self.limitMax, 1), Self.limitMax)
        self.offset = min(max(offset ?? 0, 0), Self.offsetMax)
    }

    static let everything = everything(upTo: .max - 1)

    /// For those who look at all rows themselves.
    static func everything(upTo rows: Int) -> AnswerPage {
        var page = AnswerPage()
        page.limit = rows
        return page
    }

    /// `LIMIT` of its query.
    var rowsMax: Int64 { Int64(limit) + 1 }
}

package struct Answer<Row: Sendable>: Sendable {
    /// The position of the ledger up to which the answer is true.
    package let position: Int64
    package let rows: [Row]
    /// Where the next page begins; nil after the last row.
    package let nextOffset: Int?

    init(position: Int64, rows: [Row], page: AnswerPage) {
        self.position = position
        if rows.count > page.limit {
            self.rows = Array(rows.prefix(page.limit))
            nextOffset = page.offset + page.limit
        } else {
            self.rows = rows
            nextOffset = nil
        }
    }
}

extension ReadModelQuery {
    package var page: AnswerPage { .everything }

    package func run(on pool: Pool) async throws -> Answer<Row> {
        let query = self
        return try await pool.transaction(isolation: .repeatableRead, readOnly: true) { session in
            try session.planReading()
            let position = try session.first(
                ReadPosition(ledger: query.ledger, projection: Self.model.name))
            return Answer(
                position: position ?? 0, rows: try query.rows(in: session), page: query.page)
        }
    }
}

/// A question that whole days of UTC and nothing else decide, whatever zone a ledger is reported in:
/// its read model has no hours to make other days of.
///
/// Its call (`GET /api/v1/NAME`) and its command (`tally NAME`) follow from it.
package protocol DayQuestion: ReadModelQuery {
    static var name: String { get }
    /// What it reports, such as `requests and cost by user`.
    static var summary: String { get }
    /// Rows in an answer that names no limit.
    static var limitStandard: Int { get }
    var days: DayRange { get }
    init(ledger: LedgerID, days: DayRange, page: AnswerPage)
}

extension DayQuestion {
    package static var limitStandard: Int { AnswerPage.limitMax }

    /// `$1` to `$5` of its query: the ledger, the days, `LIMIT` and `OFFSET`.
    var parameters: Parameters {
        Parameters(ledger, days.from, days.to, page.rowsMax, Int64(page.offset))
    }

    /// Times are rounded outwards to days.
    package init(
        ledger: LedgerID, from: Timestamp, to: Timestamp, page: AnswerPage = AnswerPage()
    ) {
        self.init(ledger: ledger, days: DayRange(from: from, to: to), page: page)
    }
}

extension Session {
    /// Settings for a transaction that reads read models.
    ///
    /// Sets of dimensions are joined to many cells by hashing. Where statistics are missing, or
    /// where a plan is made for any level and time, PostgreSQL expects one row and loops: 24 s for
    /// what takes 60 ms.
    package func planReading() throws(PostgresError) {
        try execute(
            """
            SET LOCAL plan_cache_mode = force_custom_plan; SET LOCAL enable_nestloop = off;
            SET LOCAL jit = off
            """)
    }
}

/// Some days of UTC, whole ones.
package struct DayRange: Hashable, Sendable {
    package let from: Timestamp
    package let to: Timestamp

    /// Rounds outwards.
    package init(from: Timestamp, to: Timestamp) {
        self.from = from.startOfDay
        self.to = to.advanced(byMicroseconds: Timestamp.dayMicroseconds - 1).startOfDay
    }
}

/// How far the active version of a projection has read.
package struct ReadPosition: Statement {
    package static let sql = """
        SELECT position FROM tally.projection_positions WHERE ledger_id = $1 AND projection = $2
        """
    package static let columns = Columns(Int64.self)
    let ledger: LedgerID
    let projection: String
    package var parameters: Parameters { Parameters(ledger, projection) }
    package typealias Row = Int64

    package init(ledger: LedgerID, projection: String) {
        self.ledger = ledger
        self.projection = projection
    }

    package static func row(_ cell: Int64) throws(PostgresError) -> Int64 { cell }
}
