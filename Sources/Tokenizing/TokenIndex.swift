/// The pieces of one text, with the number of tokens before each, made in one pass: the tokens
/// between two places are then a subtraction.
///
/// Counts are exact between boundaries of pieces, since tokens never cross one. Offsets are bytes of
/// the text's UTF-8.
package struct TokenIndex: Sendable {
    /// A bit for each offset that is a boundary, in words, with the boundaries before each word.
    private var bits: [UInt64]
    private var before: [UInt32] = []
    /// Tokens before each boundary.
    private var tokens: [UInt32] = [0]
    package private(set) var byteCount: Int

    init(byteCount: Int) {
        self.byteCount = byteCount
        bits = Array(repeating: 0, count: byteCount / 64 + 1)
        bits[0] = 1
    }

    mutating func add(pieceTo end: Int, tokens count: Int) {
        bits[end >> 6] |= 1 << UInt64(end & 63)
        tokens.append(tokens[tokens.count - 1] + UInt32(count))
    }

    mutating func finish() {
        var count: UInt32 = 0
        before = bits.map { word in
            defer { count += UInt32(word.nonzeroBitCount) }
            return count
        }
    }

    /// All tokens of the text.
    package var count: Int { Int(tokens[tokens.count - 1]) }

    package var pieceCount: Int { tokens.count - 1 }

    /// Whether a piece ends or begins at this offset.
    package func isBoundary(_ offset: Int) -> Bool {
        precondition(offset >= 0 && offset <= byteCount, "an offset lies in the text")
        return bits[offset >> 6] >> UInt64(offset & 63) & 1 != 0
    }

    /// The tokens between two boundaries; nil if one of the offsets is not a boundary.
    package func count(in range: Range<Int>) -> Int? {
        guard isBoundary(range.lowerBound), isBoundary(range.upperBound) else { return nil }
        return Int(tokens[number(range.upperBound)] - tokens[number(range.lowerBound)])
    }

    /// The last boundary at or before an offset, and the tokens up to it.
    package func boundary(atOrBefore offset: Int) -> (offset: Int, tokens: Int) {
        precondition(offset >= 0 && offset <= byteCount, "an offset lies in the text")
        var word = offset >> 6
        var found = bits[word] & (.max >> UInt64(63 - offset & 63))
        while found == 0 {
            word -= 1
            found = bits[word]
        }
        let boundary = word * 64 + 63 - found.leadingZeroBitCount
        return (boundary, Int(tokens[number(boundary)]))
    }

    /// The number of boundaries before this one.
    private func number(_ offset: Int) -> Int {
        let below = bits[offset >> 6] & ((1 << UInt64(offset & 63)) - 1)
        return Int(before[offset >> 6]) + below.nonzeroBitCount
    }
}

extension Tokenizer {
    /// Reads a text once; special tokens in it are ordinary text.
    package func index(_ text: String) -> TokenIndex {
        var text = text
        return text.withUTF8 { buffer in
            var index = TokenIndex(byteCount: buffer.count)
            forEachPiece(of: TextBytes(buffer)) { end, tokens in
                index.add(pieceTo: end, tokens: tokens)
                return true
            }
            index.finish()
            return index
        }
    }
}
