extension Tokenizer {
    /// The beginning of a text with at most `limit` tokens, and its number of tokens.
    ///
    /// The text is cut where its own tokens reach the limit, then shortened to the last boundary of
    /// a character (a grapheme cluster, so that no emoji is cut). Cutting may change how the end is
    /// split, so the returned number is that of the prefix itself; it is never above the limit.
    package func truncate(_ text: String, to limit: Int) -> (prefix: Substring, tokens: Int) {
        precondition(limit >= 0, "a limit of tokens is not negative")
        var text = text
        var end = text.withUTF8 { reach(of: limit, in: TextBytes($0)) }
        while true {
            let prefix = text[..<characterBoundary(in: text, atOrBefore: end)]
            let tokens = count(String(prefix))
            if tokens <= limit { return (prefix, tokens) }
            // The end is split differently than in the text: shorten it further.
            end = text.utf8.distance(from: text.startIndex, to: prefix.endIndex) - 1
        }
    }

    /// The number of bytes of the first `limit` tokens.
    private func reach(of limit: Int, in text: TextBytes) -> Int {
        var (left, place) = (limit, 0)
        forEachPiece(of: text) { end, tokens in
            guard tokens <= left else {
                place += prefixLength(of: text[place..<end], tokens: left)
                return false
            }
            left -= tokens
            place = end
            return true
        }
        return place
    }

    /// The bytes of the first tokens of one piece.
    private func prefixLength(of piece: TextBytes, tokens: Int) -> Int {
        guard tokens > 0 else { return 0 }
        guard case .none = unknown, normalization.normalized(piece) == nil else {
            return searchedLength(of: piece, tokens: tokens)
        }
        let encoder = PairEncoder(vocabulary, piece)
        let count = encoder.encode(from: 0, to: piece.count)
        return (0..<min(tokens, count)).reduce(0) { length, index in
            length + vocabulary.length(of: encoder.tokens[index])
        }
    }

    /// The same if tokens are not made of the text's own bytes: found by bisection.
    private func searchedLength(of piece: TextBytes, tokens: Int) -> Int {
        var (low, high) = (0, piece.count)
        while low < high {
            var middle = (low + high + 1) / 2
            while middle < high, piece.base[middle] & 0xC0 == 0x80 { middle += 1 }
            if count(wellFormed: piece[0..<middle]) <= tokens {
                low = middle
            } else {
                high = (low + high + 1) / 2 - 1
            }
        }
        return low
    }

    private func characterBoundary(in text: String, atOrBefore offset: Int) -> String.Index {
        guard offset < text.utf8.count else { return text.endIndex }
        let place = text.utf8.index(text.startIndex, offsetBy: max(offset, 0))
        // Moving forward from inside a character leads to its end, and back from there to its
        // start.
        return text.index(before: text.index(after: place))
    }
}
