import Caching
import LedgerTesting
import Testing

@Suite("Eviction policies")
struct PolicyTests {
    @Test(
        "each policy holds what its plain description holds, after every access",
        arguments: PolicyName.fixed, [1, 7, 40])
    func equalsReference(_ policy: PolicyName, largest: Int) {
        var random = SeededGenerator(seed: testSeed())
        for capacity in [30, 100, 450] where largest <= capacity {
            var reference = ReferenceCache(policy, capacity: capacity)
            var cache = KeyCache(policy, capacity: capacity)
            // Cost equal to size: all bytes are worth the same, so no entry has extra chances.
            let sizes = (0..<400).map { _ in Int.random(in: 1...largest, using: &random) }
            for step in 0..<3_000 {
                let isHot = Int.random(in: 0..<3, using: &random) > 0
                let number = Int.random(in: 0..<(isHot ? 40 : 400), using: &random)
                let (key, size) = (UInt64(number), sizes[number])
                let hit = cache.get(CacheKey(number: key))
                #expect(hit == reference.get(key), "step \(step)")
                if !hit {
                    cache.put(CacheKey(number: key), bytes: size, cost: Float(size))
                    reference.put(key, bytes: size)
                }
                guard cache.bytes <= capacity, cache.bytes == reference.bytes,
                    cache.count == reference.sizes.count,
                    reference.sizes.keys.allSatisfy({ cache.holds(CacheKey(number: $0)) })
                else {
                    Issue.record("\(policy), \(capacity) bytes: other entries at step \(step)")
                    return
                }
            }
        }
    }

    @Test(
        "bytes never exceed the capacity, whatever is put, removed or resized",
        arguments: PolicyName.allCases)
    func bounded(_ policy: PolicyName) {
        var random = SeededGenerator(seed: testSeed())
        var capacity = 5_000
        var cache = KeyCache(policy, capacity: capacity)
        for step in 0..<30_000 {
            let key = CacheKey(number: UInt64.random(in: 0..<900, using: &random))
            switch Int.random(in: 0..<200, using: &random) {
            case 0:
                capacity = Int.random(in: 1...9_000, using: &random)
                cache.resize(to: capacity)
            case 1:
                let bytes = Int.random(in: 0...capacity, using: &random)
                cache.shrink(to: bytes)
                #expect(cache.bytes <= bytes)
            case 2...9: cache.remove(key)
            default:
                let size = Int.random(in: 1...300, using: &random)
                let cost = Float(Int.random(in: 1...1_000, using: &random))
                if !cache.get(key) {
                    let fits = cache.put(key, bytes: size, cost: cost)
                    #expect(fits == (size <= capacity))
                }
            }
            guard cache.bytes <= capacity, cache.count > 0 || cache.bytes == 0 else {
                Issue.record("\(cache.bytes) of \(capacity) bytes at step \(step)")
                return
            }
        }
    }

    @Test(
        "what costs more to get again for its bytes stays longer",
        arguments: PolicyName.fixed)
    func costs(_ policy: PolicyName) {
        var random = SeededGenerator(seed: testSeed())
        func saved(aware: Bool) -> Double {
            var cache = KeyCache(policy, capacity: 60_000)
            var trace = Traces(random: random)
            var sum = 0.0
            for number in trace.zipf(keys: 3_000, skew: 0.7, count: 60_000) {
                let key = CacheKey(number: number)
                // A quarter of the answers costs sixteen times as much.
                let cost: Float = key.fourth % 4 == 0 ? 16 : 1
                if cache.get(key) {
                    sum += Double(cost)
                } else {
                    cache.put(key, bytes: 100, cost: aware ? cost : 1)
                }
            }
            return sum
        }
        let (aware, blind) = (saved(aware: true), saved(aware: false))
        _ = random.next()
        #expect(aware > blind * 1.05, "\(policy): \(aware) and \(blind)")
    }
}
