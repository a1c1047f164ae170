import LedgerTesting
import Testing
import Tokenizing
import Vocabularies

@Suite("A tokenizer")
struct TokenizerTests {
    static let library = TokenizerLibrary.shared

    @Test("gives the ids that its publisher documents")
    func known() throws {
        let cl100k = try Self.library.tokenizer(for: .cl100k)
        #expect(cl100k.encode("tiktoken is great!") == [83, 1609, 5963, 374, 2294, 0])
        #expect(cl100k.count("antidisestablishmentarianism") == 6)
        #expect(cl100k.encode("") == [])
        let o200k = try Self.library.tokenizer(for: .o200k)
        #expect(o200k.encode("hello world") == [24912, 2375])
        #expect(o200k.counter.name == "o200k_base")
        #expect(o200k.counter.exactness == .exact)
        #expect(o200k.counter.count("hello world") == 2)
    }

    @Test("decodes what it encodes, byte for byte", arguments: TokenEncoding.allCases)
    func roundTrip(encoding: TokenEncoding) throws {
        let tokenizer = try Self.library.tokenizer(for: encoding)
        var random = SeededGenerator(seed: testSeed())
        for _ in 0..<500 {
            let text = random.text()
            let ids = tokenizer.encode(text)
            #expect(ids.allSatisfy { $0 < tokenizer.idLimit })
            #expect(tokenizer.count(text) == ids.count)
            let decoded = try tokenizer.decode(ids)
            // Qwen composes characters first.
            if decoded != Array(text.utf8) {
                #expect(String(decoding: decoded, as: UTF8.self) == text)
            }
        }
        #expect(throws: TokenizerFault("\(encoding.name) has no token 4000000000")) {
            try tokenizer.decode([4_000_000_000])
        }
    }

    @Test("reads special tokens as ordinary text unless they are allowed")
    func specials() throws {
        let harmony = try Self.library.tokenizer(for: .o200kHarmony)
        let text = "<|start|>user<|message|>hi<|end|>"
        #expect(harmony.encode(text, allowedSpecial: .all).first == 200_006)
        #expect(!harmony.encode(text).contains { $0 >= 200_000 })
        let some = harmony.encode(text, allowedSpecial: .only(["<|end|>"]))
        #expect(some.last == 200_007 && some.count { $0 >= 200_000 } == 1)
        #expect(harmony.specialTokens.count == 1_091)
        #expect(String(decoding: try harmony.decode(some), as: UTF8.self) == text)
    }

    @Test("reads ill-formed UTF-8 as the text that repairing it gives")
    func illFormed() throws {
        let tokenizer = try Self.library.tokenizer(for: .o200k)
        var random = SeededGenerator(seed: testSeed())
        for _ in 0..<500 {
            let bytes = (0..<Int(random.next() % 40)).map { _ in
                random.next() % 3 == 0 ? UInt8.random(in: 0x80...0xFF, using: &random) : 0x61
            }
            let repaired = String(decoding: bytes, as: UTF8.self)
            bytes.withUnsafeBufferPointer {
                #expect(tokenizer.count(utf8: $0) == tokenizer.count(repaired))
                #expect(tokenizer.encode(utf8: $0) == tokenizer.encode(repaired))
            }
        }
    }

    @Test(
        "looks for tokens in proportion to a text of one character",
        arguments: ["a", "=", " ", "é", "\n", "ab", "-="])
    func oneCharacter(character: String) throws {
        for encoding in [TokenEncoding.cl100k, .o200k] {
            let tokenizer = try Self.library.tokenizer(for: encoding)
            let (small, large) = (20_000, 200_000)
            let trials = [small, large].map { count in
                tokenizer.trials(in: String(repeating: character, count: count))
            }
            // Quadratic would be a hundred times as many for ten times the text.
            #expect(trials[1] <= trials[0] * 11, "\(encoding)")
        }
    }

    @Test("counts as many as it gives ids, whatever it remembers of other texts")
    func remembered() throws {
        for encoding in TokenEncoding.allCases {
            let tokenizer = try Self.library.tokenizer(for: encoding)
            var random = SeededGenerator(seed: testSeed())
            for _ in 0..<400 {
                // More different short pieces than are remembered, at every distance to the end.
                let text = (0..<Int(random.next() % 40)).map { _ in random.piece() }.joined()
                #expect(
                    tokenizer.count(text) == tokenizer.encode(text).count,
                    "\(text.debugDescription)")
            }
        }
    }

    @Test("counts on many threads at once")
    func threads() async throws {
        let tokenizer = try Self.library.tokenizer(for: .o200k)
        var random = SeededGenerator(seed: testSeed())
        let texts = (0..<200).map { _ in
            (0..<60).map { _ in random.piece() }.joined()
        }
        let expected = texts.map { tokenizer.encode($0).count }
        try await withThrowingTaskGroup(of: Bool.self) { group in
            for _ in 0..<8 {
                group.addTask { texts.map { tokenizer.count($0) } == expected }
            }
            for try await isRight in group { #expect(isRight) }
        }
    }

    @Test("counts a hundred million letters")
    func manyLetters() throws {
        let tokenizer = try Self.library.tokenizer(for: .o200k)
        #expect(tokenizer.count(String(repeating: "a", count: 100_000_000)) == 12_500_000)
    }

    // MARK: - Truncation, index, growth

    @Test("truncates to at most so many tokens at the end of a character")
    func truncation() throws {
        for encoding in [TokenEncoding.o200k, .cl100k, .qwen3, .deepSeekV3] {
            let tokenizer = try Self.library.tokenizer(for: encoding)
            var random = SeededGenerator(seed: testSeed())
            for _ in 0..<300 {
                let text = random.text()
                let all = tokenizer.count(text)
                let limit = Int(random.next() % UInt64(all + 2))
                let (prefix, tokens) = tokenizer.truncate(text, to: limit)
                #expect(tokens <= limit)
                #expect(tokens == tokenizer.count(String(prefix)))
                #expect(text.utf8.starts(with: prefix.utf8))
                // Cut at the end of a character: both parts together have as many as the whole.
                #expect(prefix.count + text[prefix.endIndex...].count == text.count)
                if limit >= all { #expect(prefix.utf8.count == text.utf8.count) }
            }
        }
        let o200k = try Self.library.tokenizer(for: .o200k)
        #expect(o200k.truncate("hello world", to: 1).prefix == "hello")
        #expect(o200k.truncate("👩‍👩‍👧 hello", to: 2).prefix == "")
        #expect(o200k.truncate("", to: 0).tokens == 0)
    }

    @Test("an index gives the tokens between boundaries without reading the text again")
    func index() throws {
        let tokenizer = try Self.library.tokenizer(for: .o200k)
        var random = SeededGenerator(seed: testSeed())
        for _ in 0..<200 {
            let text = random.text()
            let index = tokenizer.index(text)
            #expect(index.count == tokenizer.count(text))
            #expect(index.byteCount == text.utf8.count)
            let boundaries = (0...index.byteCount).filter(index.isBoundary)
            #expect(boundaries.count == index.pieceCount + 1)
            let bytes = Array(text.utf8)
            for (low, high) in zip(boundaries, boundaries.dropFirst()) {
                // A piece by itself may split otherwise, but never has fewer bytes than tokens.
                let count = try #require(index.count(in: low..<high))
                #expect(count >= 1 && count <= high - low)
                #expect(index.boundary(atOrBefore: high - 1).offset == low)
                let before = try #require(index.count(in: 0..<low))
                #expect(index.boundary(atOrBefore: low).tokens == before)
            }
            let inside = (0...bytes.count).first { !index.isBoundary($0) }
            if let inside { #expect(index.count(in: 0..<inside) == nil) }
        }
    }

    @Test("a growing text always has the same count as the whole")
    func growth() throws {
        for encoding in [TokenEncoding.o200k, .cl100k, .r50k, .qwen3, .deepSeekV3, .tekken] {
            let tokenizer = try Self.library.tokenizer(for: encoding)
            var random = SeededGenerator(seed: testSeed())
            for _ in 0..<60 {
                var count = IncrementalCount(tokenizer)
                var all: [UInt8] = []
                for _ in 0..<8 {
                    var piece = Array(random.text().utf8)
                    // Characters may arrive in parts.
                    if random.next() % 4 == 0, !piece.isEmpty { piece.removeLast() }
                    count.append(utf8: piece)
                    all += piece
                    let whole = all.withUnsafeBufferPointer { tokenizer.count(utf8: $0) }
                    #expect(count.count == whole)
                }
            }
        }
    }
}

/// Random texts.
extension SeededGenerator {
    private static let pieces = [
        "a", "B", "é", "e\u{301}", "文", "你好。", "の", "，", " ", " ", "  ", "\n", "\r\n", "\t", "'s",
        "'LL", "1",
        "2345", "½", "!", "...", "/", "👩‍👩‍👧", "🇩🇪", "\u{301}", "\u{A0}", "\u{0}", "the", "The",
        "word", " token", "ization", "{", "\"", "<|endoftext|>", "====", "        ", "aaaa",
    ]

    /// A word, a number, signs or blanks, mostly of ASCII.
    mutating func piece() -> String {
        let alphabets = [
            "etaoinshrdlu", "ETAOIN", "0123456789", ".,;:!?(){}[]/'\"", " \n\t\r", "éüñß文字の",
        ].map(Array.init)
        let alphabet = alphabets[Int(next() % UInt64(alphabets.count))]
        let length = 1 + Int(next() % 20)
        let word = (0..<length).map { _ in alphabet[Int(next() % UInt64(alphabet.count))] }
        return (next() % 2 == 0 ? " " : "") + String(word)
    }

    mutating func text() -> String {
        (0..<Int(next() % 24)).map { _ in Self.pieces[Int(next() % UInt64(Self.pieces.count))] }
            .joined()
    }
}
