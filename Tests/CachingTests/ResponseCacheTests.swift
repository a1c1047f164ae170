import Caching
import LedgerModel
import LedgerTesting
import Testing

@Suite("The response cache")
struct ResponseCacheTests {
    private let start = Timestamp(year: 2026, month: 11, day: 30)

    private func answer(_ bytes: Int, check: UInt64 = 1, seconds: Int64 = 60) -> CachedAnswer {
        CachedAnswer(
            body: [UInt8](repeating: 7, count: bytes), check: Digest(words: [check, 0, 0, 0]),
            storedAt: start, expiresAt: start.advanced(byMicroseconds: seconds * 1_000_000))
    }

    @Test("an answer comes back until it expires, and only to the request that it answers")
    func hit() throws {
        let cache = try ResponseCache(capacity: 1 << 20)
        let key = CacheKey(number: 1)
        let stored = answer(100)
        #expect(cache.answer(for: key, check: stored.check, at: start) == nil)
        try cache.store(stored, for: key)
        #expect(cache.answer(for: key, check: stored.check, at: start) == stored)
        #expect(cache.answer(for: key, check: .zero, at: start) == nil)
        let later = start.advanced(byMicroseconds: 60_000_000)
        #expect(cache.answer(for: key, check: stored.check, at: later) == nil)
        let counts = cache.counts
        #expect(counts.hits == 1 && counts.misses == 3)
        #expect(counts.mismatched == 1 && counts.expired == 1)
        #expect(counts.entries == 0 && counts.bytes == 0)
    }

    @Test("a newer answer takes the place of an older one; a removed one is gone")
    func replaced() throws {
        let cache = try ResponseCache(capacity: 1 << 20)
        let key = CacheKey(number: 1)
        try cache.store(answer(100), for: key)
        try cache.store(answer(50, check: 2), for: key)
        #expect(cache.counts.entries == 1)
        #expect(cache.counts.bytes == 50 + ResponseCache.entryOverhead)
        let check = Digest(words: [2, 0, 0, 0])
        #expect(cache.answer(for: key, check: check, at: start)?.body.count == 50)
        #expect(cache.remove(key) && !cache.remove(key))
        #expect(cache.answer(for: key, check: check, at: start) == nil)
    }

    @Test("bodies and overhead stay within the capacity, also of many shards and when it shrinks")
    func bounded() throws {
        var random = SeededGenerator(seed: testSeed())
        let cache = try ResponseCache(capacity: 1 << 20, shards: 4)
        for number in 0..<5_000 {
            try cache.store(
                answer(Int.random(in: 0...4_000, using: &random)),
                for: CacheKey(number: UInt64(number)), cost: Picodollars(Int64(number)))
            #expect(cache.counts.bytes <= 1 << 20)
        }
        #expect(cache.counts.evicted > 0)
        cache.shrink(to: 300_000)
        #expect(cache.counts.bytes <= 300_000 && cache.counts.entries > 0)
        try cache.resize(to: 100_000)
        #expect(cache.counts.bytes <= 100_000)
    }

    @Test("expired answers can be swept away before anybody asks for them")
    func swept() throws {
        let cache = try ResponseCache(capacity: 1 << 20)
        for number in 0..<10 {
            try cache.store(
                answer(10, seconds: number < 4 ? 1 : 9), for: CacheKey(number: UInt64(number)))
        }
        #expect(cache.sweep(at: start.advanced(byMicroseconds: 5_000_000)) == 4)
        #expect(cache.counts.entries == 6)
    }

    @Test("an answer larger than the cache and an absurd capacity are refused, nothing is lost")
    func refusals() throws {
        let cache = try ResponseCache(capacity: 100_000)
        try cache.store(answer(10), for: CacheKey(number: 1))
        #expect(
            throws: CacheFault.entryTooLarge(
                bytes: 200_000, max: 100_000 - ResponseCache.entryOverhead)
        ) {
            try cache.store(answer(200_000), for: CacheKey(number: 2))
        }
        #expect(cache.counts.entries == 1)
        #expect(throws: CacheFault.capacity(bytes: 0)) { try ResponseCache(capacity: 0) }
        #expect(throws: CacheFault.capacity(bytes: .max)) { try ResponseCache(capacity: .max) }
        #expect(throws: CacheFault.capacity(bytes: -1)) { try cache.resize(to: -1) }
    }

    @Test("callers on many threads get their own answers")
    func threads() async throws {
        let cache = try ResponseCache(capacity: 1 << 20, shards: 4)
        let now = start
        await withTaskGroup(of: Bool.self) { group in
            for task in 0..<8 {
                group.addTask {
                    var isRight = true
                    for number in 0..<2_000 {
                        let key = CacheKey(number: UInt64(number * (task + 1) % 700))
                        let check = Digest(words: [key.first, 0, 0, 0])
                        if let found = cache.answer(for: key, check: check, at: now) {
                            isRight =
                                isRight && found.body == [UInt8(truncatingIfNeeded: key.second)]
                        } else {
                            try? cache.store(
                                CachedAnswer(
                                    body: [UInt8(truncatingIfNeeded: key.second)], check: check,
                                    storedAt: now,
                                    expiresAt: now.advanced(byMicroseconds: 1_000_000)), for: key)
                        }
                    }
                    return isRight
                }
            }
            for await isRight in group { #expect(isRight) }
        }
        #expect(cache.counts.mismatched == 0)
    }

    @Test("a replay counts what repeated requests would not have cost")
    func replay() throws {
        var replay = try CacheReplay(capacity: 1 << 20, secondsToLive: 1_000)
        func request(_ number: UInt64, after seconds: Int64, cost: Int64?) -> CacheReplay.Request {
            CacheReplay.Request(
                time: start.advanced(byMicroseconds: seconds * 1_000_000),
                key: CacheKey(number: number), bytes: 100, cost: cost.map { Picodollars($0) })
        }
        let hits = [
            request(1, after: 0, cost: 10), request(1, after: 10, cost: 12),
            request(2, after: 20, cost: nil), request(2, after: 30, cost: nil),
            request(1, after: 1_100, cost: 10),
        ].map { replay.take($0) }
        #expect(hits == [false, true, false, true, false])
        let sums = replay.sums
        #expect(sums.requests == 5 && sums.hits == 2 && sums.hitsUnpriced == 1)
        #expect(sums.avoided == PicodollarSum(12) && sums.spent == PicodollarSum(32))
        #expect(sums.bytesServed == 200 && sums.expired == 1)
        #expect(throws: CacheFault.self) { try CacheReplay(capacity: 1, secondsToLive: 9) }
        #expect(throws: CacheFault.self) { try CacheReplay(capacity: 1 << 20, secondsToLive: 0) }
    }
}
