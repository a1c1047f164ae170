import LedgerModel
import LedgerSQL
package import Postgres

/// One of each statement of this module: a test prepares them all against the migrated schema.
package let bookingStatements: [any Statement] = [
    WriteIntakeReasons(rows: []), ListIntakeReasons(ledger: LedgerID(1)),
]
