import Caching
import LedgerModel
import Testing

@Suite("What leaves a cache, and why")
struct DepartureTests {
    private let start = Timestamp(year: 2026, month: 11, day: 30)

    private func store(_ cache: ResponseCache, _ numbers: Range<UInt64>, bytes: Int = 1_000) throws
    {
        for number in numbers {
            let answer = CachedAnswer(
                body: [UInt8](repeating: UInt8(truncatingIfNeeded: number), count: bytes),
                check: .zero, storedAt: start,
                expiresAt: start.advanced(byMicroseconds: 60_000_000))
            try cache.store(answer, for: CacheKey(number: number))
        }
    }

    @Test("entries are counted by the reason why they left, and those that nobody got")
    func reasons() throws {
        let cache = try ResponseCache(capacity: 64 << 10, policy: .fifo)
        try store(cache, 0..<60)
        let room = cache.counts.leftForRoom
        #expect(room.count == cache.counts.evicted && room.unused == room.count && room.count > 5)
        #expect(room.bytes == room.count * (1_000 + ResponseCache.entryOverhead))
        #expect(cache.answer(for: CacheKey(number: 59), check: .zero, at: start) != nil)
        let entries = cache.counts.entries
        cache.shrink(to: cache.counts.bytes / 2)
        let pressed = cache.counts.leftUnderPressure
        #expect(pressed.count == entries - cache.counts.entries && pressed.count > 10)
        let late = start.advanced(byMicroseconds: 60_000_000)
        // One is asked for too late, the others are swept.
        #expect(cache.find(CacheKey(number: 58), check: .zero, at: late) == .expired)
        let swept = cache.sweep(at: late)
        let expired = cache.counts.leftExpired
        #expect(expired.count == swept + 1 && expired.unused == swept, "number 59 was used")
        let difference = expired - CacheDepartures()
        #expect(difference == expired && cache.counts.entries == 0)
    }

    @Test("a search removes what it means and nothing else; a peek is no use")
    func search() throws {
        let cache = try ResponseCache(capacity: 1 << 20)
        try store(cache, 0..<100)
        let removed = cache.removeAll { key, answer in
            key == CacheKey(number: 3) || answer.body.first ?? 0 >= 90
        }
        #expect(removed == 11 && cache.counts.entries == 89)
        #expect(cache.peek(CacheKey(number: 3)) == nil && cache.peek(CacheKey(number: 4)) != nil)
        #expect(cache.counts.hits == 0 && cache.counts.misses == 0)
        #expect(cache.counts.evicted == 0 && cache.counts.expired == 0)
    }

    @Test("a look that finds nothing says why")
    func findings() throws {
        let cache = try ResponseCache(capacity: 1 << 20)
        try store(cache, 1..<2)
        let key = CacheKey(number: 1)
        let other = Digest(words: [1, 0, 0, 0])
        #expect(cache.find(CacheKey(number: 2), check: .zero, at: start) == .absent)
        #expect(cache.find(key, check: other, at: start) == .mismatched)
        guard case .hit(let answer) = cache.find(key, check: .zero, at: start) else {
            Issue.record("it is there")
            return
        }
        #expect(answer.body.count == 1_000)
    }
}
