import JSON
import LedgerModel
import LedgerSQL
import Postgres

/// The events of alerts in a range, in order; they are few, and have their own index.
struct ListAlertEvents: Statement {
    static let sql = """
        SELECT position, recorded_at, kind, event_id, occurred_at, detail FROM tally.events
        WHERE ledger_id = $1 AND kind IN (80, 82, 83) AND position > $2 AND position <= $3
            AND event_id >= $4 AND event_id < $5
        ORDER BY position
        """
    static let columns = Columns(
        Int64.self, Timestamp.self, Int16.self, EventID.self, Timestamp.self, String?.self)
    let ledger: LedgerID
    let after: Int64
    let upTo: Int64
    let ids: Range<EventID>
    var parameters: Parameters {
        Parameters(ledger, after, upTo, ids.lowerBound, ids.upperBound)
    }
    typealias Row = RecordedEvent

    static func row(
        _ cells: (Int64, Timestamp, Int16, EventID, Timestamp, String?)
    ) throws(PostgresError) -> RecordedEvent {
        try RecordedEvent(
            cells.0, cells.1, kind: cells.2, id: cells.3, cells.4, detail: cells.5)
    }
}

/// Writes what an event makes of its alert; an event that was seen already makes nothing of it.
struct UpsertAlert: Statement {
    static let sql = """
        INSERT INTO tally.alerts AS alerts (ledger_id, alert_id, rule, subject, window_name, phase,
            revision, raised_at, raised_event, changed_at, position, silenced_until, facts)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
        ON CONFLICT (ledger_id, alert_id) DO UPDATE SET phase = excluded.phase,
            revision = excluded.revision, changed_at = excluded.changed_at,
            position = excluded.position, silenced_until = excluded.silenced_until,
            raised_at = excluded.raised_at,
            raised_event = CASE excluded.phase WHEN 'firing' THEN excluded.raised_event
                ELSE alerts.raised_event END,
            facts = CASE excluded.phase WHEN 'firing' THEN excluded.facts
                ELSE alerts.facts || excluded.facts END
        WHERE alerts.revision < excluded.revision
        """
    static let columns = Columns()
    let ledger: LedgerID
    let facts: AlertFacts
    let phase: AlertState.Phase
    let recorded: RecordedEvent
    var parameters: Parameters {
        let event = recorded.event
        return Parameters(
            ledger, facts.alert.string, facts["rule"], facts["subject"], facts["window"],
            phase.rawValue, facts.revision, facts.raisedAt ?? event.occurredAt, event.id,
            event.occurredAt, recorded.position, facts.silencedUntil,
            PostgresJSON(text: facts.labels?.canonicalJSON ?? "{}"))
    }
}

/// A notice for a channel; one that is older than retries last is not for anybody any more.
struct InsertDelivery: Statement {
    static let sql = """
        INSERT INTO tally.alert_deliveries (ledger_id, event_id, channel, alert_id, is_escalation,
            created_at, due_at)
        SELECT $1, $2, $3, $4, $5, $6::timestamptz, $6 + $7::bigint * interval '1 second'
        WHERE $6 > now() - $8::bigint * interval '1 second'
        ON CONFLICT DO NOTHING
        """
    static let columns = Columns()
    let ledger: LedgerID
    let event: EventID
    let channel: Name
    let alert: Name
    let isEscalation: Bool
    let recordedAt: Timestamp
    let delaySeconds: Int64
    var parameters: Parameters {
        Parameters(
            ledger, event, channel.string, alert.string, isEscalation, recordedAt, delaySeconds,
            RetrySchedule.secondsMax)
    }
}

/// Who was told, or will be, that an alert was raised, is told that it is over.
struct InsertResolutions: Statement {
    static let sql = """
        INSERT INTO tally.alert_deliveries (ledger_id, event_id, channel, alert_id, is_escalation,
            created_at, due_at)
        SELECT $1, $2, channel, $3, is_escalation, $4, $4
        FROM tally.alert_deliveries AS raised
        WHERE raised.ledger_id = $1 AND raised.alert_id = $3
            AND raised.event_id = (SELECT raised_event FROM tally.alerts
                WHERE ledger_id = $1 AND alert_id = $3)
            AND (NOT is_escalation OR delivered_at IS NOT NULL)
            AND $4::timestamptz > now() - $5::bigint * interval '1 second'
        ON CONFLICT DO NOTHING
        """
    static let columns = Columns()
    let ledger: LedgerID
    let event: EventID
    let alert: Name
    let recordedAt: Timestamp
    var parameters: Parameters {
        Parameters(ledger, event, alert.string, recordedAt, RetrySchedule.secondsMax)
    }
}

/// Nobody is called for an alert that somebody looks after, or that is over.
struct CancelEscalations: Statement {
    static let sql = """
        UPDATE tally.alert_deliveries SET finished_at = now(), outcome = 'cancelled'
        WHERE ledger_id = $1 AND alert_id = $2 AND is_escalation AND finished_at IS NULL
            AND delivered_at IS NULL
        """
    static let columns = Columns()
    let ledger: LedgerID
    let alert: Name
    var parameters: Parameters { Parameters(ledger, alert.string) }
}

/// The alerts of a ledger: those that are open first, the newest first.
struct ListAlerts: Statement {
    static let sql = """
        SELECT alert_id, rule, subject, window_name, phase, revision, raised_at, changed_at,
            silenced_until, facts::text,
            ARRAY(SELECT channel FROM tally.alert_deliveries AS sent
                WHERE sent.ledger_id = alerts.ledger_id AND sent.alert_id = alerts.alert_id
                    AND sent.event_id = alerts.raised_event AND delivered_at IS NOT NULL
                ORDER BY channel),
            ARRAY(SELECT channel || coalesce(': ' || error, '') FROM tally.alert_deliveries AS sent
                WHERE sent.ledger_id = alerts.ledger_id AND sent.alert_id = alerts.alert_id
                    AND sent.event_id = alerts.raised_event AND delivered_at IS NULL
                    AND outcome IS DISTINCT FROM 'cancelled' AND (due_at <= now() OR attempts > 0)
                ORDER BY channel)
        FROM tally.alerts AS alerts
        WHERE ledger_id = $1 AND ($2::text IS NULL OR alert_id = $2)
            AND ($3 OR phase IN ('firing', 'acknowledged'))
        ORDER BY phase = 'resolved', raised_at DESC, alert_id LIMIT 1000
        """
    static let columns = Columns(
        String.self, String.self, String.self, String.self, String.self, Int64.self,
        Timestamp.self, Timestamp.self, Timestamp?.self, String.self, [String].self,
        [String].self)
    let ledger: LedgerID
    var alert: Name?
    var includesResolved = true
    var parameters: Parameters { Parameters(ledger, alert?.string, includesResolved) }
    typealias Row = Alert

    static func row(
        _ cells: (
            String, String, String, String, String, Int64, Timestamp, Timestamp, Timestamp?,
            String, [String], [String]
        )
    ) throws(PostgresError) -> Alert {
        guard let phase = AlertState.Phase(rawValue: cells.4) else {
            throw PostgresError(.decoding, "\(cells.4) is no state of an alert")
        }
        return Alert(
            id: Name(cells.0), rule: Name(cells.1), subject: Name(cells.2), window: Name(cells.3),
            phase: phase, revision: cells.5, raisedAt: cells.6, changedAt: cells.7,
            silencedUntil: cells.8, delivered: cells.10, undelivered: cells.11,
            facts: AlertFacts(json: cells.9))
    }
}

/// How many alerts of each ledger are open, by phase.
struct CountOpenAlerts: Statement {
    static let sql = """
        SELECT ledger_id, phase, count(*) FROM tally.alerts
        WHERE phase IN ('firing', 'acknowledged') GROUP BY ledger_id, phase
        """
    static let columns = Columns(LedgerID.self, String.self, Int64.self)
    typealias Row = (ledger: LedgerID, phase: String, count: Int64)

    static func row(_ cells: (LedgerID, String, Int64)) throws(PostgresError) -> Row {
        (cells.0, cells.1, cells.2)
    }
}
