/// Chance that is determined by a seed (SplitMix64; Steele, Lea and Flood, 2014).
///
/// Whoever makes the batcher gives the seed: a random one in a service, a printed one in a test.
package struct SeededChance: RandomNumberGenerator, Sendable {
    private var state: UInt64

    package init(seed: UInt64) {
        state = seed
    }

    package mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var word = state
        word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
        return word ^ (word >> 31)
    }

    /// From 0 to below 1.
    package mutating func fraction() -> Double {
        Double(next() >> 11) / Double(1 << 53)
    }
}

/// Full jitter: any time up to a bound that doubles with each attempt (Brooker, 2015).
package struct Backoff: Sendable {
    package var first: Duration = .milliseconds(250)
    package var max: Duration = .seconds(20)

    package init() {}

    /// The wait before attempt `number`, the first retry being 1; never less than the upstream asks.
    package func microseconds(
        before number: Int, retryAfter: Duration?, using chance: inout SeededChance
    ) -> Int64 {
        let bound = Swift.min(first.microseconds(doubled: number - 1), max.wholeMicroseconds)
        let jitter = Int64(chance.fraction() * Double(bound))
        return Swift.min(retryAfter ?? .zero, CallFailure.retryAfterMax).wholeMicroseconds + jitter
    }
}
