/// Least recently used.
struct LRUPolicy: EvictionPolicy {
    private var list = SlotList()

    init(capacity: Int) {}

    mutating func hit(_ slot: UInt32, _ table: inout EntryTable) {
        table[slot].credit = table[slot].chances
        table.moveToFront(slot, &list)
    }

    mutating func inserted(_ slot: UInt32, _ table: inout EntryTable) {
        table.pushFront(slot, &list)
    }

    mutating func victim(for incoming: Int, _ table: inout EntryTable) -> UInt32 {
        table.endOfQueue(&list)
    }

    mutating func removed(_ slot: UInt32, wasEvicted: Bool, _ table: inout EntryTable) {
        table.unlink(slot, &list)
    }

    mutating func adopt(_ table: inout EntryTable) {
        for slot in table.slots(by: { ~table.age($0.used) }) { table.pushFront(slot, &list) }
    }
}

/// First in, first out.
struct FIFOPolicy: EvictionPolicy {
    private var list = SlotList()

    init(capacity: Int) {}

    mutating func hit(_ slot: UInt32, _ table: inout EntryTable) {}

    mutating func inserted(_ slot: UInt32, _ table: inout EntryTable) {
        table.pushFront(slot, &list)
    }

    mutating func victim(for incoming: Int, _ table: inout EntryTable) -> UInt32 {
        table.endOfQueue(&list)
    }

    mutating func removed(_ slot: UInt32, wasEvicted: Bool, _ table: inout EntryTable) {
        table.unlink(slot, &list)
    }

    mutating func adopt(_ table: inout EntryTable) {
        for slot in table.slots(by: { ~table.age($0.inserted) }) { table.pushFront(slot, &list) }
    }
}

extension EntryTable {
    /// The oldest entry of a queue without chances left; those that have some pay one and go back
    /// to the front.
    mutating func endOfQueue(_ list: inout SlotList) -> UInt32 {
        while self[list.tail].credit > 0 {
            self[list.tail].credit -= 1
            moveToFront(list.tail, &list)
        }
        return list.tail
    }
}

/// SIEVE: a queue that keeps its order, and a hand that spares once what was used since it passed.
///
/// Zhang et al., "SIEVE is Simpler than LRU", NSDI 2024.
struct SievePolicy: EvictionPolicy {
    private var list = SlotList()
    /// Where the hand stands; it moves from old to new.
    private var hand = SlotList.none

    init(capacity: Int) {}

    mutating func hit(_ slot: UInt32, _ table: inout EntryTable) {
        table[slot].mark = 1
        table[slot].credit = table[slot].chances
    }

    mutating func inserted(_ slot: UInt32, _ table: inout EntryTable) {
        table[slot].mark = 0
        table.pushFront(slot, &list)
    }

    mutating func victim(for incoming: Int, _ table: inout EntryTable) -> UInt32 {
        if hand == SlotList.none { hand = list.tail }
        while true {
            if table[hand].mark > 0 {
                table[hand].mark = 0
            } else if table[hand].credit > 0 {
                table[hand].credit -= 1
            } else {
                return hand
            }
            hand = table[hand].previous
            if hand == SlotList.none { hand = list.tail }
        }
    }

    mutating func removed(_ slot: UInt32, wasEvicted: Bool, _ table: inout EntryTable) {
        if hand == slot { hand = table[slot].previous }
        table.unlink(slot, &list)
    }

    /// Entries come in the order of their last use: what another policy kept for its use would
    /// otherwise be the first to leave.
    mutating func adopt(_ table: inout EntryTable) {
        for slot in table.slots(by: { ~table.age($0.used) }) {
            table[slot].mark = table[slot].uses > 1 ? 1 : 0
            table.pushFront(slot, &list)
        }
    }
}
