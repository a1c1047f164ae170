import LedgerModel
import LedgerSQL
package import Postgres

/// One of each statement of this module: a test prepares them all against the migrated schema.
package let experimentingStatements: [any Statement] = {
    let ledger = LedgerID(1)
    let name: Name = "experiment"
    return [
        ListDecisions(ledger: ledger), ReadArms(ledger: ledger, experiment: name),
        CountCrossedUnits(ledger: ledger, experiment: name),
    ]
}()
