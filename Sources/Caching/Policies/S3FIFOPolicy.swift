/// S3-FIFO: a small queue that most entries leave unused, a main one that spares what is used, and
/// a memory of what left the small one.
///
/// Yang et al., "FIFO Queues are All You Need for Cache Eviction", SOSP 2023. A tenth of the bytes
/// for the small queue, as there; the ghost remembers as many keys as there are entries.
struct S3FIFOPolicy: EvictionPolicy {
    private var small = SlotList()
    private var main = SlotList()
    private var ghost = GhostQueue()
    private var smallBytes: Int

    private enum Region {
        static let small: UInt8 = 0
        static let main: UInt8 = 1
    }
    private static let markMax: UInt8 = 3

    var overheadBytes: Int { ghost.bytes }

    init(capacity: Int) {
        smallBytes = capacity / 10
    }

    mutating func resize(to capacity: Int) {
        smallBytes = capacity / 10
    }

    mutating func hit(_ slot: UInt32, _ table: inout EntryTable) {
        table[slot].mark = min(table[slot].mark + 1, Self.markMax)
        table[slot].credit = table[slot].chances
    }

    mutating func inserted(_ slot: UInt32, _ table: inout EntryTable) {
        table[slot].mark = 0
        if ghost.remove(table[slot].key.first) {
            table[slot].region = Region.main
            table.pushFront(slot, &main)
        } else {
            table[slot].region = Region.small
            table.pushFront(slot, &small)
        }
    }

    mutating func victim(for incoming: Int, _ table: inout EntryTable) -> UInt32 {
        while true {
            if !small.isEmpty, small.bytes + incoming > smallBytes || main.isEmpty {
                let slot = small.tail
                guard table[slot].mark > 1 || table[slot].credit > 1 else { return slot }
                table.unlink(slot, &small)
                table[slot].region = Region.main
                table[slot].mark = 0
                table.pushFront(slot, &main)
            } else {
                let slot = main.tail
                if table[slot].mark > 0 {
                    table[slot].mark -= 1
                } else if table[slot].credit > 0 {
                    table[slot].credit -= 1
                } else {
                    return slot
                }
                table.moveToFront(slot, &main)
            }
        }
    }

    mutating func removed(_ slot: UInt32, wasEvicted: Bool, _ table: inout EntryTable) {
        if table[slot].region == Region.main {
            table.unlink(slot, &main)
        } else {
            table.unlink(slot, &small)
            if wasEvicted { ghost.insert(table[slot].key.first, max: table.count) }
        }
    }

    /// The newest entries that were used once make the small queue, the others are main.
    mutating func adopt(_ table: inout EntryTable) {
        var room = smallBytes
        let newestFirst = table.slots(by: { table.age($0.used) })
        for slot in newestFirst {
            let isSmall = table[slot].uses == 1 && room >= Int(table[slot].bytes)
            if isSmall { room -= Int(table[slot].bytes) }
            table[slot].region = isSmall ? Region.small : Region.main
        }
        for slot in newestFirst.reversed() {
            table[slot].mark = UInt8(min(table[slot].uses - 1, 1))
            if table[slot].region == Region.small {
                table.pushFront(slot, &small)
            } else {
                table.pushFront(slot, &main)
            }
        }
    }
}

/// The hashes of the last keys that left, oldest first, and an index of them.
struct GhostQueue {
    private var ring: [UInt64] = []
    private var index = SlotIndex()
    private var start = 0
    private(set) var count = 0

    init() {}

    var bytes: Int { ring.count * 8 + index.bytes }

    /// Adds a hash, and forgets the oldest beyond `max`.
    mutating func insert(_ hash: UInt64, max: Int) {
        guard index.find(hash, where: { ring[Int($0)] == hash }) == nil else { return }
        while count > 0, count >= max { dropFirst() }
        if count == ring.count { grow() }
        let place = (start + count) & (ring.count - 1)
        ring[place] = hash
        count += 1
        index.insert(hash, slot: UInt32(place)) { ring[Int($0)] }
    }

    /// Removes a hash; false if it is not there.
    ///
    /// Its place in the queue stays taken till its turn.
    mutating func remove(_ hash: UInt64) -> Bool {
        guard count > 0, let place = index.find(hash, where: { ring[Int($0)] == hash }) else {
            return false
        }
        index.remove(hash, slot: place) { ring[Int($0)] }
        ring[Int(place)] = 0
        return true
    }

    private mutating func dropFirst() {
        let hash = ring[start]
        if hash != 0 { index.remove(hash, slot: UInt32(start)) { ring[Int($0)] } }
        start = (start + 1) & (ring.count - 1)
        count -= 1
    }

    private mutating func grow() {
        let old = (0..<count).map { ring[(start + $0) & (ring.count - 1)] }
        ring = old + Array(repeating: 0, count: max(16, ring.count * 2) - old.count)
        start = 0
        index = SlotIndex(expecting: count)
        for (place, hash) in old.enumerated() where hash != 0 {
            index.insert(hash, slot: UInt32(place)) { ring[Int($0)] }
        }
    }
}
