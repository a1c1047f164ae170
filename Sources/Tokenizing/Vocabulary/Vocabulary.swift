/// The tokens of a byte pair encoding in the order in which it makes them, with tables that find a
/// token by its bytes.
///
/// A token's *rank* is its place in that order: single bytes (or characters) first, then one token
/// for each merge. Internally, everything uses ranks; `TokenID`s appear only in the interface. The
/// tables have their own memory, are never changed after `init`, and are freed with the vocabulary,
/// so sharing the pointers is safe.
package final class Vocabulary: Sendable {
    typealias Rank = UInt32

    package let count: Int
    /// The number of bytes of the longest token.
    let longest: Int
    /// Ranks below this take part in merges; the rest are found only as whole pieces.
    let mergeable: Rank
    /// Whether every byte is a token.
    let hasEveryByte: Bool

    /// The owner of `bytes`, which keeps them alive: a mapped file or an array's storage.
    private let owner: any Sendable
    nonisolated(unsafe) private let bytes: UnsafePointer<UInt8>
    nonisolated(unsafe) private let offsets: UnsafeMutablePointer<UInt32>
    nonisolated(unsafe) let left: UnsafeMutablePointer<Rank>
    nonisolated(unsafe) let right: UnsafeMutablePointer<Rank>
    nonisolated(unsafe) let byteRanks: UnsafeMutablePointer<Rank>
    let keys: KeyTable
    let long: LongTable
    let pairs: PairTable
    let lengths: LengthTable
    let ids: TokenIDs
    let workspaces = WorkspacePool()

    /// No token.
    static let none: Rank = .max

    package init(_ parts: consuming VocabularyParts) throws(TokenizerFault) {
        count = parts.count
        owner = parts.owner
        bytes = parts.bytes
        mergeable = Rank(parts.mergeable)
        let tables = try VocabularyBuilder.build(parts)
        offsets = tables.offsets
        left = tables.left
        right = tables.right
        byteRanks = tables.byteRanks
        longest = tables.longest
        keys = tables.keys
        long = tables.long
        pairs = tables.pairs
        lengths = tables.lengths
        hasEveryByte = (0..<256).allSatisfy { tables.byteRanks[$0] != Self.none }
        ids = parts.ids
    }

    deinit {
        offsets.deallocate()
        left.deallocate()
        right.deallocate()
        byteRanks.deallocate()
    }

    /// The bytes of a token.
    func bytes(of rank: Rank) -> UnsafeBufferPointer<UInt8> {
        precondition(rank < count, "a rank is below the count of tokens")
        let start = Int(offsets[Int(rank)])
        return UnsafeBufferPointer(
            start: bytes + start, count: Int(offsets[Int(rank) + 1]) - start)
    }

    func length(of rank: Rank) -> Int {
        Int(offsets[Int(rank) + 1] - offsets[Int(rank)])
    }

    /// The token that is exactly these bytes.
    @inline(__always)
    func rank(of text: TextBytes, from start: Int, length: Int) -> Rank {
        if length <= ShortKey.lengthMax {
            return keys.rank(of: text.key(from: start, length: length))
        }
        guard length <= longest else { return Self.none }
        return longRank(of: text, from: start, length: length)
    }

    private func longRank(of text: TextBytes, from start: Int, length: Int) -> Rank {
        long.rank(hash: text.hash(from: start, length: length)) { candidate in
            let token = bytes(of: candidate)
            guard token.count == length, let base = token.baseAddress else { return false }
            return text.isEqual(
                from: start, length: length, to: TextBytes(base: base, count: length))
        }
    }

    /// The longest token, of at most `limit` bytes, that begins here and takes part in merges.
    func longestMatch(
        in text: TextBytes, from start: Int, limit: Int
    ) -> (rank: Rank, length: Int) {
        var mask: UInt64 = 0
        if limit >= LengthTable.prefix {
            mask = lengths.lengths(of: text.word(at: start), upTo: limit)
            if mask >> UInt64(LengthTable.longFrom) != 0 {
                let found = longestLongMatch(in: text, from: start, limit: limit)
                if found.rank != Self.none { return found }
                mask &= .max >> 1
            }
        }
        while mask != 0 {
            let length = 63 - mask.leadingZeroBitCount
            let rank = rank(of: text, from: start, length: length)
            if rank < mergeable { return (rank, length) }
            mask ^= 1 << UInt64(length)
        }
        var length = min(limit, LengthTable.prefix - 1)
        while length > 1 {
            let rank = keys.rank(of: text.key(from: start, length: length))
            if rank < mergeable { return (rank, length) }
            length -= 1
        }
        return (limit > 0 ? byteRanks[Int(text.base[start])] : Self.none, 1)
    }

    private func longestLongMatch(
        in text: TextBytes, from start: Int, limit: Int
    ) -> (rank: Rank, length: Int) {
        var mask = lengths.longLengths(of: text.word(at: start), upTo: limit)
        var length = min(limit, longest)
        while mask != 0 {
            let bit = 63 - mask.leadingZeroBitCount
            if bit < 63 { length = LengthTable.longFrom + bit }
            let rank = rank(of: text, from: start, length: length)
            if rank < mergeable { return (rank, length) }
            length -= 1
            if length < LengthTable.allFrom || bit < 63 { mask ^= 1 << UInt64(bit) }
        }
        return (Self.none, 1)
    }

    /// Whether two neighbouring tokens stay separate when their bytes are encoded together.
    ///
    /// The merges that made the two are undone, the latest first. If the parts on both sides of the
    /// seam have a merge that precedes the one just undone, byte pair encoding would have chosen
    /// that merge. Of equal merges the left one comes first.
    func stayApart(_ first: Rank, _ second: Rank) -> Bool {
        var (first, second, before) = (first, second, Rank.max)
        while true {
            if pairs.rank(of: first, second) < before { return false }
            if first > second {
                let part = right[Int(first)]
                if part == first { return true }
                before = first
                first = part
            } else {
                let part = left[Int(second)]
                if part == second { return true }
                before = second + 1
                second = part
            }
        }
    }
}

/// The data from which a vocabulary is built.
package struct VocabularyParts: Sendable {
    package let count: Int
    /// The number of tokens that take part in merges; they come first.
    package let mergeable: Int
    /// The number of tokens that can be found by their bytes: those that merge, possibly followed
    /// by whole pieces.
    package let findable: Int
    package let ids: TokenIDs
    /// Ranks of the two parts of each token; its own rank twice if it has no parts.
    package let left: [UInt32]
    package let right: [UInt32]
    package let lengths: [UInt16]
    /// The bytes of all tokens, one after another.
    nonisolated(unsafe) package let bytes: UnsafePointer<UInt8>
    package let byteCount: Int
    /// Keeps `bytes` alive.
    package let owner: any Sendable

    package init(
        ids: TokenIDs, left: [UInt32], right: [UInt32], lengths: [UInt16], mergeable: Int,
        findable: Int, bytes: UnsafePointer<UInt8>, byteCount: Int, owner: any Sendable
    ) {
        count = lengths.count
        self.mergeable = mergeable
        self.findable = findable
        self.ids = ids
        self.left = left
        self.right = right
        self.lengths = lengths
        self.bytes = bytes
        self.byteCount = byteCount
        self.owner = owner
    }
}
