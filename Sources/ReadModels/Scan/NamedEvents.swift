import LedgerModel
import LedgerSQL
import Postgres

/// An event that a charge of a page names, wherever it lies.
struct NamedEvent: Sendable {
    let known: KnownEvent
    let status: Int32?
    let errorType: String?
    /// The route of the gateway that it took.
    let route: [UInt8]?

    /// Ids in one statement.
    private static let idsMax = 65_536

    static func find(
        _ ids: Set<EventID>, of ledger: LedgerID, in session: Session
    ) throws(PostgresError) -> [NamedEvent] {
        let ids = Array(ids)
        var found: [NamedEvent] = []
        for start in stride(from: 0, to: ids.count, by: idsMax) {
            found += try session.run(
                FindNamedEvents(
                    ledger: ledger, ids: Array(ids[start..<min(start + idsMax, ids.count)])))
        }
        return found
    }
}

/// One look into the index of one month for each id.
struct FindNamedEvents: Statement {
    static let sql = """
        SELECT event.* FROM unnest($2::uuid[]) AS wanted (id), LATERAL (
            SELECT event_id, kind, input_tokens, output_tokens, unpriced, status, error_type,
                detail
            FROM tally.events WHERE ledger_id = $1 AND event_id = wanted.id OFFSET 0
        ) AS event
        """
    static let columns = Columns(
        EventID.self, Int16.self, Int64?.self, Int64?.self, String?.self, Int32?.self,
        String?.self, String?.self)
    let ledger: LedgerID
    let ids: [EventID]
    var parameters: Parameters { Parameters(ledger, ids) }
    typealias Row = NamedEvent

    static func row(
        _ cells: (EventID, Int16, Int64?, Int64?, String?, Int32?, String?, String?)
    ) throws(PostgresError) -> NamedEvent {
        NamedEvent(
            known: KnownEvent(
                id: cells.0, isFailed: cells.1 == EventKind.requestFailed.rawValue,
                inputTokens: cells.2, outputTokens: cells.3, unpriced: cells.4),
            status: cells.5, errorType: cells.6,
            route: cells.7.flatMap { detail in
                Array(detail.utf8).withUnsafeBytes { CallFacts($0).route }
            })
    }
}
