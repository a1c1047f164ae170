/// Gives each distinct run of bytes a small number, counted from zero.
///
/// An open-addressing table with linear probing. The hash is the standard library's, which is
/// seeded, because the bytes come from callers.
package struct ByteNumbers: Sendable {
    private var bytes: [UInt8] = []
    private var ends: [Int] = [0]
    private var hashes: [Int] = []
    /// Numbers, or −1 where nothing is; the count is a power of two.
    private var slots = [Int32](repeating: -1, count: 64)
    /// The number given last: neighbours often agree.
    private var last: Int32 = -1

    package init() {}

    package var count: Int { hashes.count }

    package mutating func number(of run: UnsafeRawBufferPointer) -> Int32 {
        if last >= 0, holds(Int(last), run) { return last }
        last = find(run)
        return last
    }

    /// Lends the bytes that have a number.
    package func withBytes<R>(
        of number: Int32, _ body: (UnsafeRawBufferPointer) throws -> R
    ) rethrows -> R {
        try bytes.withUnsafeBytes {
            try body(
                UnsafeRawBufferPointer(rebasing: $0[ends[Int(number)]..<ends[Int(number) + 1]]))
        }
    }

    private mutating func find(_ run: UnsafeRawBufferPointer) -> Int32 {
        var hasher = Hasher()
        hasher.combine(bytes: run)
        let hash = hasher.finalize()
        var slot = hash & (slots.count - 1)
        while slots[slot] >= 0 {
            let number = Int(slots[slot])
            if hashes[number] == hash, holds(number, run) { return slots[slot] }
            slot = (slot + 1) & (slots.count - 1)
        }
        slots[slot] = Int32(hashes.count)
        hashes.append(hash)
        bytes.append(contentsOf: run)
        ends.append(bytes.count)
        if hashes.count * 2 > slots.count { grow() }
        return Int32(hashes.count - 1)
    }

    private func holds(_ number: Int, _ run: UnsafeRawBufferPointer) -> Bool {
        let (start, end) = (ends[number], ends[number + 1])
        guard end - start == run.count else { return false }
        return bytes.withUnsafeBytes { bytes in
            var offset = 0
            while offset + 8 <= run.count {
                if run.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
                    != bytes.loadUnaligned(fromByteOffset: start + offset, as: UInt64.self)
                {
                    return false
                }
                offset += 8
            }
            while offset < run.count {
                if run[offset] != bytes[start + offset] { return false }
                offset += 1
            }
            return true
        }
    }

    private mutating func grow() {
        slots = [Int32](repeating: -1, count: slots.count * 2)
        for (number, hash) in hashes.enumerated() {
            var slot = hash & (slots.count - 1)
            while slots[slot] >= 0 { slot = (slot + 1) & (slots.count - 1) }
            slots[slot] = Int32(number)
        }
    }
}
