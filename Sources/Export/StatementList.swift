import LedgerModel
import LedgerSQL
package import Postgres

/// One of each statement of this module: a test prepares them all against the migrated schema.
package let exportStatements: [any Statement] = {
    let ledger = LedgerID(1)
    let id = EventID(high: 1, low: 2)
    return [
        LedgerEnd(ledger: ledger),
        ListExportPages(
            ledger: ledger, last: 1, firstMonth: nil, lastMonth: .earliest, rows: 1),
        FindCharges(ledger: ledger, ids: [id], last: 1),
    ]
}()
