import LedgerModel
import LedgerSQL
package import Postgres

/// One of each statement of this module: a test prepares them all against the migrated schema.
package let reconciliationStatements: [any Statement] = {
    let days = Timestamp(year: 2026, month: 1, day: 1)..<Timestamp(year: 2026, month: 1, day: 2)
    let range = DayRange(ledger: LedgerID(1), days: days)
    return [SumRequests(range: range, bounds: [200_000]), ListBookings(range: range)]
}()
