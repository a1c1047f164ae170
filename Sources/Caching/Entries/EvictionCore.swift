/// A cache without values: which keys it would hold under one policy, in how many bytes.
///
/// The cache proper, the shadows of a contest and a replay are made of it.
struct EvictionCore {
    private(set) var table = EntryTable()
    private var policies: PolicySet
    private(set) var capacity: Int

    /// - Parameter keepsSketch: for a cache that may change to W-TinyLFU.
    init(_ policy: PolicyName, capacity: Int, keepsSketch: Bool = false) {
        self.capacity = capacity
        policies = PolicySet(policy, capacity: capacity, keepsSketch: keepsSketch)
    }

    var policy: PolicyName { policies.name }
    var bytes: Int { table.bytes }
    var count: Int { table.count }

    func find(_ key: CacheKey) -> UInt32? { table.find(key) }

    subscript(slot: UInt32) -> Entry { table[slot] }

    /// Asks for a key; a hit counts as a use.
    @inline(__always)
    mutating func access(_ key: CacheKey) -> UInt32? {
        table.tick &+= 1
        policies.sawAccess(to: key, entries: table.count)
        guard let slot = table.find(key) else { return nil }
        table[slot].used = table.tick
        if table[slot].uses < .max { table[slot].uses += 1 }
        policies.hit(slot, &table)
        return slot
    }

    /// Adds an entry that is not there, after what has to leave for it.
    ///
    /// - Parameters:
    ///   - bytes: at least 1 and at most the capacity.
    ///   - evicted: is told of each entry just before it leaves.
    mutating func insert(
        _ key: CacheKey, bytes: Int, cost: Float, evicted: (Entry, UInt32) -> Void
    ) -> UInt32 {
        precondition(bytes > 0 && bytes <= capacity, "an entry fits into the cache")
        makeRoom(for: bytes, evicted)
        let slot = table.insert(key, bytes: bytes, cost: cost)
        policies.inserted(slot, &table)
        return slot
    }

    mutating func remove(_ slot: UInt32) {
        policies.removed(slot, wasEvicted: false, &table)
        table.remove(slot)
    }

    /// Changes the capacity; what no longer fits leaves at once.
    mutating func resize(to capacity: Int, evicted: (Entry, UInt32) -> Void) {
        self.capacity = capacity
        policies.resize(to: capacity)
        makeRoom(for: 0, evicted)
    }

    /// Evicts until no more than `bytes` are in use; the capacity stays.
    mutating func shrink(to bytes: Int, evicted: (Entry, UInt32) -> Void) {
        makeRoom(for: max(0, capacity - bytes), evicted)
    }

    mutating func change(to policy: PolicyName) {
        policies.change(to: policy, capacity: capacity, &table)
    }

    var overheadBytes: Int { table.overheadBytes + policies.overheadBytes }

    private mutating func makeRoom(for incoming: Int, _ evicted: (Entry, UInt32) -> Void) {
        while table.bytes + incoming > capacity, table.count > 0 {
            let slot = policies.victim(for: incoming, &table)
            evicted(table[slot], slot)
            policies.removed(slot, wasEvicted: true, &table)
            table.remove(slot)
        }
    }
}
