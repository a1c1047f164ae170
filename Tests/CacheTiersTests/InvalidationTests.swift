import CacheTiers
import Caching
import LedgerModel
import Postgres
import PostgresTesting
import StoreTesting
import Synchronization
import Testing

@Suite("Invalidations over instances")
struct InvalidationTests {
    @Test(
        "what one instance invalidates, another drops from memory, and nobody gets it from below",
        arguments: [
            CacheSelection.key(CacheKey(number: 1)), .tag("a"), .model("gpt-4o*"),
            .template("reply@*"), .dependency("handbook"), .age(storedBefore: later(1)),
            .predicate(.init(provider: "openai", team: "red", bytesMax: 3)),
        ])
    func everywhere(_ selection: CacheSelection) async throws {
        try await LedgerDatabase.withScratch { database in
            try await withInstances(3, of: database) { caches in
                let meant = answer(
                    "yes", tags: ["b", "a"], template: "reply@7", dependencies: ["handbook"])
                try await caches[0].store(meant, for: address(1), at: start)
                try await caches[0].store(
                    answer("other", at: later(1), model: "o3"), for: address(2), at: later(1))
                await caches[0].flush()
                #expect(await caches[1].text(1) == "yes shared")
                let report = try await caches[2].invalidate(
                    selection, ledger: LedgerID(1), at: later(2))
                #expect(report == CacheInvalidation(sequence: 1, count: 1))
                #expect(await caches[2].text(1, at: start) == "absent")
                #expect(await caches[0].text(1, at: start) == "yes memory", "it has not heard yet")
                for cache in caches {
                    try await cache.catchUp(at: start)
                    #expect(await cache.text(1) == "absent")
                    #expect(await cache.text(2).hasPrefix("other"))
                }
                let elsewhere = try await caches[0].invalidate(
                    selection, ledger: LedgerID(2), at: later(2))
                #expect(elsewhere == CacheInvalidation(sequence: 2, count: 0))
            }
        }
    }

    @Test("an answer that was on its way does not come back, neither to memory nor below")
    func onItsWay() async throws {
        try await LedgerDatabase.withScratch { database in
            try await withInstances(2, of: database) { caches in
                guard
                    case .yours(let token) = await caches[0].fill(
                        address(1), for: .seconds(60), at: start)
                else { throw TestingError("the turn is free") }
                try await caches[1].invalidate(.tag("a"), ledger: LedgerID(1), at: start)
                // The first instance has not heard of it, so it stores; but nobody gets that.
                try await caches[0].store(
                    answer(tags: ["a"]), for: address(1), fill: token, at: start)
                await caches[0].flush()
                #expect(await caches[1].text(1) == "absent")
                try await caches[0].catchUp(at: start)
                #expect(await caches[0].text(1) == "absent")
                // What begins now is stored again.
                let turn = await caches[1].fill(address(1), for: .seconds(60), at: start)
                guard case .yours(let second) = turn else { throw TestingError("\(turn)") }
                try await caches[1].store(
                    answer("new", tags: ["a"]), for: address(1), fill: second, at: start)
                await caches[1].flush()
                #expect(await caches[0].text(1) == "new shared")
            }
        }
    }

    @Test("an instance that hears nothing for a second gives nothing, and goes on when it does")
    func unheard() async throws {
        try await LedgerDatabase.withScratch { database in
            let clock = TestClock()
            try await withInstances(1, of: database, clock: clock) { caches in
                try await caches[0].store(answer(), for: address(1), at: start)
                #expect(await caches[0].text(1, at: later(1)) == "yes memory")
                #expect(await caches[0].text(1, at: later(1.001)) == "unsure")
                try await caches[0].catchUp(at: later(5))
                #expect(await caches[0].text(1, at: later(6)) == "yes memory")
            }
        }
    }

    @Test("of more than is kept, or of numbers that went back, everything in memory is dropped")
    func tooMuch() async throws {
        try await LedgerDatabase.withScratch { database in
            let notices = Notices()
            try await withInstances(2, of: database, notices: notices) { caches in
                func stored() async throws {
                    try await caches[0].store(answer(), for: address(1), at: start)
                    await caches[0].flush()
                    #expect(await caches[0].text(1) == "yes memory")
                }
                try await stored()
                for _ in 0..<3 {
                    try await caches[1].invalidate(.tag("z"), ledger: LedgerID(1), at: start)
                }
                try await database.execute(
                    "DELETE FROM tally.cache_invalidations WHERE sequence = 2")
                try await caches[0].catchUp(at: start)
                // From below it could be anything: its number is too old to know.
                #expect(await caches[0].text(1) == "absent")
                #expect(notices.all == [.dropped(from: 1, to: 3)])
                #expect(caches[0].counts().hearing.drops == 1)
                try await stored()
                // As after a restore from a backup.
                try await database.execute(
                    "DELETE FROM tally.cache_invalidations; "
                        + "UPDATE tally.cache_head SET sequence = 1")
                try await caches[0].catchUp(at: start)
                #expect(await caches[0].text(1) == "absent")
                #expect(notices.all.last == .dropped(from: 4, to: 1))
            }
        }
    }

    @Test("whoever cleans up completes what others could not, and closes what is old")
    func tended() async throws {
        try await LedgerDatabase.withScratch { database in
            try await withInstances(2, of: database) { caches in
                let tagged = answer(tags: ["a"])
                try await caches[0].store(tagged, for: address(1), at: start)
                await caches[0].flush()
                // As if the one who made it had been killed before it swept.
                try await database.execute(
                    """
                    UPDATE tally.cache_head SET sequence = 1;
                    INSERT INTO tally.cache_invalidations (sequence, ledger_id, made_at, selection)
                    VALUES (1, 1, now() - interval '1 minute', '{"tag":"a"}')
                    """)
                try await caches[0].catchUp(at: start)
                #expect(await caches[0].text(1) == "absent")
                await caches[0].tend(at: start)
                let gone = try await database.execute("DELETE FROM tally.cache_answers")
                #expect(gone == 0)
                try await database.execute(
                    """
                    UPDATE tally.cache_head SET tended_until = now();
                    UPDATE tally.cache_invalidations SET made_at = now() - interval '16 minutes'
                    """)
                await caches[1].tend(at: start)
                let closed = try await database.execute(
                    "UPDATE tally.cache_head SET closed = closed WHERE closed = 1")
                #expect(closed == 1)
                // An instance that slept all the time can't bring anything in from before.
                var old = tagged
                old.sequence = 0
                let pool = Pool(database.asService, size: 1)
                try await PostgresTier(pool: pool, bytesPerLedger: 1 << 20).apply([
                    .store(TierEntry(old, at: address(1), compression: nil))
                ])
                await pool.close()
                #expect(try await database.execute("DELETE FROM tally.cache_answers") == 0)
            }
        }
    }

    @Test("under load, what was invalidated is never given again once that was heard")
    func underLoad() async throws {
        var configuration = CacheTiersConfiguration()
        configuration.unheardMax = .seconds(60)
        configuration.lookupMax = .seconds(30)
        try await LedgerDatabase.withScratch { database in
            try await withInstances(
                2, of: database, clock: nil, configuration: configuration, listening: true
            ) { caches in
                let running = Task {
                    await withTaskGroup(of: Void.self) { tasks in
                        for cache in caches { tasks.addTask { await cache.run() } }
                    }
                }
                // Everything is version N; an invalidation makes it N + 1.
                let versions = Versions()
                try await withThrowingTaskGroup(of: Void.self) { tasks in
                    for number in 0..<8 {
                        tasks.addTask {
                            while !versions.isDone.load(ordering: .relaxed) {
                                await Self.use(
                                    caches[number % 2], UInt64(number % 3), versions)
                                await Task.yield()
                            }
                        }
                    }
                    tasks.addTask {
                        for round in 1...20 {
                            versions.now.store(round + 1, ordering: .sequentiallyConsistent)
                            let made = try await caches[round % 2].invalidate(
                                .tag("v"), ledger: LedgerID(1), at: .wall)
                            try await eventually("all have heard", within: .seconds(10)) {
                                caches.allSatisfy { $0.counts().hearing.sequence >= made.sequence }
                            }
                            versions.gone.store(round, ordering: .sequentiallyConsistent)
                        }
                        versions.isDone.store(true, ordering: .relaxed)
                    }
                    try await tasks.waitForAll()
                }
                running.cancel()
                await running.value
            }
        }
    }

    private final class Versions: Sendable {
        let now = Atomic<Int>(1)
        /// The last one that nobody may give any more.
        let gone = Atomic<Int>(0)
        let isDone = Atomic<Bool>(false)
    }

    /// Gets an answer, which must not be of a version that everybody has heard is gone.
    private static func use(
        _ cache: TieredCache, _ number: UInt64, _ versions: Versions
    ) async {
        let now = Timestamp.wall
        let gone = versions.gone.load(ordering: .sequentiallyConsistent)
        if case .hit(let hit) = await cache.lookup(address(number), at: now) {
            let found = Int(String(decoding: hit.answer.body, as: UTF8.self)) ?? 0
            #expect(found > gone, "version \(found) after \(gone) was gone")
            return
        }
        guard case .yours(let token) = await cache.fill(address(number), for: .seconds(9), at: now)
        else { return }
        let made = versions.now.load(ordering: .sequentiallyConsistent)
        await Task.yield()
        _ = try? await cache.store(
            answer("\(made)", at: now, tags: ["v"]), for: address(number), fill: token, at: now)
    }

    @Test("what comes while nobody listens is noticed, read back and counted")
    func lostConnection() async throws {
        try await LedgerDatabase.withScratch { database in
            var configuration = CacheTiersConfiguration()
            configuration.unheardMax = .seconds(60)
            try await withInstances(
                2, of: database, clock: nil, configuration: configuration, listening: true
            ) { caches in
                let running = Task { await caches[0].run() }
                let now = Timestamp.wall
                for number: UInt64 in 1...3 {
                    try await caches[0].store(
                        answer(at: now, tags: [Name("\(number)")]), for: address(number), at: now)
                }
                let listeners = """
                    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                    WHERE datname = current_database() AND application_name = 'listener'
                    """
                for round: UInt64 in 1...3 {
                    // The connection goes just before the message.
                    try await database.execute(listeners)
                    try await caches[1].invalidate(
                        .tag(Name("\(round)")), ledger: LedgerID(1), at: now)
                    try await eventually("the first has heard of \(round)") {
                        caches[0].counts().hearing.sequence == Int64(round)
                    }
                    try await eventually("the first gives it no more") {
                        await caches[0].text(round, at: .wall) == "absent"
                    }
                }
                // One of which no message tells at all.
                let before = caches[0].counts().hearing.missed
                try await database.execute(
                    """
                    UPDATE tally.cache_head SET sequence = 4;
                    INSERT INTO tally.cache_invalidations (sequence, ledger_id, selection)
                    VALUES (4, 1, '{}')
                    """)
                try await eventually("it is found") {
                    caches[0].counts().hearing.sequence == 4
                }
                running.cancel()
                await running.value
                let hearing = caches[0].counts().hearing
                #expect(hearing.applied == 4 && hearing.missed == before + 1)
            }
        }
    }

    @Test("a message tells an instance at once, long before it would have looked")
    func told() async throws {
        try await LedgerDatabase.withScratch { database in
            var configuration = CacheTiersConfiguration()
            configuration.hearingPause = .seconds(60)
            configuration.unheardMax = .seconds(3_600)
            try await withInstances(
                2, of: database, clock: nil, configuration: configuration, listening: true
            ) { caches in
                let running = Task { await caches[0].run() }
                let watcher = try await Connection.open(database.configuration)
                try await eventually("it listens") {
                    try await watcher.session {
                        try $0.execute(
                            """
                            SELECT FROM pg_stat_activity WHERE datname = current_database()
                                AND state = 'idle' AND application_name = 'listener'
                                AND query LIKE '%closed FROM tally.cache_head%'
                            """) > 0
                    }
                }
                await watcher.close()
                try await caches[1].invalidate(.tag("a"), ledger: LedgerID(1), at: .wall)
                try await eventually("it is told") {
                    caches[0].counts().hearing.sequence == 1
                }
                #expect(caches[0].counts().hearing.missed == 0)
                running.cancel()
                await running.value
            }
        }
    }

    @Test("a disk obeys what was invalidated while its process was away")
    func diskWasAway() async throws {
        try await withFolder { folder in
            try await LedgerDatabase.withScratch { database in
                var configuration = CacheTiersConfiguration()
                configuration.disk = .init(directory: folder)
                configuration.shared = .none
                try await withInstances(1, of: database, configuration: configuration) { caches in
                    for number: UInt64 in 1...3 {
                        try await caches[0].store(
                            answer(tags: [Name("\(number)")]), for: address(number), at: start)
                    }
                }
                try await withInstances(1, of: database) { caches in
                    try await caches[0].invalidate(.tag("1"), ledger: LedgerID(1), at: start)
                }
                try await withInstances(1, of: database, configuration: configuration) { caches in
                    #expect(await caches[0].text(1) == "absent")
                    #expect(await caches[0].text(2) == "yes disk")
                }
                try await withInstances(1, of: database) { caches in
                    try await caches[0].invalidate(.tag("2"), ledger: LedgerID(1), at: start)
                }
                // What can't be read back is not trusted.
                try await database.execute("DELETE FROM tally.cache_invalidations")
                try await withInstances(1, of: database, configuration: configuration) { caches in
                    #expect(await caches[0].text(3) == "absent")
                }
            }
        }
    }
}
