package import LedgerModel
package import Postgres

/// Which events of a ledger are read, and which of their columns.
///
///     var query = HistoryQuery(
///         ledger, EventColumns([.model, .outputTokens]), kinds: [.requestCompleted])
///     query.filter = filter
///     try query.read(.page(page), in: session) { row in
///         count(row.text(.model), row.int64(.outputTokens))
///     }
///
/// The text is a COPY in binary format, which takes no parameters: it contains numbers, times and
/// ids that we format, and callers' texts as hexadecimal digits. A module lists its queries, and a
/// test prepares each of them against the schema.
package struct HistoryQuery: Sendable {
    package let ledger: LedgerID
    private let columns: EventColumns
    /// The kinds to read; all if empty.
    private let kinds: [EventKind]
    /// Which events are read, unless they are named by id.
    package var filter = HistoryFilter()
    /// Which rows are marked as asked for; nil marks all.
    package var asked: HistoryFilter?
    /// Whether a page comes in position order; otherwise in table order, with a request right
    /// before its charge.
    package var isOrdered = false

    package enum Selection: Sendable {
        case page(HistoryPage)
        /// In order, whatever month a row lies in: a smuggled one may lie in any.
        case positions(ClosedRange<Int64>)
        /// In no order; positions that the ledger lacks are left out.
        case places([Int64])
        /// Whatever their kind and the filter; ids that the ledger lacks are left out.
        case ids([EventID])
        /// In order, events of these kinds whose cause is in a page, and which share its time.
        case effects(of: HistoryPage, kinds: [EventKind])
    }

    package init(_ ledger: LedgerID, _ columns: EventColumns, kinds: [EventKind] = []) {
        self.ledger = ledger
        self.columns = columns
        self.kinds = kinds
    }

    /// Whole rows of all kinds, in order: as they are hashed and decoded.
    package static func whole(_ ledger: LedgerID) -> HistoryQuery {
        var query = HistoryQuery(ledger, .whole)
        query.isOrdered = true
        return query
    }

    /// Lends each selected row to `body`; returns how many there were.
    @discardableResult
    package func read(
        _ selection: Selection, in session: Session, _ body: (EventRow) throws -> Void
    ) throws -> Int {
        if case .ids(let ids) = selection, ids.isEmpty { return 0 }
        if case .page = selection, !isOrdered {
            // Parallel workers on the server would mix up the order.
            try session.execute("SET LOCAL max_parallel_workers_per_gather = 0")
        }
        var reader = BinaryCopyReader()
        var row = EventRow()
        let copy = "COPY (\(select(selection))) TO STDOUT (FORMAT binary)"
        return try session.copyOut(copy) { message in
            guard let bytes = try reader.row(of: message) else { return }
            try row.read(columns, isMarked: asked != nil, from: bytes)
            try body(row)
        }
    }

    // MARK: Text

    /// The column types that the schema must have.
    package var types: [OID] { (asked == nil ? [] : [.bool]) + columns.types }

    /// The query inside the COPY; the mark comes first.
    func select(_ selection: Selection) -> String {
        let mark = asked.map { "(\($0.condition)) IS TRUE, " } ?? ""
        return "SELECT \(mark)\(columns.text) FROM tally.events "
            + "WHERE ledger_id = \(ledger.number) AND \(condition(selection))"
    }

    private func condition(_ selection: Selection) -> String {
        switch selection {
        case .page(let page):
            condition(page, kinds) + (isOrdered ? " ORDER BY position" : "")
        case .positions(let positions):
            """
            position >= \(positions.lowerBound) AND position <= \(positions.upperBound) \
            ORDER BY position
            """
        case .places(let places):
            "position = ANY ('{\(places.map { String($0) }.joined(separator: ","))}'::bigint[])"
        case .ids(let ids):
            condition(ids)
        case .effects(let page, let causes):
            """
            \(condition(kinds)) AND \(effectCondition(page)) \
            AND cause_id IN (SELECT event_id FROM tally.events \
            WHERE ledger_id = \(ledger.number) AND \(condition(page, causes))) ORDER BY position
            """
        }
    }

    private func condition(_ page: HistoryPage, _ kinds: [EventKind]) -> String {
        """
        position >= \(page.positions.lowerBound) AND position <= \(page.positions.upperBound) \
        AND \(page.idCondition) AND \(condition(kinds)) AND \(filter.condition)
        """
    }

    /// A repeated report has an id of its own time, which may lie in the next month.
    private func effectCondition(_ page: HistoryPage) -> String {
        kinds.contains(.requestRepeated) ? page.idConditionAround : page.idCondition
    }

    /// With bounds, so that PostgreSQL can skip partitions.
    private func condition(_ ids: [EventID]) -> String {
        guard let first = ids.min(), let last = ids.max() else { return "false" }
        let list = ids.map(\.description).joined(separator: ",")
        return """
            event_id = ANY ('{\(list)}'::uuid[]) AND event_id >= '\(first)' \
            AND event_id <= '\(last)'
            """
    }

    private func condition(_ kinds: [EventKind]) -> String {
        if kinds.isEmpty { return "true" }
        return "kind IN (\(kinds.map { String($0.rawValue) }.joined(separator: ", ")))"
    }
}

extension Session {
    /// Reads some events of a ledger by id, in no order; leaves out those that it lacks.
    package func events(_ ids: [EventID], of ledger: LedgerID) throws -> [RecordedEvent] {
        var events: [RecordedEvent] = []
        events.reserveCapacity(ids.count)
        try HistoryQuery.whole(ledger).read(.ids(ids), in: self) {
            events.append(try RecordedEvent(row: $0))
        }
        return events
    }
}
