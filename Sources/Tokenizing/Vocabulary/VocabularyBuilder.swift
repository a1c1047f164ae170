/// Builds a vocabulary's tables; the only place that writes them.
///
/// It takes milliseconds even for 200,000 tokens, so files hold only tokens and their parts, and no
/// table from a file has to be trusted: see docs/decisions/0025.
struct VocabularyBuilder {
    struct Tables {
        let offsets: UnsafeMutablePointer<UInt32>
        let left: UnsafeMutablePointer<UInt32>
        let right: UnsafeMutablePointer<UInt32>
        let byteRanks: UnsafeMutablePointer<UInt32>
        let longest: Int
        let keys: KeyTable
        let long: LongTable
        let pairs: PairTable
        let lengths: LengthTable
    }

    /// The most tokens, more than any model has; ranks and offsets then fit in 32 bits with room to
    /// spare.
    static let tokensMax = 4_000_000

    static func build(_ parts: VocabularyParts) throws(TokenizerFault) -> Tables {
        try check(parts)
        let count = parts.count
        let offsets = UnsafeMutablePointer<UInt32>.allocate(capacity: count + 1)
        let left = UnsafeMutablePointer<UInt32>.allocate(capacity: count)
        let right = UnsafeMutablePointer<UInt32>.allocate(capacity: count)
        let byteRanks = UnsafeMutablePointer<UInt32>.allocate(capacity: 256)
        byteRanks.initialize(repeating: Vocabulary.none, count: 256)
        left.initialize(from: parts.left, count: count)
        right.initialize(from: parts.right, count: count)
        var (offset, longest, longCount) = (UInt32(0), 0, 0)
        for rank in 0..<count {
            offsets[rank] = offset
            let length = Int(parts.lengths[rank])
            offset += UInt32(length)
            longest = max(longest, length)
            if length > ShortKey.lengthMax { longCount += 1 }
        }
        offsets[count] = offset
        let text = TextBytes(base: parts.bytes, count: parts.byteCount)
        let keys = KeyTable(capacity: count - longCount)
        let long = LongTable(capacity: longCount)
        let pairs = PairTable(capacity: count)
        let lengths = LengthTable(tokens: count)
        for rank in 0..<parts.findable {
            let start = Int(offsets[rank])
            let length = Int(parts.lengths[rank])
            if length <= ShortKey.lengthMax {
                keys.insert(text.key(from: start, length: length), rank: UInt32(rank))
            } else {
                long.insert(hash: text.hash(from: start, length: length), rank: UInt32(rank))
            }
            guard rank < parts.mergeable else { continue }
            if length == 1 { byteRanks[Int(parts.bytes[start])] = UInt32(rank) }
            if length >= LengthTable.prefix {
                lengths.insert(length: length, of: text.word(at: start))
            }
            if left[rank] != UInt32(rank) {
                pairs.insert(left[rank], right[rank], rank: UInt32(rank))
            }
        }
        return Tables(
            offsets: offsets, left: left, right: right, byteRanks: byteRanks, longest: longest,
            keys: keys, long: long, pairs: pairs, lengths: lengths)
    }

    /// Checks the facts that the encoder relies on: parts come before their token, and together are
    /// as long as it.
    private static func check(_ parts: VocabularyParts) throws(TokenizerFault) {
        guard parts.count > 0, parts.count <= tokensMax else {
            throw TokenizerFault("it has \(parts.count) tokens; 1 to \(tokensMax) can be read")
        }
        guard parts.mergeable <= parts.findable, parts.findable <= parts.count,
            parts.left.count == parts.count, parts.right.count == parts.count
        else {
            throw TokenizerFault("its lists of parts are not as long as its list of tokens")
        }
        var total = 0
        for rank in 0..<parts.count {
            let length = Int(parts.lengths[rank])
            guard length > 0 else { throw TokenizerFault("token \(rank) is empty") }
            total += length
            guard length < UInt16.max else { throw TokenizerFault("token \(rank) is too long") }
            let (left, right) = (Int(parts.left[rank]), Int(parts.right[rank]))
            if left == rank, right == rank { continue }
            guard left < rank, right < rank,
                parts.lengths[left] + parts.lengths[right] == parts.lengths[rank]
            else { throw TokenizerFault("token \(rank) is not made of the parts it names") }
        }
        guard total == parts.byteCount else {
            throw TokenizerFault("its tokens have \(total) bytes, but its text \(parts.byteCount)")
        }
    }
}

/// Why a tokenizer cannot be made from a file or from its parts, as the end of a sentence.
package struct TokenizerFault: Error, Equatable, CustomStringConvertible {
    package let description: String

    package init(_ description: String) { self.description = description }
}
