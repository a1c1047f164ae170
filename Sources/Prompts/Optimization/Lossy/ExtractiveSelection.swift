import Similarity
import Tokenizing

/// Keeps the sentences that a question needs, within a budget of tokens.
///
/// Sentences, blocks of code, tables and JSON values are ranked by BM25 against the question and,
/// if embeddings are available, by their meaning; instructions and errors rank first. System
/// messages, pinned messages and the question itself always stay. The order never changes, and each
/// gap is marked.
enum ExtractiveSelection {
    static let gap = "<left out>"
    /// The share of meaning in a rank, if embeddings are available.
    static let meaningShare = 0.5
    static let instructionBonus = 1.0
    static let errorBonus = 0.7
    /// Smaller than every difference by words: of equal sentences, the earlier ones win.
    static let positionBonus = 0.001

    static func select(
        from work: WorkingPrompt, _ counter: TokenCounter, _ options: OptimizationOptions
    ) throws(OptimizationRefusal) -> StageStep? {
        guard let budget = options.tokenBudget, work.tokens > budget else { return nil }
        let pieces = PromptPieces(work)
        let ranking = ranked(pieces, work, options)
        func selected(_ count: Int) -> WorkingPrompt {
            var kept = pieces.isFixed
            for piece in ranking.prefix(count) { kept[piece] = true }
            return pieces.joined(kept, work, counter)
        }
        let least = selected(0)
        guard least.tokens <= budget else {
            throw .budgetTooSmall(budget: budget, needed: least.tokens)
        }
        // Finds by bisection how many pieces fit: the best stay, whatever their sizes.
        var best = least
        var (low, high) = (0, ranking.count)
        while low < high {
            let middle = (low + high + 1) / 2
            let attempt = selected(middle)
            if attempt.tokens <= budget {
                best = attempt
                low = middle
            } else {
                high = middle - 1
            }
        }
        return StageStep(work: best)
    }

    /// The pieces that may be dropped, the most useful first.
    private static func ranked(
        _ pieces: PromptPieces, _ work: WorkingPrompt, _ options: OptimizationOptions
    ) -> [Int] {
        var lexicon = Lexicon()
        let question = options.query ?? pieces.question
        let units = pieces.all.map { piece in
            TextUnits(Array(work.texts[piece.message].bytes[piece.range]), &lexicon).units
        }
        let asked = TextUnits(Array(question.utf8), &lexicon).units.flatMap(\.words)
        let words = units.map { $0.flatMap(\.words) }
        let scores = BM25(words).scores(of: Set(asked.filter { !lexicon.isFiller($0) }))
        let largest = max(scores.max() ?? 0, .leastNonzeroMagnitude)
        let meaning = options.embeddings?.vector(of: question)
        let ranks = pieces.all.indices.map { index in
            var rank = scores[index] / largest
            if let meaning, let embeddings = options.embeddings, !pieces.isFixed[index] {
                let piece = pieces.all[index]
                let text = String(work.texts[piece.message].bytes[piece.range])
                let vector = embeddings.vector(of: text)
                let cosine = zip(meaning, vector).reduce(Float(0)) { $0 + $1.0 * $1.1 }
                rank = rank * (1 - meaningShare) + Double(cosine) * meaningShare
            }
            if units[index].contains(where: \.isInstruction) { rank += instructionBonus }
            if units[index].contains(where: \.isError) { rank += errorBonus }
            return rank + positionBonus / Double(index + 1)
        }
        return pieces.all.indices.filter { !pieces.isFixed[$0] }
            .sorted { (-ranks[$0], $0) < (-ranks[$1], $1) }
    }
}

/// A prompt cut into pieces, each of which is kept or dropped as a whole.
private struct PromptPieces {
    struct Piece {
        let message: Int
        let range: Range<Int>
    }

    private(set) var all: [Piece] = []
    private(set) var isFixed: [Bool] = []
    private(set) var question = ""

    init(_ work: WorkingPrompt) {
        let asking = work.prompt.messages.lastIndex { $0.role == .user }
        for (message, text) in work.texts.enumerated() {
            let whole = work.prompt.messages[message]
            let isFixed = whole.isPinned || whole.role == .system
            let paragraphs = Passages.all(in: [text])
            let last = message == asking ? paragraphs.last : nil
            if let last { question = String(text.bytes[last.range]) }
            for passage in paragraphs {
                let isAsked = passage == last
                if isFixed || isAsked || passage.kind != .prose {
                    append(Piece(message: message, range: passage.range), isFixed || isAsked)
                    continue
                }
                for sentence in Self.sentences(text.bytes, passage.range) {
                    append(Piece(message: message, range: sentence), false)
                }
            }
        }
    }

    private mutating func append(_ piece: Piece, _ fixed: Bool) {
        all.append(piece)
        isFixed.append(fixed)
    }

    private static func sentences(_ bytes: [UInt8], _ range: Range<Int>) -> [Range<Int>] {
        var found: [Range<Int>] = []
        var start = range.lowerBound
        var position = start
        func add(_ end: Int) {
            var first = start
            while first < end, Byte.isJSONSpace(bytes[first]) { first += 1 }
            if first < end { found.append(first..<end) }
            start = end
        }
        while position < range.upperBound {
            let byte = bytes[position]
            position += 1
            let isEnd = byte == Byte.dot || byte == UInt8(ascii: "!") || byte == UInt8(ascii: "?")
            if byte == Byte.newline {
                add(position - 1)
                start = position
            } else if isEnd, position == range.upperBound || Byte.isJSONSpace(bytes[position]) {
                add(position)
            }
        }
        add(range.upperBound)
        return found
    }

    /// The prompt of the pieces that are kept, with a mark for each gap.
    func joined(
        _ kept: [Bool], _ work: WorkingPrompt, _ counter: TokenCounter
    ) -> WorkingPrompt {
        var next = work
        var index = 0
        for (message, text) in work.texts.enumerated() {
            let first = index
            while index < all.count, all[index].message == message { index += 1 }
            guard kept[first..<index].contains(false) else { continue }
            var result: [UInt8] = []
            var end = 0
            var hasGap = false
            for piece in first..<index {
                if kept[piece] {
                    result +=
                        text.bytes[
                            (hasGap ? all[piece].range.lowerBound : end)..<all[piece]
                                .range.upperBound]
                    hasGap = false
                } else if !hasGap {
                    result += text.bytes[end..<all[piece].range.lowerBound]
                    result += Array(ExtractiveSelection.gap.utf8)
                    // A gap ends where the layout after its last piece begins.
                    hasGap = true
                }
                end = all[piece].range.upperBound
                if hasGap, piece + 1 < index, kept[piece + 1] {
                    result += text.bytes[end..<all[piece + 1].range.lowerBound]
                }
            }
            result += text.bytes[end...]
            next.replace(message, by: result, counter)
        }
        return next
    }
}

/// Ranks texts by the words of a question: Robertson and Zaragoza, "BM25 and Beyond" (2009).
struct BM25 {
    static let saturation = 1.2
    static let lengthShare = 0.75

    private let counts: [[Int: Int]]
    private let lengths: [Int]
    private var documents: [Int: Int] = [:]

    init(_ texts: [[Int]]) {
        counts = texts.map { words in
            words.reduce(into: [:]) { $0[$1, default: 0] += 1 }
        }
        lengths = texts.map(\.count)
        for text in counts { for word in text.keys { documents[word, default: 0] += 1 } }
    }

    func scores(of question: Set<Int>) -> [Double] {
        let average = max(1, Double(lengths.reduce(0, +)) / Double(max(1, lengths.count)))
        let weights = question.sorted().map { word in
            let found = Double(documents[word] ?? 0)
            let ratio = (Double(counts.count) - found + 0.5) / (found + 0.5)
            return (word, naturalLogarithm(1 + ratio))
        }
        return counts.indices.map { index in
            let length = Double(lengths[index]) / average
            let damping = Self.saturation * (1 - Self.lengthShare + Self.lengthShare * length)
            return weights.reduce(0) { sum, item in
                guard let count = counts[index][item.0] else { return sum }
                let frequency = Double(count)
                return sum + item.1 * frequency * (Self.saturation + 1) / (frequency + damping)
            }
        }
    }
}

/// The natural logarithm of a positive number: the exponent times ln 2, plus a series of the
/// significand.
func naturalLogarithm(_ value: Double) -> Double {
    let ratio = (value.significand - 1) / (value.significand + 1)
    let square = ratio * ratio
    var power = ratio
    var sum = 0.0
    for term in 0..<24 {
        sum += power / Double(2 * term + 1)
        power *= square
    }
    return Double(value.exponent) * 0.693_147_180_559_945_3 + 2 * sum
}
