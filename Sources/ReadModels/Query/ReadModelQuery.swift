package import LedgerModel
import LedgerSQL
package import Postgres

/// A question to a read model: the answer and the position that it is true at, in one snapshot.
package protocol ReadModelQuery: Sendable {
    associatedtype Row: Sendable
    /// Whose place the answer is true at.
    static var model: ReadModel { get }
    var ledger: LedgerID { get }
    func rows(in session: Session) throws -> [Row]
}

package struct Answer<Row: Sendable>: Sendable {
    /// The position of the ledger up to which the answer is true.
    package let position: Int64
    package let rows: [Row]
}

extension ReadModelQuery {
    package func run(on pool: Pool) async throws -> Answer<Row> {
        let query = self
        return try await pool.transaction(isolation: .repeatableRead, readOnly: true) { session in
            try session.planReading()
            let position = try session.first(
                ReadPosition(ledger: query.ledger, projection: Self.model.name))
            return Answer(position: position ?? 0, rows: try query.rows(in: session))
        }
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
