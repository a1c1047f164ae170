import LedgerModel
package import Postgres
import Similarity

/// The statements of similar answers: a test prepares them all against the migrated schema.
package let nearStatements: [any Statement] = {
    let id = Evidence.PairID(LedgerID(1), .zero, .zero)
    return [
        WriteSimilarPairs(rows: []), WriteSimilarTallies(rows: []),
        WriteSimilarVerdict(id: id, verdict: .init(isSame: true, isPerson: true)),
        ReadSimilarPairs(since: .earliest), ReadSimilarTallies(since: .earliest),
    ]
}()
