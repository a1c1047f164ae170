import CacheTiers
import Caching
import LedgerModel
import Postgres
import PostgresTesting
import StoreTesting
import Testing

@Suite(
    "The shared tier in Redis",
    .enabled(if: TestRedis.isInstalled, "redis-server is not installed"))
struct RedisTests {
    private func configuration(_ redis: TestRedis) -> CacheTiersConfiguration {
        var configuration = CacheTiersConfiguration()
        configuration.shared = .redis(address: redis.address)
        configuration.lookupMax = .seconds(1)
        configuration.unheardMax = .seconds(60)
        return configuration
    }

    @Test("what one instance stores, the others give, until it expires")
    func shared() async throws {
        let redis = try await TestRedis.start()
        let clock = TestClock()
        let caches = try (0..<2).map { _ in
            try TieredCache(configuration(redis), now: clock.now, pause: clock.pause)
        }
        let stored = answer(String(repeating: "word ", count: 1_000), tags: ["a"])
        try await caches[0].store(stored, for: address(1), at: start)
        await caches[0].flush()
        guard case .hit(let hit) = await caches[1].lookup(address(1), at: start) else {
            throw TestingError("it is shared")
        }
        #expect(hit.answer == stored && hit.tier == .shared)
        #expect(await caches[1].text(2) == "absent")
        await caches[1].tend(at: start)
        #expect(caches[1].counts().shared?.entries == 1)
        let short = answer(fresh: 0.05)
        try await caches[0].store(short, for: address(3), at: start)
        await caches[0].flush()
        try await eventually("Redis expires it") {
            try await caches[1].peek(address(3).key, ledger: LedgerID(1), at: start) == nil
        }
        for cache in caches { await cache.close() }
    }

    @Test("a turn is one over instances, given back or lost with its term")
    func turns() async throws {
        let redis = try await TestRedis.start()
        let caches = try (0..<2).map { _ in
            try TieredCache(configuration(redis), now: { Timestamp.wall })
        }
        let now = Timestamp.wall
        func fill(_ number: Int, _ term: Duration) async -> FillTurn {
            await caches[number].fill(address(1), for: term, at: .wall)
        }
        guard case .yours(let token) = await fill(0, .seconds(60)),
            case .elsewhere(let until) = await fill(1, .seconds(60))
        else { throw TestingError("one has the turn") }
        #expect(until > now)
        let waiting = Task {
            await caches[1].wait(for: address(1), until: until)
        }
        try await eventually("it waits") { caches[1].counts().fills.waiting == 1 }
        try await caches[0].store(answer("new", at: now), for: address(1), fill: token, at: now)
        guard case .stored(let hit) = await waiting.value else {
            throw TestingError("it is told of the answer")
        }
        #expect(hit.answer.body == Array("new".utf8) && hit.tier == .shared)
        guard case .yours(let second) = await caches[0].fill(address(2), for: .seconds(60), at: now)
        else { throw TestingError("the turn is free") }
        caches[0].endFill(address(2), FillToken(id: 1, sequence: 0, until: now))
        await caches[0].flush()
        guard case .elsewhere = await caches[1].fill(address(2), for: .seconds(60), at: .wall)
        else {
            throw TestingError("that was somebody else's turn")
        }
        caches[0].endFill(address(2), second)
        await caches[0].flush()
        try await eventually("the turn is free again") {
            if case .yours = await caches[1].fill(address(2), for: .milliseconds(40), at: .wall) {
                return true
            }
            return false
        }
        try await eventually("the turn of a killed instance is lost") {
            if case .yours = await caches[0].fill(address(2), for: .seconds(9), at: .wall) {
                return true
            }
            return false
        }
        for cache in caches { await cache.close() }
    }

    @Test("invalidations find answers in Redis by what is known of them")
    func invalidated() async throws {
        let redis = try await TestRedis.start()
        try await LedgerDatabase.withScratch { database in
            try await withInstances(2, of: database, configuration: configuration(redis)) {
                caches in
                for number: UInt64 in 0..<2_000 {
                    try await caches[0].store(
                        answer("\(number)", at: .wall, tags: number % 4 == 0 ? ["a"] : []),
                        for: address(number), at: start)
                }
                await caches[0].flush()
                let tagged = try await caches[1].invalidate(
                    .tag("a"), ledger: LedgerID(1), at: start)
                #expect(tagged.count == 500)
                let single = try await caches[1].invalidate(
                    .key(address(1).key), ledger: LedgerID(1), at: start)
                #expect(single.count == 1)
                #expect(await caches[1].text(1) == "absent")
                #expect(await caches[1].text(4) == "absent")
                #expect(await caches[1].text(2) == "2 shared")
            }
        }
    }

    @Test("a Redis that is absent, hangs or comes back costs nothing but misses")
    func dead() async throws {
        let redis = try await TestRedis.start()
        let notices = Notices()
        var configuration = configuration(redis)
        configuration.lookupMax = .milliseconds(20)
        let cache = try TieredCache(
            configuration, now: { Timestamp.wall }, report: notices.add)
        #expect(await cache.text(1, at: .wall) == "absent")
        for isFrozen in [false, true] {
            if isFrozen { try await redis.freeze() } else { try await redis.kill() }
            try await eventually("it is left alone") {
                #expect(await cache.text(1, at: .wall) == "absent")
                return cache.counts().shared?.isPaused == true
            }
            let now = Timestamp.wall
            try await cache.store(answer(at: now), for: address(2), at: now)
            #expect(await cache.text(2, at: .wall) == "yes memory")
            guard case .yours = await cache.fill(address(3), for: .milliseconds(1), at: now) else {
                throw TestingError("the turn is given here")
            }
            if isFrozen { try await redis.thaw() } else { try await redis.restart() }
            try await eventually("it is used again") {
                _ = await cache.text(1, at: .wall)
                return cache.counts().shared?.isPaused == false
            }
        }
        #expect(notices.all.filter { $0 == .tierResumed(.shared) }.count == 2)
        await cache.close()
    }

    @Test("a damaged entry is a miss, and is removed")
    func damaged() async throws {
        let redis = try await TestRedis.start()
        let clock = TestClock()
        let cache = try TieredCache(configuration(redis), now: clock.now, pause: clock.pause)
        let connection = RedisConnection(try RedisAddress(redis.address))
        let name = "tally:cache:1:a:\(address(1).key.digest)"
        let whole = AnswerRecord(answer(), at: address(1), compression: nil).bytes
        for count in [0, 1, 19, 20, whole.count / 2, whole.count - 1] {
            let set = RedisCommand("SET", .text(name), .bytes(Array(whole.prefix(count))))
            _ = try await connection.run([set])
            #expect(await cache.text(1) == "corrupt")
            await cache.flush()
            #expect(await cache.text(1) == "absent")
        }
        let refused = try await connection.run([RedisCommand("NOSUCH")])
        guard case .failure = refused[0] else { throw TestingError("\(refused)") }
        await connection.close()
        await cache.close()
    }
}
