import LedgerSQL
package import Postgres

/// Removes notices that are over, when their alert has been over for long enough.
///
/// What is still needed stays, however old it is: the notices of an alert that is open, since its end
/// is told to those who were told of its beginning, and the word of a receiver that wants no more of
/// them. That a channel took a notice is an event of the ledger as well, which stays.
package enum NoticeCleaner {
    package static let keptDefault: Duration = .seconds(90 * 86_400)
    /// Longer than retries last: a notice that is made again from its event after this time is too
    /// old for anybody.
    package static let keptMin: Duration = .seconds(7 * 86_400)
    /// Rows in one transaction.
    private static let rowsMax: Int64 = 1_000

    /// Removes what is older; how many notices that were.
    @discardableResult
    package static func removeOld(_ kept: Duration, in pool: Pool) async throws -> Int {
        let remove = RemoveNotices(keptSeconds: Int64(kept / .seconds(1)), rows: rowsMax)
        var removed = 0
        while true {
            let some = try await pool.session { try $0.execute(remove) }
            removed += some
            if Int64(some) < rowsMax { return removed }
        }
    }
}

struct RemoveNotices: Statement {
    static let sql = """
        DELETE FROM tally.alert_deliveries AS sent
        USING (
            SELECT ledger_id, event_id, channel FROM tally.alert_deliveries AS old
            WHERE outcome IN ('delivered', 'cancelled', 'failed', 'disabled')
                AND finished_at < now() - $1::bigint * interval '1 second'
                AND EXISTS (SELECT FROM tally.alerts
                    WHERE alerts.ledger_id = old.ledger_id AND alerts.alert_id = old.alert_id
                        AND phase = 'resolved'
                        AND changed_at < now() - $1::bigint * interval '1 second')
            ORDER BY finished_at LIMIT $2 FOR UPDATE SKIP LOCKED
        ) AS old
        WHERE sent.ledger_id = old.ledger_id AND sent.event_id = old.event_id
            AND sent.channel = old.channel
        """
    static let columns = Columns()
    let keptSeconds: Int64
    let rows: Int64
    var parameters: Parameters { Parameters(keptSeconds, rows) }
}
