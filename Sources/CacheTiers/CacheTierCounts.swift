/// What the tiers hold and did since the process began.
package struct CacheTierCounts: Sendable, Equatable {
    package var memory = Tier()
    /// Nil where there is none; so is `shared`.
    package var disk: Tier?
    package var shared: Tier?
    package var fills = Fills()
    package var hearing = Hearing()

    package init() {}

    package struct Tier: Sendable, Equatable {
        package var entries = 0
        /// In memory with their overhead, on disk those of the file; of the shared tier what this
        /// instance last heard of all ledgers.
        package var bytes = 0
        package var hits = 0
        package var misses = 0
        /// Misses because the entry was damaged, counted in `misses` too; so are the next three.
        package var corrupt = 0
        package var expired = 0
        package var mismatched = 0
        package var invalidated = 0
        package var stored = 0
        /// Answers that were not stored, because too many waited to be.
        package var dropped = 0
        package var evicted = 0
        package var failures = 0
        /// Look-ups that waited as long as they may.
        package var timeouts = 0
        /// Look-ups that did not ask it, because it had failed before.
        package var skipped = 0
        package var isPaused = false

        package init() {}
    }

    package struct Fills: Sendable, Equatable {
        package var begun = 0
        /// Ended without an answer.
        package var abandoned = 0
        /// Lost, because their term was over.
        package var lost = 0
        package var waited = 0
        package var refused = 0
        package var waiting = 0

        package init() {}
    }

    package struct Hearing: Sendable, Equatable {
        package var sequence: Int64 = 0
        package var applied = 0
        /// Of those, how many no notification told of.
        package var missed = 0
        package var drops = 0

        package init() {}
    }
}

/// Answers of a tier that left for the same reason: what a `cache.evicted` says.
package struct EvictionSummary: Sendable, Equatable {
    package let tier: CacheTier
    package let reason: Reason
    package let count: Int
    package let bytes: Int
    /// How many of them were never given to anybody.
    package let unused: Int

    package enum Reason: String, CaseIterable, Sendable {
        case capacity, expired, pressure
    }

    package init(tier: CacheTier, reason: Reason, count: Int, bytes: Int, unused: Int) {
        self.tier = tier
        self.reason = reason
        self.count = count
        self.bytes = bytes
        self.unused = unused
    }
}
