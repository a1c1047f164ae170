package import LedgerModel
import LedgerSQL
import Postgres

extension PostgresLedger {
    /// Positions searched for events of the wanted kind in one answer.
    static let lookThroughMax: Int64 = 200_000

    /// Reads the next events, of one kind if given, and the position up to which all were seen.
    package func events(
        of kind: EventKind?, after start: Int64, limit: Int
    ) async throws -> (events: [RecordedEvent], end: Int64) {
        guard let kind else {
            let events = try await events(after: start, limit: limit)
            return (events, events.last?.position ?? start)
        }
        var (found, end) = ([RecordedEvent](), start)
        while end - start < Self.lookThroughMax {
            let events = try await events(after: end, limit: Self.readLimitMax)
            for recorded in events {
                end = recorded.position
                if recorded.event.kind == kind { found.append(recorded) }
                if found.count == limit { return (found, end) }
            }
            if events.count < Self.readLimitMax { break }
        }
        return (found, end)
    }
}

/// What an event is looked for by, other than its id and its place.
package enum EventMark: Sendable {
    /// The trace that reported it.
    case trace(Name)
    /// The provider's id of the answer.
    case response(Name)
    /// The sender's own identity.
    case external(ExternalID)
}

extension PostgresLedger {
    /// The events with a mark, in order; at most `limit`.
    package func events(
        with mark: EventMark, after start: Int64, limit: Int
    ) async throws -> [RecordedEvent] {
        let find = FindMarked(ledger: id, mark: mark, after: start, limit: limit)
        let ledger = id
        return try await pool.session { session in
            try session.events(try session.run(find), of: ledger)
                .sorted { $0.position < $1.position }
        }
    }
}

/// The ids of events with a mark; each kind of mark has its index.
struct FindMarked: Statement {
    static let sql = """
        SELECT event_id FROM (
            SELECT event_id, position FROM tally.events
            WHERE ledger_id = $1 AND trace_id IS NOT NULL AND trace_id = $2 AND position > $5
            UNION ALL
            SELECT event_id, position FROM tally.events
            WHERE ledger_id = $1 AND response_id IS NOT NULL AND response_id = $3
                AND position > $5
            UNION ALL
            SELECT events.event_id, events.position FROM tally.identities
            JOIN tally.events AS events ON events.ledger_id = identities.ledger_id
                AND events.event_id = identities.event_id
            WHERE identities.ledger_id = $1 AND identities.digest = $4 AND events.position > $5
        ) AS marked
        ORDER BY position LIMIT $6
        """
    static let columns = Columns(EventID.self)
    let ledger: LedgerID
    let mark: EventMark
    let after: Int64
    let limit: Int
    var parameters: Parameters {
        var (trace, response, digest): (String?, String?, Digest?) = (nil, nil, nil)
        switch mark {
        case .trace(let name): trace = name.string
        case .response(let name): response = name.string
        case .external(let external): digest = external.digest
        }
        return Parameters(ledger, trace, response, digest, after, Int64(limit))
    }
    typealias Row = EventID

    static func row(_ cell: EventID) throws(PostgresError) -> EventID { cell }
}
