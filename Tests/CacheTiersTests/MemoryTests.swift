import CacheTiers
import Caching
import LedgerModel
import PostgresTesting
import Testing

@Suite("The tiers of one process")
struct MemoryTests {
    private func cache(
        _ clock: TestClock = TestClock(), capacity: Int = 1 << 20,
        readFile: @escaping @Sendable (String) -> String? = { _ in nil }
    ) throws -> TieredCache {
        var configuration = CacheTiersConfiguration()
        configuration.memory.capacityBytes = capacity
        return try TieredCache(
            configuration, now: clock.now, pause: clock.pause, readFile: readFile)
    }

    @Test("an answer is fresh, then stale but of use, then gone")
    func ages() async throws {
        let cache = try cache()
        #expect(await cache.text(1) == "absent")
        let receipt = try await cache.store(
            answer("four", fresh: 60, usable: 90), for: address(1), at: start)
        #expect(receipt.tiers == [.memory] && receipt.bytes > 100)
        #expect(await cache.text(1, at: later(59)) == "four memory")
        #expect(await cache.text(1, at: later(60)) == "four memory stale")
        #expect(await cache.text(1, at: later(90)) == "expired")
        #expect(await cache.text(1, at: later(90)) == "absent")
    }

    @Test("an answer is given only to the request that it answers, and looking on is no use")
    func checked() async throws {
        let cache = try cache()
        try await cache.store(answer(), for: address(1), at: start)
        var other = address(1)
        other = CacheAddress(ledger: other.ledger, key: other.key, check: .zero)
        #expect(await cache.lookup(other, at: start) == .miss(.mismatched))
        let seen = try await cache.peek(address(1).key, ledger: LedgerID(1), at: start)
        #expect(seen?.answer.model == "gpt-4o" && seen?.tier == .memory)
        #expect(try await cache.peek(address(1).key, ledger: LedgerID(2), at: start) == nil)
        #expect(cache.counts().memory.hits == 0)
    }

    @Test("what makes no sense is refused with a reason")
    func refused() async throws {
        let cache = try cache()
        func refusal(_ answer: StoredAnswer) async -> CacheTierFault? {
            do throws(CacheTierFault) {
                try await cache.store(answer, for: address(1), at: start)
                return nil
            } catch { return error }
        }
        #expect(await refusal(answer(ledger: 2)) == .foreignLedger)
        #expect(await refusal(answer(fresh: 0)) == .timeToLive)
        #expect(await refusal(answer(tags: [""])) == .emptyName(member: "tags"))
        let names = (0...StoredAnswer.namesMax).map { Name("\($0)") }
        #expect(
            await refusal(answer(dependencies: names))
                == .tooManyNames(member: "dependencies", count: 33))
        let long = Name(String(repeating: "x", count: 257))
        #expect(await refusal(answer(tags: [long])) == .nameTooLong(member: "tags", max: 256))
        #expect(await refusal(answer(template: long)) == nil)
        let huge = String(repeating: "x", count: 2 << 20)
        #expect(
            await refusal(answer(huge)) == .answerTooLarge(bytes: 2 << 20, max: (1 << 20) / 16))
        var absurd = CacheTiersConfiguration()
        absurd.lookupMax = .seconds(60)
        #expect(throws: CacheTierFault.duration(setting: "lookupMax")) {
            try TieredCache(absurd, now: { start })
        }
        absurd = CacheTiersConfiguration()
        absurd.memory.capacityBytes = 1
        #expect(throws: CacheFault.self) { try TieredCache(absurd, now: { start }) }
    }

    @Test(
        "each kind of invalidation removes what it means, of its ledger only",
        arguments: [
            CacheSelection.key(CacheKey(number: 1)), .tag("a"), .model("gpt-4o*"),
            .template("reply@*"), .dependency("handbook"), .age(storedBefore: later(1)),
            .predicate(.init(provider: "openai", bytesMax: 3)),
        ])
    func invalidated(_ selection: CacheSelection) async throws {
        let cache = try cache()
        let meant = answer(
            "yes", tags: ["a"], template: "reply@7", dependencies: ["handbook"])
        try await cache.store(meant, for: address(1), at: start)
        try await cache.store(
            answer("other", at: later(1), model: "o3"), for: address(2), at: later(1))
        var foreign = meant
        foreign.partition = CachePartition(ledger: LedgerID(2), scope: .ledger)
        try await cache.store(foreign, for: address(1, ledger: 2), at: start)
        // The same key in another ledger does not exist in life, but here it took the place.
        try await cache.store(meant, for: address(1), at: start)
        let report = try await cache.invalidate(selection, ledger: LedgerID(1), at: later(2))
        #expect(report == CacheInvalidation(sequence: 1, count: 1))
        #expect(await cache.text(1, at: later(2)) == "absent")
        #expect(await cache.text(2, at: later(2)) == "other memory")
        let none = try await cache.invalidate(selection, ledger: LedgerID(3), at: later(2))
        #expect(none.count == 0)
    }

    @Test("an answer whose fetching began before an invalidation that means it is not stored")
    func overtaken() async throws {
        let cache = try cache()
        guard case .yours(let token) = await cache.fill(address(1), for: .seconds(60), at: start)
        else { throw TestingError("the turn is free") }
        try await cache.invalidate(.tag("a"), ledger: LedgerID(1), at: start)
        await #expect(throws: CacheTierFault.overtaken) {
            try await cache.store(answer(tags: ["a"]), for: address(1), fill: token, at: start)
        }
        #expect(await cache.text(1) == "absent")
        // That ended the turn; what is not meant, or began later, is stored.
        guard case .yours(let second) = await cache.fill(address(1), for: .seconds(60), at: start)
        else { throw TestingError("the turn is free again") }
        try await cache.store(answer(tags: ["a"]), for: address(1), fill: second, at: start)
        try await cache.store(answer(tags: ["b"]), for: address(2), fill: token, at: start)
        #expect(await cache.text(1) == "yes memory")
        #expect(await cache.text(2) == "yes memory")
    }

    @Test("of a hundred callers one fetches, and the others get what he stored")
    func oneFetches() async throws {
        let cache = try cache()
        let fetched = await withTaskGroup(of: Int.self) { tasks in
            for _ in 0..<100 {
                tasks.addTask {
                    switch await cache.fill(address(1), for: .seconds(60), at: start) {
                    case .yours(let token):
                        while cache.counts().fills.waiting < 99 { await Task.yield() }
                        _ = try? await cache.store(
                            answer("once"), for: address(1), fill: token, at: start)
                        return 1
                    case .stored: return 0
                    case .elsewhere:
                        let outcome = await cache.wait(for: address(1), until: later(60))
                        guard case .stored(let hit) = outcome else { return 1_000 }
                        return hit.answer.body == Array("once".utf8) ? 0 : 1_000
                    }
                }
            }
            return await tasks.reduce(0, +)
        }
        #expect(fetched == 1)
        #expect(cache.counts().fills.waited == 99 && cache.counts().fills.waiting == 0)
    }

    @Test("waiting ends when the turn is given back, lost, or nobody has it; or when it is enough")
    func waits() async throws {
        let clock = TestClock()
        let cache = try cache(clock)
        #expect(await cache.wait(for: address(1), until: later(9)) == .free)
        func turn(_ seconds: Int) async throws -> FillToken {
            guard
                case .yours(let token) = await cache.fill(
                    address(1), for: .seconds(seconds), at: clock.now())
            else { throw TestingError("the turn is free") }
            return token
        }
        func waiting(until: Double) async throws -> Task<FillWait, Never> {
            let task = Task { await cache.wait(for: address(1), until: later(until)) }
            try await eventually("somebody waits") { cache.counts().fills.waiting == 1 }
            return task
        }
        var token = try await turn(60)
        var waiter = try await waiting(until: 500)
        cache.endFill(address(1), token)
        #expect(await waiter.value == .free)
        token = try await turn(60)
        waiter = try await waiting(until: 500)
        try await eventually("the turn is lost") {
            clock.advance(by: 20)
            return cache.counts().fills.waiting == 0
        }
        #expect(await waiter.value == .free)
        token = try await turn(600)
        waiter = try await waiting(until: 600)
        waiter.cancel()
        #expect(await waiter.value == .timedOut)
        waiter = try await waiting(until: 600)
        try await eventually("it is enough") {
            clock.advance(by: 10)
            return cache.counts().fills.waiting == 0
        }
        #expect(await waiter.value == .timedOut)
    }

    @Test("what leaves is told once, by reason, with what was never used")
    func evictions() async throws {
        let cache = try cache(capacity: 64 << 10)
        for number in 0..<200 {
            try await cache.store(
                answer(String(repeating: "x", count: 1_000)), for: address(UInt64(number)),
                at: start)
        }
        let bytes = cache.counts().memory.bytes
        #expect(cache.memory.counts.bytes <= 64 << 10 && bytes >= cache.memory.counts.bytes)
        let first = cache.takeEvictions()
        #expect(first.map(\.reason) == [.capacity] && first[0].unused == first[0].count)
        #expect(first[0].count == 200 - cache.counts().memory.entries && first[0].count > 100)
        #expect(cache.takeEvictions() == [])
        let left = cache.counts().memory.entries
        await cache.tend(at: later(4_000))
        let expired = cache.takeEvictions()
        #expect(expired.map(\.reason) == [.expired] && expired[0].count == left)
    }

    @Test("when memory is short, a quarter of the answers leaves at each look")
    func pressure() async throws {
        let cache = try cache(readFile: { path in
            path == "/proc/meminfo" ? "MemTotal: 1000 kB\nMemAvailable: 49 kB\n" : nil
        })
        for number in 0..<100 {
            try await cache.store(
                answer(String(repeating: "x", count: 1_000)), for: address(UInt64(number)),
                at: start)
        }
        let before = cache.memory.counts.bytes
        await cache.tend(at: start)
        #expect(cache.memory.counts.bytes <= before * 3 / 4)
        #expect(cache.takeEvictions().map(\.reason) == [.pressure])
    }
}
