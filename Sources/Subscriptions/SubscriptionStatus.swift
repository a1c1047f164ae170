package import LedgerModel
import LedgerSQL
import Postgres

/// How a subscription is doing in a ledger.
package struct SubscriptionStatus: Hashable, Sendable {
    package let subscription: String
    package let version: Int32
    package let ledger: LedgerID
    package let position: Int64
    /// Events in the ledger that the subscription has not dealt with.
    package let lagPositions: Int64
    /// The age of the oldest of them; zero without any.
    package let lag: Duration
    /// Why the subscription stopped, if it did.
    package let halted: String?
    /// Whether this program has its effect; false until a rebuild after a fold was changed.
    package let isCurrent: Bool
}

extension SubscriptionRunner {
    /// Lag and halts of every ledger and subscription, cheap enough for every scrape of metrics.
    package func status() async throws -> [SubscriptionStatus] {
        let statement = ListStatus(
            names: subscriptions.map(\.name), definitions: subscriptions.map(\.definition))
        return try await pool.session { try $0.run(statement) }
    }
}

struct ListStatus: Statement {
    static let sql = """
        SELECT subscriptions.name, subscriptions.active_version, heads.ledger_id,
            coalesce(places.position, 0),
            greatest(heads.position - coalesce(places.position, 0), 0),
            coalesce((
                SELECT greatest((extract(epoch FROM clock_timestamp() - recorded_at)
                    * 1000000)::bigint, 0)
                FROM tally.blocks AS blocks WHERE blocks.ledger_id = heads.ledger_id
                    AND blocks.first_position > coalesce(places.position, 0)
                ORDER BY blocks.first_position LIMIT 1), 0),
            CASE WHEN places.halted_at IS NOT NULL THEN coalesce(places.error, '') END,
            ours.definition = subscriptions.definition
        FROM tally.heads AS heads
        CROSS JOIN tally.subscriptions AS subscriptions
        JOIN unnest($1::text[], $2::integer[]) AS ours (name, definition)
            ON ours.name = subscriptions.name
        LEFT JOIN tally.places AS places
            ON places.ledger_id = heads.ledger_id AND places.subscription = subscriptions.name
            AND places.version = subscriptions.active_version
        ORDER BY subscriptions.name, heads.ledger_id
        """
    static let columns = Columns(
        String.self, Int32.self, LedgerID.self, Int64.self, Int64.self, Int64.self, String?.self,
        Bool.self)
    let names: [String]
    let definitions: [Int32]
    var parameters: Parameters { Parameters(names, definitions) }
    typealias Row = SubscriptionStatus

    static func row(
        _ cells: (String, Int32, LedgerID, Int64, Int64, Int64, String?, Bool)
    ) throws(PostgresError) -> SubscriptionStatus {
        SubscriptionStatus(
            subscription: cells.0, version: cells.1, ledger: cells.2, position: cells.3,
            lagPositions: cells.4, lag: .microseconds(cells.5), halted: cells.6,
            isCurrent: cells.7)
    }
}
