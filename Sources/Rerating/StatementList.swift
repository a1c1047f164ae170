import LedgerModel
import LedgerSQL
package import Postgres

/// One of each statement of this module: a test prepares them all against the migrated schema.
package let reratingStatements: [any Statement] = {
    let ledger = LedgerID(1)
    let month = Month(year: 2026, month: 1)
    let place = RatingPlace(publication: 0, position: 0)
    return [
        HasAdjustments(ledger: ledger, months: month...month),
        ListAdjustments(of: [EventID(high: 1, low: 2)], in: ledger),
        ListUnrated(),
        InsertRatingPlace(ledger: ledger),
        ReadRatingPlace(ledger: ledger),
        MoveRatingPlace(ledger: ledger, from: place, to: place),
        ListUnpricedCharges(ledger: ledger, after: 0, limit: 1),
        ListUncredited(),
        InsertAllowancePlace(ledger: ledger),
        ReadAllowancePlace(ledger: ledger),
        MoveAllowancePlace(ledger: ledger, from: place, to: AllowancePlace(at: place)),
        DropAllowancePlace(ledger: ledger),
    ]
}()
