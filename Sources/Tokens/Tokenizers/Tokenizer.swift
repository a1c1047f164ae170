/// Turns text into the tokens that a model reads, and back: exactly as the model's publisher does.
///
/// Ill-formed UTF-8 is read as `String(decoding:as:)` and Python's `errors="replace"` read it: each
/// maximal ill-formed part is one U+FFFD. Special tokens in a text are ordinary text unless they
/// are allowed, so that nobody's input can pretend to be one.
package struct Tokenizer: Sendable {
    package let name: String
    let vocabulary: Vocabulary
    let splitting: Splitting
    let specials: SpecialTokens

    package init(
        name: String, vocabulary: Vocabulary, splitting: Splitting, specials: [SpecialToken]
    ) {
        self.name = name
        self.vocabulary = vocabulary
        self.splitting = splitting
        self.specials = SpecialTokens(specials)
    }

    /// One above the largest id.
    package var idLimit: TokenID {
        let last = vocabulary.ids.id(of: UInt32(vocabulary.count - 1))
        return max(last, specials.all.map(\.id).max() ?? 0) + 1
    }

    package var specialTokens: [SpecialToken] { specials.all }

    /// Counts with this tokenizer, exactly.
    package var counter: TokenCounter {
        TokenCounter(name: name, exactness: .exact) { count($0) }
    }

    // MARK: - Counting

    package func count(_ text: String) -> Int {
        var text = text
        return text.withUTF8 { count(wellFormed: TextBytes($0)) }
    }

    /// The tokens of bytes that need not be well-formed UTF-8.
    package func count(utf8 bytes: UnsafeBufferPointer<UInt8>) -> Int {
        guard isWellFormed(bytes) else { return count(String(decoding: bytes, as: UTF8.self)) }
        return count(wellFormed: TextBytes(bytes))
    }

    package func count(utf8 bytes: Span<UInt8>) -> Int {
        bytes.withUnsafeBufferPointer { count(utf8: $0) }
    }

    func count(wellFormed text: TextBytes) -> Int {
        guard let search = specials.hasOrdinary ? specials.search(.none) : nil else {
            return splitting.with(Counting(vocabulary, text))
        }
        var total = 0
        for part in Parts(text, search) {
            switch part {
            case .special: total += 1
            case .text(let range): total += splitting.with(Counting(vocabulary, text[range]))
            }
        }
        return total
    }

    /// Calls `body` with the end and the tokens of each piece, special tokens being ordinary text,
    /// until it returns false.
    func forEachPiece(
        of text: TextBytes, _ body: (_ end: Int, _ tokens: Int) -> Bool
    ) {
        withoutActuallyEscaping(body) { walkPieces(of: text, $0) }
    }

    private func walkPieces(
        of text: TextBytes, _ body: @escaping (_ end: Int, _ tokens: Int) -> Bool
    ) {
        guard let search = specials.hasOrdinary ? specials.search(.none) : nil else {
            _ = splitting.with(PieceWalk(vocabulary, text, body))
            return
        }
        for part in Parts(text, search) {
            switch part {
            case .special(_, let range):
                guard body(range.upperBound, 1) else { return }
            case .text(let range):
                let walk = PieceWalk(vocabulary, text[range]) { end, tokens in
                    body(range.lowerBound + end, tokens)
                }
                guard splitting.with(walk) else { return }
            }
        }
    }

    // MARK: - Encoding and decoding

    /// The ids of a text's tokens.
    package func encode(_ text: String, allowedSpecial: AllowedSpecial = .none) -> [TokenID] {
        var text = text
        return text.withUTF8 { encode(wellFormed: TextBytes($0), allowedSpecial) }
    }

    package func encode(
        utf8 bytes: UnsafeBufferPointer<UInt8>, allowedSpecial: AllowedSpecial = .none
    ) -> [TokenID] {
        guard isWellFormed(bytes) else {
            return encode(String(decoding: bytes, as: UTF8.self), allowedSpecial: allowedSpecial)
        }
        return encode(wellFormed: TextBytes(bytes), allowedSpecial)
    }

    func encode(wellFormed text: TextBytes, _ allowed: AllowedSpecial) -> [TokenID] {
        var ids: [TokenID] = []
        ids.reserveCapacity(text.count / 4)
        for part in Parts(text, specials.search(allowed)) {
            switch part {
            case .special(let token, _): ids.append(token.id)
            case .text(let range): ids += splitting.with(Encoding(vocabulary, text[range]))
            }
        }
        return ids
    }

    /// The bytes of some tokens; not always well-formed UTF-8, as a token may end inside a
    /// character.
    package func decode(_ ids: some Sequence<TokenID>) throws(TokenizerFault) -> [UInt8] {
        var bytes: [UInt8] = []
        for id in ids {
            guard let token = self.bytes(of: id) else {
                throw TokenizerFault("\(name) has no token \(id)")
            }
            bytes += token
        }
        return bytes
    }

    /// The bytes of one token; nil for an id that none has.
    package func bytes(of id: TokenID) -> [UInt8]? {
        if let rank = vocabulary.ids.rank(of: id, count: vocabulary.count) {
            return Array(vocabulary.bytes(of: rank))
        }
        return specials.text(of: id)
    }

    private func isWellFormed(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        (try? UTF8Span(validating: bytes.span)) != nil
    }
}

extension TextBytes {
    init(_ buffer: UnsafeBufferPointer<UInt8>) {
        // An empty buffer may have no address; nothing is read from this one then.
        base = buffer.baseAddress ?? UnsafePointer(bitPattern: 1).unsafelyUnwrapped
        count = buffer.count
    }

    subscript(range: Range<Int>) -> TextBytes {
        TextBytes(base: base + range.lowerBound, count: range.count)
    }
}

/// A text cut at its special tokens.
private struct Parts: Sequence, IteratorProtocol {
    enum Part {
        case text(Range<Int>)
        case special(SpecialToken, Range<Int>)
    }

    private let text: TextBytes
    private let search: SpecialTokens.Search?
    private var place = 0
    private var found: (token: SpecialToken, start: Int)?

    init(_ text: TextBytes, _ search: SpecialTokens.Search?) {
        self.text = text
        self.search = search
    }

    mutating func next() -> Part? {
        if let (token, start) = found {
            found = nil
            place = start + token.text.count
            return .special(token, start..<place)
        }
        guard place < text.count else { return nil }
        found = search?.next(in: text, from: place)
        let end = found?.start ?? text.count
        guard end > place else { return next() }
        defer { place = end }
        return .text(place..<end)
    }
}

/// Counts without making ids.
private struct Counting: RuleBody {
    let vocabulary: Vocabulary
    let text: TextBytes

    init(_ vocabulary: Vocabulary, _ text: TextBytes) {
        self.vocabulary = vocabulary
        self.text = text
    }

    @inline(__always)
    consuming func run<Rule: PieceRule>(_ rule: Rule) -> Int {
        let scanner = TextScanner(text)
        let keys = vocabulary.keys
        var encoder = PairEncoder(vocabulary, text)
        var (start, total) = (0, 0)
        while start < text.count {
            let end = rule.end(of: scanner, from: start)
            let length = end - start
            if length <= ShortKey.lengthMax, keys.contains(text.key(from: start, length: length)) {
                total += 1
            } else if length > ShortKey.lengthMax,
                vocabulary.rank(of: text, from: start, length: length) != Vocabulary.none
            {
                total += 1
            } else {
                total += encoder.encode(from: start, to: end)
            }
            start = end
        }
        return total
    }
}

/// Hands over every piece; says whether it came to the end.
private struct PieceWalk: RuleBody {
    let vocabulary: Vocabulary
    let text: TextBytes
    let body: (Int, Int) -> Bool

    init(_ vocabulary: Vocabulary, _ text: TextBytes, _ body: @escaping (Int, Int) -> Bool) {
        self.vocabulary = vocabulary
        self.text = text
        self.body = body
    }

    consuming func run<Rule: PieceRule>(_ rule: Rule) -> Bool {
        let scanner = TextScanner(text)
        var encoder = PairEncoder(vocabulary, text)
        var start = 0
        while start < text.count {
            let end = rule.end(of: scanner, from: start)
            let rank = vocabulary.rank(of: text, from: start, length: end - start)
            let count = rank != Vocabulary.none ? 1 : encoder.encode(from: start, to: end)
            guard body(end, count) else { return false }
            start = end
        }
        return true
    }
}

private struct Encoding: RuleBody {
    let vocabulary: Vocabulary
    let text: TextBytes

    init(_ vocabulary: Vocabulary, _ text: TextBytes) {
        self.vocabulary = vocabulary
        self.text = text
    }

    consuming func run<Rule: PieceRule>(_ rule: Rule) -> [TokenID] {
        let scanner = TextScanner(text)
        var encoder = PairEncoder(vocabulary, text)
        var ids: [TokenID] = []
        var start = 0
        while start < text.count {
            let end = rule.end(of: scanner, from: start)
            let rank = vocabulary.rank(of: text, from: start, length: end - start)
            if rank != Vocabulary.none {
                ids.append(vocabulary.ids.id(of: rank))
            } else {
                let count = encoder.encode(from: start, to: end)
                for index in 0..<count {
                    ids.append(vocabulary.ids.id(of: encoder.tokens[index]))
                }
            }
            start = end
        }
        return ids
    }
}
