/// Which fixed policy would do best at present: each runs as a shadow of the cache, without values,
/// on the same sample of keys.
///
/// The sample is by hash, as in SHARDS (Waldspurger et al., FAST 2015): a key is in it with all its
/// accesses, and a shadow has the same share of the cache's bytes. While the cache is small
/// everything is in it; when a shadow holds more than `entriesMax` entries, half of the keys leave.
struct PolicyContest {
    private var shadows: [EvictionCore]
    /// The shadow whose policy is in use.
    private var chosen: Int
    /// What the hits of each shadow saved: in this block, and before it with old blocks weighing
    /// less.
    private var savedInBlock: [Double]
    private var saved: [Double]
    /// What all accesses would have cost, in the same way.
    private var askedInBlock = 0.0
    private var asked = 0.0
    private var accesses = 0
    private var blocks = 0
    /// One key in 2^shift is in the sample.
    private(set) var shift = 0
    private var capacity: Int
    private let entriesMax: Int

    /// Entries of a shadow above which the sample is halved, of all shards together.
    static let entriesMax = 8_192
    /// Entries of a shadow above which it is halved later, once that many blocks have been seen: a
    /// young cache needs to decide soon, an old one to be fast.
    static let entriesSettled = 2_048
    /// Fewer say too little.
    private static let entriesMin = 1_024
    private static let blocksSettled = 128
    /// A verdict comes so often while a shadow is asked as many times as it has entries.
    private static let blocksPerTurn = 8.0
    /// As a cache of a few entries would be judged by chance.
    private static let turnMin = 1_024.0
    /// Turns after which what was saved weighs 1/e.
    private static let memoryTurns = 4.0
    /// A share of what was asked for by which another policy must be better.
    private static let margin = 0.002
    /// Standard deviations by which it must be better, as if hits came by chance.
    private static let deviations = 2.0

    /// - Parameter share: the part of the entries that shadows may have, as one of so many shards.
    init(first: PolicyName, capacity: Int, share: Int) {
        self.capacity = capacity
        entriesMax = max(Self.entriesMin, Self.entriesMax / share)
        chosen = PolicyName.fixed.firstIndex(of: first) ?? 0
        shadows = PolicyName.fixed.map { EvictionCore($0, capacity: capacity) }
        saved = Array(repeating: 0, count: shadows.count)
        savedInBlock = saved
    }

    /// The third word of the key decides: the first places it in the index, the fourth in a shard.
    @inline(__always)
    func includes(_ key: CacheKey) -> Bool {
        key.third & ((1 << UInt64(truncatingIfNeeded: shift)) &- 1) == 0
    }

    /// An access to a key of the sample; `entry` if the cache has it.
    mutating func saw(_ key: CacheKey, entry: Entry?) {
        accesses += 1
        var cost = entry?.cost
        for index in shadows.indices {
            if let slot = shadows[index].access(key) {
                let saving = shadows[index][slot].cost
                savedInBlock[index] += Double(saving)
                cost = saving
            }
        }
        // Of a key that nobody has, the cost is known when it is put.
        if let cost { askedInBlock += Double(cost) }
        // What the cache has is not put again, so shadows without it get it here.
        if let entry { admit(key, bytes: Int(entry.bytes), cost: entry.cost) }
    }

    /// A key of the sample comes into the cache.
    mutating func put(_ key: CacheKey, bytes: Int, cost: Float) {
        if shadows.allSatisfy({ $0.find(key) == nil }) { askedInBlock += Double(cost) }
        admit(key, bytes: bytes, cost: cost)
        if shadows[chosen].count > entriesMax { halve() }
    }

    mutating func remove(_ key: CacheKey) {
        guard includes(key) else { return }
        for index in shadows.indices {
            if let slot = shadows[index].find(key) { shadows[index].remove(slot) }
        }
    }

    private mutating func admit(_ key: CacheKey, bytes: Int, cost: Float) {
        for index in shadows.indices where shadows[index].find(key) == nil {
            // In a sample of a large cache a very large entry may not fit.
            guard bytes <= shadows[index].capacity else { continue }
            _ = shadows[index].insert(key, bytes: bytes, cost: cost) { _, _ in }
        }
    }

    mutating func resize(to capacity: Int) {
        self.capacity = capacity
        for index in shadows.indices {
            shadows[index].resize(to: max(1, capacity >> shift)) { _, _ in }
        }
    }

    private mutating func halve() {
        shift += 1
        for index in shadows.indices {
            var leaving: [UInt32] = []
            shadows[index].table.forEachSlot { slot in
                if !includes(shadows[index][slot].key) { leaving.append(slot) }
            }
            for slot in leaving { shadows[index].remove(slot) }
        }
        resize(to: capacity)
    }

    /// The policy to use from now on, at the end of a block of accesses; nil if nothing changes.
    mutating func verdict() -> PolicyName? {
        let turn = max(Double(shadows[chosen].count), Self.turnMin)
        guard Double(accesses) >= turn / Self.blocksPerTurn else { return nil }
        let keep = 1 - 1 / (Self.blocksPerTurn * Self.memoryTurns)
        let mean = askedInBlock / Double(accesses)
        accesses = 0
        blocks += 1
        if blocks % Self.blocksSettled == 0, shadows[chosen].count > Self.entriesSettled { halve() }
        asked = asked * keep + askedInBlock
        askedInBlock = 0
        for index in saved.indices {
            saved[index] = saved[index] * keep + savedInBlock[index]
            savedInBlock[index] = 0
        }
        guard let best = saved.indices.max(by: { saved[$0] < saved[$1] }), best != chosen else {
            return nil
        }
        let gain = saved[best] - saved[chosen]
        // The gain is a difference of hits; that many decided it, and as many again the other way.
        let chance = (2 * gain * mean + mean * mean).squareRoot()
        guard gain > asked * Self.margin, gain > Self.deviations * chance else { return nil }
        chosen = best
        return PolicyName.fixed[best]
    }

    var overheadBytes: Int { shadows.reduce(0) { $0 + $1.overheadBytes } }
}
