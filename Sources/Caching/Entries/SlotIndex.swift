/// A hash table from 64 uniform bits to a slot number: open addressing with linear probing and
/// deletion by shifting back, so that there are no tombstones.
///
/// A cell holds the upper half of the hash beside the slot, so a probe reads the entry itself only
/// where that half agrees.
struct SlotIndex {
    /// The upper 32 bits of the hash, then the slot plus one; 0 is free.
    private var cells: [UInt64]
    private var mask: Int
    private(set) var count = 0

    static let bytesPerCell = 8

    init(expecting count: Int = 0) {
        let size = max(16, count * 2).nextPowerOfTwo
        cells = Array(repeating: 0, count: size)
        mask = size - 1
    }

    var bytes: Int { cells.count * Self.bytesPerCell }

    /// The slot whose hash agrees and that `isEqual` accepts.
    @inline(__always)
    func find(_ hash: UInt64, where isEqual: (UInt32) -> Bool) -> UInt32? {
        var place = home(hash)
        while true {
            let cell = cells[place]
            if cell == 0 { return nil }
            if cell >> 32 == hash >> 32 {
                let slot = UInt32(truncatingIfNeeded: cell) &- 1
                if isEqual(slot) { return slot }
            }
            place = (place &+ 1) & mask
        }
    }

    /// Adds a slot that is not there yet.
    ///
    /// - Parameter hashOf: the hash of a slot that is there already, needed to grow.
    mutating func insert(_ hash: UInt64, slot: UInt32, hashOf: (UInt32) -> UInt64) {
        if (count + 1) * 2 > cells.count { grow(hashOf) }
        place(hash, slot)
        count += 1
    }

    mutating func remove(_ hash: UInt64, slot: UInt32, hashOf: (UInt32) -> UInt64) {
        let wanted = cell(hash, slot)
        var hole = home(hash)
        while cells[hole] != wanted {
            precondition(cells[hole] != 0, "a slot is removed from the index where it was put")
            hole = (hole &+ 1) & mask
        }
        count -= 1
        var next = (hole &+ 1) & mask
        while cells[next] != 0 {
            let from = home(hashOf(UInt32(truncatingIfNeeded: cells[next]) &- 1))
            // A cell may move into the hole unless it would lie before its home then.
            if (next &- from) & mask >= (next &- hole) & mask {
                cells[hole] = cells[next]
                hole = next
            }
            next = (next &+ 1) & mask
        }
        cells[hole] = 0
    }

    mutating func removeAll() {
        for place in cells.indices { cells[place] = 0 }
        count = 0
    }

    @inline(__always)
    private func home(_ hash: UInt64) -> Int { Int(truncatingIfNeeded: hash) & mask }

    @inline(__always)
    private func cell(_ hash: UInt64, _ slot: UInt32) -> UInt64 {
        (hash >> 32) << 32 | UInt64(slot &+ 1)
    }

    private mutating func place(_ hash: UInt64, _ slot: UInt32) {
        var place = home(hash)
        while cells[place] != 0 { place = (place &+ 1) & mask }
        cells[place] = cell(hash, slot)
    }

    private mutating func grow(_ hashOf: (UInt32) -> UInt64) {
        let old = cells
        cells = Array(repeating: 0, count: old.count * 2)
        mask = cells.count - 1
        for cell in old where cell != 0 {
            let slot = UInt32(truncatingIfNeeded: cell) &- 1
            place(hashOf(slot), slot)
        }
    }
}

extension Int {
    /// The least power of two that is not less.
    var nextPowerOfTwo: Int {
        self <= 1 ? 1 : 1 << (Int.bitWidth - (self - 1).leadingZeroBitCount)
    }
}
