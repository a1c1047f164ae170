import LedgerModel
import Postgres
package import Subscriptions

/// The table of alerts, and the notices that are due: both follow from the events of alerts.
///
/// Each event says which revision of its alert it makes, and each notice has one row for each event
/// and channel, so reading events again changes nothing.
package enum AlertFold {
    package static let name = "alerts"

    package static var subscription: SubscriptionGroup {
        SubscriptionGroup(
            folding: [
                Subscription(
                    name: name, definition: 1, patience: .milliseconds(200),
                    pagePositionsMax: Subscription.wholeLag)
            ], as: name, erase: { _, _, _, _ in 0 },
            fold: { range, _, session in
                let events = try session.run(
                    ListAlertEvents(
                        ledger: range.ledger, after: range.after, upTo: range.upTo,
                        ids: range.firstID..<range.endID))
                // A notice that was sent must not be due again after a crash.
                if !events.isEmpty { try session.execute("SET LOCAL synchronous_commit = on") }
                for event in events { try fold(event, of: range.ledger, in: session) }
                return range.count
            })
    }

    private static func fold(
        _ recorded: RecordedEvent, of ledger: LedgerID, in session: Session
    ) throws(PostgresError) {
        let event = recorded.event
        let facts = AlertFacts(event.detail)
        // What other programs wrote under these kinds names no alert.
        guard !facts.alert.string.isEmpty else { return }
        let phase: AlertState.Phase =
            switch event.kind {
            case .alertRaised: .firing
            case .alertResolved: .resolved
            default: .acknowledged
            }
        try session.execute(
            UpsertAlert(ledger: ledger, facts: facts, phase: phase, recorded: recorded))
        func notice(_ channel: Name, isEscalation: Bool, after seconds: Int64) -> InsertDelivery {
            InsertDelivery(
                ledger: ledger, event: event.id, channel: channel, alert: facts.alert,
                isEscalation: isEscalation, recordedAt: recorded.recordedAt,
                delaySeconds: seconds)
        }
        switch phase {
        case .firing:
            for channel in facts.channels {
                try session.execute(notice(channel, isEscalation: false, after: 0))
            }
            if let escalation = facts.escalation {
                try session.execute(
                    notice(escalation.channel, isEscalation: true, after: escalation.seconds))
            }
        case .resolved:
            // First, or it would take back what the called are told of the end.
            try session.execute(CancelEscalations(ledger: ledger, alert: facts.alert))
            try session.execute(
                InsertResolutions(
                    ledger: ledger, event: event.id, alert: facts.alert,
                    recordedAt: recorded.recordedAt))
        case .acknowledged, .ok:
            try session.execute(CancelEscalations(ledger: ledger, alert: facts.alert))
        }
    }
}
