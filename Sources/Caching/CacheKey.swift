/// 256 bits that name an answer: a digest of everything that the answer depends on.
///
/// The bits are uniform, so they serve as their own hash: the first word finds the entry, others
/// choose its shard and whether it is sampled.
package struct CacheKey: Hashable, Sendable {
    package let first: UInt64
    package let second: UInt64
    package let third: UInt64
    package let fourth: UInt64

    package init(_ first: UInt64, _ second: UInt64, _ third: UInt64, _ fourth: UInt64) {
        self.first = first
        self.second = second
        self.third = third
        self.fourth = fourth
    }

    /// A key for a number, of a trace or a measurement: mixed by SplitMix64.
    package init(number: UInt64) {
        func mixed(_ value: UInt64) -> UInt64 {
            var bits = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
            bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
            return bits ^ (bits >> 31)
        }
        let step: UInt64 = 0x9E37_79B9_7F4A_7C15
        self.init(
            mixed(number &* 4 &+ step), mixed(number &* 4 &+ 1 &+ step &* 2),
            mixed(number &* 4 &+ 2 &+ step &* 3), mixed(number &* 4 &+ 3 &+ step &* 4))
    }

    @inline(__always)
    package static func == (a: CacheKey, b: CacheKey) -> Bool {
        a.first == b.first && a.second == b.second && a.third == b.third && a.fourth == b.fourth
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(first)
        hasher.combine(second)
    }
}
