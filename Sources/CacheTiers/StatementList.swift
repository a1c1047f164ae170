import Caching
import LedgerModel
package import Postgres

/// All statements of this target; a test prepares each against the migrated schema.
package let cacheTierStatements: [any Statement] = {
    let ledger = LedgerID(1)
    let address = CacheAddress(ledger: ledger, key: CacheKey(number: 1), check: .zero)
    let time = Timestamp(microseconds: 0)
    let answer = StoredAnswer(
        body: [], partition: CachePartition(ledger: ledger, scope: .ledger), storedAt: time,
        freshUntil: time)
    return [
        RecordInvalidation(ledger: ledger, predicate: CachePredicate()),
        NotifyInvalidation(sequence: 1),
        ReadCacheHead(),
        ReadInvalidations(after: 0, limit: 1),
        MarkSwept(sequence: 1),
        ClaimTending(term: .seconds(1)),
        ListUnswept(sweepAfter: .seconds(1), closeAfter: .seconds(1)),
        CloseInvalidations(upTo: 1, closeAfter: .seconds(1)),
        ForgetInvalidations(after: .seconds(1)),
        FindSharedAnswer(ledger: ledger, key: address.key),
        StoreSharedAnswer(entry: TierEntry(answer, at: address, compression: nil)),
        RemoveSharedAnswer(ledger: ledger, key: address.key, begunBefore: 1),
        RemoveSharedAnswers(ledger: ledger, predicate: CachePredicate(), begunBefore: 1),
        ClaimSharedFill(ledger: ledger, key: address.key, id: 1, term: .seconds(1)),
        EndSharedFill(ledger: ledger, key: address.key, id: 1),
        ListSharedTurns(addresses: [address]),
        ForgetSharedFills(),
        RemoveExpiredAnswers(at: time),
        ListSharedSizes(),
        EvictSharedAnswers(ledger: ledger, keepBytes: 1),
        TouchSharedAnswers(uses: [(address, 1)], at: time),
    ]
}()
