package import LedgerModel
import LedgerSQL
import Postgres

/// Somebody who got an answer from the cache, or had it stored.
package struct CacheReader: Sendable {
    package let event: EventID
    /// Whether it was stored then, and not given.
    package let isStoring: Bool
    package let at: Timestamp
    package let app: Name?
    package let team: Name?
    package let user: Name?
    package let session: Name?
    /// The request that paid for the answer.
    package let requestID: EventID?

    /// Those who are listed; the newest come first.
    package static let listedMax = 1_000
}

/// The hits and stored answers of a key, and the hits of similar questions that got its answer.
struct FindReaders: Statement {
    static let sql = """
        SELECT kind = 22, event_id, occurred_at, app, team, user_id, session_id, cause_id FROM (
            SELECT position, kind, event_id, occurred_at, app, team, user_id, session_id, cause_id
            FROM tally.events
            WHERE ledger_id = $1 AND request_hash = $2 AND request_hash IS NOT NULL
                AND kind IN (20, 22)
            UNION ALL
            SELECT position, kind, event_id, occurred_at, app, team, user_id, session_id, cause_id
            FROM tally.events
            WHERE ledger_id = $1 AND kind = 20 AND detail LIKE '%"near_hash"%'
                AND substring(detail FROM '"near_hash":"([0-9a-f]{64})"') = $3
        ) AS found
        ORDER BY position DESC LIMIT $4
        """
    static let columns = Columns(
        Bool.self, EventID.self, Timestamp.self, String?.self, String?.self, String?.self,
        String?.self, EventID?.self)
    let ledger: LedgerID
    let key: Digest
    let limit: Int
    var parameters: Parameters { Parameters(ledger, key, key.description, Int64(limit)) }
    typealias Row = CacheReader

    static func row(
        _ cells: (Bool, EventID, Timestamp, String?, String?, String?, String?, EventID?)
    ) throws(PostgresError) -> CacheReader {
        CacheReader(
            event: cells.1, isStoring: cells.0, at: cells.2, app: cells.3.map { Name($0) },
            team: cells.4.map { Name($0) }, user: cells.5.map { Name($0) },
            session: cells.6.map { Name($0) }, requestID: cells.7)
    }
}
