import Postgres

/// Gives each distinct run of fields a small number, by its bytes and without looking at them one
/// by one: fields as COPY sends them, each with its length before it.
///
/// An open-addressing table with linear probing. The hash is the standard library's, which is
/// seeded, because the texts come from callers.
struct FieldBlocks {
    private var bytes: [UInt8] = []
    private var ends: [Int] = [0]
    private var hashes: [Int] = []
    /// Numbers, or −1 where nothing is; the count is a power of two.
    private var slots = [Int32](repeating: -1, count: 64)
    /// The number of the block before: neighbours often agree.
    private var last: Int32 = -1

    var count: Int { hashes.count }

    mutating func number(of block: UnsafeRawBufferPointer) -> Int32 {
        if last >= 0, holds(Int(last), block) { return last }
        last = find(block)
        return last
    }

    mutating func number(of block: [UInt8]) -> Int32 {
        block.withUnsafeBytes { number(of: $0) }
    }

    /// Lends the fields of a block, without their lengths; nil is NULL.
    func withFields<R>(of number: Int32, _ body: ([UnsafeRawBufferPointer?]) throws -> R) rethrows
        -> R
    {
        try bytes.withUnsafeBytes { bytes in
            var fields: [UnsafeRawBufferPointer?] = []
            var (offset, end) = (ends[Int(number)], ends[Int(number) + 1])
            while offset < end {
                let length = Int32(
                    bigEndian: bytes.loadUnaligned(
                        fromByteOffset: offset, as: Int32.self))
                offset += 4
                if length < 0 {
                    fields.append(nil)
                } else {
                    fields.append(
                        UnsafeRawBufferPointer(
                            rebasing: bytes[offset..<offset + Int(length)]))
                    offset += Int(length)
                }
            }
            end = offset
            return try body(fields)
        }
    }

    /// Copies of the fields of a block.
    func fields(of number: Int32) -> [[UInt8]?] {
        withFields(of: number) { $0.map { $0.map { Array($0) } } }
    }

    private mutating func find(_ block: UnsafeRawBufferPointer) -> Int32 {
        var hasher = Hasher()
        hasher.combine(bytes: block)
        let hash = hasher.finalize()
        var slot = hash & (slots.count - 1)
        while slots[slot] >= 0 {
            let number = Int(slots[slot])
            if hashes[number] == hash, holds(number, block) { return slots[slot] }
            slot = (slot + 1) & (slots.count - 1)
        }
        slots[slot] = Int32(hashes.count)
        hashes.append(hash)
        bytes.append(contentsOf: block)
        ends.append(bytes.count)
        if hashes.count * 2 > slots.count { grow() }
        return Int32(hashes.count - 1)
    }

    private func holds(_ number: Int, _ block: UnsafeRawBufferPointer) -> Bool {
        let (start, end) = (ends[number], ends[number + 1])
        guard end - start == block.count else { return false }
        return bytes.withUnsafeBytes { bytes in
            var offset = 0
            while offset + 8 <= block.count {
                if block.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
                    != bytes.loadUnaligned(fromByteOffset: start + offset, as: UInt64.self)
                {
                    return false
                }
                offset += 8
            }
            while offset < block.count {
                if block[offset] != bytes[start + offset] { return false }
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

extension [UInt8] {
    /// A field as COPY sends it; nil is NULL.
    mutating func appendField(raw field: UnsafeRawBufferPointer?) {
        appendBigEndian(Int32(field?.count ?? -1))
        if let field { append(contentsOf: field) }
    }
}
