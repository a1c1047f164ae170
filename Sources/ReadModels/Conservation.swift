package import LedgerModel
import LedgerSQL
import Postgres

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
    /// Compares the sums of every projection with the totals in the blocks up to its place,
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

/// What the blocks up to each place of an active version add up to, without what the read model
/// leaves out.
struct ListExpected: Statement {
    static let sql = """
        SELECT places.ledger_id, projections.active_version, places.position,
            coalesce(block.requests, 0) - left_out.requests,
            coalesce(block.charged_pico, 0) - left_out.charged_pico
        FROM tally.projections AS projections
        JOIN tally.projection_positions AS places ON places.projection = projections.name
        LEFT JOIN LATERAL (
            SELECT requests, charged_pico FROM tally.blocks AS blocks
            WHERE blocks.ledger_id = places.ledger_id AND blocks.first_position <= places.position
            ORDER BY blocks.first_position DESC LIMIT 1
        ) AS block ON true
        CROSS JOIN LATERAL (
            SELECT count(*) FILTER (WHERE kind IN (1, 2)) AS requests,
                coalesce(sum(amount_pico) FILTER (WHERE kind IN (10, 11, 12)), 0) AS charged_pico
            FROM (
                SELECT DISTINCT event_id, kind, amount_pico
                FROM tally.quarantined_events AS events
                WHERE events.ledger_id = places.ledger_id
                    AND events.subscription = projections.name AND events.is_left_out
                    AND events.position <= places.position
            ) AS events
        ) AS left_out
        WHERE projections.name = $1 ORDER BY places.ledger_id
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
