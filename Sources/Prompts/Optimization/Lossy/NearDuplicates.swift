import Tokenizing

/// Replaces passages that nearly repeat an earlier one by its beginning and the words that differ.
///
/// Candidates are found by MinHash and confirmed word by word. The marker has every difference and
/// the table the whole passage, yet the stage is lossy: a model has to combine the two.
enum NearDuplicates {
    static let bytesMin = 160
    static let similarityMin = 0.65
    static let wordsMax = 4_096
    static let differencesMax = 12
    /// The most earlier passages that one is compared with.
    static let candidatesMax = 8

    static func takeOut(of work: WorkingPrompt, _ counter: TokenCounter) -> StageStep? {
        guard !work.texts.contains(where: { ColumnarText.contains("<similar ", $0.bytes) }) else {
            return nil
        }
        var search = Search()
        var references: [PromptReference] = []
        var edits: [WorkingPrompt.Edit] = []
        for passage in Passages.all(in: work.texts) where passage.kind == .prose {
            guard passage.range.count >= bytesMin,
                !work.prompt.messages[passage.message].isPinned
            else { continue }
            let bytes = work.texts[passage.message].bytes[passage.range]
            guard let marker = search.marker(for: bytes, number: references.count + 1) else {
                continue
            }
            references.append(PromptReference(marker: marker, content: String(bytes)))
            edits.append(.init(message: passage.message, range: passage.range, text: marker))
        }
        guard !references.isEmpty else { return nil }
        return StageStep(
            work: work.applying(edits, counter), undo: .references(references))
    }

    /// The passages so far, by their MinHash bands.
    private struct Search {
        private var passages:
            [(words: [ArraySlice<UInt8>], bytes: ArraySlice<UInt8>, print: MinHash)] =
                []
        private var bands: [UInt64: [Int]] = [:]

        /// The marker for the passage; if there is none, the passage is remembered.
        mutating func marker(for bytes: ArraySlice<UInt8>, number: Int) -> String? {
            guard let print = MinHash(words: MinHash.words(Array(bytes))) else { return nil }
            let words = bytes.split(whereSeparator: Byte.isJSONSpace)
            let keys = print.bands
            var votes: [Int: Int] = [:]
            for key in keys { for index in bands[key] ?? [] { votes[index, default: 0] += 1 } }
            let candidates = votes.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
                .prefix(NearDuplicates.candidatesMax).map(\.key)
            let best = candidates.map { ($0, print.similarity(passages[$0].print)) }
                .max { $0.1 < $1.1 }
            if let (index, similarity) = best, similarity >= NearDuplicates.similarityMin,
                let differences = WordDifference.between(passages[index].words, words)
            {
                let marker = text(differences, passages[index].bytes, number)
                if marker.utf8.count * 5 <= bytes.count * 3 { return marker }
            }
            for key in keys where (bands[key]?.count ?? 0) < NearDuplicates.candidatesMax {
                bands[key, default: []].append(passages.count)
            }
            passages.append((words, bytes, print))
            return nil
        }

        private func text(
            _ differences: [WordDifference], _ earlier: ArraySlice<UInt8>, _ number: Int
        ) -> String {
            var text =
                "<similar \(number): the text that begins with "
                + RepeatedPassages.excerpt(earlier)
            for difference in differences {
                let old = Self.plain(difference.old)
                let new = Self.plain(difference.new)
                if difference.old.isEmpty {
                    text += "; with \(new) after \(Self.plain(difference.before))"
                } else if difference.new.isEmpty {
                    text += "; without \(old)"
                } else {
                    text += "; \(new) instead of \(old)"
                }
            }
            return text + ">"
        }

        /// Words in quotes, without characters that would end the marker.
        private static func plain(_ words: [ArraySlice<UInt8>]) -> String {
            let text = words.joined(separator: [Byte.space])
            return "\"" + String(text.filter { $0 != Byte.less && $0 != Byte.greater }) + "\""
        }
    }
}

/// Words of a passage that replace words of another.
struct WordDifference {
    var old: [ArraySlice<UInt8>]
    var new: [ArraySlice<UInt8>]
    /// The words before both.
    var before: [ArraySlice<UInt8>]

    /// All differences from front to back; nil if there are too many.
    ///
    /// Greedy: at a difference it looks for the nearest place, within a few words, from which two
    /// words agree again.
    static func between(
        _ a: [ArraySlice<UInt8>], _ b: [ArraySlice<UInt8>]
    ) -> [WordDifference]? {
        guard a.count <= NearDuplicates.wordsMax, b.count <= NearDuplicates.wordsMax else {
            return nil
        }
        var differences: [WordDifference] = []
        var (i, j) = (0, 0)
        while i < a.count || j < b.count {
            if i < a.count, j < b.count, a[i] == b[j] {
                i += 1
                j += 1
                continue
            }
            guard differences.count < NearDuplicates.differencesMax,
                let (skipA, skipB) = nextAgreement(a[i...], b[j...])
            else { return nil }
            differences.append(
                WordDifference(
                    old: Array(a[i..<(i + skipA)]), new: Array(b[j..<(j + skipB)]),
                    before: Array(b[max(0, j - 2)..<j])))
            i += skipA
            j += skipB
        }
        return differences
    }

    private static let lookaheadMax = 12

    private static func nextAgreement(
        _ a: ArraySlice<ArraySlice<UInt8>>, _ b: ArraySlice<ArraySlice<UInt8>>
    ) -> (Int, Int)? {
        for total in 1...(2 * lookaheadMax) {
            for skipA in max(0, total - lookaheadMax)...min(total, lookaheadMax) {
                let skipB = total - skipA
                guard skipA <= a.count, skipB <= b.count else { continue }
                let (restA, restB) = (a.dropFirst(skipA), b.dropFirst(skipB))
                if restA.isEmpty && restB.isEmpty { return (skipA, skipB) }
                if restA.prefix(2).elementsEqual(restB.prefix(2)), !restA.isEmpty {
                    return (skipA, skipB)
                }
            }
        }
        return nil
    }
}
