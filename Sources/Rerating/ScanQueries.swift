import EventStore
import LedgerModel
import Postgres

/// The queries of a scan.
struct ScanQueries: Sendable {
    /// Requests and first charges, each request directly before its charge.
    let requests: HistoryQuery
    /// The adjustments of a page's requests.
    let adjustments: HistoryQuery

    /// - Parameter isMetered: whether to read, in order, all requests that use up the same
    ///   allowances, and to mark those that the filter selects.
    init(_ filter: HistoryFilter, ledger: LedgerID, isMetered: Bool) {
        var requests = HistoryQuery(
            ledger,
            EventColumns(
                [.kind, .id, .occurredAt, .causeID, .amount, .unpriced] + EventColumns.pricing),
            kinds: [.requestCompleted, .requestFailed, .chargeRated])
        var adjustments = HistoryQuery(
            ledger, EventColumns([.causeID, .amount, .unpriced], with: [.position]),
            kinds: [.chargeAdjusted])
        requests.filter = isMetered ? filter.windows : filter
        adjustments.filter = requests.filter
        if isMetered {
            requests.asked = filter
            requests.isOrdered = true
        }
        self.requests = requests
        self.adjustments = adjustments
    }
}

/// Whether there are adjustments in some months; usually there are none.
struct HasAdjustments: Statement {
    static let sql = """
        SELECT 1 FROM tally.events
        WHERE ledger_id = $1 AND kind = 11 AND cause_id >= $2 AND cause_id < $3
            AND event_id >= $2 AND event_id < $3
        LIMIT 1
        """
    static let columns = Columns(Int32.self)
    let ledger: LedgerID
    let months: ClosedRange<Month>
    var parameters: Parameters {
        Parameters(
            ledger, EventID.first(of: months.lowerBound),
            EventID.first(of: months.upperBound.next))
    }
}
