package import LedgerModel

/// Where answers are kept, the nearest first.
package enum CacheTier: String, CaseIterable, Sendable {
    case memory, disk, shared
}

/// What a look-up found.
package enum TierFinding: Sendable, Equatable {
    case hit(TierHit)
    case miss(CacheMissReason)
}

package struct TierHit: Sendable, Equatable {
    package let answer: StoredAnswer
    package let tier: CacheTier
    /// Past `freshUntil`: to be given, and to be fetched anew by whoever gets the turn to fill.
    package let isStale: Bool

    package init(answer: StoredAnswer, tier: CacheTier, isStale: Bool) {
        self.answer = answer
        self.tier = tier
        self.isStale = isStale
    }
}

/// Why there is no answer; the raw value is the `reason` of a `cache.miss`.
package enum CacheMissReason: String, CaseIterable, Sendable {
    case absent
    case expired
    /// The key is that of another request.
    case mismatched
    /// The entry was damaged, and has been removed.
    case corrupt
    /// The instance has not heard of invalidations for too long to be sure of what it has.
    case unsure
}

/// What somebody who missed is to do.
package enum FillTurn: Sendable, Equatable {
    /// Fetch the answer, then `store` it with the token, or `endFill`.
    case yours(FillToken)
    /// Somebody else fetches it, until then at the latest: `wait` for it, or fetch it as well.
    case elsewhere(until: Timestamp)
    /// It came in the meantime.
    case stored(TierHit)
}

/// How waiting for somebody else's answer ended.
package enum FillWait: Sendable, Equatable {
    case stored(TierHit)
    /// Whoever had the turn ended without an answer, or lost it: call `fill` again.
    case free
    /// It took longer than the caller wanted to wait.
    case timedOut
    /// Too many wait already; fetch the answer yourself, without a turn.
    case tooMany
}

/// The turn to fetch an answer: lost when its term ends, so that a killed instance blocks nobody.
///
/// Its text goes to callers of the HTTP interface and back, to any instance.
package struct FillToken: Hashable, Sendable {
    /// Tells this turn from others for the same answer.
    package let id: Int64
    /// The last invalidation that was known when the turn was given.
    package let sequence: Int64
    package let until: Timestamp

    package init(id: Int64, sequence: Int64, until: Timestamp) {
        self.id = id
        self.sequence = sequence
        self.until = until
    }
}

extension FillToken: CustomStringConvertible {
    /// Three hexadecimal numbers, with points between them.
    package var description: String {
        [id, sequence, until.microseconds]
            .map { String(UInt64(bitPattern: $0), radix: 16) }.joined(separator: ".")
    }

    package init?(_ text: some StringProtocol) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        let numbers = parts.compactMap { UInt64($0, radix: 16).map(Int64.init(bitPattern:)) }
        guard parts.count == 3, numbers.count == 3 else { return nil }
        self.init(
            id: numbers[0], sequence: numbers[1], until: Timestamp(microseconds: numbers[2]))
    }
}

/// What became of an answer that was stored.
package struct CacheReceipt: Sendable, Equatable {
    /// Of the record in memory, everything included.
    package let bytes: Int
    /// Where it is, or is on its way to.
    package let tiers: [CacheTier]

    package init(bytes: Int, tiers: [CacheTier]) {
        self.bytes = bytes
        self.tiers = tiers
    }
}

/// An invalidation that was recorded: from now on no instance gives what it names.
package struct CacheInvalidation: Sendable, Equatable {
    package let sequence: Int64
    /// How many answers left: of the shared tier, or of this instance where there is none.
    package let count: Int

    package init(sequence: Int64, count: Int) {
        self.sequence = sequence
        self.count = count
    }
}
