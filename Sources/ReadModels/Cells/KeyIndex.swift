/// Numbers keys in the order in which they come.
///
/// Keys are made of small numbers of our own, so that a multiplication hashes them well enough
/// (Knuth, The Art of Computer Programming, 6.4).
struct KeyIndex {
    private(set) var keys: [UInt64] = []
    /// Numbers, or −1 where nothing is; the count is a power of two.
    private var slots = [Int32](repeating: -1, count: 64)
    private var shift: UInt64 = 58

    var count: Int { keys.count }

    /// The number of a key; a new one is `count` before the call.
    @inline(__always)
    mutating func number(of key: UInt64) -> Int {
        var slot = place(of: key)
        while slots[slot] >= 0 {
            if keys[Int(slots[slot])] == key { return Int(slots[slot]) }
            slot = (slot + 1) & (slots.count - 1)
        }
        return add(key, at: slot)
    }

    private mutating func add(_ key: UInt64, at slot: Int) -> Int {
        slots[slot] = Int32(keys.count)
        keys.append(key)
        if keys.count * 2 > slots.count { grow() }
        return keys.count - 1
    }

    @inline(__always)
    private func place(of key: UInt64) -> Int {
        Int(truncatingIfNeeded: (key &* 0x9E37_79B9_7F4A_7C15) >> shift)
    }

    private mutating func grow() {
        slots = [Int32](repeating: -1, count: slots.count * 4)
        shift -= 2
        for (number, key) in keys.enumerated() {
            var slot = place(of: key)
            while slots[slot] >= 0 { slot = (slot + 1) & (slots.count - 1) }
            slots[slot] = Int32(number)
        }
    }
}
