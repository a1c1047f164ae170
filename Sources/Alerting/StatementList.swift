import LedgerModel
import LedgerSQL
package import Postgres

/// One of each statement of this module: a test prepares them all against the migrated schema.
package let alertingStatements: [any Statement] = {
    let ledger = LedgerID(1)
    let (alert, channel): (Name, Name) = ("0123456789abcdef", "log")
    let id = EventID(high: 1, low: 1)
    let event = Event(id: id, kind: .alertRaised, occurredAt: .earliest)
    let recorded = RecordedEvent(position: 1, recordedAt: .earliest, event: event)
    let delivery = ClaimedDelivery(
        event: id, channel: channel, alert: alert, isEscalation: false, attempts: 1,
        wasDelivered: false, isOpen: true, isDisabled: false, isLate: false)
    return [
        FindLastRequest(ledger: ledger),
        FindPrefixBreak(
            ledger: ledger, app: nil, model: nil, since: .earliest, until: .earliest),
        ListAlertEvents(ledger: ledger, after: 0, upTo: 1, ids: id..<id),
        UpsertAlert(ledger: ledger, facts: AlertFacts(nil), phase: .firing, recorded: recorded),
        InsertDelivery(
            ledger: ledger, event: id, channel: channel, alert: alert, isEscalation: false,
            recordedAt: .earliest, delaySeconds: 0),
        InsertResolutions(ledger: ledger, event: id, alert: alert, recordedAt: .earliest),
        CancelEscalations(ledger: ledger, alert: alert), ListAlerts(ledger: ledger),
        CountOpenAlerts(), ListLedgersDue(channels: ["log"]),
        ClaimDeliveries(ledger: ledger, channels: ["log"]),
        SettleDelivery(ledger: ledger, delivery: delivery),
        EnableChannel(ledger: ledger, channel: channel),
        RemoveNotices(keptSeconds: 1, rows: 1),
    ]
}()
