import LedgerModel
import LedgerSQL
package import Postgres

/// One of each statement of this module: a test prepares them all against the migrated schema.
package let replayStatements: [any Statement] = [
    FindPriceBookText(id: EventID(high: 1, low: 2)),
    ListScenarios(ledger: LedgerID(1)),
    InsertScenario(
        ledger: LedgerID(1), name: "", run: EventID(high: 1, low: 2),
        report: ReplayReport(request: ReplayRequest(prices: .recorded)), detail: "{}",
        countMax: 1),
    InsertScenarioRows(ledger: LedgerID(1), name: "", groupings: [], rows: []),
    EnsureScenarioViews(name: "a"), EmptyScenario(ledger: LedgerID(1), name: "a"),
    DropScenario(ledger: LedgerID(1), name: "a"),
]
