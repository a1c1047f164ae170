import Glibc
import JSON
import LedgerModel

/// A sequence of keys to measure a cache with.
package struct CacheTrace: Sendable {
    package let name: String
    package let keys: [UInt64]

    package init(name: String, keys: [UInt64]) {
        self.name = name
        self.keys = keys
    }

    /// Reads one key a line.
    package init(name: String, lines text: String) {
        self.init(name: name, keys: text.split(separator: "\n").compactMap { UInt64($0) })
    }

    /// Reads Mooncake's requests: the blocks of 512 tokens that each one's prompt consists of.
    package init(name: String, mooncake text: String) throws {
        let keys = try text.split(separator: "\n").flatMap { line in
            (try JSONTree(parsing: line.utf8)["hash_ids"]?.items ?? []).compactMap {
                $0.integer.map { UInt64($0) }
            }
        }
        self.init(name: name, keys: keys)
    }

    /// What can be made up: popularity of three kinds, scans, loops, keys that come once, and
    /// conversations that grow.
    package static func synthetic(seed: UInt64 = 1) -> [CacheTrace] {
        var maker = TraceMaker(random: SplitMix(state: seed))
        let (popular, busy) = (maker.zipf(20_000, 0.8, 150_000), maker.zipf(20_000, 1.1, 150_000))
        var (scanned, shifting): ([UInt64], [UInt64]) = ([], [])
        for round in 0..<UInt64(15) {
            scanned += maker.zipf(10_000, 0.9, 8_000)
            scanned += 1_000_000 + round * 4_000..<1_004_000 + round * 4_000
            shifting += maker.zipf(5_000, 1, 10_000, from: round * 2_500)
        }
        var once: [UInt64] = []
        for (place, key) in maker.zipf(5_000, 0.9, 80_000).enumerated() {
            once += [key, 1 << 60 + UInt64(place)]
        }
        return [
            CacheTrace(name: "zipf_08", keys: popular), CacheTrace(name: "zipf_11", keys: busy),
            CacheTrace(name: "scans", keys: scanned),
            CacheTrace(name: "loop", keys: (0..<150_000).map { UInt64($0 % 5_000) }),
            CacheTrace(name: "shifting", keys: shifting),
            CacheTrace(name: "one_hit", keys: once),
            CacheTrace(name: "conversations", keys: maker.conversations(150_000)),
        ]
    }
}

extension SplitMix: RandomNumberGenerator {}

struct TraceMaker {
    var random: SplitMix

    mutating func zipf(
        _ keys: Int, _ skew: Double, _ count: Int, from base: UInt64 = 0
    ) -> [UInt64] {
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

    /// 300 conversations at a time: each turn asks for all blocks so far, and adds some.
    mutating func conversations(_ count: Int) -> [UInt64] {
        var open: [(id: UInt64, blocks: Int)] = []
        var keys: [UInt64] = []
        var next: UInt64 = 0
        while keys.count < count {
            if open.isEmpty || Double.random(in: 0..<1, using: &random) < 0.3 {
                next += 1
                open.append((next, Int.random(in: 2...20, using: &random)))
                if open.count > 300 { open.removeFirst() }
            }
            let back = pow(Double.random(in: 0..<1, using: &random), 2) * Double(open.count)
            let place = max(0, open.count - 1 - Int(back))
            for block in 0..<open[place].blocks {
                // The first two blocks are the system's prompt, the same for all.
                keys.append(UInt64(block) + (block < 2 ? 0 : open[place].id * 1_000))
            }
            open[place].blocks += Int.random(in: 1...4, using: &random)
        }
        return keys
    }
}
