/// Texts as sparse vectors: words, weighted by how few texts have them (TF-IDF; Salton and Buckley,
/// 1988), with lengths of one.
///
/// It needs no weights. Words are found by their letters and digits alone, without endings that
/// make a plural, so it is best at languages that write spaces.
package struct TextVectors: Sendable {
    /// By text, terms in ascending order with their weights.
    let rows: [[(term: Int32, weight: Float)]]

    package init(_ texts: [String]) {
        var numbers: [String: Int32] = [:]
        var holding: [Int32] = []
        var counted: [[Int32: Int]] = []
        for text in texts {
            var counts: [Int32: Int] = [:]
            for term in Self.terms(of: text) {
                let number = numbers[term] ?? Int32(numbers.count)
                if number == numbers.count {
                    numbers[term] = number
                    holding.append(0)
                }
                counts[number, default: 0] += 1
            }
            for number in counts.keys { holding[Int(number)] += 1 }
            counted.append(counts)
        }
        rows = counted.map { counts in
            var row = counts.map { number, count -> (term: Int32, weight: Float) in
                let rarity = Float(texts.count + 1) / Float(holding[Int(number)] + 1)
                return (number, (1 + Self.log(Float(count))) * Self.log(rarity))
            }.filter { holding[Int($0.term)] > 1 }
            row.sort { $0.term < $1.term }
            let length = row.reduce(0) { $0 + $1.weight * $1.weight }.squareRoot()
            return length == 0 ? [] : row.map { ($0.term, $0.weight / length) }
        }
    }

    /// Words longer than one letter, of the first of a text.
    private static func terms(of text: String) -> [String] {
        var words: [String] = []
        for word in text.lowercased().split(whereSeparator: { !$0.isLetter && !$0.isNumber })
            .prefix(wordsMax) where word.count > 1 && !common.contains(String(word))
        {
            words.append(stem(word))
        }
        return words
    }

    private static func stem(_ word: Substring) -> String {
        if word.count > 4, word.hasSuffix("ies") { return word.dropLast(3) + "y" }
        if word.count > 3, word.hasSuffix("s"), !word.hasSuffix("ss") {
            return String(word.dropLast())
        }
        return String(word)
    }

    /// What is behind that many words changes little.
    static let wordsMax = 2_000

    /// Words that stand in texts of any kind.
    private static let common: Set<String> = [
        "a", "an", "and", "are", "as", "at", "be", "but", "by", "can", "do", "for", "from", "have",
        "how", "i", "if", "in", "is", "it", "me", "my", "not", "of", "on", "or", "please", "should",
        "so", "that", "the", "their", "them", "then", "there", "these", "this", "to", "use", "was",
        "we", "what", "when", "which", "who", "will", "with", "would", "you", "your",
    ]

    /// The natural logarithm, to what matters here: the same on every machine.
    private static func log(_ value: Float) -> Float {
        let mantissa = value.significand - 1
        let fraction =
            mantissa * (1.4427 + mantissa * (-0.6801 + mantissa * (0.3229 - mantissa * 0.0855)))
        return (Float(value.exponent) + fraction) * 0.693_147_2
    }
}

/// How alike texts are, each with each: 1 for equal ones, 0 for those that share nothing.
package struct Similarities: Sendable {
    package let count: Int
    /// Row by row, the whole square.
    private(set) var values: [Float]

    package static let textsMax = 4_096

    package subscript(a: Int, b: Int) -> Float { values[a * count + b] }

    /// - Parameter dense: vectors of one length each, such as embeddings; of length one.
    package init(dense: [[Float]]) {
        count = dense.count
        values = Array(repeating: 1, count: count * count)
        for a in dense.indices {
            for b in 0..<a {
                let sum = zip(dense[a], dense[b]).reduce(0) { $0 + $1.0 * $1.1 }
                set(a, b, sum)
            }
        }
    }

    package init(_ vectors: TextVectors) {
        count = vectors.rows.count
        values = Array(repeating: 0, count: count * count)
        var holders: [Int32: [(row: Int, weight: Float)]] = [:]
        for (a, row) in vectors.rows.enumerated() {
            for (term, weight) in row {
                for holder in holders[term] ?? [] {
                    values[a * count + holder.row] += weight * holder.weight
                }
                holders[term, default: []].append((a, weight))
            }
        }
        for a in 0..<count {
            values[a * count + a] = 1
            for b in 0..<a { values[b * count + a] = values[a * count + b] }
        }
    }

    private mutating func set(_ a: Int, _ b: Int, _ value: Float) {
        values[a * count + b] = value
        values[b * count + a] = value
    }

    /// A mean of both, of which the other has a share.
    package func mixed(with other: Similarities, share: Float) -> Similarities {
        var mixed = self
        for index in values.indices {
            mixed.values[index] = values[index] * (1 - share) + other.values[index] * share
        }
        return mixed
    }
}
