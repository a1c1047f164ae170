import Caching
import Foundation
import LedgerTesting
import Testing

@Suite("The adaptive policy")
struct AdaptiveTests {
    @Test("it is near the best fixed policy on each kind of trace, and above each on average")
    func nearBest() {
        var traces = Traces(random: SeededGenerator(seed: testSeed()))
        let kinds: [(name: String, keys: [UInt64])] = [
            ("zipf 0.7", traces.zipf(keys: 8_000, skew: 0.7, count: 80_000)),
            ("zipf 1.1", traces.zipf(keys: 8_000, skew: 1.1, count: 80_000)),
            ("recency", traces.recency(count: 80_000, repeated: 0.6, depth: 4_000)),
            ("one-hit wonders", traces.oneHitWonders(count: 80_000)),
            ("shifting", traces.shifting(phases: 6, each: 15_000)),
        ]
        var sums: [PolicyName: Double] = [:]
        for (name, keys) in kinds {
            for entries in [150, 600] {
                var best = 0.0
                for policy in PolicyName.fixed {
                    let hits = Traces.hits(policy, keys, entries: entries)
                    best = max(best, hits)
                    sums[policy, default: 0] += hits
                }
                let adaptive = Traces.hits(.adaptive, keys, entries: entries)
                sums[.adaptive, default: 0] += adaptive
                #expect(adaptive > best - 1, "\(name), \(entries) entries")
            }
        }
        for policy in PolicyName.fixed {
            #expect(sums[.adaptive, default: 0] > sums[policy, default: 0], "\(policy)")
        }
    }

    @Test("a loop that is larger than the cache makes it leave what evicts the next key first")
    func loops() {
        let keys = Traces(random: SeededGenerator(seed: 1)).loop(keys: 4_000, times: 30)
        #expect(Traces.hits(.lru, keys, entries: 1_500) == 0)
        #expect(Traces.hits(.adaptive, keys, entries: 1_500) > 20)
    }

    @Test("on the real traces it is within a point of the best fixed policy")
    func realTraces() throws {
        let data = ProcessInfo.processInfo.environment["TALLY_TEST_DATA"] ?? "../shared/data"
        for name in ["web12", "lirs_multi3"] {
            let path = "\(data)/cache-traces/\(name).txt"
            guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
                print("skipped: \(path) is missing")
                continue
            }
            let keys = text.split(separator: "\n").compactMap { UInt64($0) }
            let unique = Set(keys).count
            for percent in [3, 10, 30] {
                let entries = unique * percent / 100
                let best = PolicyName.fixed.map { Traces.hits($0, keys, entries: entries) }.max()
                let adaptive = Traces.hits(.adaptive, keys, entries: entries)
                #expect(adaptive > (best ?? 0) - 1, "\(name), \(entries) entries")
            }
        }
    }

    @Test("it changes its policy when the traffic changes, and says which one is in use")
    func changes() {
        var traces = Traces(random: SeededGenerator(seed: testSeed()))
        var cache = KeyCache(.adaptive, capacity: 400)
        let frequent = traces.zipf(keys: 8_000, skew: 0.9, count: 60_000)
        let recent = traces.recency(count: 60_000, repeated: 0.6, depth: 2_000)
        var used: Set<PolicyName> = []
        for number in frequent + recent {
            let key = CacheKey(number: number)
            if !cache.get(key) { cache.put(key) }
            used.insert(cache.policy)
        }
        #expect(cache.changes >= used.count - 1)
        #expect(!used.isDisjoint(with: [.lru, .fifo]) && used.count > 1, "\(used)")
    }
}
