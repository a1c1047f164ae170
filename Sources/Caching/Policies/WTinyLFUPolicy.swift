/// W-TinyLFU: a small window in order of use before a main part in two segments; an entry gets from
/// one into the other only if it was asked for more often than what would have to leave for it.
///
/// Einziger, Friedman and Manes, "TinyLFU: A Highly Efficient Cache Admission Policy", ACM TOS
/// 2017: 1 % window, main 20 % on probation and 80 % protected. With sizes and costs what is
/// compared is frequency times cost for a byte, after their "Lightweight Robust Size Aware Cache
/// Management", ACM TOS 2022.
struct WTinyLFUPolicy: EvictionPolicy {
    private var window = SlotList()
    private var probation = SlotList()
    private var protected = SlotList()
    private var windowBytes: Int
    private var protectedBytes: Int
    private(set) var sketch = FrequencySketch()

    private enum Region {
        static let window: UInt8 = 0
        static let probation: UInt8 = 1
        static let protected: UInt8 = 2
    }

    init(capacity: Int) {
        (windowBytes, protectedBytes) = Self.parts(of: capacity)
    }

    /// - Parameter sketch: what was counted while another policy was in use.
    init(capacity: Int, sketch: FrequencySketch) {
        self.init(capacity: capacity)
        self.sketch = sketch
    }

    private static func parts(of capacity: Int) -> (window: Int, protected: Int) {
        let window = capacity / 100
        return (window, (capacity - window) / 5 * 4)
    }

    mutating func resize(to capacity: Int) {
        (windowBytes, protectedBytes) = Self.parts(of: capacity)
    }

    /// An access to a key, in the cache or not, before `hit` or `inserted`.
    @inline(__always)
    mutating func sawAccess(to key: CacheKey, entries: Int) {
        sketch.add(key.second, entries: entries)
    }

    mutating func hit(_ slot: UInt32, _ table: inout EntryTable) {
        switch table[slot].region {
        case Region.window: table.moveToFront(slot, &window)
        case Region.protected: table.moveToFront(slot, &protected)
        default:
            table.unlink(slot, &probation)
            table[slot].region = Region.protected
            table.pushFront(slot, &protected)
            while protected.bytes > protectedBytes, protected.count > 1 {
                let demoted = protected.tail
                table.unlink(demoted, &protected)
                toProbation(demoted, &table)
            }
        }
    }

    mutating func inserted(_ slot: UInt32, _ table: inout EntryTable) {
        table[slot].region = Region.window
        table.pushFront(slot, &window)
        // Beyond its part the window only grows while there is room for all.
        while window.bytes > windowBytes, window.count > 1 {
            let moved = window.tail
            table.unlink(moved, &window)
            toProbation(moved, &table)
        }
    }

    mutating func victim(for incoming: Int, _ table: inout EntryTable) -> UInt32 {
        let last = probation.isEmpty ? protected.tail : probation.tail
        guard last != SlotList.none else { return window.tail }
        guard !window.isEmpty, window.bytes + incoming > windowBytes else { return last }
        let candidate = window.tail
        guard score(candidate, table) > score(last, table) else { return candidate }
        table.unlink(candidate, &window)
        toProbation(candidate, &table)
        return last
    }

    mutating func removed(_ slot: UInt32, wasEvicted: Bool, _ table: inout EntryTable) {
        switch table[slot].region {
        case Region.window: table.unlink(slot, &window)
        case Region.protected: table.unlink(slot, &protected)
        default: table.unlink(slot, &probation)
        }
    }

    /// What was used more than once is protected, the most recent first, as far as there is room.
    mutating func adopt(_ table: inout EntryTable) {
        var room = (window: windowBytes, protected: protectedBytes)
        let newestFirst = table.slots(by: { table.age($0.used) })
        for slot in newestFirst {
            let bytes = Int(table[slot].bytes)
            if table[slot].uses > 1, room.protected >= bytes {
                table[slot].region = Region.protected
                room.protected -= bytes
            } else if table[slot].uses == 1, room.window >= bytes {
                table[slot].region = Region.window
                room.window -= bytes
            } else {
                table[slot].region = Region.probation
            }
        }
        for slot in newestFirst.reversed() {
            switch table[slot].region {
            case Region.window: table.pushFront(slot, &window)
            case Region.protected: table.pushFront(slot, &protected)
            default: table.pushFront(slot, &probation)
            }
        }
    }

    private mutating func toProbation(_ slot: UInt32, _ table: inout EntryTable) {
        table[slot].region = Region.probation
        table.pushFront(slot, &probation)
    }

    private func score(_ slot: UInt32, _ table: EntryTable) -> Float {
        let entry = table[slot]
        return Float(sketch.estimate(entry.key.second)) * entry.cost / Float(entry.bytes)
    }
}
