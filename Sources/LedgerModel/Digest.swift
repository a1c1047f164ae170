package import Crypto

/// A SHA-256 digest.
package struct Digest: Hashable, Sendable {
    /// The digest as four big-endian words.
    package var words: InlineArray<4, UInt64>

    package init(words: InlineArray<4, UInt64>) {
        self.words = words
    }

    package init(_ digest: SHA256.Digest) {
        words = digest.withUnsafeBytes { Self.words(from: $0) }
    }

    /// Reads 32 bytes; nil for any other count.
    package init?(_ bytes: some Sequence<UInt8>) {
        let bytes = Array(bytes)
        guard bytes.count == 32 else { return nil }
        words = bytes.withUnsafeBytes { Self.words(from: $0) }
    }

    package init(hashing bytes: UnsafeRawBufferPointer) {
        var hash = SHA256()
        hash.update(bufferPointer: bytes)
        self.init(hash.finalize())
    }

    package init(hashing bytes: some Sequence<UInt8>) {
        self = Array(bytes).withUnsafeBytes { Digest(hashing: $0) }
    }

    /// 32 zero bytes, to which the first block of a ledger links.
    package static let zero = Digest(words: [0, 0, 0, 0])

    package var bytes: [UInt8] {
        [UInt8](unsafeUninitializedCapacity: 32) { buffer, count in
            let raw = UnsafeMutableRawBufferPointer(buffer)
            store(into: raw)
            count = 32
        }
    }

    /// Writes the 32 bytes at the start of `buffer`.
    @inlinable
    package func store(into buffer: UnsafeMutableRawBufferPointer) {
        for index in 0..<4 {
            buffer.storeBytes(of: words[index].bigEndian, toByteOffset: index * 8, as: UInt64.self)
        }
    }

    private static func words(from raw: UnsafeRawBufferPointer) -> InlineArray<4, UInt64> {
        InlineArray<4, UInt64> { index in
            UInt64(bigEndian: raw.loadUnaligned(fromByteOffset: index * 8, as: UInt64.self))
        }
    }

    package static func == (a: Digest, b: Digest) -> Bool {
        a.words[0] == b.words[0] && a.words[1] == b.words[1] && a.words[2] == b.words[2]
            && a.words[3] == b.words[3]
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(words[0])
        hasher.combine(words[1])
    }
}

extension Digest: CustomStringConvertible {
    /// 64 hexadecimal digits.
    package var description: String {
        String(unsafeUninitializedCapacity: 64) { text in
            for digit in 0..<64 { text[digit] = hexadecimalDigit(digit, of: words[digit / 16]) }
            return 64
        }
    }

    package init?(hexadecimal text: some StringProtocol) {
        guard text.utf8.count == 64, text.utf8.allSatisfy({ isHexadecimalDigit($0) }) else {
            return nil
        }
        var words: InlineArray<4, UInt64> = [0, 0, 0, 0]
        var rest = Substring(text)
        for index in 0..<4 {
            guard let word = UInt64(rest.prefix(16), radix: 16) else { return nil }
            words[index] = word
            rest = rest.dropFirst(16)
        }
        self.init(words: words)
    }
}

private func isHexadecimalDigit(_ byte: UInt8) -> Bool {
    (48...57).contains(byte) || (97...102).contains(byte) || (65...70).contains(byte)
}
