import LedgerModel
import LedgerSQL
package import Postgres

/// One of each statement of this module: a test prepares them all against the migrated schema.
package let eventStoreStatements: [any Statement] = {
    let ledger = LedgerID(1)
    let id = EventID(high: 1, low: 2)
    return [
        EnsureMonth(month: .earliest),
        WriterLimits(),
        AdvanceHead(
            ledger: ledger, count: 1, root: .zero, batchID: id, firstMonth: .earliest,
            lastMonth: .earliest, totals: BlockTotals()),
        LockHead(ledger: ledger),
        FindBatch(ledger: ledger, batchID: id, after: 0),
        FindIdentities(ledger: ledger, digests: [.zero]),
        TerminateStalledWriter(ledger: ledger, keys: []),
        LockStates(ledger: ledger, keys: []),
        ReadClock(),
        InsertStates(ledger: ledger, keys: []),
        WriteStates(ledger: ledger, rows: []),
        ReadState(ledger: ledger, key: StateKey(kind: 1, name: "name")),
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
