/// The policy in use, chosen at run time and called without indirection.
///
/// Policies that are not in use hold nothing but their sizes. All are stored, because changing the
/// payload of an enumeration in place would take it out and put it back at every access.
struct PolicySet {
    private(set) var name: PolicyName
    private var lru: LRUPolicy
    private var lfu: LFUPolicy
    private var fifo: FIFOPolicy
    private var s3fifo: S3FIFOPolicy
    private var sieve: SievePolicy
    private var wTinyLFU: WTinyLFUPolicy
    /// Whether the sketch counts while another policy is in use, so that it knows when it is needed.
    private let keepsSketch: Bool

    /// - Parameter name: not `adaptive`.
    init(_ name: PolicyName, capacity: Int, keepsSketch: Bool) {
        precondition(name != .adaptive, "what is adaptive is which policy is in use")
        self.name = name
        self.keepsSketch = keepsSketch
        lru = LRUPolicy(capacity: capacity)
        lfu = LFUPolicy(capacity: capacity)
        fifo = FIFOPolicy(capacity: capacity)
        s3fifo = S3FIFOPolicy(capacity: capacity)
        sieve = SievePolicy(capacity: capacity)
        wTinyLFU = WTinyLFUPolicy(capacity: capacity)
    }

    mutating func resize(to capacity: Int) {
        s3fifo.resize(to: capacity)
        wTinyLFU.resize(to: capacity)
    }

    @inline(__always)
    mutating func sawAccess(to key: CacheKey, entries: Int) {
        if keepsSketch || name == .wTinyLFU { wTinyLFU.sawAccess(to: key, entries: entries) }
    }

    @inline(__always)
    mutating func hit(_ slot: UInt32, _ table: inout EntryTable) {
        switch name {
        case .lru, .adaptive: lru.hit(slot, &table)
        case .lfu: lfu.hit(slot, &table)
        case .fifo: fifo.hit(slot, &table)
        case .s3fifo: s3fifo.hit(slot, &table)
        case .sieve: sieve.hit(slot, &table)
        case .wTinyLFU: wTinyLFU.hit(slot, &table)
        }
    }

    mutating func inserted(_ slot: UInt32, _ table: inout EntryTable) {
        switch name {
        case .lru, .adaptive: lru.inserted(slot, &table)
        case .lfu: lfu.inserted(slot, &table)
        case .fifo: fifo.inserted(slot, &table)
        case .s3fifo: s3fifo.inserted(slot, &table)
        case .sieve: sieve.inserted(slot, &table)
        case .wTinyLFU: wTinyLFU.inserted(slot, &table)
        }
    }

    mutating func victim(for incoming: Int, _ table: inout EntryTable) -> UInt32 {
        switch name {
        case .lru, .adaptive: lru.victim(for: incoming, &table)
        case .lfu: lfu.victim(for: incoming, &table)
        case .fifo: fifo.victim(for: incoming, &table)
        case .s3fifo: s3fifo.victim(for: incoming, &table)
        case .sieve: sieve.victim(for: incoming, &table)
        case .wTinyLFU: wTinyLFU.victim(for: incoming, &table)
        }
    }

    mutating func removed(_ slot: UInt32, wasEvicted: Bool, _ table: inout EntryTable) {
        switch name {
        case .lru, .adaptive: lru.removed(slot, wasEvicted: wasEvicted, &table)
        case .lfu: lfu.removed(slot, wasEvicted: wasEvicted, &table)
        case .fifo: fifo.removed(slot, wasEvicted: wasEvicted, &table)
        case .s3fifo: s3fifo.removed(slot, wasEvicted: wasEvicted, &table)
        case .sieve: sieve.removed(slot, wasEvicted: wasEvicted, &table)
        case .wTinyLFU: wTinyLFU.removed(slot, wasEvicted: wasEvicted, &table)
        }
    }

    /// Changes the policy; entries stay, their order is made anew.
    mutating func change(to other: PolicyName, capacity: Int, _ table: inout EntryTable) {
        guard other != name else { return }
        name = other
        switch other {
        case .adaptive: preconditionFailure("what is adaptive is which policy is in use")
        case .lru: Self.renew(&lru, capacity, &table)
        case .lfu: Self.renew(&lfu, capacity, &table)
        case .fifo: Self.renew(&fifo, capacity, &table)
        case .s3fifo: Self.renew(&s3fifo, capacity, &table)
        case .sieve: Self.renew(&sieve, capacity, &table)
        case .wTinyLFU:
            let sketch = wTinyLFU.sketch
            wTinyLFU = WTinyLFUPolicy(capacity: capacity, sketch: sketch)
            wTinyLFU.adopt(&table)
        }
    }

    var overheadBytes: Int { wTinyLFU.sketch.bytes + s3fifo.overheadBytes + lfu.overheadBytes }

    private static func renew<Policy: EvictionPolicy>(
        _ policy: inout Policy, _ capacity: Int, _ table: inout EntryTable
    ) {
        policy = Policy(capacity: capacity)
        policy.adopt(&table)
    }
}
