/// About how often a key was asked for of late, up to 15: a count-min sketch of four-bit counters
/// that are halved now and then.
///
/// As in Caffeine: the four counters of a key are in one block of 64 bytes, so an access touches one
/// line of memory. The sketch grows with the cache; a block that is doubled keeps its counts.
package struct FrequencySketch {
    private var words: [UInt64] = Array(repeating: 0, count: wordsOfBlock)
    private var blockMask = 0
    private var additions = 0

    private static let wordsOfBlock = 8
    /// Accesses for each entry of the cache after which counters are halved.
    private static let agingFactor = 10
    private static let ones: UInt64 = 0x1111_1111_1111_1111

    package init() {}

    var bytes: Int { words.count * 8 }

    /// Counts an access.
    ///
    /// - Parameter entries: in the cache; there are sixteen counters for each.
    @inline(__always)
    package mutating func add(_ hash: UInt64, entries: Int) {
        if entries > words.count { grow(to: entries) }
        let block = (Int(truncatingIfNeeded: hash) & blockMask) * Self.wordsOfBlock
        var bits = hash >> 32
        var grew = false
        for half in 0..<4 {
            // Two words for each of the four, so that they never share a counter.
            let word = block + half * 2 + Int(bits & 1)
            let shift = ((bits >> 1) & 15) * 4
            if (words[word] >> shift) & 15 < 15 {
                words[word] += 1 << shift
                grew = true
            }
            bits >>= 5
        }
        guard grew else { return }
        additions += 1
        if additions >= Self.agingFactor * max(entries, 16) { halve() }
    }

    @inline(__always)
    package func estimate(_ hash: UInt64) -> Int {
        let block = (Int(truncatingIfNeeded: hash) & blockMask) * Self.wordsOfBlock
        var bits = hash >> 32
        var least: UInt64 = 15
        for half in 0..<4 {
            let word = block + half * 2 + Int(bits & 1)
            least = min(least, (words[word] >> (((bits >> 1) & 15) * 4)) & 15)
            bits >>= 5
        }
        return Int(least)
    }

    private mutating func halve() {
        for word in words.indices {
            words[word] = (words[word] >> 1) & (Self.ones &* 7)
        }
        additions /= 2
    }

    private mutating func grow(to entries: Int) {
        while words.count < entries {
            words += words
            blockMask = words.count / Self.wordsOfBlock - 1
        }
    }
}
