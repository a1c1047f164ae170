/// What the cache knows of an entry, in 64 bytes; its value lies elsewhere.
struct Entry {
    var key: CacheKey
    var next = SlotList.none
    var previous = SlotList.none
    /// Its whole footprint.
    var bytes: UInt32
    /// What it costs to get the answer again, in any unit.
    var cost: Float
    /// The accesses of the cache when it came in, and when it was used last; both wrap around.
    var inserted: UInt32
    var used: UInt32
    /// How often it was asked for, coming in included.
    var uses: UInt32 = 1
    /// Which of a policy's lists it is in.
    var region: UInt8 = 0
    /// Second chances that it has left; see `EntryTable.worth`.
    var credit: UInt8 = 0
    /// How much more a byte of it saves than one of a usual entry, in powers of two.
    var worth: Int8 = 0
    /// What its policy remembers: visited, or a small count.
    var mark: UInt8 = 0

    /// The credit that it is given when it comes in, and by policies that see hits at each of them.
    var chances: UInt8 { UInt8(max(0, worth)) }
}

/// The ends of a list of slots; its links are in the entries.
struct SlotList {
    static let none = UInt32.max

    /// The newest.
    fileprivate(set) var head = SlotList.none
    /// The oldest.
    fileprivate(set) var tail = SlotList.none
    fileprivate(set) var bytes = 0
    fileprivate(set) var count = 0

    var isEmpty: Bool { count == 0 }
}

/// The entries of a cache by slot, without their values and without an order.
struct EntryTable {
    private(set) var entries: [Entry] = []
    private var index = SlotIndex()
    private var free: [UInt32] = []
    private(set) var bytes = 0
    /// Accesses so far.
    var tick: UInt32 = 0
    /// The running mean of log2(cost / bytes).
    private var usualWorth: Float?

    /// Chances that an entry has at most, and that a cheap one lacks at most in LFU.
    static let worthMax: Int8 = 3
    static let worthMin: Int8 = -8
    /// Insertions over which the usual worth is averaged.
    private static let worthMemory: Float = 256

    var count: Int { entries.count - free.count }

    @inline(__always)
    func find(_ key: CacheKey) -> UInt32? {
        index.find(key.first) { entries[Int($0)].key == key }
    }

    @inline(__always)
    subscript(slot: UInt32) -> Entry {
        get { entries[Int(slot)] }
        _modify { yield &entries[Int(slot)] }
    }

    mutating func insert(_ key: CacheKey, bytes size: Int, cost: Float) -> UInt32 {
        var entry = Entry(
            key: key, bytes: UInt32(size), cost: cost, inserted: tick, used: tick)
        entry.worth = worth(of: entry)
        entry.credit = entry.chances
        bytes += size
        let slot: UInt32
        if let reused = free.popLast() {
            slot = reused
            entries[Int(slot)] = entry
        } else {
            slot = UInt32(entries.count)
            entries.append(entry)
        }
        index.insert(key.first, slot: slot) { entries[Int($0)].key.first }
        return slot
    }

    /// Removes an entry that is in no list any more.
    mutating func remove(_ slot: UInt32) {
        let entry = entries[Int(slot)]
        bytes -= Int(entry.bytes)
        index.remove(entry.key.first, slot: slot) { entries[Int($0)].key.first }
        entries[Int(slot)].bytes = 0
        free.append(slot)
    }

    /// The bytes that entries, index and free slots take.
    var overheadBytes: Int {
        entries.capacity * MemoryLayout<Entry>.stride + index.bytes + free.capacity * 4
    }

    /// Calls `body` for each slot in use, in no order.
    func forEachSlot(_ body: (UInt32) -> Void) {
        for slot in entries.indices where entries[slot].bytes > 0 { body(UInt32(slot)) }
    }

    /// log2 of what a byte of the entry saves, beside the usual; 0 if all entries are alike.
    ///
    /// The queues of LRU, FIFO, SIEVE and S3-FIFO know only an order. An entry that saves 2, 4 or 8
    /// times as much as usual passes their end one to three times more before it is evicted, as
    /// with the weights of GCLOCK; so entries that are alike see the policy of the books.
    private mutating func worth(of entry: Entry) -> Int8 {
        let density = exponent(max(entry.cost, .leastNormalMagnitude) / Float(entry.bytes))
        let usual = usualWorth ?? density
        usualWorth = usual + (density - usual) / Self.worthMemory
        let worth = min(max(density - usual, Float(Self.worthMin)), Float(Self.worthMax))
        return Int8(worth.rounded())
    }

    /// log2, to a few hundredths: the logarithm of the mantissa by a parabola.
    private func exponent(_ value: Float) -> Float {
        let mantissa = value.significand
        return Float(value.exponent) + (mantissa - 1) * (4 - mantissa) / 2 * 0.97
    }

    // MARK: - Lists

    @inline(__always)
    mutating func pushFront(_ slot: UInt32, _ list: inout SlotList) {
        entries[Int(slot)].previous = SlotList.none
        entries[Int(slot)].next = list.head
        if list.head == SlotList.none {
            list.tail = slot
        } else {
            entries[Int(list.head)].previous = slot
        }
        list.head = slot
        list.count += 1
        list.bytes += Int(entries[Int(slot)].bytes)
    }

    @inline(__always)
    mutating func unlink(_ slot: UInt32, _ list: inout SlotList) {
        let (next, previous) = (entries[Int(slot)].next, entries[Int(slot)].previous)
        if previous == SlotList.none {
            list.head = next
        } else {
            entries[Int(previous)].next = next
        }
        if next == SlotList.none {
            list.tail = previous
        } else {
            entries[Int(next)].previous = previous
        }
        list.count -= 1
        list.bytes -= Int(entries[Int(slot)].bytes)
    }

    @inline(__always)
    mutating func moveToFront(_ slot: UInt32, _ list: inout SlotList) {
        guard list.head != slot else { return }
        unlink(slot, &list)
        pushFront(slot, &list)
    }
}
