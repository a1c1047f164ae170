/// Which keys a cache would hold, without their values: for replays, measurements and tests.
package struct KeyCache {
    private var engine: EvictionEngine

    /// - Parameter capacity: the bytes of all entries, at least 1.
    package init(_ policy: PolicyName, capacity: Int) {
        engine = EvictionEngine(policy, capacity: max(1, capacity))
    }

    /// Whether a key is there; a hit counts as a use.
    @inline(__always)
    package mutating func get(_ key: CacheKey) -> Bool { engine.access(key) != nil }

    /// Adds a key that is not there; false if it is larger than the cache.
    @discardableResult
    package mutating func put(_ key: CacheKey, bytes: Int = 1, cost: Float = 1) -> Bool {
        guard bytes > 0, bytes <= min(engine.core.capacity, Int(UInt32.max)) else { return false }
        _ = engine.insert(key, bytes: bytes, cost: cost) { _, _ in }
        return true
    }

    /// Forgets a key.
    package mutating func remove(_ key: CacheKey) {
        if let slot = engine.core.find(key) { engine.remove(slot) }
    }

    package mutating func resize(to capacity: Int) {
        engine.resize(to: max(1, capacity)) { _, _ in }
    }

    /// Lets the next entries leave until the others have no more than `bytes`.
    package mutating func shrink(to bytes: Int) {
        engine.shrink(to: bytes) { _, _ in }
    }

    package func holds(_ key: CacheKey) -> Bool { engine.core.find(key) != nil }
    package var bytes: Int { engine.core.bytes }
    package var count: Int { engine.core.count }
    /// The policy in use; of `adaptive`, the one it chose.
    package var policy: PolicyName { engine.core.policy }
    package var changes: Int { engine.changes }
}
