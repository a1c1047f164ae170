import Crypto

/// A UUID; events are identified by version 7, which starts with a time in milliseconds.
package struct EventID: Hashable, Comparable, Sendable {
    package let high: UInt64
    package let low: UInt64

    package init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    package static func < (a: EventID, b: EventID) -> Bool { (a.high, a.low) < (b.high, b.low) }

    /// A UUIDv7 at `time` whose other 74 bits come from `entropy`.
    package init(at time: Timestamp, entropy: (UInt64, UInt64)) {
        let milliseconds = UInt64(bitPattern: time.unixMilliseconds) & 0xFFFF_FFFF_FFFF
        self.init(
            high: milliseconds << 16 | 0x7000 | entropy.0 & 0x0FFF,
            low: 0x8000_0000_0000_0000 | entropy.1 & 0x3FFF_FFFF_FFFF_FFFF)
    }

    /// A UUIDv7 at `time` whose other bits are the start of `digest`: same cause, same id.
    package init(at time: Timestamp, digest: Digest) {
        self.init(at: time, entropy: (digest.words[0], digest.words[1]))
    }

    package var isVersion7: Bool { high >> 12 & 0xF == 7 && low >> 62 == 0b10 }

    /// The time inside a UUIDv7, whole milliseconds.
    package var time: Timestamp { Timestamp(unixMicroseconds: Int64(high >> 16) * 1_000) }

    /// The smallest id of a month: the lower bound of its partition.
    package static func first(of month: Month) -> EventID { first(at: month.start) }

    /// The lowest id of a time.
    package static func first(at time: Timestamp) -> EventID {
        EventID(high: UInt64(bitPattern: time.unixMilliseconds) << 16, low: 0)
    }
}

extension EventID: CustomStringConvertible {
    /// Reads the 36-character form, upper or lower case.
    package init?(_ text: some StringProtocol) {
        var text = String(text)
        let parsed = text.withUTF8 { EventID(utf8: $0) }
        guard let parsed else { return nil }
        self = parsed
    }

    package init?(utf8 bytes: UnsafeBufferPointer<UInt8>) {
        guard bytes.count == 36 else { return nil }
        var words: (UInt64, UInt64) = (0, 0)
        var nibbles = 0
        for (index, byte) in bytes.enumerated() {
            if index == 8 || index == 13 || index == 18 || index == 23 {
                guard byte == UInt8(ascii: "-") else { return nil }
                continue
            }
            let nibble: UInt8
            switch byte {
            case 48...57: nibble = byte - 48
            case 97...102: nibble = byte - 87
            case 65...70: nibble = byte - 55
            default: return nil
            }
            if nibbles < 16 {
                words.0 = words.0 << 4 | UInt64(nibble)
            } else {
                words.1 = words.1 << 4 | UInt64(nibble)
            }
            nibbles += 1
        }
        self.init(high: words.0, low: words.1)
    }

    package var description: String {
        String(unsafeUninitializedCapacity: 36) { text in
            for hyphen in [8, 13, 18, 23] { text[hyphen] = UInt8(ascii: "-") }
            for digit in 0..<32 {
                let place = digit + min(4, max(0, digit / 4 - 1))
                text[place] = hexadecimalDigit(digit, of: digit < 16 ? high : low)
            }
            return 36
        }
    }
}

/// The sender's identity for an event without its own UUIDv7: CloudEvents' `source` and `id`, or
/// any string.
package struct ExternalID: Hashable, Sendable {
    package let source: Name
    package let id: Name

    package init(source: Name, id: Name) {
        self.source = source
        self.id = id
    }

    /// SHA-256(length ‖ source ‖ id), the length as eight bytes: the value in the identity index.
    package var digest: Digest {
        var hash = SHA256()
        var length = UInt64(source.string.utf8.count).bigEndian
        withUnsafeBytes(of: &length) { hash.update(bufferPointer: $0) }
        for part in [source.string, id.string] {
            var part = part
            part.withUTF8 { hash.update(bufferPointer: UnsafeRawBufferPointer($0)) }
        }
        return Digest(hash.finalize())
    }

    /// The event id that this identity gets at `time`.
    package func eventID(at time: Timestamp) -> EventID { EventID(at: time, digest: digest) }
}

extension EventID {
    /// The id of a charge: H(request id ‖ previous charge id), at the request's own time.
    ///
    /// A retried request cannot be charged twice, and the second of two concurrent adjustments
    /// after the same charge is a duplicate.
    package static func charge(for request: EventID, after previous: EventID?) -> EventID {
        var hash = SHA256()
        var words = (
            request.high.bigEndian, request.low.bigEndian,
            (previous?.high ?? 0).bigEndian, (previous?.low ?? 0).bigEndian
        )
        withUnsafeBytes(of: &words) { hash.update(bufferPointer: $0) }
        return EventID(at: request.time, digest: Digest(hash.finalize()))
    }
}

/// The ASCII of one of a word's sixteen digits, highest first; `digit` may continue past them.
func hexadecimalDigit(_ digit: Int, of word: UInt64) -> UInt8 {
    let value = UInt8(truncatingIfNeeded: word >> UInt64(60 - digit % 16 * 4)) & 0xF
    return value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
}

/// Sixteen digits.
package func hexadecimal(_ word: UInt64) -> String {
    let digits = String(word, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
}
