/// Meanings of words as vectors, such as WordLlama's: the mean of its tokens' rows is a text's.
package struct StaticEmbeddings: Sendable {
    let dimensions: Int
    /// One row after the other.
    let rows: [Float]
    let tokens: @Sendable (String) -> [Int]

    /// The cosine of two texts, from -1 to 1.
    package func similarity(_ a: String, _ b: String) -> Double {
        let (a, b) = (vector(of: a), vector(of: b))
        return Double(zip(a, b).reduce(0) { $0 + $1.0 * $1.1 })
    }

    /// A vector of length 1, or of zeros for a text without known tokens.
    func vector(of text: String) -> [Float] {
        var sum = [Float](repeating: 0, count: dimensions)
        for token in tokens(text) where token >= 0 && (token + 1) * dimensions <= rows.count {
            for index in 0..<dimensions { sum[index] += rows[token * dimensions + index] }
        }
        let length = sum.reduce(0) { $0 + $1 * $1 }.squareRoot()
        return length == 0 ? sum : sum.map { $0 / length }
    }
}
