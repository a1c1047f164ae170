import LedgerModel
import LedgerTesting
import Similarity
import Testing

@Suite("MinHash")
struct MinHashTests {
    @Test("texts with 3 % of their words edited are found, others are not")
    func edited() {
        var random = SeededGenerator(seed: testSeed())
        var index = Neighbours(bytesMax: 1 << 30)
        func word() -> String {
            String((0..<6).map { _ in "abcdefghij".randomElement(using: &random) ?? "a" })
        }
        let lexicon = (0..<2_000).map { _ in word() }
        func pick() -> String { lexicon[Int.random(in: 0..<lexicon.count, using: &random)] }
        let texts = (0..<400).map { _ in
            (0..<Int.random(in: 30...300, using: &random)).map { _ in pick() }
        }
        func question(_ words: [String], _ key: UInt64) -> Neighbours.Question {
            .init(
                ledger: .init(1), key: .init(words: [key, 0, 0, 0]), check: .zero, scope: .zero,
                text: words.joined(separator: " "), vector: [])
        }
        for (number, text) in texts.enumerated() {
            index.insert(question(text, UInt64(number)), answer: nil)
        }
        var found = 0
        for (number, text) in texts.enumerated() {
            var edited = text
            for place in edited.indices where Double.random(in: 0..<1, using: &random) < 0.03 {
                edited[place] = pick()
            }
            let best = index.candidates(for: question(edited, 9_999))
            // What a text of the same words is compared with is always its origin.
            if best.contains(where: { $0.key.words[0] == UInt64(number) }) { found += 1 }
            #expect(best.count <= 1)
        }
        #expect(found >= 400 * 95 / 100, "\(found) of 400")
    }

    @Test("short questions in other small words are found without vectors")
    func short() {
        var index = Neighbours(bytesMax: 1 << 24)
        func question(_ text: String, _ key: UInt64) -> Neighbours.Question {
            .init(
                ledger: .init(1), key: .init(words: [key, 0, 0, 0]), check: .zero, scope: .zero,
                text: text, vector: [])
        }
        index.insert(question("How do I reset my password?", 1), answer: nil)
        index.insert(question("Who are you?", 2), answer: nil)
        func found(_ text: String) -> [UInt64] {
            index.candidates(for: question(text, 3)).map { $0.key.words[0] }
        }
        #expect(found("please tell me how can i reset the password") == [1])
        #expect(found("who are you") == [2])
        #expect(found("where is my invoice") == [])
    }

    @Test("the members of a scope can be drawn without vectors, and those removed no more")
    func members() {
        var index = Neighbours(bytesMax: 1 << 24)
        let keys = (0..<8 as Range<UInt64>).map { Digest(words: [$0, 0, 0, 0]) }
        for key in keys {
            index.insert(
                .init(
                    ledger: .init(1), key: key, check: .zero, scope: .zero,
                    text: "question \(key.words[0])", vector: []), answer: nil)
        }
        for key in keys.prefix(3) { index.remove(key) }
        index.remove(keys[7])
        let drawn = (0..<4 as Range<UInt64>).compactMap {
            index.any(in: .zero, number: $0, except: .zero)?.key
        }
        #expect(Set(drawn.map { $0.words[0] }) == [3, 4, 5, 6])
        #expect(index.any(in: keys[1], number: 0, except: .zero) == nil)
    }

    @Test("the estimate is within four standard errors of the share of equal word pairs")
    func estimate() {
        var random = SeededGenerator(seed: testSeed())
        for _ in 0..<200 {
            let words = (0..<200).map { _ in "w\(Int.random(in: 0..<100_000, using: &random))" }
            let shared = Int.random(in: 0...200, using: &random)
            let other = words.prefix(shared) + (0..<(200 - shared)).map { "v\($0)" }
            let pairs = { (list: [String]) in Set(zip(list, list.dropFirst()).map { $0 + " " + $1 })
            }
            let (a, b) = (pairs(words), pairs(Array(other)))
            let exact = Double(a.intersection(b).count) / Double(a.union(b).count)
            let guess = MinHash(TextProfile(words.joined(separator: " ")))
                .similarity(to: MinHash(TextProfile(other.joined(separator: " "))))
            #expect(abs(guess - exact) < 0.18, "\(guess) for \(exact)")
        }
    }
}
