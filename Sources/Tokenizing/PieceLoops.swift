// The loops over the pieces of a text, compiled once for each rule.

/// Counts without making ids.
struct Counting: RuleBody {
    let vocabulary: Vocabulary
    let text: TextBytes

    init(_ vocabulary: Vocabulary, _ text: TextBytes) {
        self.vocabulary = vocabulary
        self.text = text
    }

    @inline(__always)
    consuming func run<Rule: PieceRule>(_ rule: Rule) -> Int {
        let scanner = TextScanner(text)
        let encoder = PairEncoder(vocabulary, text)
        let workspace = encoder.workspace
        var (start, total) = (0, 0)
        while start < text.count {
            let end = rule.end(of: scanner, from: start)
            let length = end &- start
            if length <= TextBytes.wordLengthMax {
                let word = text.word(from: start, length: length)
                let known = workspace.count(of: word)
                total &+= known > 0 ? known : count(word, start, end, encoder)
            } else {
                total &+= count(longer: start, end, encoder)
            }
            start = end
        }
        return total
    }

    @inline(never)
    private func count(
        _ word: UInt64, _ start: Int, _ end: Int, _ encoder: borrowing PairEncoder
    ) -> Int {
        let count = count(from: start, to: end, encoder)
        encoder.workspace.remember(word, count: count)
        return count
    }

    /// A piece that does not fit a word.
    @inline(__always)
    private func count(longer start: Int, _ end: Int, _ encoder: borrowing PairEncoder) -> Int {
        let length = end &- start
        guard length <= ShortKey.lengthMax else { return count(from: start, to: end, encoder) }
        let key = text.key(from: start, length: length)
        let known = encoder.workspace.count(of: key)
        return known > 0 ? known : count(key, start, end, encoder)
    }

    @inline(never)
    private func count(
        _ key: ShortKey, _ start: Int, _ end: Int, _ encoder: borrowing PairEncoder
    ) -> Int {
        let count = count(from: start, to: end, encoder)
        encoder.workspace.remember(key, count: count)
        return count
    }

    @inline(never)
    private func count(from start: Int, to end: Int, _ encoder: borrowing PairEncoder) -> Int {
        let rank = vocabulary.rank(of: text, from: start, length: end - start)
        return rank != Vocabulary.none ? 1 : encoder.encode(from: start, to: end)
    }
}

/// Passes every piece to a closure; returns whether it reached the end.
struct PieceWalk: RuleBody {
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
        let encoder = PairEncoder(vocabulary, text)
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

struct Encoding: RuleBody {
    let vocabulary: Vocabulary
    let text: TextBytes

    init(_ vocabulary: Vocabulary, _ text: TextBytes) {
        self.vocabulary = vocabulary
        self.text = text
    }

    consuming func run<Rule: PieceRule>(_ rule: Rule) -> [TokenID] {
        let scanner = TextScanner(text)
        let encoder = PairEncoder(vocabulary, text)
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

/// Counts how often a token is looked for.
struct Trials: RuleBody {
    let vocabulary: Vocabulary
    let text: TextBytes

    consuming func run<Rule: PieceRule>(_ rule: Rule) -> Int {
        let scanner = TextScanner(text)
        let encoder = PairEncoder(vocabulary, text)
        var (start, total) = (0, 0)
        while start < text.count {
            let end = rule.end(of: scanner, from: start)
            total += 1
            if vocabulary.rank(of: text, from: start, length: end - start) == Vocabulary.none {
                _ = encoder.encode(from: start, to: end)
                total += encoder.trials
            }
            start = end
        }
        return total
    }
}

/// Hands over the ids of every piece, where not every character is made of tokens.
struct UnknownWalk: RuleBody {
    let vocabulary: Vocabulary
    let unknown: UnknownPolicy
    let text: TextBytes
    let body: (Int, [TokenID]) -> Bool

    init(
        _ vocabulary: Vocabulary, _ unknown: UnknownPolicy, _ text: TextBytes,
        _ body: @escaping (Int, [TokenID]) -> Bool
    ) {
        self.vocabulary = vocabulary
        self.unknown = unknown
        self.text = text
        self.body = body
    }

    consuming func run<Rule: PieceRule>(_ rule: Rule) -> Bool {
        let scanner = TextScanner(text)
        let encoder = PairEncoder(vocabulary, text)
        var start = 0
        while start < text.count {
            let end = rule.end(of: scanner, from: start)
            let rank = vocabulary.rank(of: text, from: start, length: end - start)
            let ids =
                rank != Vocabulary.none
                ? [vocabulary.ids.id(of: rank)] : tokens(scanner, encoder, start..<end)
            guard body(end, ids) else { return false }
            start = end
        }
        return true
    }

    /// Nothing merges across an unknown character, so each run of known ones is encoded separately.
    private func tokens(
        _ scanner: TextScanner, _ encoder: borrowing PairEncoder, _ piece: Range<Int>
    ) -> [TokenID] {
        var ids: [TokenID] = []
        var (place, known, isAfterUnknown) = (piece.lowerBound, piece.lowerBound, false)
        func flush() {
            guard place > known else { return }
            let count = encoder.encode(from: known, to: place)
            ids += (0..<count).map { vocabulary.ids.id(of: encoder.tokens[$0]) }
            isAfterUnknown = false
        }
        while place < piece.upperBound {
            let next = scanner.next(place).end
            let isKnown =
                vocabulary.rank(of: text, from: place, length: next - place) < vocabulary.mergeable
            if !isKnown {
                flush()
                unknown.append(text[place..<next], to: &ids, isAfterUnknown: isAfterUnknown)
                isAfterUnknown = true
                known = next
            }
            place = next
        }
        flush()
        return ids
    }
}

/// How a character without a token is encoded.
package enum UnknownPolicy: Sendable {
    /// There are none: every byte is a token.
    case none
    /// As the tokens of its bytes, given by byte.
    case bytes([TokenID])
    /// As one token, or none at all; if fused, a run of such characters has one in all.
    case characters(TokenID?, isFused: Bool)

    fileprivate func append(
        _ character: TextBytes, to ids: inout [TokenID], isAfterUnknown: Bool
    ) {
        switch self {
        case .none: preconditionFailure("every byte is a token")
        case .bytes(let tokens):
            for index in 0..<character.count { ids.append(tokens[Int(character.base[index])]) }
        case .characters(let token, let isFused):
            if let token, !(isFused && isAfterUnknown) { ids.append(token) }
        }
    }

    func byte(of id: TokenID) -> UInt8? {
        guard case .bytes(let tokens) = self else { return nil }
        return tokens.firstIndex(of: id).map(UInt8.init)
    }
}
