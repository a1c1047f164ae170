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

    mutating func find(_ key: CacheKey, check: Digest, at now: Timestamp) -> CachedFinding {
        guard let slot = engine.access(key), let answer = answers[Int(slot)] else {
            counts.misses += 1
            return .absent
        }
        guard answer.check == check else {
            counts.misses += 1
            counts.mismatched += 1
            return .mismatched
        }
        guard answer.expiresAt > now else {
            counts.misses += 1
            counts.expired += 1
            // Asking for it was a use too, though it was not given.
            counts.leftExpired.add(engine.core[slot], usesAtMost: 2)
            drop(slot)
            return .expired
        }
        counts.hits += 1
        return .hit(answer)
    }

    mutating func store(_ answer: CachedAnswer, for key: CacheKey, bytes: Int, cost: Float) {
        if let slot = engine.core.find(key) { drop(slot) }
        let slot = Int(
            engine.insert(key, bytes: bytes, cost: cost) { entry, slot in
                answers[Int(slot)] = nil
                counts.evicted += 1
                counts.leftForRoom.add(entry)
            })
        if slot == answers.count { answers.append(answer) } else { answers[slot] = answer }
        counts.stored += 1
    }

    func peek(_ key: CacheKey) -> CachedAnswer? {
        engine.core.find(key).flatMap { answers[Int($0)] }
    }

    mutating func remove(_ key: CacheKey) -> Bool {
        guard let slot = engine.core.find(key) else { return false }
        drop(slot)
        return true
    }

    mutating func removeAll(where isMeant: (CacheKey, CachedAnswer) -> Bool) -> Int {
        var removed = 0
        for slot in answers.indices {
            guard let answer = answers[slot] else { continue }
            guard isMeant(engine.core[UInt32(slot)].key, answer) else { continue }
            drop(UInt32(slot))
            removed += 1
        }
        return removed
    }

    mutating func resize(to capacity: Int) {
        engine.resize(to: capacity) { entry, slot in
            answers[Int(slot)] = nil
            counts.evicted += 1
            counts.leftForRoom.add(entry)
        }
    }

    mutating func shrink(to bytes: Int) {
        engine.shrink(to: bytes) { entry, slot in
            answers[Int(slot)] = nil
            counts.evicted += 1
            counts.leftUnderPressure.add(entry)
        }
    }

    mutating func sweep(at now: Timestamp) -> Int {
        var removed = 0
        for slot in answers.indices {
            guard let answer = answers[slot], answer.expiresAt <= now else { continue }
            counts.leftExpired.add(engine.core[UInt32(slot)])
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

extension CacheDepartures {
    fileprivate mutating func add(_ entry: Entry, usesAtMost uses: UInt32 = 1) {
        count += 1
        bytes += Int(entry.bytes)
        // Coming in counts as one.
        if entry.uses <= uses { unused += 1 }
    }
}
