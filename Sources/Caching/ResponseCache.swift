package import LedgerModel
import Synchronization

/// An answer as it is kept.
package struct CachedAnswer: Sendable, Equatable {
    package let body: [UInt8]
    /// The second digest of the request that it answers; see `CanonicalRequest`.
    package let check: Digest
    package let storedAt: Timestamp
    package let expiresAt: Timestamp

    package init(body: [UInt8], check: Digest, storedAt: Timestamp, expiresAt: Timestamp) {
        self.body = body
        self.check = check
        self.storedAt = storedAt
        self.expiresAt = expiresAt
    }
}

/// What a look into a cache found.
package enum CachedFinding: Sendable, Equatable {
    case hit(CachedAnswer)
    case absent
    case expired
    /// The entry under the key is of another request.
    case mismatched
}

/// Answers by key in memory, never more than a number of bytes.
///
/// The cache has shards by key, each with a lock, an order of its own and an equal part of the
/// bytes. What an entry counts is its body and `entryOverhead`; what the orders take beside that is
/// `CacheCounts.overheadBytes`. Time comes from the caller.
package final class ResponseCache: Sendable {
    private let shards: [CacheShard]
    package let policy: PolicyName

    package static let capacityMin = 64 << 10
    package static let capacityMax = 1 << 44
    /// What an entry takes beside its body: 64 bytes of order, up to 32 of index, 64 for what is
    /// known of the answer, 48 for its allocation, and as much again for arrays that doubled.
    package static let entryOverhead = 320
    /// A shard is not smaller, unless the cache is: many small orders know less than one.
    private static let shardBytesMin = 16 << 20
    private static let shardsMax = 16

    /// - Parameters:
    ///   - capacity: the bytes of all entries.
    ///   - shards: a power of two; nil for as many as the capacity allows.
    package init(
        capacity: Int, policy: PolicyName = .adaptive, shards: Int? = nil
    ) throws(CacheFault) {
        guard (Self.capacityMin...Self.capacityMax).contains(capacity) else {
            throw .capacity(bytes: capacity)
        }
        let count = Self.shards(of: capacity, wanted: shards)
        self.policy = policy
        self.shards = (0..<count).map { _ in
            CacheShard(policy, capacity: capacity / count, share: count)
        }
    }

    /// A power of two; as many as the capacity allows, or as wanted.
    static func shards(of capacity: Int, wanted: Int? = nil) -> Int {
        let wanted = wanted ?? min(shardsMax, max(1, capacity / shardBytesMin))
        return 1 << (Int.bitWidth - 1 - max(1, wanted).leadingZeroBitCount)
    }

    @inline(__always)
    private func shard(_ key: CacheKey) -> CacheShard {
        shards[Int(truncatingIfNeeded: key.fourth) & (shards.count - 1)]
    }

    /// The answer to a request, if it is there, was stored for that very request, and has not
    /// expired.
    package func answer(for key: CacheKey, check: Digest, at now: Timestamp) -> CachedAnswer? {
        guard case .hit(let answer) = find(key, check: check, at: now) else { return nil }
        return answer
    }

    /// As `answer`, but it says why there is none.
    package func find(_ key: CacheKey, check: Digest, at now: Timestamp) -> CachedFinding {
        shard(key).state.withLock { $0.find(key, check: check, at: now) }
    }

    /// What lies under a key, expired or not; counts as no use.
    package func peek(_ key: CacheKey) -> CachedAnswer? {
        shard(key).state.withLock { $0.peek(key) }
    }

    /// Keeps an answer, in the place of an older one to the same request.
    ///
    /// - Parameter cost: what it costs to get the answer again; what is unknown counts as
    ///   `Picodollars(1)`, so that entries without prices are alike.
    package func store(
        _ answer: CachedAnswer, for key: CacheKey, cost: Picodollars? = nil
    ) throws(CacheFault) {
        let bytes = answer.body.count + Self.entryOverhead
        let tooSmall = shard(key).state.withLock { state -> Int? in
            let largest = min(state.engine.core.capacity, Int(UInt32.max))
            guard bytes <= largest else { return largest }
            state.store(answer, for: key, bytes: bytes, cost: Float(max(1, cost?.amount ?? 1)))
            return nil
        }
        if let tooSmall {
            throw .entryTooLarge(
                bytes: answer.body.count, max: max(0, tooSmall - Self.entryOverhead))
        }
    }

    /// Forgets an answer; false if there is none.
    @discardableResult
    package func remove(_ key: CacheKey) -> Bool {
        shard(key).state.withLock { $0.remove(key) }
    }

    /// Forgets all answers that are meant; returns how many there were.
    ///
    /// Each shard is locked while its answers are looked at.
    @discardableResult
    package func removeAll(where isMeant: (CacheKey, CachedAnswer) -> Bool) -> Int {
        shards.reduce(0) { sum, shard in
            sum + shard.state.withLock { $0.removeAll(where: isMeant) }
        }
    }

    /// Changes the bytes that the cache may have; what no longer fits leaves at once.
    package func resize(to capacity: Int) throws(CacheFault) {
        guard (Self.capacityMin...Self.capacityMax).contains(capacity) else {
            throw .capacity(bytes: capacity)
        }
        let part = capacity / shards.count
        for shard in shards { shard.state.withLock { $0.resize(to: part) } }
    }

    /// Frees memory under pressure: the next entries leave until the others have `bytes` at most.
    ///
    /// The capacity stays, so the cache fills again.
    package func shrink(to bytes: Int) {
        let part = max(0, bytes) / shards.count
        for shard in shards { shard.state.withLock { $0.shrink(to: part) } }
    }

    /// Removes what has expired; returns how many that were.
    @discardableResult
    package func sweep(at now: Timestamp) -> Int {
        shards.reduce(0) { sum, shard in sum + shard.state.withLock { $0.sweep(at: now) } }
    }

    package var counts: CacheCounts {
        var sum = CacheCounts()
        for shard in shards { shard.state.withLock { sum.add($0.currentCounts) } }
        return sum
    }

    /// The policies in use, one for each shard.
    package var policies: [PolicyName] {
        shards.map { shard in shard.state.withLock { $0.engine.core.policy } }
    }
}

/// What a cache holds and did.
package struct CacheCounts: Sendable, Equatable {
    package var entries = 0
    /// Of all entries, their overhead included.
    package var bytes = 0
    /// Of orders, indexes, sketches and shadows, as allocated.
    package var overheadBytes = 0
    package var hits = 0
    package var misses = 0
    /// Misses because the entry was too old.
    package var expired = 0
    /// Misses because the entry under the key is of another request.
    package var mismatched = 0
    package var stored = 0
    package var evicted = 0
    package var leftForRoom = CacheDepartures()
    package var leftExpired = CacheDepartures()
    package var leftUnderPressure = CacheDepartures()
    /// How often `adaptive` changed its policy.
    package var policyChanges = 0

    package init() {}

    mutating func add(_ other: CacheCounts) {
        entries += other.entries
        bytes += other.bytes
        overheadBytes += other.overheadBytes
        hits += other.hits
        misses += other.misses
        expired += other.expired
        mismatched += other.mismatched
        stored += other.stored
        evicted += other.evicted
        policyChanges += other.policyChanges
        leftForRoom.add(other.leftForRoom)
        leftExpired.add(other.leftExpired)
        leftUnderPressure.add(other.leftUnderPressure)
    }
}

/// Entries that left a cache for one reason.
package struct CacheDepartures: Sendable, Equatable {
    package var count = 0
    /// Their overhead included.
    package var bytes = 0
    /// Those that were never given to anybody.
    package var unused = 0

    package init() {}

    package mutating func add(_ other: CacheDepartures) {
        count += other.count
        bytes += other.bytes
        unused += other.unused
    }

    package static func - (after: CacheDepartures, before: CacheDepartures) -> CacheDepartures {
        var difference = CacheDepartures()
        difference.count = after.count - before.count
        difference.bytes = after.bytes - before.bytes
        difference.unused = after.unused - before.unused
        return difference
    }
}
