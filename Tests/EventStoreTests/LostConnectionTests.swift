import EventStore
import LedgerModel
import LedgerTesting
import Postgres
import PostgresTesting
import StoreTesting
import Testing

@Suite("Connections lost around a commit", .serialized, .timeLimit(.minutes(3)))
struct LostConnectionTests {
    @Test(
        "a cut at any moment leaves every entry appended exactly once, and says so",
        arguments: CuttingProxy.Moment.allCases, [false, true])
    func cut(moment: CuttingProxy.Moment, isSearching: Bool) async throws {
        var random = RandomEvents(seed: testSeed())
        try await LedgerDatabase.withScratch { database in
            let proxy = try CuttingProxy(before: try await TestServer.shared().directory)
            let ledger = try await database.ledger(
                through: proxy.configuration(like: database.asService))
            let old = random.entries(3)
            _ = try await ledger.append(old)
            // After a duplicate the writer searches first, which is another way to commit.
            if isSearching { _ = try await ledger.append(old) }
            proxy.plan([moment])
            let entries = random.entries(5)
            let before = try await ledger.head()
            let receipt = try await ledger.append(entries)
            #expect(proxy.cuts == 1)
            #expect(receipt.isAllAppended)
            #expect(receipt.outcomes.first == .appended(before.position + 1))
            #expect(try await ledger.head() == receipt.head)
            #expect(receipt.head.block == before.block + 1)
            var auditor = Auditor()
            auditor.note(old + entries, try await ledger.append(old + entries))
            try await auditor.audit(ledger)
            #expect(try await database.verify(ledger).problem == nil)
        }
    }

    @Test(
        "a decision beside batches is made once, whatever moment the connection is cut at",
        arguments: CuttingProxy.Moment.allCases, [false, true])
    func decisions(moment: CuttingProxy.Moment, isSearching: Bool) async throws {
        let seed = testSeed()
        try await LedgerDatabase.withScratch { database in
            let proxy = try CuttingProxy(before: try await TestServer.shared().directory)
            let ledger = try await database.ledger(
                through: proxy.configuration(like: database.asService))
            var random = RandomEvents(seed: seed)
            let old = Budgets.hold(100, in: ["a"], id: random.id())
            _ = try await ledger.append(old)
            if isSearching { _ = try await ledger.append(old) }
            try await database.holdingHead { release in
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for caller in 0..<8 {
                        if caller == 1 {
                            try await eventually("the writer waits") {
                                try await database.hasWaiter()
                            }
                        }
                        group.addTask {
                            var random = RandomEvents(seed: seed &+ 1 &+ UInt64(caller))
                            // Four of the first five fit beside the 100 that are held.
                            let hold = Budgets.hold(220, in: ["a"], id: random.id())
                            do {
                                let receipt =
                                    caller < 5
                                    ? try await ledger.append(hold)
                                    : try await ledger.append(random.entries(2))
                                #expect(receipt.isAllAppended)
                            } catch let error as Budgets.OverLimit {
                                #expect(error.left == 20)
                            }
                        }
                    }
                    try await eventually("the others wait") { ledger.waitingRows >= 4 + 3 * 2 }
                    proxy.plan([moment])
                    release()
                    try await group.waitForAll()
                }
            }
            #expect(proxy.cuts == 1)
            #expect(Budgets.held(try await ledger.state(of: Budgets.key("a"))) == 980)
            try await Budgets.audit(ledger, ["a"])
            try await auditChain(of: ledger)
            #expect(try await database.verify(ledger).problem == nil)
        }
    }

    @Test("twins in a batch whose answer was lost: one was appended, the other is a duplicate")
    func twinsAfterLoss() async throws {
        var random = RandomEvents(seed: testSeed())
        try await LedgerDatabase.withScratch { database in
            let proxy = try CuttingProxy(before: try await TestServer.shared().directory)
            let ledger = try await database.ledger(
                through: proxy.configuration(like: database.asService))
            let entry = random.entry(charged: true)
            _ = try await ledger.append([random.entry(charged: false)])
            proxy.plan([.afterCommit])
            let receipt = try await ledger.append([entry, entry])
            #expect(proxy.cuts == 1)
            #expect(receipt.outcomes == [.appended(2), .duplicate(2)])
        }
    }

    @Test("several cuts in a row are survived as one is")
    func severalCuts() async throws {
        var random = RandomEvents(seed: testSeed())
        try await LedgerDatabase.withScratch { database in
            let proxy = try CuttingProxy(before: try await TestServer.shared().directory)
            let ledger = try await database.ledger(
                through: proxy.configuration(like: database.asService))
            _ = try await ledger.append(random.entries(1))
            proxy.plan([.beforeCommit, .beforeCommit, .afterCommit])
            let receipt = try await ledger.append(random.entries(4))
            #expect(proxy.cuts == 3)
            #expect(receipt.isAllAppended)
            #expect(receipt.head.block == 2)
        }
    }

    @Test("backends terminated under load lose nothing and double nothing")
    func terminated() async throws {
        let seed = testSeed()
        try await LedgerDatabase.withScratch { database in
            let ledger = try await database.ledger()
            let auditor = Shared(Auditor())
            let finished = Shared(0)
            await withTaskGroup(of: Void.self) { group in
                for caller in 0..<6 {
                    group.addTask {
                        var random = RandomEvents(seed: seed &+ UInt64(caller))
                        for _ in 0..<15 {
                            let entries = random.entries(4)
                            do {
                                let receipt = try await ledger.append(entries)
                                #expect(receipt.isAllAppended)
                                auditor.update { $0.note(entries, receipt) }
                            } catch {
                                Issue.record("\(error)")
                            }
                        }
                        finished.update { $0 += 1 }
                    }
                }
                group.addTask {
                    do {
                        var kills = 0
                        while finished.value < 6, kills < 20 {
                            kills += try await database.execute(Self.killOne)
                        }
                    } catch {
                        Issue.record("\(error)")
                    }
                }
            }
            try await auditor.value.audit(ledger)
            #expect(try await database.verify(ledger).problem == nil)
        }
    }

    private static let killOne = """
        SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE usename = 'tally_service' AND state = 'active' AND datname = current_database()
        LIMIT 1
        """
}
