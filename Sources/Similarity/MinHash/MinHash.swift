/// A text's MinHash (Broder 1997): for each of 128 hash functions the least value over its shingles.
///
/// The share of places where two texts agree estimates the Jaccard similarity of their shingles,
/// which are pairs of neighbouring words in normal form: of all words, or of those that carry
/// content. Of the values 16 bits are kept, so unequal
/// ones agree by chance once in 65,536.
package struct MinHash: Sendable, Equatable {
    package static let count = 128
    /// Bands of six values: texts with a similarity of 0.6 meet in one of them with 63 %, with 0.8
    /// always (99.8 %).
    package static let bands = 21
    private static let rows = 6

    static let bytes = count * 2 + bands * 4 + 64

    /// One value for each function.
    package let values: [UInt16]
    /// A hash for each band; texts that share one are compared.
    package let bandHashes: [UInt32]

    package init(_ profile: TextProfile) { self.init(words: profile.words) }

    /// Of the words that carry content only: `how do I` and `how can I` make no difference, which
    /// in short questions would be most of it.
    package init(contentOf profile: TextProfile) {
        self.init(words: profile.content.isEmpty ? profile.words : profile.content)
    }

    private init(words: [UInt64]) {
        var least = [UInt32](repeating: .max, count: Self.count)
        // A lone word is its own shingle.
        let shingles =
            words.count < 2
            ? words : zip(words, words.dropFirst()).map { StableHash.mixed($0 ^ ($1 &* 31)) }
        for shingle in shingles {
            let (low, high) = (UInt32(truncatingIfNeeded: shingle), UInt32(shingle >> 32))
            for index in 0..<Self.count {
                // Multiply-shift by odd factors; the functions are the same in every process.
                let value = (low ^ Self.factors[index].1) &* Self.factors[index].0 &+ high
                let mixed = (value ^ (value >> 15)) &* 0x2C1B_3C6D
                least[index] = min(least[index], mixed ^ (mixed >> 13))
            }
        }
        values = least.map { UInt16(truncatingIfNeeded: $0) }
        bandHashes = (0..<Self.bands).map { band in
            var hash = UInt64(band)
            for value in least[(band * Self.rows)..<((band + 1) * Self.rows)] {
                hash = StableHash.mixed(hash ^ UInt64(value))
            }
            return UInt32(truncatingIfNeeded: hash)
        }
    }

    /// An estimate of the share of equal shingles, 0 to 1; standard error at most 0.045.
    package func similarity(to other: MinHash) -> Double {
        var equal = 0
        for index in 0..<Self.count where values[index] == other.values[index] { equal += 1 }
        return Double(equal) / Double(Self.count)
    }

    private static let factors: [(UInt32, UInt32)] = (0..<count).map { index in
        let bits = StableHash.mixed(UInt64(index) &* 0x1234_5678_9ABC_DEF1)
        return (UInt32(truncatingIfNeeded: bits) | 1, UInt32(bits >> 32))
    }
}
