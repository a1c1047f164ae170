import EventStore
import LedgerModel
import LedgerTesting
import Postgres
import Testing

/// What every store promises about decisions.
@Suite("Decisions", .serialized, .timeLimit(.minutes(2)))
struct DecisionTests {
    @Test("a decision appends its event with the state it makes", arguments: StoreKind.allCases)
    func decides(kind: StoreKind) async throws {
        var random = RandomEvents(seed: testSeed())
        try await withStore(kind) { store in
            #expect(try await store.state(of: Budgets.key("a")).isEmpty)
            let (first, second) = (random.id(), random.id())
            let receipt = try await store.append(Budgets.hold(300, in: ["a"], id: first))
            #expect(receipt.outcomes == [.appended(1)])
            #expect(try await store.head() == receipt.head)
            let both = try await store.append(Budgets.hold(200, in: ["b", "a"], id: second))
            #expect(both.outcomes == [.appended(2)])
            #expect(Budgets.held(try await store.state(of: Budgets.key("a"))) == 500)
            #expect(try await store.event(second)?.position == 2)
            try await Budgets.audit(store, ["a", "b", "c"])
        }
    }

    @Test("a refusal says why, appends nothing and changes no row", arguments: StoreKind.allCases)
    func refuses(kind: StoreKind) async throws {
        var random = RandomEvents(seed: testSeed())
        try await withStore(kind) { store in
            _ = try await store.append(Budgets.hold(900, in: ["a"], id: random.id()))
            let head = try await store.head()
            // The first budget has room; the second has not, so neither holds anything.
            let refused = random.id()
            await #expect(throws: Budgets.OverLimit(left: 100)) {
                _ = try await store.append(Budgets.hold(101, in: ["b", "a"], id: refused))
            }
            #expect(try await store.head() == head)
            #expect(try await store.event(refused) == nil)
            try await Budgets.audit(store, ["a", "b"])
            let again = try await store.append(Budgets.hold(100, in: ["b", "a"], id: refused))
            #expect(again.outcomes == [.appended(2)])
        }
    }

    @Test(
        "a decision that is sent again is a duplicate, also where it would be refused now",
        arguments: StoreKind.allCases)
    func repeated(kind: StoreKind) async throws {
        var random = RandomEvents(seed: testSeed())
        try await withStore(kind) { store in
            let id = random.id()
            let hold = Budgets.hold(600, in: ["a"], id: id)
            let first = try await store.append(hold)
            // 600 more would be too much, 100 more would not.
            for again in [hold, Budgets.hold(100, in: ["a"], id: id), hold] {
                let receipt = try await store.append(again)
                #expect(receipt.outcomes == [.duplicate(1)])
                #expect(receipt.head == first.head)
            }
            #expect(Budgets.held(try await store.state(of: Budgets.key("a"))) == 600)
            try await Budgets.audit(store, ["a"])
        }
    }

    @Test(
        "the events of a decision are appended together, or none where one is another's",
        arguments: StoreKind.allCases)
    func together(kind: StoreKind) async throws {
        var random = RandomEvents(seed: testSeed())
        try await withStore(kind) { store in
            let (one, other) = (random.plainRequest(), random.plainRequest())
            let id = random.id()
            let receipt = try await store.append(
                Budgets.hold(10, in: ["a"], id: id, with: [one, other]))
            #expect(receipt.outcomes == [.appended(1)])
            #expect(
                try await store.everything().map(\.event.id) == [id, one.id, other.id])
            let late = random.id()
            let taken = try await store.append(
                Budgets.hold(20, in: ["a"], id: late, with: [random.plainRequest(), other]))
            #expect(taken.outcomes == [.conflict(3)])
            #expect(try await store.event(late) == nil)
            #expect(try await store.head() == receipt.head)
            try await Budgets.audit(store, ["a"])
        }
    }

    @Test("a decision may not slip an invalid event past", arguments: StoreKind.allCases)
    func invalid(kind: StoreKind) async throws {
        var random = RandomEvents(seed: testSeed())
        try await withStore(kind) { store in
            var event = random.plainRequest()
            event.dimensions[.app] = "a\0b"
            let decision = Budgets.hold(10, in: ["a"], id: random.id(), with: [event])
            await #expect(throws: EventRefusal.zeroByte(field: "app")) {
                _ = try await store.append(decision)
            }
            #expect(try await store.head() == .empty)
            try await Budgets.audit(store, ["a"])
        }
    }

    @Test(
        "however many decide at once, the limit holds and the state is the fold of the events",
        arguments: StoreKind.allCases)
    func concurrent(kind: StoreKind) async throws {
        let seed = testSeed()
        try await withStore(kind) { store in
            let refused = Shared(0)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for caller in 0..<32 {
                    group.addTask {
                        var random = RandomEvents(seed: seed &+ UInt64(caller))
                        for _ in 0..<10 {
                            let amount = Int64.random(in: 1...60, using: &random.random)
                            do {
                                _ = try await store.append(
                                    Budgets.hold(amount, in: ["a", "b"], id: random.id()))
                            } catch is Budgets.OverLimit {
                                refused.update { $0 += 1 }
                            }
                            _ = try await store.append(random.entries(1))
                        }
                    }
                }
                try await group.waitForAll()
            }
            #expect(refused.value > 0)
            try await Budgets.audit(store, ["a", "b"])
            try await auditChain(of: store)
        }
    }
}
