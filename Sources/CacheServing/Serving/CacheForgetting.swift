package import CacheTiers
package import Caching
package import LedgerModel
import Postgres

/// Which answers somebody wants to be forgotten, and why.
package struct CacheInvalidationWish: Sendable {
    package let selection: CacheSelection
    /// What was given for the selection, as the event tells it.
    package var value: String?
    package var reason: String?
    /// Who wants it.
    package var actor: String

    package init(
        _ selection: CacheSelection, value: String? = nil, reason: String? = nil, actor: String
    ) {
        self.selection = selection
        self.value = value
        self.reason = reason
        self.actor = actor
    }
}

/// Answers that no instance gives any more, and who got them if it was one.
package struct CacheForgotten: Sendable {
    package let by: CacheSelection.Kind
    package let value: String?
    /// How many answers left the shared tier, or this instance where there is none.
    package let count: Int
    package let sequence: Int64
    /// The `cache.invalidated`.
    package let event: EventID
    package var readers: CacheReaderList?
}

/// Who got an answer; the newest first.
package struct CacheReaderList: Sendable {
    package let readers: [CacheReader]
    /// Whether there are more than are listed.
    package let hasMore: Bool
}

/// What is stored under a key, without its text.
package struct CacheEntry: Sendable {
    package let key: CacheKey
    package let hit: TierHit
    package let at: Timestamp
    package let readers: CacheReaderList
}

/// There is no answer under a key, in this ledger.
package struct NoCacheEntry: Fault {
    package let key: CacheKey

    package var kind: FaultKind { .notFound }
    package var param: String? { "key" }
    package var description: String {
        "there is no answer under \(key.digest) in this ledger: it was never stored, has expired or "
            + "was forgotten"
    }
}

/// No rule looks for similar questions, so nothing is known of them.
struct NoSimilarQuestions: Fault {
    let kind = FaultKind.invalid
    let description = "no rule of cache.file looks for similar questions: write near: shadow first"
}

extension ServedCache {
    /// Takes down whether a stored answer answers a similar question.
    package func judge(_ verdict: PairVerdict, at now: Timestamp) async throws {
        guard let similar else { throw NoSimilarQuestions() }
        try await similar.judge(verdict, at: now)
    }

    /// Forgets answers: here before it returns, on every instance within a second.
    package func forget(
        _ wish: CacheInvalidationWish, in ledger: LedgerID, at now: Timestamp
    ) async throws -> CacheForgotten {
        let done = try await tiers.invalidate(wish.selection, ledger: ledger, at: now)
        let key = wish.selection.predicate.key
        if let key { await similar?.forget([key]) }
        let event = events.invalidated(wish, done, at: now)
        try await book(event, in: ledger)
        return CacheForgotten(
            by: wish.selection.kind, value: wish.value, count: done.count,
            sequence: done.sequence, event: event.id)
    }

    /// Forgets one answer, and says who got it.
    package func forget(
        _ key: CacheKey, because reason: String?, by actor: String, in ledger: LedgerID,
        at now: Timestamp
    ) async throws -> CacheForgotten {
        var forgotten = try await forget(
            CacheInvalidationWish(
                .key(key), value: key.digest.description, reason: reason, actor: actor),
            in: ledger, at: now)
        // After it: who got it in between is listed too.
        forgotten.readers = try await readers(of: key, in: ledger)
        return forgotten
    }

    package func entry(
        _ key: CacheKey, in ledger: LedgerID, at now: Timestamp
    ) async throws -> CacheEntry {
        guard let hit = try await tiers.peek(key, ledger: ledger, at: now),
            hit.answer.partition.ledger == ledger
        else { throw NoCacheEntry(key: key) }
        return CacheEntry(
            key: key, hit: hit, at: now, readers: try await readers(of: key, in: ledger))
    }

    private func readers(of key: CacheKey, in ledger: LedgerID) async throws -> CacheReaderList {
        let limit = CacheReader.listedMax
        let found = try await pool.session { session in
            try session.run(FindReaders(ledger: ledger, key: key.digest, limit: limit + 1))
        }
        return CacheReaderList(
            readers: Array(found.prefix(limit)), hasMore: found.count > limit)
    }
}
