package import EventStore
import LedgerModel
import LedgerSQL
package import Postgres
import Subscriptions

/// One of each statement of this module: a test prepares them all against the migrated schema.
package let reratingStatements: [any Statement] = {
    let ledger = LedgerID(1)
    let month = Month(year: 2026, month: 1)
    let range = EventRange(
        ledger: ledger, after: 0, upTo: 1, firstID: EventID(high: 1, low: 2),
        endID: EventID(high: 2, low: 2))
    return [
        HasAdjustments(ledger: ledger, months: month...month),
        ListAdjustments(of: [EventID(high: 1, low: 2)], in: ledger),
        FindRatable(range: range),
        ListUnpricedCharges(range: range, after: 0),
        ListRepeatedRequests(range: range, after: 0),
    ]
}()

/// One of each query of history, for the same test.
package let reratingQueries: [HistoryQuery] = [false, true].flatMap { isMetered in
    let queries = ScanQueries(HistoryFilter(), ledger: LedgerID(1), isMetered: isMetered)
    return [queries.requests, queries.adjustments]
}
