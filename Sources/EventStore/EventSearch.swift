package import LedgerModel

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
