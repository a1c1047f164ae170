/// Which entry leaves when there is no room: an order over the slots of a table.
///
/// A policy is a value of a few list ends; links, counts and marks are in the entries, so changing
/// the policy of a cache moves no entry.
protocol EvictionPolicy {
    /// - Parameter capacity: the bytes that all entries may have.
    init(capacity: Int)

    /// The cache grew or shrank; entries leave later, by `victim`.
    mutating func resize(to capacity: Int)

    mutating func hit(_ slot: UInt32, _ table: inout EntryTable)

    /// A new entry; there is room for it.
    mutating func inserted(_ slot: UInt32, _ table: inout EntryTable)

    /// The entry that has to leave so that another of `incoming` bytes can come; the table is not
    /// empty. The caller removes it.
    mutating func victim(for incoming: Int, _ table: inout EntryTable) -> UInt32

    /// Takes an entry out of the order, before the table forgets it.
    mutating func removed(_ slot: UInt32, wasEvicted: Bool, _ table: inout EntryTable)

    /// Makes the order anew from what the entries remember, after another policy; it has none yet.
    mutating func adopt(_ table: inout EntryTable)
}

extension EvictionPolicy {
    mutating func resize(to capacity: Int) {}
}

/// A policy by name.
package enum PolicyName: String, CaseIterable, Sendable {
    case lru, lfu, fifo
    case s3fifo = "s3-fifo"
    case sieve
    case wTinyLFU = "w-tinylfu"
    /// The one of the others that does best at present; see `PolicyContest`.
    case adaptive

    /// Those that `adaptive` chooses from.
    package static let fixed = allCases.filter { $0 != .adaptive }
}

extension EntryTable {
    /// All slots, the one with the least `order` first.
    func slots(by order: (Entry) -> UInt32) -> [UInt32] {
        var sorted: [UInt64] = []
        sorted.reserveCapacity(count)
        forEachSlot { slot in sorted.append(UInt64(order(self[slot])) << 32 | UInt64(slot)) }
        sorted.sort()
        return sorted.map { UInt32(truncatingIfNeeded: $0) }
    }

    /// Accesses since an entry came in, or was used; smaller is newer.
    func age(_ time: UInt32) -> UInt32 { tick &- time }
}
