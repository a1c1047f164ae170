/// A short fingerprint of a set: the share of equal entries estimates how much two sets have in
/// common.
///
/// After Broder (1997): each of 128 hash functions keeps its smallest value over the set, and two
/// sets agree in an entry with the probability of their Jaccard similarity.
package struct MinHash: Sendable {
    package static let count = 128
    /// The words in a shingle.
    static let shingleWords = 3
    /// The entries that must agree for two passages to be compared.
    static let bandRows = 4

    let places: [UInt32]

    /// The fingerprint of a text's shingles; nil if it has too few words for one.
    package init?(_ text: String) {
        self.init(words: Self.words(Array(text.utf8)))
    }

    init?(words: [UInt64]) {
        guard words.count >= Self.shingleWords else { return nil }
        let functions = Self.functions
        var places = [UInt32](repeating: .max, count: Self.count)
        for start in 0...(words.count - Self.shingleWords) {
            var shingle: UInt64 = 0
            for offset in 0..<Self.shingleWords {
                shingle = Self.mixed(shingle &* 31 &+ words[start + offset])
            }
            for index in 0..<Self.count {
                let (multiplier, summand) = functions[index]
                let value = UInt32(truncatingIfNeeded: (shingle &* multiplier &+ summand) >> 32)
                if value < places[index] { places[index] = value }
            }
        }
        self.places = places
    }

    /// The estimated Jaccard similarity of the shingles, from 0 to 1.
    package func similarity(_ other: MinHash) -> Double {
        let equal = zip(places, other.places).count { $0 == $1 }
        return Double(equal) / Double(Self.count)
    }

    /// The bands of the fingerprint; similar texts share at least one, with high probability.
    var bands: [UInt64] {
        stride(from: 0, to: Self.count, by: Self.bandRows).map { start in
            var hash = UInt64(start)
            for index in start..<(start + Self.bandRows) {
                hash = Self.mixed(hash &* 31 &+ UInt64(places[index]))
            }
            return hash
        }
    }

    /// A hash of every word of a text, in lower case.
    static func words(_ bytes: [UInt8]) -> [UInt64] {
        var words: [UInt64] = []
        for case .word(let range) in WordScanner(bytes) {
            var hash: UInt64 = 0xCBF2_9CE4_8422_2325
            for index in range {
                hash = (hash ^ UInt64(Byte.lower(bytes[index]))) &* 0x100_0000_01B3
            }
            words.append(hash)
        }
        return words
    }

    private static let functions: [(UInt64, UInt64)] = (0..<UInt64(count)).map { index in
        (mixed(2 * index + 1) | 1, mixed(2 * index + 2))
    }

    /// The finaliser of SplitMix64.
    private static func mixed(_ value: UInt64) -> UInt64 {
        var word = value &+ 0x9E37_79B9_7F4A_7C15
        word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
        return word ^ (word >> 31)
    }
}
