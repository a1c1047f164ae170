/// Up to 15 bytes and their number in two words, so that tokens can be compared without a pointer.
struct ShortKey {
    static let lengthMax = 15

    let low: UInt64
    /// The last bytes, and the length in the highest byte: never zero.
    let high: UInt64

    @inline(__always)
    var hash: UInt64 {
        let product = (low ^ 0x9E37_79B9_7F4A_7C15).multipliedFullWidth(
            by: high ^ 0xD6E8_FEB8_6659_FD93)
        return product.high ^ product.low
    }
}

/// Short tokens by their bytes: open addressing, at most half full.
struct KeyTable: Sendable {
    private let mask: Int
    private let storage: TableStorage
    nonisolated(unsafe) private let keys: UnsafeMutablePointer<ShortKey>
    nonisolated(unsafe) private let ranks: UnsafeMutablePointer<UInt32>

    init(capacity: Int) {
        let size = tableSize(capacity)
        mask = size - 1
        storage = TableStorage()
        keys = storage.zeroed(size, of: ShortKey.self)
        ranks = storage.zeroed(size, of: UInt32.self)
    }

    @inline(__always)
    private func slot(of key: ShortKey) -> Int {
        var slot = Int(truncatingIfNeeded: key.hash) & mask
        while true {
            let found = keys[slot]
            if found.low == key.low, found.high == key.high { return slot }
            if found.high == 0 { return ~slot }
            slot = (slot + 1) & mask
        }
    }

    @inline(__always)
    func contains(_ key: ShortKey) -> Bool { slot(of: key) >= 0 }

    @inline(__always)
    func rank(of key: ShortKey) -> UInt32 {
        let slot = slot(of: key)
        return slot >= 0 ? ranks[slot] : Vocabulary.none
    }

    /// Of equal keys the first stays.
    func insert(_ key: ShortKey, rank: UInt32) {
        let slot = slot(of: key)
        guard slot < 0 else { return }
        keys[~slot] = key
        ranks[~slot] = rank
    }
}

/// Longer tokens by a hash of their bytes; the caller compares.
struct LongTable: Sendable {
    private let mask: Int
    private let storage: TableStorage
    /// Rank + 1; 0 is an empty slot.
    nonisolated(unsafe) private let ranks: UnsafeMutablePointer<UInt32>

    init(capacity: Int) {
        let size = tableSize(capacity)
        mask = size - 1
        storage = TableStorage()
        ranks = storage.zeroed(size, of: UInt32.self)
    }

    func rank(hash: UInt64, where isEqual: (UInt32) -> Bool) -> UInt32 {
        var slot = Int(truncatingIfNeeded: hash) & mask
        while ranks[slot] != 0 {
            if isEqual(ranks[slot] - 1) { return ranks[slot] - 1 }
            slot = (slot + 1) & mask
        }
        return Vocabulary.none
    }

    func insert(hash: UInt64, rank: UInt32) {
        var slot = Int(truncatingIfNeeded: hash) & mask
        while ranks[slot] != 0 { slot = (slot + 1) & mask }
        ranks[slot] = rank + 1
    }
}

/// The tokens that pairs of tokens merge into.
struct PairTable: Sendable {
    private struct Slot {
        /// Both ranks; 0 is an empty slot, since ranks are stored with 1 added.
        var pair: UInt64
        var rank: UInt32
    }

    private let shift: UInt64
    private let mask: Int
    private let storage: TableStorage
    nonisolated(unsafe) private let slots: UnsafeMutablePointer<Slot>

    init(capacity: Int) {
        let size = tableSize(capacity)
        mask = size - 1
        shift = UInt64(64 - size.trailingZeroBitCount)
        storage = TableStorage()
        slots = storage.zeroed(size, of: Slot.self)
    }

    @inline(__always)
    private static func pair(_ first: UInt32, _ second: UInt32) -> UInt64 {
        (UInt64(first) + 1) << 32 | UInt64(second)
    }

    @inline(__always)
    private func start(_ pair: UInt64) -> Int {
        Int(truncatingIfNeeded: ((pair ^ pair >> 32) &* 0x9E37_79B9_7F4A_7C15) &>> shift)
    }

    /// The merged token; `Vocabulary.none` if the two are never merged.
    @inline(__always)
    func rank(of first: UInt32, _ second: UInt32) -> UInt32 {
        let pair = Self.pair(first, second)
        var slot = start(pair)
        while true {
            let found = slots[slot]
            if found.pair == pair { return found.rank }
            if found.pair == 0 { return Vocabulary.none }
            slot = (slot + 1) & mask
        }
    }

    func insert(_ first: UInt32, _ second: UInt32, rank: UInt32) {
        let pair = Self.pair(first, second)
        var slot = start(pair)
        while slots[slot].pair != 0 {
            if slots[slot].pair == pair { return }
            slot = (slot + 1) & mask
        }
        slots[slot] = Slot(pair: pair, rank: rank)
    }
}

/// The lengths of the tokens that begin with given four bytes, as bits.
///
/// Different beginnings may share an entry: it only says which lengths are worth a look-up.
struct LengthTable: Sendable {
    static let prefix = 4
    /// From this length on, the bits are in a second word, since such tokens are few.
    static let longFrom = 63
    /// From this length on, one bit stands for all.
    static let allFrom = longFrom + 63

    private let shift: UInt32
    private let storage: TableStorage
    nonisolated(unsafe) private let short: UnsafeMutablePointer<UInt64>
    nonisolated(unsafe) private let long: UnsafeMutablePointer<UInt64>

    init(tokens: Int) {
        let size = tableSize(max(tokens / 4, 64))
        shift = UInt32(32 - size.trailingZeroBitCount)
        storage = TableStorage()
        short = storage.zeroed(size, of: UInt64.self)
        long = storage.zeroed(size, of: UInt64.self)
    }

    @inline(__always)
    private func entry(_ word: UInt32) -> Int { Int((word &* 0x9E37_79B1) &>> shift) }

    /// Lengths up to `limit`; the highest bit says that `long` has longer ones.
    @inline(__always)
    func lengths(of word: UInt32, upTo limit: Int) -> UInt64 {
        let mask = short[entry(word)]
        return limit < Self.longFrom ? mask & ((2 << UInt64(limit)) - 1) : mask
    }

    /// Lengths from `longFrom` to `limit`.
    func longLengths(of word: UInt32, upTo limit: Int) -> UInt64 {
        let mask = long[entry(word)]
        return limit < Self.allFrom ? mask & ((2 << UInt64(limit - Self.longFrom)) - 1) : mask
    }

    func insert(length: Int, of word: UInt32) {
        let entry = entry(word)
        short[entry] |= 1 << UInt64(min(length, Self.longFrom))
        if length >= Self.longFrom {
            long[entry] |= 1 << UInt64(min(length, Self.allFrom) - Self.longFrom)
        }
    }
}

/// A power of two with room for twice as many entries, and at least one slot that stays empty.
private func tableSize(_ capacity: Int) -> Int {
    var size = 16
    while size < capacity * 2 { size *= 2 }
    return size
}

/// Memory that is freed with the last copy of its table.
private final class TableStorage: Sendable {
    private struct Blocks { var pointers: [UnsafeMutableRawPointer] = [] }

    nonisolated(unsafe) private var blocks = Blocks()

    /// Allocates zeroed memory; called while a table is built, before it is shared.
    func zeroed<Element: BitwiseCopyable>(
        _ count: Int, of: Element.Type
    ) -> UnsafeMutablePointer<Element> {
        let size = count * MemoryLayout<Element>.stride
        let block = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 64)
        block.initializeMemory(as: UInt8.self, repeating: 0, count: size)
        blocks.pointers.append(block)
        return block.bindMemory(to: Element.self, capacity: count)
    }

    deinit {
        for block in blocks.pointers { block.deallocate() }
    }
}
