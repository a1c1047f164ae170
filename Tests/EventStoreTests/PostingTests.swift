import EventStore
import LedgerModel
import LedgerTesting
import Postgres
import PostgresTesting
import StoreTesting
import Testing

/// What every store promises about postings.
@Suite("Postings", .serialized, .timeLimit(.minutes(3)))
struct PostingTests {
    @Test(
        "a charge is posted once, however often it is sent", arguments: StoreKind.allCases)
    func once(kind: StoreKind) async throws {
        var random = RandomEvents(seed: testSeed())
        try await withCountingStore(kind) { store, _ in
            let entries = random.entries(30, charged: true)
            #expect(try await store.append(entries).isAllAppended)
            let sums = try await Counting.fold(store)
            #expect(!sums.isEmpty)
            #expect(try await store.append(entries.reversed()).isAllDuplicate)
            // New ones between known ones, and twins in one batch.
            let more = random.entries(5, charged: true)
            _ = try await store.append(Array(entries.prefix(3)) + more + more + entries.suffix(3))
            #expect(try await Counting.fold(store) != sums)
            try await Counting.audit(store)
        }
    }

    @Test(
        "what is appended before the first rules is not posted", arguments: StoreKind.allCases)
    func before(kind: StoreKind) async throws {
        var random = RandomEvents(seed: testSeed())
        let rules = KnownRules()
        try await withStore(kind, posting: rules.source) { store in
            rules.read(from: store)
            _ = try await store.append(random.entries(20, charged: true))
            _ = try await store.append(Counting.revise(to: 3, id: random.id()))
            for name in Counting.names {
                #expect(try await store.state(of: Counting.key(name)).isEmpty)
            }
            _ = try await store.append(random.entries(20, charged: true))
            #expect(rules.known == [3])
            try await Counting.audit(store)
        }
    }

    @Test(
        "conflicts and further reports of a call post nothing", arguments: StoreKind.allCases)
    func nothingNew(kind: StoreKind) async throws {
        var random = RandomEvents(seed: testSeed())
        try await withCountingStore(kind) { store, _ in
            let entry = random.entry(charged: true)
            _ = try await store.append([entry])
            let sums = try await Counting.fold(store)
            var other = entry
            other.request.latency = (other.request.latency ?? 0) + 1
            #expect(try await store.append([other]).outcomes[0].isConflict)
            // The same charge under another request conflicts too.
            var thief = random.entry(charged: false)
            thief.charge = entry.charge
            #expect(try await store.append([thief]).outcomes[0].isConflict)
            #expect(try await Counting.fold(store) == sums)
            try await Counting.audit(store)
            let (first, again) = CallTests().pair(&random)
            _ = try await store.append([first])
            let once = try await Counting.fold(store)
            let receipt = try await store.append([again])
            #expect(!receipt.outcomes[0].isAppended)
            #expect(try await Counting.fold(store) == once)
        }
    }

    @Test(
        "the events of a decision are posted, once, and those of a refused one are not",
        arguments: StoreKind.allCases)
    func decisions(kind: StoreKind) async throws {
        var random = RandomEvents(seed: testSeed())
        try await withCountingStore(kind) { store, _ in
            var request = random.plainRequest()
            request.dimensions[.app] = "x-1"
            var charge = random.charge(for: request)
            (charge.amount, charge.unpriced) = (Picodollars(1_234), nil)
            let settle = Budgets.hold(10, in: ["a"], id: random.id(), with: [request, charge])
            #expect(try await store.append(settle).isAllAppended)
            #expect(try await store.append(settle).isAllDuplicate)
            let sum = Counting.Sum(try await store.state(of: Counting.key("x-1")))
            #expect(sum.cost == 1_234 && sum.requests == 1)
            var late = request
            late.id = random.id()
            late.occurredAt = late.id.time
            let refused = Budgets.hold(5_000, in: ["a"], id: random.id(), with: [late])
            await #expect(throws: Budgets.OverLimit.self) { _ = try await store.append(refused) }
            // One of its events is another's, so none is appended and none posted.
            let taken = Budgets.hold(1, in: ["a"], id: random.id(), with: [late, request])
            #expect(try await store.append(taken).outcomes[0].isConflict)
            #expect(Counting.Sum(try await store.state(of: Counting.key("x-1"))) == sum)
            try await Budgets.audit(store, ["a"])
        }
    }

    @Test(
        "a decision and a batch of one commit share a row", arguments: StoreKind.allCases)
    func sharedRow(kind: StoreKind) async throws {
        let seed = testSeed()
        try await withCountingStore(kind) { store, _ in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for caller in 0..<16 {
                    group.addTask {
                        var random = RandomEvents(seed: seed &+ UInt64(caller))
                        for _ in 0..<5 {
                            let id = random.id()
                            _ = try await store.append(random.entries(3))
                            // Takes away what is counted and puts it back, with an event more.
                            let key = Counting.key("x-0")
                            var request = random.plainRequest()
                            request.dimensions[.app] = "x-0"
                            let booked = request
                            _ = try await store.append(
                                Decision(id: id, on: [key]) { rows, _ in
                                    rows[key] = Counting.Sum(rows[key]).bytes
                                    return [
                                        Event(id: id, kind: .budgetHeld, occurredAt: id.time),
                                        booked,
                                    ]
                                })
                        }
                    }
                }
                try await group.waitForAll()
            }
        }
    }

    @Test(
        "a writer without rules appends nothing to a ledger that has some",
        arguments: StoreKind.allCases)
    func unknownRules(kind: StoreKind) async throws {
        var random = RandomEvents(seed: testSeed())
        try await withStore(kind) { store in
            _ = try await store.append(random.entries(2))
            _ = try await store.append(Counting.revise(to: 1, id: random.id()))
            let head = try await store.head()
            await #expect(throws: UnknownPostingRules.self) {
                _ = try await store.append(random.entries(1))
            }
            await #expect(throws: UnknownPostingRules.self) {
                _ = try await store.append(Budgets.hold(1, in: ["a"], id: random.id()))
            }
            #expect(try await store.head() == head)
            #expect(try await store.state(of: Budgets.key("a")).isEmpty)
        }
    }

    @Test("rules of another writer are noticed before anything is appended by old ones")
    func newerRules() async throws {
        var random = RandomEvents(seed: testSeed())
        try await LedgerDatabase.withScratch { database in
            let (ours, theirs) = (KnownRules(), KnownRules())
            let ledger = try await database.ledger(posting: ours.source)
            let other = try await database.ledger(posting: theirs.source)
            for rules in [ours, theirs] { rules.read(from: ledger) }
            for weight in UInt8(1)...6 {
                let changer = weight % 2 == 0 ? ledger : other
                let appender = weight % 2 == 0 ? other : ledger
                _ = try await changer.append(Counting.revise(to: weight, id: random.id()))
                let known = random.entries(4, charged: true)
                _ = try await appender.append(known)
                // A writer that searches first notices them too.
                _ = try await changer.append(known + random.entries(4, charged: true))
                #expect(ours.known == [weight] && theirs.known == [weight])
                try await Counting.audit(ledger)
            }
            #expect(try await database.verify(ledger).problem == nil)
        }
    }

    @Test("a refusal by old rules is decided again by newer ones")
    func refusedByOldRules() async throws {
        var random = RandomEvents(seed: testSeed())
        try await LedgerDatabase.withScratch { database in
            let (ours, theirs) = (KnownRules(), KnownRules())
            let ledger = try await database.ledger(posting: ours.source)
            let other = try await database.ledger(posting: theirs.source)
            for rules in [ours, theirs] { rules.read(from: ledger) }
            _ = try await ledger.append(Counting.revise(to: 1, id: random.id()))
            _ = try await other.append(random.entries(1))
            _ = try await ledger.append(Counting.revise(to: 2, id: random.id()))
            func decide(by weight: UInt8) async throws -> AppendReceipt {
                let id = random.id()
                return try await other.append(
                    Decision(id: id, on: [Budgets.key("a")]) { rows, _ in
                        guard rows.revision == [weight] else {
                            throw Counting.OtherRules(found: rows.revision)
                        }
                        return [Event(id: id, kind: .budgetHeld, occurredAt: id.time)]
                    })
            }
            #expect(theirs.known == [1])
            #expect(try await decide(by: 2).isAllAppended)
            await #expect(throws: Counting.OtherRules(found: [2])) { _ = try await decide(by: 1) }
        }
    }

    @Test("of two changes in one commit the second sees the first")
    func changesTogether() async throws {
        let seed = testSeed()
        try await LedgerDatabase.withScratch { database in
            let rules = KnownRules()
            let ledger = try await database.ledger(posting: rules.source)
            rules.read(from: ledger)
            var random = RandomEvents(seed: seed)
            _ = try await ledger.append(Counting.revise(to: 1, id: random.id()))
            _ = try await ledger.append(random.entries(1))
            let (made, refused) = (Shared(0), Shared(0))
            try await database.holdingHead { release in
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for caller in 0..<6 {
                        if caller == 1 {
                            try await eventually("the writer waits") {
                                try await database.hasWaiter()
                            }
                        }
                        group.addTask {
                            var random = RandomEvents(seed: seed &+ 1 &+ UInt64(caller))
                            if caller == 0 {
                                _ = try await ledger.append(random.entries(1))
                                return
                            }
                            do {
                                _ = try await ledger.append(
                                    Counting.revise(
                                        to: UInt8(caller + 1), after: 1, id: random.id()))
                                made.update { $0 += 1 }
                            } catch is Counting.OtherRules {
                                refused.update { $0 += 1 }
                            }
                        }
                    }
                    try await eventually("the others wait") { ledger.waitingRows >= 5 }
                    release()
                    try await group.waitForAll()
                }
            }
            #expect(made.value == 1 && refused.value == 4)
            _ = try await ledger.append(random.entries(5, charged: true))
            try await Counting.audit(ledger)
        }
    }

    @Test("writers of several processes send the same at once, while the rules change")
    func concurrent() async throws {
        let seed = testSeed()
        try await LedgerDatabase.withScratch { database in
            let ledgers = try await Self.processes(3, on: database)
            var random = RandomEvents(seed: seed)
            let world = random.entries(60, charged: true)
            _ = try await ledgers[0].append(Counting.revise(to: 1, id: random.id()))
            try await withThrowingTaskGroup(of: Void.self) { group in
                for caller in 0..<12 {
                    group.addTask {
                        var random = RandomEvents(seed: seed &+ 1 &+ UInt64(caller))
                        let ledger = ledgers[caller % 3]
                        for round in 0..<8 {
                            if caller == round {
                                let weight = UInt8(round + 2)
                                _ = try await ledger.append(
                                    Counting.revise(to: weight, id: random.id()))
                            }
                            let entries = (0..<6).compactMap { _ in
                                world.randomElement(using: &random.random)
                            }
                            _ = try await ledger.append(entries + random.entries(1))
                        }
                    }
                }
                try await group.waitForAll()
            }
            _ = try await ledgers[1].append(world)
            try await Counting.audit(ledgers[0])
            #expect(try await database.verify(ledgers[0]).problem == nil)
        }
    }

    @Test(
        "a connection that is lost around the commit posts once",
        arguments: CuttingProxy.Moment.allCases, [false, true])
    func cut(moment: CuttingProxy.Moment, isSearching: Bool) async throws {
        var random = RandomEvents(seed: testSeed())
        try await LedgerDatabase.withScratch { database in
            let proxy = try CuttingProxy(before: try await TestServer.shared().directory)
            let rules = KnownRules()
            let ledger = try await database.ledger(
                through: proxy.configuration(like: database.asService), posting: rules.source)
            rules.read(from: try await database.ledger())
            _ = try await ledger.append(Counting.revise(to: 1, id: random.id()))
            let old = random.entries(3, charged: true)
            _ = try await ledger.append(old)
            if isSearching { _ = try await ledger.append(old) }
            proxy.plan([moment])
            #expect(try await ledger.append(random.entries(5, charged: true)).isAllAppended)
            #expect(proxy.cuts == 1)
            try await Counting.audit(ledger)
            proxy.plan([moment])
            let settle = Budgets.hold(
                10, in: ["a"], id: random.id(), with: [random.plainRequest()])
            #expect(try await ledger.append(settle).isAllAppended)
            #expect(proxy.cuts == 2)
            try await Counting.audit(ledger)
            try await Budgets.audit(ledger, ["a"])
            // And a change of the rules is one change.
            proxy.plan([moment])
            let change = Counting.revise(to: 2, after: 1, id: random.id())
            #expect(try await ledger.append(change).isAllAppended)
            #expect(proxy.cuts == 3)
            _ = try await ledger.append(random.entries(2, charged: true))
            try await Counting.audit(ledger)
            #expect(try await database.verify(ledger).problem == nil)
        }
    }

    /// Ledgers as of several processes, each with the rules that it knows.
    static func processes(
        _ count: Int, on database: LedgerDatabase,
        through configuration: (Int) throws -> PostgresConfiguration? = { _ in nil }
    ) async throws -> [PostgresLedger] {
        var ledgers: [PostgresLedger] = []
        let reader = try await database.ledger()
        for number in 0..<count {
            let rules = KnownRules()
            rules.read(from: reader)
            ledgers.append(
                try await database.ledger(
                    through: try configuration(number), posting: rules.source))
        }
        return ledgers
    }
}
