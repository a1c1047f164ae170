import LedgerModel
import LedgerSQL
package import Postgres

/// One of each statement of this module: a test prepares them all against the migrated schema.
package let recommendationStatements: [any Statement] = {
    let ledger = LedgerID(1)
    let query = RecommendationQuery(
        ledger: ledger, from: Timestamp(year: 2026, month: 1, day: 2),
        to: Timestamp(year: 2026, month: 1, day: 3))
    return [ListPrefixes(query: query, position: 1)]
}()
