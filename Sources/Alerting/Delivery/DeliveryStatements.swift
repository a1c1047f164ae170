import LedgerModel
import LedgerSQL
import Postgres

/// The ledgers that have something to deliver to channels that this instance knows.
struct ListLedgersDue: Statement {
    static let sql = """
        SELECT DISTINCT ledger_id FROM (
            SELECT ledger_id FROM tally.alert_deliveries
            WHERE finished_at IS NULL AND due_at <= now() AND channel = ANY ($1)
                AND (claimed_until IS NULL OR claimed_until < now())
            ORDER BY due_at LIMIT 1000
        ) AS due
        """
    static let columns = Columns(LedgerID.self)
    let channels: [String]
    var parameters: Parameters { Parameters(channels) }
    typealias Row = LedgerID

    static func row(_ cell: LedgerID) throws(PostgresError) -> LedgerID { cell }
}

/// Claims what is due, for a minute: whoever is killed leaves it to the others.
///
/// A channel is told of the steps of an alert in their order, so the end of one waits until its
/// beginning was taken or given up.
struct ClaimDeliveries: Statement {
    static let sql = """
        WITH due AS (
            SELECT event_id, channel FROM tally.alert_deliveries AS waiting
            WHERE ledger_id = $1 AND finished_at IS NULL AND due_at <= now()
                AND channel = ANY ($3) AND (claimed_until IS NULL OR claimed_until < now())
                AND NOT EXISTS (SELECT FROM tally.alert_deliveries AS earlier
                    WHERE earlier.ledger_id = $1 AND earlier.alert_id = waiting.alert_id
                        AND earlier.channel = waiting.channel
                        AND earlier.created_at < waiting.created_at
                        AND earlier.finished_at IS NULL AND earlier.delivered_at IS NULL)
            ORDER BY due_at LIMIT 16 FOR UPDATE SKIP LOCKED
        )
        UPDATE tally.alert_deliveries AS sent
        SET claimed_until = now() + interval '1 minute', attempts = attempts + 1
        FROM due
        WHERE sent.ledger_id = $1 AND sent.event_id = due.event_id AND sent.channel = due.channel
        RETURNING sent.event_id, sent.channel, sent.alert_id, sent.is_escalation, sent.attempts,
            sent.delivered_at IS NOT NULL,
            EXISTS (SELECT FROM tally.alerts
                WHERE alerts.ledger_id = $1 AND alerts.alert_id = sent.alert_id
                    AND raised_event = sent.event_id AND phase <> 'resolved'),
            EXISTS (SELECT FROM tally.alert_deliveries AS gone
                WHERE gone.ledger_id = $1 AND gone.channel = sent.channel
                    AND gone.outcome = 'gone'),
            sent.created_at < now() - $2::bigint * interval '1 second'
        """
    static let columns = Columns(
        EventID.self, String.self, String.self, Bool.self, Int32.self, Bool.self, Bool.self,
        Bool.self, Bool.self)
    let ledger: LedgerID
    let channels: [String]
    var parameters: Parameters { Parameters(ledger, RetrySchedule.secondsMax, channels) }
    typealias Row = ClaimedDelivery

    static func row(
        _ cells: (EventID, String, String, Bool, Int32, Bool, Bool, Bool, Bool)
    ) throws(PostgresError) -> ClaimedDelivery {
        ClaimedDelivery(
            event: cells.0, channel: Name(cells.1), alert: Name(cells.2), isEscalation: cells.3,
            attempts: Int(cells.4), wasDelivered: cells.5, isOpen: cells.6, isDisabled: cells.7,
            isLate: cells.8)
    }
}

/// A notice that this instance is about to send.
struct ClaimedDelivery: Sendable, Hashable {
    let event: EventID
    let channel: Name
    let alert: Name
    let isEscalation: Bool
    let attempts: Int
    /// Whether the channel took it before, and is told again.
    let wasDelivered: Bool
    /// Whether the alert is open, and this is the notice of when it was raised last.
    let isOpen: Bool
    /// Whether the channel wants no more notices.
    let isDisabled: Bool
    /// Whether it was tried for as long as anything is.
    let isLate: Bool
}

/// What became of an attempt: an outcome if it was the last one, else the seconds until the next.
struct SettleDelivery: Statement {
    static let sql = """
        UPDATE tally.alert_deliveries SET claimed_until = NULL, error = $6,
            delivered_at = CASE WHEN $5 THEN coalesce(delivered_at, now()) ELSE delivered_at END,
            outcome = $4, finished_at = CASE WHEN $4::text IS NULL THEN NULL ELSE now() END,
            due_at = CASE WHEN $4 IS NULL THEN now() + $7::bigint * interval '1 millisecond'
                ELSE due_at END
        WHERE ledger_id = $1 AND event_id = $2 AND channel = $3
        """
    static let columns = Columns()
    let ledger: LedgerID
    let delivery: ClaimedDelivery
    var outcome: String?
    var isTaken = false
    var error: String?
    var delayMilliseconds: Int64 = 0
    var parameters: Parameters {
        Parameters(
            ledger, delivery.event, delivery.channel.string, outcome, isTaken, error,
            delayMilliseconds)
    }
}

/// Lets a channel have notices again, after a test showed that it takes them.
struct EnableChannel: Statement {
    static let sql = """
        UPDATE tally.alert_deliveries SET outcome = 'failed'
        WHERE ledger_id = $1 AND channel = $2 AND outcome = 'gone'
        """
    static let columns = Columns()
    let ledger: LedgerID
    let channel: Name
    var parameters: Parameters { Parameters(ledger, channel.string) }
}
