/// A token with its own text that merges never make, such as `<|endoftext|>`.
package struct SpecialToken: Sendable, Hashable {
    package let text: [UInt8]
    package let id: TokenID
    /// Whether it is recognized in any text, because the model's own files do not call it special.
    package let isOrdinary: Bool

    package init(_ text: some Sequence<UInt8>, id: TokenID, isOrdinary: Bool = false) {
        self.text = Array(text)
        self.id = id
        self.isOrdinary = isOrdinary
    }

    package var name: String { String(decoding: text, as: UTF8.self) }
}

/// Which special tokens a text may contain; the others are read as ordinary text.
package enum AllowedSpecial: Sendable, Hashable {
    /// None, so that a user's text cannot pass for a special token.
    case none
    case all
    case only(Set<String>)
}

/// Finds special tokens in a text: the leftmost first, and of those that begin there the longest.
struct SpecialTokens: Sendable {
    /// Ascending by bytes.
    private let tokens: [SpecialToken]
    private let texts: [TokenID: [UInt8]]
    let hasOrdinary: Bool

    init(_ tokens: [SpecialToken]) {
        self.tokens = tokens.filter { !$0.text.isEmpty }
            .sorted { $0.text.lexicographicallyPrecedes($1.text) }
        texts = Dictionary(tokens.map { ($0.id, $0.text) }) { first, _ in first }
        hasOrdinary = tokens.contains(where: \.isOrdinary)
    }

    func text(of id: TokenID) -> [UInt8]? { texts[id] }

    var all: [SpecialToken] { tokens }

    /// A search for the allowed tokens; nil if there are none.
    func search(_ allowed: AllowedSpecial) -> Search? {
        let wanted =
            switch allowed {
            case .all: tokens
            case .none: hasOrdinary ? tokens.filter(\.isOrdinary) : []
            case .only(let names):
                tokens.filter { $0.isOrdinary || names.contains($0.name) }
            }
        return wanted.isEmpty ? nil : Search(tokens: wanted)
    }

    struct Search {
        private let tokens: [SpecialToken]
        /// Which bytes begin a token.
        private let first: [Bool]

        init(tokens: [SpecialToken]) {
            self.tokens = tokens
            var first = [Bool](repeating: false, count: 256)
            for token in tokens { first[Int(token.text[0])] = true }
            self.first = first
        }

        /// The next token at or after `start`.
        func next(in text: TextBytes, from start: Int) -> (token: SpecialToken, start: Int)? {
            for index in start..<max(start, text.count) where first[Int(text.base[index])] {
                if let token = longest(in: text, at: index) { return (token, index) }
            }
            return nil
        }

        /// Narrows the sorted list byte by byte.
        private func longest(in text: TextBytes, at start: Int) -> SpecialToken? {
            var (range, depth) = (tokens[...], 0)
            var found: SpecialToken?
            while start + depth < text.count {
                let byte = text.base[start + depth]
                let low = range.partition { $0.text[depth] >= byte }
                let high = range[low...].partition { $0.text[depth] > byte }
                range = range[low..<high]
                depth += 1
                guard let token = range.first else { break }
                // Of the tokens with these first bytes, the one that ends here sorts first.
                if token.text.count == depth {
                    found = token
                    range = range.dropFirst()
                }
            }
            return found
        }
    }
}

extension ArraySlice {
    /// The first index from which on all elements satisfy the condition.
    fileprivate func partition(_ isBehind: (Element) -> Bool) -> Int {
        var (low, high) = (startIndex, endIndex)
        while low < high {
            let middle = low + (high - low) / 2
            if isBehind(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
