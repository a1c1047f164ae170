import EventStore
import LedgerModel
package import Postgres

/// One of each statement of this module: a test prepares them all against the migrated schema.
package let replayStatements: [any Statement] = [
    ListReplayPages(ledger: LedgerID(1), firstMonth: nil, lastMonth: nil, rows: 1),
    FindPriceBookText(id: EventID(high: 1, low: 2)),
]
