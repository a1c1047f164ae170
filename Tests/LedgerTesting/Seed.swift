import Foundation

/// A generator that is determined by one number, so that a failing property can be repeated
/// (SplitMix64; Steele, Lea and Flood, 2014).
package struct SeededGenerator: RandomNumberGenerator, Sendable {
    package let seed: UInt64
    private var state: UInt64

    package init(seed: UInt64) {
        self.seed = seed
        state = seed
    }

    package mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var word = state
        word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
        return word ^ (word >> 31)
    }
}

/// The seed of this test run: `TALLY_SEED`, or a new one; it is printed so that a failure can be
/// repeated.
package func testSeed(_ name: StaticString = #function) -> UInt64 {
    let seed =
        ProcessInfo.processInfo.environment["TALLY_SEED"].flatMap { UInt64($0) }
        ?? UInt64.random(in: 0...UInt64(UInt32.max))
    print("\(name): TALLY_SEED=\(seed)")
    return seed
}

/// Whether the long tests were requested, with `make soak`.
package let isSoaking = ProcessInfo.processInfo.environment["TALLY_SOAK"] == "1"
