package import Booking
package import CacheTiers
package import Caching
package import LedgerModel
package import Postgres

/// The response cache as the service offers it: to callers that are their own gateway, and to the
/// gateway.
///
/// It looks answers up, gives turns to fetch them, stores them and forgets them, under the rules,
/// and books each of these as an event.
package final class ServedCache: Sendable {
    package let tiers: TieredCache
    package let rules: CacheRules
    package let similar: (any SimilarAnswers)?
    package let journal = CacheJournal()
    let ledgers: LedgerRegistry
    let pool: Pool
    let events: CacheEvents
    let observe: @Sendable (CacheObservation) -> Void

    /// - Parameters:
    ///   - similar: asked where a rule switches likeness on; nil for nobody.
    ///   - makeID: a new unique id.
    ///   - observe: is told of everything that is counted.
    package init(
        tiers: TieredCache, rules: CacheRules = CacheRules(),
        similar: (any SimilarAnswers)? = nil, ledgers: LedgerRegistry, pool: Pool,
        makeID: @escaping @Sendable () -> EventID,
        observe: @escaping @Sendable (CacheObservation) -> Void = { _ in }
    ) {
        self.tiers = tiers
        self.rules = rules
        self.similar = similar
        self.ledgers = ledgers
        self.pool = pool
        events = CacheEvents(makeID: makeID)
        self.observe = observe
    }

    /// The key of a question, and what the rules say about it.
    package func ask(_ question: CacheQuestion) throws(CacheFault) -> AskedQuestion {
        try AskedQuestion(question, rules)
    }

    /// Appends an event, with the money that follows from it, before its cause is answered.
    func book(_ event: Event, in ledger: LedgerID) async throws {
        try await ledgers.openLedger(ledger).intake.take(event)
    }

    // MARK: In the background

    /// Writes misses, and what was evicted since the last call; to be called every second and at
    /// the end.
    ///
    /// - Parameter ledger: where evictions are booked, which concern all ledgers together.
    package func writeJournal(evictionsIn ledger: LedgerID?, at now: Timestamp) async throws {
        if let ledger {
            for summary in tiers.takeEvictions() {
                observe(.evicted(summary))
                journal.note(events.evicted(summary, at: now), in: ledger)
            }
        }
        defer {
            let dropped = journal.takeDropped()
            if dropped > 0 { observe(.dropped(dropped)) }
        }
        try await journal.write(to: ledgers)
    }
}

/// Something that the cache did, for metrics.
package enum CacheObservation: Sendable {
    /// - Parameter tier: of a hit.
    case lookup(CacheLookup.Outcome, CacheTier?)
    /// - Parameter skip: why the answer was not stored; nil if it was.
    case answer(CacheSkip?)
    case evicted(EvictionSummary)
    /// Events that are not written, because too many waited.
    case dropped(Int)
}
