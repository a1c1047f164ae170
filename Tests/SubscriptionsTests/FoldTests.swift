import EventStore
import LedgerModel
import LedgerTesting
import Postgres
import StoreTesting
import Subscriptions
import Synchronization
import Testing

@Suite("Subscriptions whose effect is SQL", .timeLimit(.minutes(3)))
struct FoldTests {
    @Test("members at one place fold a range together, and whole blocks stay whole")
    func together() async throws {
        try await TestLedger.withNotes { bench in
            var random = RandomEvents(seed: testSeed())
            let calls = Calls()
            let pages = [Subscription("a", page: 5), Subscription("b", page: 5)]
            let runner = SubscriptionRunner(pool: bench.pool, groups: [.noting(pages, calls)])
            for count in [3, 1, 7, 2, 2] { try await bench.append(count, &random) }
            try await runner.catchUp()
            #expect(calls.take() == ["a+b 0-11", "a+b 11-15"])
            #expect(try await bench.ranges(of: "b") == ["0-11", "11-15"])
            try await runner.catchUp()
            #expect(calls.take() == [])
        }
    }

    @Test("one that lies behind is led up to the others, and they go on together")
    func alignment() async throws {
        try await TestLedger.withNotes { bench in
            var random = RandomEvents(seed: testSeed())
            let calls = Calls()
            let runner = SubscriptionRunner(
                pool: bench.pool,
                groups: [.noting(["a", "b", "c", "d"].map { Subscription($0) }, calls)])
            for _ in 0..<5 { try await bench.append(2, &random) }
            try await runner.catchUp()
            _ = calls.take()
            try await bench.administer(
                """
                UPDATE tally.places SET position = 2 WHERE subscription = 'b';
                UPDATE tally.places SET position = 6 WHERE subscription IN ('c', 'd')
                """)
            try await bench.append(1, &random)
            try await runner.catchUp()
            #expect(calls.take() == ["b 2-6", "b+c+d 6-10", "a+b+c+d 10-11"])
        }
    }

    @Test("one that is far behind does not keep the others waiting")
    func farBehind() async throws {
        try await TestLedger.withNotes { bench in
            var random = RandomEvents(seed: testSeed())
            let calls = Calls()
            let pages = [Subscription("a", page: 4), Subscription("b", page: 4)]
            let runner = SubscriptionRunner(pool: bench.pool, groups: [.noting(pages, calls)])
            for _ in 0..<6 { try await bench.append(2, &random) }
            try await runner.catchUp()
            _ = calls.take()
            try await bench.administer(
                "UPDATE tally.places SET position = 0 WHERE subscription = 'b'")
            try await bench.append(2, &random)
            try await runner.catchUp()
            #expect(
                calls.take() == ["b 0-4", "a 12-14", "b 4-8", "b 8-12", "b 12-14"])
        }
    }

    @Test("two runners at once fold every range exactly once while it is appended")
    func twoRunners() async throws {
        let seed = testSeed()
        try await TestLedger.withNotes { bench in
            let names = ["a", "b", "c"]
            let group = SubscriptionGroup.noting([
                Subscription("a"), Subscription("b", patience: .milliseconds(400)),
                Subscription("c", patience: .seconds(1), page: 16),
            ])
            let second = try await bench.anotherLedger("second")
            try await withThrowingTaskGroup(of: Void.self) { tasks in
                for _ in 0..<2 {
                    let runner = SubscriptionRunner(
                        pool: bench.pool, groups: [group], wait: { _ in await Task.yield() })
                    tasks.addTask { await runner.run() }
                }
                tasks.addTask {
                    var random = RandomEvents(seed: seed)
                    for _ in 0..<40 {
                        let count = Int.random(in: 1...20, using: &random.random)
                        let ledger = random.chance(0.3) ? second : bench.ledger
                        try await bench.append(count, &random, to: ledger)
                    }
                    let runner = SubscriptionRunner(pool: bench.pool, groups: [group])
                    repeat {
                        try await runner.catchUp()
                    } while try await runner.status().contains { $0.lagPositions > 0 }
                }
                // The runners go on until they are cancelled: the first to end is the producer.
                try await tasks.next()
                tasks.cancelAll()
            }
            for (ledger, name) in [bench.ledger, second].flatMap({ l in names.map { (l, $0) } }) {
                let head = try await ledger.head().position
                let ranges = try await bench.text(
                    "SELECT after, up_to FROM tally.folded WHERE member = '\(name)' "
                        + "AND ledger_id = \(ledger.id) ORDER BY after, up_to")
                var reached: String? = "0"
                for range in ranges {
                    #expect(range[0] == reached, "\(name) folds without holes or doubles")
                    reached = range[1]
                }
                #expect(reached == "\(head)")
            }
        }
    }

    @Test("a crash between the effect and the move leaves nothing behind")
    func crash() async throws {
        try await TestLedger.withNotes { bench in
            var random = RandomEvents(seed: testSeed())
            try await bench.append(3, &random)
            let crashing = SubscriptionRunner(
                pool: bench.pool,
                groups: [
                    .noting([Subscription("a"), Subscription("b")]) { session in
                        try session.execute("SELECT pg_terminate_backend(pg_backend_pid())")
                    }
                ])
            await #expect(throws: PostgresError.self) { try await crashing.catchUp() }
            #expect(try await bench.ranges(of: "a") == [])
            let group = SubscriptionGroup.noting([Subscription("a"), Subscription("b")])
            try await SubscriptionRunner(pool: bench.pool, groups: [group]).catchUp()
            #expect(try await bench.ranges(of: "a") == ["0-3"])
            #expect(try await bench.ranges(of: "b") == ["0-3"])
        }
    }

    @Test("a poison event halts only the members that cannot take it, just before its block")
    func poison() async throws {
        try await TestLedger.withNotes { bench in
            var random = RandomEvents(seed: testSeed())
            let told = Mutex<[String]>([])
            let subscriptions = ["a", "b", "c"].map { Subscription($0) }
            let broken = SubscriptionRunner(
                pool: bench.pool, groups: [.noting(subscriptions, fragile: ["b"])],
                report: { event in
                    guard case .halted(let name, _, let range) = event else { return }
                    told.withLock { $0.append("\(name) \(range.positions)") }
                })
            for index in 0..<9 {
                try await bench.append(2, &random, app: index == 6 ? "poison" : "fine")
            }
            try await broken.catchUp()
            let status = try await broken.status()
            #expect(status.map(\.subscription) == ["a", "b", "c"])
            #expect(status.map(\.position) == [18, 12, 18])
            #expect(status.map { $0.halted == nil } == [true, false, true])
            #expect(status[1].halted?.contains("division by zero") == true)
            #expect(status[1].lagPositions == 6 && status[1].lag > .zero)
            try await broken.catchUp()
            #expect(told.withLock { $0 } == ["b 13...14"], "it is said once")
            // Mended, it goes on where it stopped.
            let mended = SubscriptionRunner(pool: bench.pool, groups: [.noting(subscriptions)])
            try await mended.catchUp()
            #expect(try await mended.status()[1].position == 12, "nobody resumed it")
            #expect(try await mended.resume("b", of: bench.ledger.id))
            #expect(try await !mended.resume("b", of: bench.ledger.id))
            try await mended.catchUp()
            #expect(try await mended.status().allSatisfy { $0.position == 18 && $0.lag == .zero })
            #expect(try await bench.ranges(of: "b").last == "12-18")
        }
    }

    @Test("two writers that met are no poison: the page is tried again")
    func uniqueViolation() async throws {
        try await TestLedger.withNotes { bench in
            var random = RandomEvents(seed: testSeed())
            try await bench.append(3, &random)
            let twice = SubscriptionRunner(
                pool: bench.pool,
                groups: [
                    .noting([Subscription("a")]) { session in
                        try session.execute(
                            "CREATE TEMP TABLE met (x int PRIMARY KEY) ON COMMIT DROP; "
                                + "INSERT INTO met VALUES (1), (1)")
                    }
                ])
            await #expect(throws: PostgresError.self) { try await twice.catchUp() }
            let status = try await twice.status()
            #expect(status.map(\.position) == [0])
            #expect(status.allSatisfy { $0.halted == nil })
            let group = SubscriptionGroup.noting([Subscription("a")])
            try await SubscriptionRunner(pool: bench.pool, groups: [group]).catchUp()
            #expect(try await bench.ranges(of: "a") == ["0-3"])
        }
    }

    @Test("a member that fails for another reason is tried again, and the others go on")
    func failure() async throws {
        try await TestLedger.withNotes { bench in
            var random = RandomEvents(seed: testSeed())
            try await bench.append(3, &random)
            let failing = SubscriptionGroup(
                folding: [Subscription("a"), Subscription("b")], as: "notes",
                erase: { _, _, _, _ in 0 },
                fold: { range, members, _ in
                    if members.contains(where: { $0.name == "b" }) { throw Crashed() }
                    return range.count
                })
            let runner = SubscriptionRunner(pool: bench.pool, groups: [failing])
            await #expect(throws: Crashed.self) { try await runner.catchUp() }
            let status = try await runner.status()
            #expect(status.map(\.position) == [3, 0])
            #expect(status.allSatisfy { $0.halted == nil })
        }
    }

    @Test("events or blocks that are missing halt every member, and nothing is skipped")
    func gaps() async throws {
        try await TestLedger.withNotes { bench in
            var random = RandomEvents(seed: testSeed())
            for _ in 0..<5 { try await bench.append(1, &random) }
            let second = try await bench.anotherLedger("second")
            for _ in 0..<2 { try await bench.append(1, &random, to: second) }
            try await bench.administer(
                """
                DELETE FROM tally.blocks WHERE ledger_id = \(bench.ledger.id) AND block = 2;
                DELETE FROM tally.blocks WHERE ledger_id = \(second.id) AND block = 2
                """)
            let group = SubscriptionGroup.noting([Subscription("a"), Subscription("b")])
            let runner = SubscriptionRunner(pool: bench.pool, groups: [group])
            try await runner.catchUp()
            let status = try await runner.status()
            #expect(status.map(\.position) == [1, 1, 1, 1])
            #expect(status.allSatisfy { $0.halted?.contains("run tally verify") == true })
        }
    }

    @Test("a patient one waits for its time or a whole page, the others fold at every look")
    func patience() async throws {
        try await TestLedger.withNotes { bench in
            let random = Mutex(RandomEvents(seed: testSeed()))
            let calls = Calls()
            let group = SubscriptionGroup.noting(
                [
                    Subscription("now"),
                    Subscription("later", patience: .seconds(3_600), page: 6),
                ], calls)
            let looks = Mutex(0)
            let runner = SubscriptionRunner(
                pool: bench.pool, groups: [group],
                wait: { pause in
                    #expect(pause == .milliseconds(200))
                    let look = looks.withLock {
                        $0 += 1
                        return $0
                    }
                    if look == 7 { throw CancellationError() }
                    if look == 6 {
                        try await bench.administer(
                            "UPDATE tally.places SET updated_at = now() - interval '1 hour'")
                    }
                    var events = random.withLock { $0 }
                    try await bench.append(2, &events)
                    random.withLock { $0 = events }
                })
            var first = random.withLock { $0 }
            try await bench.append(2, &first)
            random.withLock { $0 = first }
            await runner.run()
            #expect(
                calls.take() == [
                    "now+later 0-2", "now 2-4", "now 4-6", "later 2-6", "now+later 6-8",
                    "now 8-10", "now 10-12", "later 8-12", "now+later 12-14",
                ])
        }
    }

    @Test("a rebuild reads each page once for all members, and live members go on together")
    func rebuild() async throws {
        try await TestLedger.withNotes { bench in
            var random = RandomEvents(seed: testSeed())
            let calls = Calls()
            let group = SubscriptionGroup.noting(
                ["a", "b", "c"].map { Subscription($0) }, calls)
            let runner = SubscriptionRunner(pool: bench.pool, groups: [group])
            for _ in 0..<3 { try await bench.append(2, &random) }
            try await runner.catchUp()
            _ = calls.take()
            let rebuilt = try await runner.rebuild()
            #expect(calls.take() == ["a+b+c 0-6"])
            #expect(Set(rebuilt.map(\.name)) == ["a", "b", "c"])
            #expect(rebuilt.allSatisfy { $0.version == 2 && $0.events == 6 })
            let versions = try await bench.text("SELECT DISTINCT version FROM tally.folded")
            #expect(versions == [["2"]], "what the old versions held is gone")
            try await bench.append(2, &random)
            try await runner.catchUp()
            #expect(calls.take() == ["a+b+c 6-8"])
            await #expect(throws: UnknownSubscription.self) { try await runner.rebuild(["d"]) }
        }
    }
}
