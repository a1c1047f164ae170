package import LedgerModel

/// What is kept of an answer to compare it with others: hashes, no text.
package struct AnswerSketch: Sendable, Equatable {
    /// Of the text without case and white space.
    package let digest: Digest
    private let sketch: MinHash
    /// Of its numbers, code, names and negations.
    private let facts: UInt64
    private let words: Int

    /// From as many words on, answers are equal if they nearly are.
    package static let longWordsMin = 24
    package static let similarityMin = 0.9

    package init(_ text: String) {
        let folded = text.lowercased().split { $0.isWhitespace }.joined(separator: " ")
        digest = Digest(hashing: folded.utf8)
        let profile = TextProfile(text)
        sketch = MinHash(profile)
        facts = StableHash.of(
            profile.numbers + [0] + profile.literals + [0] + profile.names.sorted() + [0]
                + profile.negations)
        words = folded.utf8.count { $0 == 0x20 } + 1
    }

    /// Whether two answers say the same: equal up to case and space, or long and nearly equal in
    /// their words, with equal numbers, names, code and negations.
    package func agrees(with other: AnswerSketch) -> Bool {
        if digest == other.digest { return true }
        return min(words, other.words) >= Self.longWordsMin && facts == other.facts
            && sketch.similarity(to: other.sketch) >= Self.similarityMin
    }
}
