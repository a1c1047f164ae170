import CacheTiers
import Caching
import Glibc
import LedgerModel
import Postgres
import PostgresTesting
import StoreTesting
import Testing

/// Lends caches of as many instances on one database, each with a pool of its own.
@discardableResult
func withInstances<T>(
    _ count: Int, of database: LedgerDatabase, clock: TestClock? = TestClock(),
    configuration: CacheTiersConfiguration = CacheTiersConfiguration(),
    listening: Bool = false, notices: Notices = Notices(),
    _ body: ([TieredCache]) async throws -> T
) async throws -> T {
    var pools: [Pool] = []
    var caches: [TieredCache] = []
    let wall: @Sendable () -> Timestamp = { Timestamp.wall }
    for _ in 0..<count {
        let pool = Pool(database.asService, size: 4)
        pools.append(pool)
        // Connecting may take long where many tests do, and is not what is tested here.
        try await pool.session { try $0.execute("SELECT 1") }
        var listens = listening ? database.asService : nil
        listens?.applicationName = "listener"
        let cache =
            if let clock {
                try TieredCache(
                    configuration, pool: pool, listening: listens, now: clock.now,
                    pause: clock.pause, readFile: { _ in nil }, report: notices.add)
            } else {
                try TieredCache(
                    configuration, pool: pool, listening: listens, now: wall,
                    readFile: { _ in nil }, report: notices.add)
            }
        try await cache.catchUp(at: clock.map { $0.now() } ?? wall())
        caches.append(cache)
    }
    let value = try await body(caches)
    for cache in caches { await cache.close() }
    for pool in pools { await pool.close() }
    return value
}

extension Timestamp {
    /// The time of this machine, for tests of what happens in its own time.
    static var wall: Timestamp {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(
            unixMicroseconds: Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1_000)
    }
}

@Suite("The shared tier in PostgreSQL")
struct SharedTests {
    @Test("what one instance stores, the others give; then they have it in memory")
    func shared() async throws {
        var configuration = CacheTiersConfiguration()
        configuration.unheardMax = nil
        try await LedgerDatabase.withScratch { database in
            try await withInstances(2, of: database, configuration: configuration) { caches in
                let stored = answer(
                    String(repeating: "word ", count: 1_000), tags: ["a", "b"],
                    template: "reply@7", dependencies: ["handbook"])
                let receipt = try await caches[0].store(stored, for: address(1), at: start)
                #expect(receipt.tiers == [.memory, .shared])
                await caches[0].flush()
                guard case .hit(let hit) = await caches[1].lookup(address(1), at: start) else {
                    throw TestingError("it is shared")
                }
                #expect(hit.answer == stored && hit.tier == .shared)
                #expect(await caches[1].text(1).hasSuffix("memory"))
                let key = address(1).key
                #expect(try await caches[1].peek(key, ledger: LedgerID(1), at: start) != nil)
                let counts = try #require(caches[1].counts().shared)
                #expect(counts.hits == 1 && caches[0].counts().shared?.stored == 1)
                #expect(await caches[1].text(1, at: later(3_600)) == "expired")
            }
        }
    }

    @Test("a shared record that is cut at any byte is a miss, and is removed")
    func damaged() async throws {
        try await LedgerDatabase.withScratch { database in
            try await withInstances(2, of: database) { caches in
                try await caches[0].store(answer(), for: address(1), at: start)
                await caches[0].flush()
                let whole = AnswerRecord(answer(), at: address(1), compression: nil).bytes.count
                for bytes in [0, 1, 20, whole / 2, whole - 1] {
                    try await caches[0].store(answer(), for: address(1), at: start)
                    await caches[0].flush()
                    try await database.execute(
                        "UPDATE tally.cache_answers SET record = substr(record, 1, \(bytes))")
                    #expect(await caches[1].text(1) == "corrupt")
                    await caches[1].flush()
                    #expect(await caches[1].text(1) == "absent")
                }
                #expect(caches[1].counts().shared?.corrupt == 5)
            }
        }
    }

    @Test("a ledger keeps to its bytes, the oldest used leave, and expired ones too")
    func bounded() async throws {
        var configuration = CacheTiersConfiguration()
        configuration.shared = .postgres(bytesPerLedger: 1 << 20)
        try await LedgerDatabase.withScratch { database in
            try await withInstances(2, of: database, configuration: configuration) { caches in
                for number: UInt64 in 0..<300 {
                    let ledger: Int64 = number < 10 ? 2 : 1
                    try await caches[0].store(
                        noise(8_000, number, ledger: ledger), for: address(number, ledger: ledger),
                        at: start)
                }
                await caches[0].flush()
                await caches[0].tend(at: start)
                let counts = try #require(caches[0].counts().shared)
                #expect(counts.bytes < (1 << 20) + 100_000 && counts.evicted > 100)
                let evictions = caches[0].takeEvictions().filter { $0.tier == .shared }
                #expect(evictions.map(\.reason) == [.capacity])
                #expect(evictions[0].unused == evictions[0].count)
                // The other ledger has its own room, and the newest are there.
                #expect(await caches[1].text(5, ledger: 2) != "absent")
                #expect(await caches[1].text(299) != "absent")
                #expect(await caches[1].text(11) == "absent")
                // An instance that is not the one that cleans up just does nothing.
                await caches[1].tend(at: later(4_000))
                #expect(caches[1].takeEvictions().filter { $0.tier == .shared } == [])
                try await database.execute("UPDATE tally.cache_head SET tended_until = now()")
                await caches[0].tend(at: later(4_000))
                let expired = caches[0].takeEvictions().filter { $0.tier == .shared }
                #expect(expired.map(\.reason) == [.expired])
                #expect(caches[0].counts().shared?.entries == 0)
            }
        }
    }

    @Test("an answer that was used is not the next to leave")
    func touched() async throws {
        try await LedgerDatabase.withScratch { database in
            let clock = TestClock()
            var configuration = CacheTiersConfiguration()
            configuration.unheardMax = nil
            try await withInstances(1, of: database, clock: clock, configuration: configuration) {
                caches in
                for number: UInt64 in 1...2 {
                    try await caches[0].store(answer(), for: address(number), at: start)
                }
                await caches[0].flush()
                caches[0].memory.removeAll { _, _ in true }
                await caches[0].tend(at: start)
                #expect(await caches[0].text(1) == "yes shared")
                await caches[0].tend(at: later(61))
                let used = """
                    UPDATE tally.cache_answers SET hits = hits
                    WHERE hits = 1 AND used_at = '\(later(61))' AND key = '\\x\(address(1).key.digest)'
                    """
                #expect(try await database.execute(used) == 1)
            }
        }
    }

    @Test("of a hundred callers of two instances one fetches, and all get what it stored")
    func oneFetches() async throws {
        var configuration = CacheTiersConfiguration()
        configuration.lookupMax = .seconds(30)
        configuration.unheardMax = .seconds(60)
        try await LedgerDatabase.withScratch { database in
            try await withInstances(
                2, of: database, clock: nil, configuration: configuration
            ) { caches in
                let fetched = await withTaskGroup(of: Int.self) { tasks in
                    for number in 0..<100 {
                        tasks.addTask { await self.ask(caches[number % 2]) }
                    }
                    return await tasks.reduce(0, +)
                }
                #expect(fetched == 1)
                let begun = caches.map { $0.counts().fills.begun }
                #expect(begun.reduce(0, +) >= 1)
                #expect(caches.allSatisfy { $0.counts().fills.waiting == 0 })
            }
        }
    }

    /// Returns how many fetches it took: 1 for whoever got the turn, many if something went wrong.
    private func ask(_ cache: TieredCache) async -> Int {
        for _ in 0..<100 {
            let now = Timestamp.wall
            if case .hit = await cache.lookup(address(1), at: now) { return 0 }
            switch await cache.fill(address(1), for: .seconds(30), at: now) {
            case .yours(let token):
                // As slow as a model: the others come and wait meanwhile.
                while cache.counts().fills.waiting < 20 { await Task.yield() }
                let stored = answer("once", at: now)
                let receipt = try? await cache.store(
                    stored, for: address(1), fill: token, at: now)
                return receipt == nil ? 1_000 : 1
            case .stored: return 0
            case .elsewhere:
                let until = now.advanced(byMicroseconds: 30_000_000)
                switch await cache.wait(for: address(1), until: until) {
                case .stored(let hit): return hit.answer.body == Array("once".utf8) ? 0 : 1_000
                case .free: continue
                case .timedOut, .tooMany: return 1_000
                }
            }
        }
        return 1_000
    }

    @Test("the turn of an instance that was killed is lost after its term; one given back, at once")
    func lostTurn() async throws {
        var configuration = CacheTiersConfiguration()
        configuration.lookupMax = .seconds(30)
        try await LedgerDatabase.withScratch { database in
            try await withInstances(3, of: database, configuration: configuration) { caches in
                func fill(_ number: Int, _ term: Duration) async -> FillTurn {
                    await caches[number].fill(address(1), for: term, at: start)
                }
                guard case .yours(let token) = await fill(0, .seconds(600)),
                    case .elsewhere(let until) = await fill(1, .seconds(600))
                else { throw TestingError("one has the turn") }
                #expect(until > later(590) && until <= later(600))
                caches[0].endFill(address(1), token)
                await caches[0].flush()
                guard case .yours = await fill(2, .milliseconds(50)) else {
                    throw TestingError("it was given back")
                }
                // That instance is killed now: the database's own clock ends its term.
                let fourth = try TieredCache(
                    configuration, pool: Pool(database.asService, size: 1),
                    now: { start }, readFile: { _ in nil })
                try await eventually("the turn is lost") {
                    if case .yours = await fourth.fill(address(1), for: .seconds(1), at: later(700))
                    {
                        return true
                    }
                    return false
                }
            }
        }
    }

    @Test("a shared tier that hangs costs its bound a few times, then nothing, until it is back")
    func hanging() async throws {
        let notices = Notices()
        var configuration = CacheTiersConfiguration()
        configuration.unheardMax = nil
        try await LedgerDatabase.withScratch { database in
            try await withInstances(
                1, of: database, clock: nil, configuration: configuration, notices: notices
            ) { caches in
                let cache = caches[0]
                try await withLocked("tally.cache_answers", of: database) {
                    for _ in 0..<GuardedTier<Int>.failuresMax {
                        #expect(await cache.text(1, at: .wall) == "absent")
                    }
                    // The last look-up may be answered a moment before it is counted.
                    try await eventually("it is left alone") {
                        cache.counts().shared?.isPaused == true
                    }
                    #expect(cache.counts().shared?.timeouts == GuardedTier<Int>.failuresMax)
                    #expect(await cache.text(1, at: .wall) == "absent", "nobody is asked")
                    #expect(cache.counts().shared?.skipped == 1)
                    let now = Timestamp.wall
                    try await cache.store(answer(at: now), for: address(2), at: now)
                    #expect(await cache.text(2, at: .wall) == "yes memory")
                    guard case .yours = await cache.fill(address(3), for: .seconds(9), at: now)
                    else { throw TestingError("the turn is given here") }
                }
                try await eventually("the shared tier is used again") {
                    _ = await cache.text(1, at: .wall)
                    return cache.counts().shared?.isPaused == false
                }
            }
        }
        guard case .tierPaused(.shared, _) = notices.all.first else {
            throw TestingError("\(notices.all)")
        }
        #expect(notices.all.last == .tierResumed(.shared))
    }

    private func withLocked(
        _ table: String, of database: LedgerDatabase, _ body: () async throws -> Void
    ) async throws {
        let connection = try await Connection.open(database.configuration)
        let locking = Task {
            try await connection.transaction { session in
                try session.execute("LOCK TABLE \(table)")
                try session.execute("SELECT pg_sleep(600)")
            }
        }
        try await eventually("the table is locked") {
            try await database.execute(
                """
                SELECT FROM pg_locks WHERE mode = 'AccessExclusiveLock' AND granted
                    AND relation = '\(table)'::regclass
                """) == 1
        }
        try await body()
        locking.cancel()
        _ = await locking.result
        await connection.close()
    }
}
