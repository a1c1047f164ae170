/// Turns text into the tokens that a model reads, and back, exactly as the model's publisher does.
///
/// Ill-formed UTF-8 is read as by `String(decoding:as:)` and Python's `errors="replace"`: each
/// maximal ill-formed part is one U+FFFD. Special tokens in a text are ordinary text unless they
/// are allowed, so that no input can pass for one.
package struct Tokenizer: Sendable {
    package let name: String
    let vocabulary: Vocabulary
    let splitting: Splitting
    let specials: SpecialTokens
    let normalization: Normalization
    let unknown: UnknownPolicy

    package init(
        name: String, vocabulary: Vocabulary, splitting: Splitting, specials: [SpecialToken],
        normalization: Normalization = Normalization([]), unknown: UnknownPolicy = .none
    ) {
        self.name = name
        self.vocabulary = vocabulary
        self.splitting = splitting
        self.specials = SpecialTokens(specials)
        self.normalization = normalization
        self.unknown = unknown
    }

    /// One above the largest id.
    package var idLimit: TokenID {
        let last = vocabulary.ids.id(of: UInt32(vocabulary.count - 1))
        return max(last, specials.all.map(\.id).max() ?? 0) + 1
    }

    package var specialTokens: [SpecialToken] { specials.all }

    /// An exact counter with this tokenizer.
    package var counter: TokenCounter {
        TokenCounter(name: name, exactness: .exact) { count($0) }
    }

    // MARK: - Counting

    package func count(_ text: String) -> Int {
        var text = text
        return text.withUTF8 { count(wellFormed: TextBytes($0)) }
    }

    /// The number of tokens of bytes, which need not be well-formed UTF-8.
    package func count(utf8 bytes: UnsafeBufferPointer<UInt8>) -> Int {
        guard isWellFormed(bytes) else { return count(String(decoding: bytes, as: UTF8.self)) }
        return count(wellFormed: TextBytes(bytes))
    }

    package func count(utf8 bytes: Span<UInt8>) -> Int {
        bytes.withUnsafeBufferPointer { count(utf8: $0) }
    }

    func count(wellFormed text: TextBytes) -> Int {
        guard let search = specials.hasOrdinary ? specials.search(.none) : nil else {
            return count(part: text)
        }
        var total = 0
        for part in Parts(text, search) {
            switch part {
            case .special: total += 1
            case .text(let range): total += count(part: text[range])
            }
        }
        return total
    }

    /// The number of tokens of a text without special tokens.
    private func count(part text: TextBytes) -> Int {
        guard let changed = normalization.normalized(text) else { return count(normalized: text) }
        return changed.withUnsafeBufferPointer { count(normalized: TextBytes($0)) }
    }

    private func count(normalized text: TextBytes) -> Int {
        if case .none = unknown { return splitting.with(Counting(vocabulary, text)) }
        var total = 0
        walk(normalized: text) { _, tokens in
            total += tokens
            return true
        }
        return total
    }

    /// How often a token is looked for to encode a text: what its time is in proportion to.
    ///
    /// Of a vocabulary with every byte; nothing is normalized and no token is special.
    package func trials(in text: String) -> Int {
        var text = text
        return text.withUTF8 {
            splitting.with(Trials(vocabulary: vocabulary, text: TextBytes($0)))
        }
    }

    // MARK: - Pieces

    /// Calls `body` with the end and the tokens of each piece until it returns false; special
    /// tokens are ordinary text.
    ///
    /// A text that normalization changes is one piece, since places in the changed text are not its
    /// own.
    func forEachPiece(
        of text: TextBytes, _ body: (_ end: Int, _ tokens: Int) -> Bool
    ) {
        for part in Parts(text, specials.search(.none)) {
            switch part {
            case .special(_, let range):
                guard body(range.upperBound, 1) else { return }
            case .text(let range):
                let isWhole = walk(part: text[range]) { end, tokens in
                    body(range.lowerBound + end, tokens)
                }
                guard isWhole else { return }
            }
        }
    }

    private func walk(part text: TextBytes, _ body: (Int, Int) -> Bool) -> Bool {
        guard let changed = normalization.normalized(text) else {
            return walk(normalized: text, body)
        }
        return body(
            text.count, changed.withUnsafeBufferPointer { count(normalized: TextBytes($0)) })
    }

    @discardableResult
    private func walk(normalized text: TextBytes, _ body: (Int, Int) -> Bool) -> Bool {
        withoutActuallyEscaping(body) { body in
            if case .none = unknown { return splitting.with(PieceWalk(vocabulary, text, body)) }
            return splitting.with(UnknownWalk(vocabulary, unknown, text) { body($0, $1.count) })
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
            case .text(let range):
                let part = text[range]
                if let changed = normalization.normalized(part) {
                    changed.withUnsafeBufferPointer {
                        encode(normalized: TextBytes($0), into: &ids)
                    }
                } else {
                    encode(normalized: part, into: &ids)
                }
            }
        }
        return ids
    }

    private func encode(normalized text: TextBytes, into ids: inout [TokenID]) {
        if case .none = unknown {
            ids += splitting.with(Encoding(vocabulary, text))
            return
        }
        var found: [TokenID] = []
        _ = withUnsafeMutablePointer(to: &found) { found in
            splitting.with(
                UnknownWalk(vocabulary, unknown, text) { _, tokens in
                    found.pointee += tokens
                    return true
                })
        }
        ids += found
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

    /// The bytes of one token; nil for an unknown id.
    package func bytes(of id: TokenID) -> [UInt8]? {
        if let text = specials.text(of: id) { return text }
        if let byte = unknown.byte(of: id) { return [byte] }
        return vocabulary.ids.rank(of: id, count: vocabulary.count).map {
            normalization.undo(Array(vocabulary.bytes(of: $0)))
        }
    }

    private func isWellFormed(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        (try? UTF8Span(validating: bytes.span)) != nil
    }
}

extension TextBytes {
    init(_ buffer: UnsafeBufferPointer<UInt8>) {
        // An empty buffer may have no address; nothing is read from this substitute.
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
