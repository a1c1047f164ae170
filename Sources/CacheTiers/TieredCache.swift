package import Caching
package import LedgerModel
package import Postgres

/// Answers in memory, on disk and shared by all instances, behind one face.
package final class TieredCache: Sendable {
    package let configuration: CacheTiersConfiguration
    private let memory: ResponseCache

    /// - Parameters:
    ///   - pool: of the database of the ledgers. Without one there are no invalidations over
    ///     instances, and no shared tier in PostgreSQL.
    ///   - listening: for a connection of its own that listens; nil to look at times only, as
    ///     behind a pooler.
    ///   - now: the clock; its times are compared with those that callers give.
    ///   - report: is told what belongs into the log.
    package init(
        _ configuration: CacheTiersConfiguration = CacheTiersConfiguration(), pool: Pool? = nil,
        listening: PostgresConfiguration? = nil, now: @escaping @Sendable () -> Timestamp,
        report: @escaping @Sendable (CacheNotice) -> Void = { _ in }
    ) throws {
        self.configuration = configuration
        memory = try ResponseCache(
            capacity: configuration.memory.capacityBytes, policy: configuration.memory.policy)
    }

    /// The answer to a request, from the nearest tier that has it; nearer ones get it as well.
    ///
    /// Takes as long as a look into memory, or `lookupMax` more.
    package func lookup(_ address: CacheAddress, at now: Timestamp) async -> TierFinding {
        .miss(.absent)
    }

    /// What is stored under a key, for people who look at the cache; counts as no use.
    package func peek(
        _ key: CacheKey, ledger: LedgerID, at now: Timestamp
    ) async throws -> TierHit? {
        nil
    }

    /// Keeps an answer: in memory at once, in the tiers below soon. Wakes those who wait for it.
    ///
    /// - Parameters:
    ///   - fill: the turn that it ends; without one the answer counts as begun now.
    @discardableResult
    package func store(
        _ answer: StoredAnswer, for address: CacheAddress, fill: FillToken? = nil,
        at now: Timestamp
    ) async throws(CacheTierFault) -> CacheReceipt {
        try answer.validate()
        return CacheReceipt(bytes: answer.body.count, tiers: [.memory])
    }

    /// Asks for the turn to fetch an answer: one caller of all instances gets it.
    ///
    /// - Parameter term: after which the turn is lost, 10 minutes at most.
    package func fill(
        _ address: CacheAddress, for term: Duration, at now: Timestamp
    ) async -> FillTurn {
        .yours(FillToken(id: 0, sequence: 0, until: now))
    }

    /// Waits for an answer that somebody else fetches.
    ///
    /// A cancelled task stops waiting, which counts as `timedOut`.
    package func wait(for address: CacheAddress, until: Timestamp) async -> FillWait {
        .free
    }

    /// Gives a turn back without an answer; the next of those who wait gets it.
    package func endFill(_ address: CacheAddress, _ token: FillToken) {}

    /// Makes answers unfit on all instances: here before it returns, elsewhere within a second.
    ///
    /// Answers whose fetching began before are not stored any more.
    package func invalidate(
        _ selection: CacheSelection, ledger: LedgerID, at now: Timestamp
    ) async throws -> CacheInvalidation {
        CacheInvalidation(sequence: 0, count: 0)
    }

    /// Hears of invalidations, sweeps, and watches memory, until it is cancelled.
    package func run() async {}

    /// Reads what was invalidated since the last look; `run` does this all the time.
    package func catchUp(at now: Timestamp) async throws {}

    /// Waits until the tiers below have what was stored.
    package func flush() async {}

    package func counts() -> CacheTierCounts { CacheTierCounts() }

    /// What left since the last call, by tier and reason.
    package func takeEvictions() -> [EvictionSummary] { [] }
}
