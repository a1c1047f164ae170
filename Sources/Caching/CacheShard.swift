import LedgerModel
import Synchronization

/// A part of the cache and its lock: one object for a shard, none for an entry.
final class CacheShard: Sendable {
    let state: Mutex<ShardState>

    /// - Parameter share: of how many shards this is one.
    init(_ policy: PolicyName, capacity: Int, share: Int) {
        state = Mutex(ShardState(policy, capacity: capacity, share: share))
    }
}

/// The answers of a shard by slot, and their order.
struct ShardState {
    private(set) var engine: EvictionEngine
    private var answers: [CachedAnswer?] = []
    private var counts = CacheCounts()

    init(_ policy: PolicyName, capacity: Int, share: Int) {
        engine = EvictionEngine(policy, capacity: capacity, share: share)
    }

    var currentCounts: CacheCounts {
        var all = counts
        all.entries = engine.core.count
        all.bytes = engine.core.bytes
        all.overheadBytes = engine.overheadBytes
        all.policyChanges = engine.changes
        return all
    }

    mutating func answer(
        for key: CacheKey, check: Digest, at now: Timestamp
    ) -> CachedAnswer? {
        guard let slot = engine.access(key), let answer = answers[Int(slot)] else {
            counts.misses += 1
            return nil
        }
        guard answer.check == check else {
            counts.misses += 1
            counts.mismatched += 1
            return nil
        }
        guard answer.expiresAt > now else {
            counts.misses += 1
            counts.expired += 1
            drop(slot)
            return nil
        }
        counts.hits += 1
        return answer
    }

    mutating func store(_ answer: CachedAnswer, for key: CacheKey, bytes: Int, cost: Float) {
        if let slot = engine.core.find(key) { drop(slot) }
        let slot = Int(
            engine.insert(key, bytes: bytes, cost: cost) { _, slot in
                answers[Int(slot)] = nil
                counts.evicted += 1
            })
        if slot == answers.count { answers.append(answer) } else { answers[slot] = answer }
        counts.stored += 1
    }

    mutating func remove(_ key: CacheKey) -> Bool {
        guard let slot = engine.core.find(key) else { return false }
        drop(slot)
        return true
    }

    mutating func resize(to capacity: Int) {
        engine.resize(to: capacity) { _, slot in
            answers[Int(slot)] = nil
            counts.evicted += 1
        }
    }

    mutating func shrink(to bytes: Int) {
        engine.shrink(to: bytes) { _, slot in
            answers[Int(slot)] = nil
            counts.evicted += 1
        }
    }

    mutating func sweep(at now: Timestamp) -> Int {
        var removed = 0
        for slot in answers.indices {
            guard let answer = answers[slot], answer.expiresAt <= now else { continue }
            drop(UInt32(slot))
            removed += 1
        }
        counts.expired += removed
        return removed
    }

    private mutating func drop(_ slot: UInt32) {
        answers[Int(slot)] = nil
        engine.remove(slot)
    }
}
