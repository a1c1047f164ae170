package import LedgerModel
import LedgerSQL
import Postgres

/// How a projection of a ledger is doing.
package struct ProjectionStatus: Hashable, Sendable {
    package let projection: String
    package let version: Int32
    package let ledger: LedgerID
    package let position: Int64
    /// Events in the ledger that the projection has not read.
    package let lagPositions: Int64
    /// The age of the oldest of them; zero without any.
    package let lag: Duration
    /// Why the projection stopped, if it did.
    package let halted: String?
    /// Whether this program folds it; false until a rebuild after its fold was changed.
    package let isCurrent: Bool
}

/// What a projection holds of a ledger, beside what the ledger's blocks say it should.
package struct Conservation: Hashable, Sendable {
    package let projection: String
    package let ledger: LedgerID
    /// 1 for rows by the hour, 24 for rows by the day: each grain holds everything.
    package let grain: Int32
    package let position: Int64
    package let requests: Int64
    package let requestsExpected: Int64
    package let cost: PicodollarSum
    package let costExpected: PicodollarSum

    package var holds: Bool { requests == requestsExpected && cost == costExpected }
}

extension ProjectionRunner {
    /// Lag and halts of every ledger and projection, cheap enough for every scrape of metrics.
    package func status() async throws -> [ProjectionStatus] {
        let statement = ListStatus(
            names: projections.map(\.name), definitions: projections.map(\.definition))
        return try await pool.session { try $0.run(statement) }
    }

    /// Compares the sums of every projection with the totals in the blocks up to its checkpoint,
    /// each in one snapshot.
    ///
    /// It reads the whole tables; ask for it every minute or so.
    package func conservation() async throws -> [Conservation] {
        try await register()
        var found: [Conservation] = []
        for projection in projections {
            found += try await pool.transaction(isolation: .repeatableRead, readOnly: true) {
                session in
                try session.run(ListExpected(projection: projection.name)).flatMap { expected in
                    let subject = ConservedSubject(
                        ledger: expected.ledger, version: expected.version)
                    return try projection.conserved(subject, session).map { held in
                        Conservation(
                            projection: projection.name, ledger: expected.ledger,
                            grain: held.grain, position: expected.position,
                            requests: held.requests, requestsExpected: expected.requests,
                            cost: held.cost, costExpected: expected.charged)
                    }
                }
            }
        }
        return found
    }
}

struct ListStatus: Statement {
    static let sql = """
        SELECT projections.name, projections.active_version, heads.ledger_id,
            coalesce(checkpoints.position, 0),
            greatest(heads.position - coalesce(checkpoints.position, 0), 0),
            coalesce((
                SELECT greatest((extract(epoch FROM clock_timestamp() - recorded_at)
                    * 1000000)::bigint, 0)
                FROM tally.blocks AS blocks WHERE blocks.ledger_id = heads.ledger_id
                    AND blocks.first_position > coalesce(checkpoints.position, 0)
                ORDER BY blocks.first_position LIMIT 1), 0),
            CASE WHEN checkpoints.halted_at IS NOT NULL THEN coalesce(checkpoints.error, '') END,
            ours.definition = projections.definition
        FROM tally.heads AS heads
        CROSS JOIN tally.projections AS projections
        JOIN unnest($1::text[], $2::integer[]) AS ours (name, definition)
            ON ours.name = projections.name
        LEFT JOIN tally.projection_checkpoints AS checkpoints
            ON checkpoints.ledger_id = heads.ledger_id
            AND checkpoints.projection = projections.name
            AND checkpoints.version = projections.active_version
        ORDER BY projections.name, heads.ledger_id
        """
    static let columns = Columns(
        String.self, Int32.self, LedgerID.self, Int64.self, Int64.self, Int64.self, String?.self,
        Bool.self)
    let names: [String]
    let definitions: [Int32]
    var parameters: Parameters { Parameters(names, definitions) }
    typealias Row = ProjectionStatus

    static func row(
        _ cells: (String, Int32, LedgerID, Int64, Int64, Int64, String?, Bool)
    ) throws(PostgresError) -> ProjectionStatus {
        ProjectionStatus(
            projection: cells.0, version: cells.1, ledger: cells.2, position: cells.3,
            lagPositions: cells.4, lag: .microseconds(cells.5), halted: cells.6,
            isCurrent: cells.7)
    }
}

/// What the blocks up to each checkpoint of an active version add up to.
struct ListExpected: Statement {
    static let sql = """
        SELECT checkpoints.ledger_id, checkpoints.version, checkpoints.position,
            coalesce(block.requests, 0), coalesce(block.charged_pico, 0)
        FROM tally.projections AS projections
        JOIN tally.projection_checkpoints AS checkpoints
            ON checkpoints.projection = projections.name
            AND checkpoints.version = projections.active_version
        LEFT JOIN LATERAL (
            SELECT requests, charged_pico FROM tally.blocks AS blocks
            WHERE blocks.ledger_id = checkpoints.ledger_id
                AND blocks.first_position <= checkpoints.position
            ORDER BY blocks.first_position DESC LIMIT 1
        ) AS block ON true
        WHERE projections.name = $1 ORDER BY checkpoints.ledger_id
        """
    static let columns = Columns(
        LedgerID.self, Int32.self, Int64.self, Int64.self, PicodollarSum.self)
    let projection: String
    var parameters: Parameters { Parameters(projection) }

    struct Expected {
        let ledger: LedgerID
        let version: Int32
        let position: Int64
        let requests: Int64
        let charged: PicodollarSum
    }
    typealias Row = Expected

    static func row(
        _ cells: (LedgerID, Int32, Int64, Int64, PicodollarSum)
    ) throws(PostgresError) -> Expected {
        Expected(
            ledger: cells.0, version: cells.1, position: cells.2, requests: cells.3,
            charged: cells.4)
    }
}
