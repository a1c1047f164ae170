import Batching
package import EventStore
import LedgerModel
import LedgerSQL
package import Postgres
import Routing

/// One of each statement of this module: a test prepares them all against the migrated schema.
package let replayStatements: [any Statement] = [
    ListScenarios(ledger: LedgerID(1)),
    InsertScenario(
        ledger: LedgerID(1), name: "", run: EventID(high: 1, low: 2),
        report: ReplayReport(request: ReplayRequest(prices: .recorded)), detail: "{}",
        countMax: 1),
    InsertScenarioRows(ledger: LedgerID(1), name: "", groupings: [], rows: []),
    EnsureScenarioViews(name: "a"), EmptyScenario(ledger: LedgerID(1), name: "a"),
    DropScenario(ledger: LedgerID(1), name: "a"),
]

/// One of each query of history, for the same test.
package let replayQueries: [HistoryQuery] =
    [false, true].map { isMetered in
        var query = ReplayRequest(prices: .recorded, groupedBy: [.team]).query(of: LedgerID(1))
        if isMetered { query.asked = HistoryFilter() }
        return query
    } + policyQueries

private let policyQueries = [
    CacheReplayFold.requests(of: CachePolicyFile()), BatchingReplayFold.requests(of: .standard),
    WarmingFold.requests, RoutedCall.requests(of: GatewayPolicy()),
].flatMap { requests in
    let queries = requests.queries(LedgerID(1), HistoryFilter(), [.team, .day])
    return [queries.events, queries.costs]
}
