package import EventStore
import LedgerModel
import LedgerSQL
package import Postgres

/// One of each statement of this module: a test prepares them all against the migrated schema.
package let exportStatements: [any Statement] = [LedgerEnd(ledger: LedgerID(1))]

/// One of each query of history, for the same test.
package let exportQueries: [HistoryQuery] =
    ExportRequest.Format.allCases.map { ExportRequest($0).query(of: LedgerID(1)) }
    + [
        HistoryQuery(LedgerID(1), RequestCost.columns),
        HistoryQuery(LedgerID(1), EventColumns([.bookID]), kinds: [.chargeRated]),
    ]
