import Glibc

/// A small generator with a seed, so that a failing property can be repeated (SplitMix64,
/// Steele, Lea and Flood, 2014).
package struct SeededGenerator: RandomNumberGenerator, Sendable {
    package let seed: UInt64
    private var state: UInt64

    package init(seed: UInt64) {
        self.seed = seed
        state = seed
    }

    /// A new seed each run, or the one in TALLY_TEST_SEED.
    package static func fresh() -> SeededGenerator {
        let given = getenv("TALLY_TEST_SEED").flatMap { UInt64(String(cString: $0)) }
        return SeededGenerator(seed: given ?? UInt64.random(in: 0...UInt64.max))
    }

    package mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
