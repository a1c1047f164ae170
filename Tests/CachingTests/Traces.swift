import Caching
import Foundation
import LedgerTesting

/// Made-up sequences of keys.
struct Traces {
    var random: SeededGenerator

    mutating func zipf(keys: Int, skew: Double, count: Int, from base: UInt64 = 0) -> [UInt64] {
        var sums: [Double] = []
        var sum = 0.0
        for rank in 1...keys {
            sum += 1 / pow(Double(rank), skew)
            sums.append(sum)
        }
        return (0..<count).map { _ in
            let wanted = Double.random(in: 0..<sum, using: &random)
            var (low, high) = (0, keys - 1)
            while low < high {
                let middle = (low + high) / 2
                if sums[middle] > wanted { high = middle } else { low = middle + 1 }
            }
            return base + UInt64(low)
        }
    }

    /// Keys once used come again soon or never.
    mutating func recency(count: Int, repeated: Double, depth: Int) -> [UInt64] {
        var keys: [UInt64] = []
        var fresh: UInt64 = 1 << 40
        for _ in 0..<count {
            let again = keys.count > 50 && Double.random(in: 0..<1, using: &random) < repeated
            let far = pow(Double.random(in: 0..<1, using: &random), 3)
            if again {
                keys.append(keys[keys.count - 1 - Int(far * Double(min(keys.count, depth)))])
            } else {
                fresh += 1
                keys.append(fresh)
            }
        }
        return keys
    }

    func loop(keys: Int, times: Int) -> [UInt64] {
        (0..<times).flatMap { _ in (0..<keys).map { UInt64($0) + 1 << 50 } }
    }

    /// A popular few among keys that come once.
    mutating func oneHitWonders(count: Int) -> [UInt64] {
        let popular = zipf(keys: 3_000, skew: 0.9, count: count / 2)
        return popular.enumerated().flatMap { [$1, UInt64($0) + 1 << 60] }
    }

    /// Popularity that moves on.
    mutating func shifting(phases: Int, each: Int) -> [UInt64] {
        (0..<phases).flatMap {
            zipf(keys: 3_000, skew: 1, count: each, from: UInt64($0) * 1_500)
        }
    }

    /// The share of hits, in percent.
    static func hits(_ policy: PolicyName, _ keys: [UInt64], entries: Int) -> Double {
        var cache = KeyCache(policy, capacity: entries)
        var hits = 0
        for number in keys {
            let key = CacheKey(number: number)
            if cache.get(key) { hits += 1 } else { cache.put(key) }
        }
        return 100 * Double(hits) / Double(keys.count)
    }
}
