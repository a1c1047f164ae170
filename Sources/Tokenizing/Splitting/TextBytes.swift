/// Bytes that are being read, and how tokens are looked up in them.
///
/// Reads are unchecked, for speed: callers ensure that `start + length <= count`.
struct TextBytes {
    let base: UnsafePointer<UInt8>
    let count: Int

    @inline(__always)
    func wide(at index: Int) -> UInt64 {
        UInt64(littleEndian: UnsafeRawPointer(base + index).loadUnaligned(as: UInt64.self))
    }

    /// Reads four bytes.
    @inline(__always)
    func word(at index: Int) -> UInt32 {
        UInt32(littleEndian: UnsafeRawPointer(base + index).loadUnaligned(as: UInt32.self))
    }

    static let wordLengthMax = 7

    /// 1 to 7 bytes, with their number in the highest byte.
    @inline(__always)
    func word(from start: Int, length: Int) -> UInt64 {
        guard start &+ 8 <= count else {
            let key = keyNearEnd(from: start, length: length)
            return key.low | key.high
        }
        let bits = UInt64(truncatingIfNeeded: length) &* 8
        return wide(at: start) & ~(.max &<< bits) | bits &<< 53
    }

    /// A key of 1 to 15 bytes.
    @inline(__always)
    func key(from start: Int, length: Int) -> ShortKey {
        guard start + 16 <= count else { return keyNearEnd(from: start, length: length) }
        let low = wide(at: start)
        let bits = UInt64(length) &* 8
        if length <= 8 {
            return ShortKey(low: low & (.max &>> (64 &- bits)), high: UInt64(length) &<< 56)
        }
        let high = wide(at: start + 8) & (.max &>> (128 &- bits))
        return ShortKey(low: low, high: high | UInt64(length) &<< 56)
    }

    /// The same near the end, where sixteen bytes cannot be read.
    private func keyNearEnd(from start: Int, length: Int) -> ShortKey {
        var low: UInt64 = 0
        var high = UInt64(length) << 56
        for index in 0..<length {
            let byte = UInt64(base[start + index])
            if index < 8 {
                low |= byte << UInt64(8 * index)
            } else {
                high |= byte << UInt64(8 * (index - 8))
            }
        }
        return ShortKey(low: low, high: high)
    }

    /// Compares eight bytes or more with as many, eight at a time, the last eight overlapping.
    func isEqual(from start: Int, length: Int, to other: TextBytes) -> Bool {
        let last = length - 8
        var index = 0
        while true {
            let place = min(index, last)
            if wide(at: start + place) != other.wide(at: place) { return false }
            if index >= last { return true }
            index += 8
        }
    }

    /// A hash of more than 15 bytes: a multiplication for each eight, the last eight overlapping.
    func hash(from start: Int, length: Int) -> UInt64 {
        var hash = UInt64(length)
        var index = start
        let last = start + length - 8
        while true {
            let product = (hash ^ wide(at: min(index, last)) ^ 0x9E37_79B9_7F4A_7C15)
                .multipliedFullWidth(by: 0xD6E8_FEB8_6659_FD93)
            hash = product.high ^ product.low
            if index >= last { return hash }
            index += 8
        }
    }
}
