/// The order of a cache: one policy, or the best of several as a contest finds it.
///
/// A change of policy moves no entry: the new policy makes its order from when each came in, was
/// used last, and how often. The sketch of W-TinyLFU counts all the time, as counts can't be made
/// up later.
struct EvictionEngine {
    private(set) var core: EvictionCore
    private var contest: PolicyContest?
    /// How often the policy was changed.
    private(set) var changes = 0

    /// What `adaptive` begins with: the policy that takes longest to learn what matters.
    static let first = PolicyName.wTinyLFU

    /// - Parameter share: of how many shards this is one; shadows are as many times smaller.
    init(_ policy: PolicyName, capacity: Int, share: Int = 1) {
        if policy == .adaptive {
            core = EvictionCore(Self.first, capacity: capacity, keepsSketch: true)
            contest = PolicyContest(first: Self.first, capacity: capacity, share: share)
        } else {
            core = EvictionCore(policy, capacity: capacity)
        }
    }

    /// Asks for a key; a hit counts as a use.
    @inline(__always)
    mutating func access(_ key: CacheKey) -> UInt32? {
        let slot = core.access(key)
        if contest?.includes(key) == true { inform(key, slot) }
        return slot
    }

    @inline(never)
    private mutating func inform(_ key: CacheKey, _ slot: UInt32?) {
        contest?.saw(key, entry: slot.map { core[$0] })
        if let better = contest?.verdict() {
            core.change(to: better)
            changes += 1
        }
    }

    /// Adds an entry that is not there, after what has to leave for it.
    mutating func insert(
        _ key: CacheKey, bytes: Int, cost: Float, evicted: (Entry, UInt32) -> Void
    ) -> UInt32 {
        if contest?.includes(key) == true { contest?.put(key, bytes: bytes, cost: cost) }
        return core.insert(key, bytes: bytes, cost: cost, evicted: evicted)
    }

    /// Removes an entry that is no longer true, from the shadows too.
    mutating func remove(_ slot: UInt32) {
        contest?.remove(core[slot].key)
        core.remove(slot)
    }

    mutating func resize(to capacity: Int, evicted: (Entry, UInt32) -> Void) {
        contest?.resize(to: capacity)
        core.resize(to: capacity, evicted: evicted)
    }

    mutating func shrink(to bytes: Int, evicted: (Entry, UInt32) -> Void) {
        core.shrink(to: bytes, evicted: evicted)
    }

    /// The bytes that all of this takes beside the values: entries, index, sketch, ghosts, shadows.
    var overheadBytes: Int { core.overheadBytes + (contest?.overheadBytes ?? 0) }
}
