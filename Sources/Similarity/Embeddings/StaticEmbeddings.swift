import JSON

/// Precomputed word vectors, such as WordLlama's: the vector of a text is the mean of those of its
/// tokens.
///
/// Read from two files, which we do not distribute: the vectors (safetensors, one matrix of 16- or
/// 32-bit floats) and the vocabulary (a `tokenizer.json` with byte-pair merges over `▁`).
package struct StaticEmbeddings: Sendable {
    package let dimensions: Int
    /// The rows of the matrix, one after another, as 32-bit floats.
    private let rows: [Float]
    private let vocabulary: [[UInt8]: Int]

    /// Longer words are cut, so that no text takes quadratic time.
    static let wordBytesMax = 64

    package enum Flaw: Error, Hashable, Sendable {
        case weights(String)
        case vocabulary(String)
    }

    package init(weights: [UInt8], vocabulary json: [UInt8]) throws(Flaw) {
        let matrix = try SafeMatrix(weights)
        dimensions = matrix.columns
        rows = matrix.values
        vocabulary = try Self.vocabulary(json)
        guard (vocabulary.values.max() ?? -1) < matrix.rows else {
            throw .vocabulary("it has more tokens than the weights have rows")
        }
    }

    /// The cosine similarity of two texts, from -1 to 1.
    package func similarity(_ a: String, _ b: String) -> Double {
        Double(zip(vector(of: a), vector(of: b)).reduce(0) { $0 + $1.0 * $1.1 })
    }

    /// A vector of length 1, or of zeros for a text without known tokens.
    package func vector(of text: String) -> [Float] {
        var sum = [Float](repeating: 0, count: dimensions)
        for token in tokens(of: text) {
            for index in 0..<dimensions { sum[index] += rows[token * dimensions + index] }
        }
        let length = sum.reduce(0) { $0 + $1 * $1 }.squareRoot()
        return length == 0 ? sum : sum.map { $0 / length }
    }

    // MARK: - Tokens

    /// The tokens of all words, each with `▁` before it.
    private func tokens(of text: String) -> [Int] {
        var tokens: [Int] = []
        for word in Array(text.utf8).split(separator: UInt8(ascii: " ")) {
            var start = word.startIndex
            while start < word.endIndex {
                var end = min(start + Self.wordBytesMax, word.endIndex)
                while end < word.endIndex, word[end] & 0xC0 == 0x80 { end += 1 }
                let mark = start == word.startIndex ? Array("▁".utf8) : []
                append(mark + word[start..<end], to: &tokens)
                start = end
            }
        }
        return tokens
    }

    /// Byte-pair encoding of one word: the earliest pair of the vocabulary merges first.
    private func append(_ word: [UInt8], to tokens: inout [Int]) {
        if let whole = vocabulary[word] { return tokens.append(whole) }
        var pieces: [[UInt8]] = []
        for byte in word {
            if byte & 0xC0 == 0x80, !pieces.isEmpty {
                pieces[pieces.count - 1].append(byte)
            } else {
                pieces.append([byte])
            }
        }
        while pieces.count > 1 {
            var best: (place: Int, token: Int)?
            for place in 0..<(pieces.count - 1) {
                if let token = vocabulary[pieces[place] + pieces[place + 1]],
                    token < best?.token ?? .max
                {
                    best = (place, token)
                }
            }
            guard let best else { break }
            pieces[best.place] += pieces.remove(at: best.place + 1)
        }
        for piece in pieces {
            if let token = vocabulary[piece] {
                tokens.append(token)
            } else {
                tokens += piece.compactMap { vocabulary[Array(Self.byteName($0).utf8)] }
            }
        }
    }

    private static func byteName(_ byte: UInt8) -> String {
        let digits = String(byte, radix: 16, uppercase: true)
        return "<0x" + (digits.count == 1 ? "0" : "") + digits + ">"
    }

    private static func vocabulary(_ json: [UInt8]) throws(Flaw) -> [[UInt8]: Int] {
        let tree: JSONTree
        do throws(JSONFault) { tree = try JSONTree(parsing: json) } catch {
            throw .vocabulary("it is not JSON \(error)")
        }
        guard let list = tree["model"]?["vocab"]?.members else {
            throw .vocabulary("it has no model with a vocab")
        }
        var vocabulary: [[UInt8]: Int] = [:]
        for member in list {
            guard let token = member.value.integer, token >= 0 else {
                throw .vocabulary("the number of a token is \(member.value.json)")
            }
            vocabulary[Array(member.key.utf8)] = token
        }
        return vocabulary
    }
}

/// The one matrix of a safetensors file.
private struct SafeMatrix {
    let rows: Int
    let columns: Int
    let values: [Float]

    static let headerBytesMax = 1 << 20
    static let valuesMax = 1 << 28

    init(_ bytes: [UInt8]) throws(StaticEmbeddings.Flaw) {
        guard bytes.count >= 8 else { throw .weights("the file is too short") }
        let length = bytes[..<8].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        guard length <= UInt64(Self.headerBytesMax), 8 + Int(length) <= bytes.count else {
            throw .weights("its header is \(length) bytes long")
        }
        let body = 8 + Int(length)
        let header: JSONTree
        do throws(JSONFault) { header = try JSONTree(parsing: bytes[8..<body]) } catch {
            throw .weights("its header is not JSON \(error)")
        }
        let matrix = header.members?.first { $0.value["shape"] != nil }?.value
        func integers(_ name: String) -> [Int] { matrix?[name]?.items?.compactMap(\.integer) ?? [] }
        let (shape, offsets) = (integers("shape"), integers("data_offsets"))
        let isHalf = matrix?["dtype"]?.string == "F16"
        let isSingle = matrix?["dtype"]?.string == "F32"
        guard isHalf != isSingle, shape.count == 2, offsets.count == 2,
            shape.allSatisfy({ (1...Self.valuesMax).contains($0) }),
            shape[0] * shape[1] <= Self.valuesMax
        else { throw .weights("it is not one matrix of 16- or 32-bit floats") }
        (rows, columns) = (shape[0], shape[1])
        let width = isHalf ? 2 : 4
        guard offsets[0] >= 0, offsets[0] <= bytes.count,
            offsets[1] - offsets[0] == rows * columns * width, body + offsets[1] <= bytes.count
        else { throw .weights("the matrix extends beyond the file") }
        values = bytes.withUnsafeBytes { raw in
            (0..<(shape[0] * shape[1])).map { index in
                let place = body + offsets[0] + index * width
                return isHalf
                    ? Self.single(raw.loadUnaligned(fromByteOffset: place, as: UInt16.self))
                    : Float(
                        bitPattern: raw.loadUnaligned(fromByteOffset: place, as: UInt32.self))
            }
        }
    }

    /// Converts a 16-bit float to 32 bits.
    private static func single(_ half: UInt16) -> Float {
        let sign = UInt32(half & 0x8000) << 16
        let exponent = UInt32(half >> 10) & 0x1F
        let fraction = UInt32(half & 0x3FF)
        if exponent == 0 {
            let value = Float(fraction) / 16_777_216
            return sign == 0 ? value : -value
        }
        let wide: UInt32 = exponent == 31 ? 255 : exponent + 112
        return Float(bitPattern: sign | wide << 23 | fraction << 13)
    }
}
