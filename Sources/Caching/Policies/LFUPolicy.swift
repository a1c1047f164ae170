/// Least frequently used while in the cache; of equals, the least recently used.
///
/// What counts is uses times worth, in buckets of 1/32 of an octave: exact up to 64, so for all
/// that matters to who leaves. Finding the lowest bucket that is in use takes a few bits.
struct LFUPolicy: EvictionPolicy {
    private var buckets: [SlotList]
    private var inUse: [UInt64]

    private static let bucketCount = 2_048

    init(capacity: Int) {
        buckets = []
        inUse = []
    }

    var overheadBytes: Int {
        buckets.count * MemoryLayout<SlotList>.stride + inUse.count * 8
    }

    /// The bucket of an entry; a later one is worth more.
    static func bucket(_ entry: Entry) -> Int {
        // Sixteenths and more, so that what is worth less than usual keeps its digits.
        let score = UInt64(entry.uses) << UInt64(Int(entry.worth) - Int(EntryTable.worthMin))
        let octave = 63 - score.leadingZeroBitCount
        guard octave >= 5 else { return Int(score) }
        return (octave - 4) * 32 + Int(score >> UInt64(octave - 5)) - 32
    }

    mutating func hit(_ slot: UInt32, _ table: inout EntryTable) {
        let (old, new) = (Int(table[slot].bucket), Self.bucket(table[slot]))
        if old == new { return table.moveToFront(slot, &buckets[old]) }
        take(slot, from: old, &table)
        put(slot, &table)
    }

    mutating func inserted(_ slot: UInt32, _ table: inout EntryTable) {
        put(slot, &table)
    }

    mutating func victim(for incoming: Int, _ table: inout EntryTable) -> UInt32 {
        for (word, bits) in inUse.enumerated() where bits != 0 {
            return buckets[word * 64 + bits.trailingZeroBitCount].tail
        }
        preconditionFailure("a table that is not empty has an entry in a bucket")
    }

    mutating func removed(_ slot: UInt32, wasEvicted: Bool, _ table: inout EntryTable) {
        take(slot, from: Int(table[slot].bucket), &table)
    }

    mutating func adopt(_ table: inout EntryTable) {
        for slot in table.slots(by: { ~table.age($0.used) }) { put(slot, &table) }
    }

    private mutating func put(_ slot: UInt32, _ table: inout EntryTable) {
        if buckets.isEmpty {
            buckets = Array(repeating: SlotList(), count: Self.bucketCount)
            inUse = Array(repeating: 0, count: Self.bucketCount / 64)
        }
        let bucket = Self.bucket(table[slot])
        table[slot].bucket = UInt16(bucket)
        table.pushFront(slot, &buckets[bucket])
        inUse[bucket / 64] |= 1 << UInt64(bucket % 64)
    }

    private mutating func take(_ slot: UInt32, from bucket: Int, _ table: inout EntryTable) {
        table.unlink(slot, &buckets[bucket])
        if buckets[bucket].isEmpty { inUse[bucket / 64] &= ~(1 << UInt64(bucket % 64)) }
    }
}

extension Entry {
    /// The bucket that it is in, in the bytes of `region` and `mark`.
    fileprivate var bucket: UInt16 {
        get { UInt16(region) << 8 | UInt16(mark) }
        set {
            region = UInt8(newValue >> 8)
            mark = UInt8(newValue & 0xFF)
        }
    }
}
