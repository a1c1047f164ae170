/// Looks up JSON keys in a hash table that compares keys as words.
///
/// A key of up to 32 bytes is read as four words that overlap in the middle; with the length they
/// distinguish any two keys. A lookup takes a few nanoseconds, and an event has thirty keys.
struct KeyTable<Value: Sendable>: Sendable {
    private struct Key: Equatable {
        var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
        var length = 0

        static func == (a: Key, b: Key) -> Bool {
            a.length == b.length && a.words.0 == b.words.0 && a.words.1 == b.words.1
                && a.words.2 == b.words.2 && a.words.3 == b.words.3
        }
    }

    private struct Slot {
        var key: Key
        var value: Value?
    }

    private var slots: [Slot]
    private let mask: Int

    init(_ pairs: [(name: String, value: Value)]) {
        var capacity = 16
        while capacity < pairs.count * 4 { capacity *= 2 }
        mask = capacity - 1
        slots = Array(repeating: Slot(key: Key(), value: nil), count: capacity)
        for (name, value) in pairs {
            var name = name
            let key = name.withUTF8 { Self.key($0) }
            guard let key else { preconditionFailure("the key is too long for the table") }
            var index = hash(key)
            while slots[index].value != nil { index = (index + 1) & mask }
            slots[index] = Slot(key: key, value: value)
        }
    }

    /// The value of a key; nil if unknown, as every key beyond 32 bytes is.
    func value(of text: UnsafeBufferPointer<UInt8>) -> Value? {
        guard let key = Self.key(text) else { return nil }
        var index = hash(key)
        return slots.withUnsafeBufferPointer { slots in
            while let value = slots[index].value {
                if slots[index].key == key { return value }
                index = (index + 1) & mask
            }
            return nil
        }
    }

    @inline(__always)
    private static func key(_ text: UnsafeBufferPointer<UInt8>) -> Key? {
        let raw = UnsafeRawBufferPointer(text)
        let length = raw.count
        func word(_ offset: Int) -> UInt64 {
            raw.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
        }
        func half(_ offset: Int) -> UInt64 {
            UInt64(raw.loadUnaligned(fromByteOffset: offset, as: UInt32.self))
        }
        var key = Key(length: length)
        switch length {
        case 17...32: key.words = (word(0), word(8), word(length - 16), word(length - 8))
        case 8...16: key.words = (word(0), word(length - 8), 0, 0)
        case 4...7: key.words.0 = half(0) | half(length - 4) << 32
        case 1...3:
            key.words.0 =
                UInt64(raw[0]) | UInt64(raw[length / 2]) << 8 | UInt64(raw[length - 1]) << 16
        case 0: break
        default: return nil
        }
        return key
    }

    private func hash(_ key: Key) -> Int {
        let low = (key.words.0 ^ key.words.1 &* 0x9E37_79B9_7F4A_7C15) &* 0xBF58_476D_1CE4_E5B9
        let high = (key.words.2 ^ key.words.3 &* 0x94D0_49BB_1331_11EB) &* 0xD6E8_FEB8_6659_FD93
        return Int(truncatingIfNeeded: (low ^ high) >> 40) & mask
    }
}
