import LedgerModel
import LedgerSQL
package import Postgres

/// One of each statement of this module: a test prepares them all against the migrated schema.
package let eventStoreStatements: [any Statement] = {
    let ledger = LedgerID(1)
    let id = EventID(high: 1, low: 2)
    let report = Event(id: id, kind: .requestCompleted, occurredAt: .earliest)
    guard let findCalls = FindCalls(of: [report], in: ledger) else {
        preconditionFailure("there is a report to search for")
    }
    return [
        EnsureMonth(month: .earliest),
        WriterLimits(),
        AdvanceHead(
            ledger: ledger, count: 1, root: .zero, batchID: id, firstMonth: .earliest,
            lastMonth: .earliest, totals: BlockTotals()),
        LockHead(ledger: ledger),
        FindBatch(ledger: ledger, batchID: id, after: 0),
        FindIdentities(ledger: ledger, digests: [.zero]),
        findCalls,
        HasRepeats(ledger: ledger, months: Timestamp.earliest.month...Timestamp.earliest.month),
        ListRepeats(ledger: ledger, requests: [id]),
        TerminateStalledWriter(ledger: ledger, keys: []),
        LockStates(ledger: ledger, keys: []),
        ReadClock(),
        InsertStates(ledger: ledger, keys: []),
        WriteStates(ledger: ledger, rows: []),
        ReadState(ledger: ledger, key: StateKey(kind: 1, name: "name")),
        FindMarked(ledger: ledger, mark: .trace("t"), after: 0, limit: 1),
        ListStates(ledger: ledger, wanted: StateSelection(kind: 1)),
        ReadHead(ledger: ledger),
        MonthsOfPositions(ledger: ledger, first: 1, last: 2),
        ReadBlock(ledger: ledger, position: 1),
        ReadBlocks(ledger: ledger, after: 0, limit: 1),
        NextHistoryPage(ledger: ledger, after: 0, rows: 1),
        FindHistoryEnd(ledger: ledger),
        ListHistoryPages(ledger: ledger, firstMonth: nil, lastMonth: nil, rows: 1, end: 1),
        EventOutsideLedger(ledger: ledger),
        UnfaithfulHead(ledger: ledger),
        EventWithoutIdentity(ledger: ledger),
        IdentityWithoutEvent(ledger: ledger),
    ]
}()

/// One of each query of history, for the same test.
package let eventStoreQueries: [HistoryQuery] = [
    .whole(LedgerID(1)), Completions.query(of: LedgerID(1)),
]

/// Every COPY into the database: a test copies nothing with each.
package let eventStoreCopies = [RowFrame.copyIn, IdentityRow.copyIn]

extension HistoryQuery {
    /// The query with a filter that has everything, for each selection: a test prepares these
    /// texts.
    package var texts: [String] {
        let month = Month(year: 2026, month: 1)
        let page = HistoryPage(1...2, months: month...month)
        var query = self
        query.filter.since = .earliest
        query.filter.until = .earliest
        for dimension in Dimension.allCases { query.filter.scope[dimension] = "it's \\ é" }
        return [
            query.select(.page(page)), query.select(.positions(1...2)),
            query.select(.ids([EventID(high: 1, low: 2), EventID(high: 2, low: 1)])),
            query.select(.effects(of: page, kinds: [.requestCompleted])),
        ]
    }
}
