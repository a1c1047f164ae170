package import Similarity

/// How much of a prompt's meaning an optimized one still has, measured by checkable features.
///
/// The texts are cut into units (sentences, lines, JSON objects). The content of an original unit
/// counts as kept if a single unit of the other text has all of it. A unit of the other text that
/// resembles an original one but says something else (another number, a lost "not", swapped names,
/// a new word) is a contradiction. Omissions are judged fairly, rewording strictly, since our
/// stages only leave text out.
package struct QualityScore: Hashable, Sendable {
    /// The share of units with a number or name that are kept; 1 where there are none, as below.
    package let facts: Double
    /// The share of distinct numbers that are kept.
    package let numbers: Double
    /// The share of distinct names and identifiers that are kept.
    package let names: Double
    package let errorLines: Double
    package let instructions: Double
    /// The cosine similarity of both texts: of embeddings if available, otherwise of words.
    package let similarity: Double
    /// The number of units that resemble an original one but say something else.
    package let contradictions: Int

    /// At and above this, prompts of the labelled set were still good (docs/tokens.md).
    package static let goodMin = 0.9

    /// The score from 0 to 1; nothing offsets a lost instruction or error line, or a contradiction.
    package var overall: Double {
        let kept = 0.4 * facts + 0.25 * numbers + 0.15 * names + 0.2 * similarity
        return kept * instructions * errorLines / Double(1 + contradictions)
    }

    package var isGood: Bool { overall >= Self.goodMin }

    /// The beginnings of our markers; their text is not part of the prompt.
    static let markers: [StaticString] = ["<left out", "<similar ", "<ref ", "<repeat "]
    /// Comes before the number of omitted items of an array.
    static let sampleMark: StaticString = "\"_left_out\":{\"items\":"

    package init(
        of optimized: String, against original: String, embeddings: StaticEmbeddings? = nil
    ) {
        var lexicon = Lexicon()
        let (before, after) = (Self.comparable(original), Self.comparable(optimized))
        let source = TextUnits(before, &lexicon).units
        let result = TextUnits(after, &lexicon).units
        let comparison = UnitComparison(source, result, lexicon)
        facts = comparison.kept { !$0.numbers.isEmpty || !$0.names.isEmpty }
        errorLines = comparison.kept(\.isError)
        instructions = comparison.kept(\.isInstruction)
        numbers = Self.recall(source, result, \.numbers)
        names = Self.recall(source, result, \.names)
        contradictions = comparison.contradictions
        if before == after {
            similarity = 1
        } else if let embeddings {
            similarity = embeddings.similarity(original, optimized)
        } else {
            similarity = Self.cosine(source, result, lexicon)
        }
    }

    /// The text without layout and without our markers.
    private static func comparable(_ text: String) -> [UInt8] {
        let trimmed = PromptSegments(text)
        let bytes = JSONMinifier.minify(trimmed) ?? trimmed.bytes
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        var position = 0
        /// No marker ends before this.
        var openUntil = 0
        while position < bytes.count {
            if bytes[position] == Byte.less, position >= openUntil,
                markers.contains(where: { bytes.hasPrefix($0, at: position) })
            {
                let line = position..<bytes.lineEnd(from: position)
                if let end = bytes[line].firstIndex(of: Byte.greater) {
                    position = end + 1
                    continue
                }
                openUntil = line.upperBound
            } else if bytes[position] == Byte.quote, bytes.hasPrefix(sampleMark, at: position) {
                position += sampleMark.utf8CodeUnitCount
                while position < bytes.count, Byte.isDigit(bytes[position]) { position += 1 }
                continue
            }
            result.append(bytes[position])
            position += 1
        }
        return result
    }

    private static func recall(
        _ source: [TextUnits.Unit], _ result: [TextUnits.Unit],
        _ part: (TextUnits.Unit) -> Set<Int>
    ) -> Double {
        let wanted = source.reduce(into: Set<Int>()) { $0.formUnion(part($1)) }
        guard !wanted.isEmpty else { return 1 }
        let present = result.reduce(into: Set<Int>()) { $0.formUnion($1.words) }
        return Double(wanted.count { present.contains($0) }) / Double(wanted.count)
    }

    /// The cosine of square roots of word counts, fillers left out.
    private static func cosine(
        _ source: [TextUnits.Unit], _ result: [TextUnits.Unit], _ lexicon: Lexicon
    ) -> Double {
        func counts(_ units: [TextUnits.Unit]) -> [Int: Double] {
            var counts: [Int: Double] = [:]
            for unit in units {
                for word in unit.words where !lexicon.isFiller(word) {
                    counts[word, default: 0] += 1
                }
            }
            return counts
        }
        let (a, b) = (counts(source), counts(result))
        guard !a.isEmpty, !b.isEmpty else { return a.isEmpty && b.isEmpty ? 1 : 0 }
        var product = 0.0
        for (word, count) in a { product += (count * (b[word] ?? 0)).squareRoot() }
        let length = a.values.reduce(0, +) * b.values.reduce(0, +)
        return product / length.squareRoot()
    }
}
