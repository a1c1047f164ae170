import Caching
import LedgerModel
import LedgerTesting
import Testing

/// A replay against the live cache: the same requests, one by one.
@Suite("Replaying a cache")
struct CacheReplayTests {
    private struct Access {
        let time: Timestamp
        let number: UInt64
        let bytes: Int
        let cost: Int64
    }

    /// A few popular keys, a long tail, pauses in which answers expire.
    private func accesses(_ count: Int, seed: UInt64) -> [Access] {
        var traces = Traces(random: SeededGenerator(seed: seed))
        let keys = traces.zipf(keys: 4_000, skew: 0.9, count: count)
        var now = Timestamp(year: 2026, month: 11, day: 1)
        return keys.map { number in
            now = now.advanced(
                byMicroseconds: Int64.random(in: 0..<2_000_000, using: &traces.random))
            return Access(
                time: now, number: number, bytes: 200 + Int(number % 13) * 800,
                cost: 1_000 + Int64(number % 7) * 100_000)
        }
    }

    private func hits(of cache: ResponseCache, seconds: Int, _ accesses: [Access]) throws -> [Bool]
    {
        try accesses.map { access in
            let key = CacheKey(number: access.number)
            let check = Digest.zero
            if cache.answer(for: key, check: check, at: access.time) != nil { return true }
            let kept = TimeToLive.jittered(seconds, for: key)
            try cache.store(
                CachedAnswer(
                    body: [UInt8](repeating: 0, count: access.bytes), check: check,
                    storedAt: access.time,
                    expiresAt: access.time.advanced(byMicroseconds: Int64(kept) * 1_000_000)),
                for: key, cost: Picodollars(access.cost))
            return false
        }
    }

    private func request(_ access: Access) -> CacheReplay.Request {
        CacheReplay.Request(
            time: access.time, key: CacheKey(number: access.number), bytes: access.bytes,
            cost: Picodollars(access.cost))
    }

    @Test("a replay is the live cache, hit for hit", arguments: PolicyName.allCases)
    func equality(_ policy: PolicyName) throws {
        let accesses = accesses(20_000, seed: testSeed())
        for (capacity, shards) in [(1 << 20, nil), (4 << 20, 4), (64 << 20, nil)] as [(Int, Int?)] {
            let cache = try ResponseCache(capacity: capacity, policy: policy, shards: shards)
            let live = try hits(of: cache, seconds: 3_600, accesses)
            var replay = try CacheReplay(
                capacity: capacity, policy: policy, secondsToLive: 3_600, shards: shards)
            let replayed = accesses.map { replay.take(request($0)) }
            #expect(live == replayed, "\(policy), \(capacity) bytes")
            #expect(replay.weight == 1 && Int(replay.sums.hits) == live.count { $0 })
            #expect(replay.bytes == cache.counts.bytes)
            #expect(Int(replay.sums.evicted) == cache.counts.evicted)
            #expect(Int(replay.sums.expired) == cache.counts.expired)
        }
    }

    @Test("groups add up to the whole, bytes in use included")
    func groups() throws {
        let accesses = accesses(10_000, seed: testSeed())
        var replay = try CacheReplay(capacity: 1 << 20, secondsToLive: 1_800)
        for access in accesses {
            var request = request(access)
            request.group = Int(access.number % 5)
            request.tokens = 3
            replay.take(request)
        }
        #expect(replay.groups.count == 5)
        func sum(_ read: (CacheReplay.Sums) -> Int64) -> Int64 {
            replay.groups.reduce(0) { $0 + read($1) }
        }
        #expect(sum(\.hits) == replay.sums.hits && sum(\.requests) == replay.sums.requests)
        #expect(sum(\.evicted) == replay.sums.evicted && sum(\.expired) == replay.sums.expired)
        #expect(sum(\.bytes) == replay.sums.bytes && Int(replay.sums.bytes) == replay.bytes)
        #expect(replay.sums.tokensServed == replay.sums.hits * 3)
        #expect(replay.sums.bytesMost <= 1 << 20)
    }

    @Test("more keys than are followed become a sample, whose hits are nearly those of all")
    func sampling() throws {
        let accesses = accesses(60_000, seed: testSeed())
        var exact = try CacheReplay(capacity: 8 << 20, policy: .lru, secondsToLive: 86_400)
        var sampled = try CacheReplay(
            capacity: 8 << 20, policy: .lru, secondsToLive: 86_400, keysMax: 1_000)
        for access in accesses {
            exact.take(request(access))
            sampled.take(request(access))
        }
        #expect(exact.weight == 1 && sampled.weight > 1)
        #expect(sampled.sums.requests == exact.sums.requests)
        let difference = abs(sampled.sums.hits - exact.sums.hits)
        #expect(Double(difference) < 0.15 * Double(exact.sums.requests))
    }

    @Test("an answer to a similar request is served while it is there, and only then")
    func near() throws {
        var replay = try CacheReplay(capacity: 1 << 20, secondsToLive: 100)
        let start = Timestamp(year: 2026, month: 11, day: 1)
        func asked(_ number: UInt64, near: UInt64?, after seconds: Int64) -> Bool {
            var request = CacheReplay.Request(
                time: start.advanced(byMicroseconds: seconds * 1_000_000),
                key: CacheKey(number: number), bytes: 10, cost: Picodollars(5))
            request.near = near.map { CacheKey(number: $0) }
            return replay.take(request)
        }
        #expect(!asked(2, near: 1, after: 0))
        #expect(!asked(1, near: nil, after: 10))
        #expect(asked(3, near: 1, after: 20))
        #expect(!asked(4, near: 1, after: 200))
        #expect(replay.sums.hits == 1 && replay.sums.nearHits == 1)
        #expect(replay.sums.avoided == PicodollarSum(5))
    }
}
