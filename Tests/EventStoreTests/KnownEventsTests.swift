import EventStore
import LedgerModel
import LedgerTesting
import Testing

/// Decisions that know their events before they are made, and rows as their owner reads them.
@Suite("Decisions of known events", .serialized, .timeLimit(.minutes(2)))
struct KnownEventsTests {
    /// A row of eight bytes, or of none.
    private struct Count: StateValue {
        var value: Int64 = 0

        init(_ bytes: [UInt8]) { value = Budgets.held(bytes) }

        var bytes: [UInt8] { withUnsafeBytes(of: value.bigEndian) { [UInt8]($0) } }
    }

    private struct Full: Error {}

    /// Counts up to a bound, and says one thing or another.
    private static func count(
        to bound: Int64, _ id: EventID, otherwise others: [Event]? = nil
    ) throws -> Decision {
        var event = Event(id: id, kind: .budgetHeld, occurredAt: id.time)
        event.detail = try Labels([("known", "yes")])
        return Decision(id: id, on: [Budgets.key("n")], appending: [event]) { rows, _ in
            var count: Count = rows.value(of: Budgets.key("n"))
            count.value += 1
            rows.set(Budgets.key("n"), to: count)
            if count.value > bound { throw Full() }
            return others
        }
    }

    @Test(
        "what is known is appended once with its row, or what the rule says instead, or nothing",
        arguments: StoreKind.allCases)
    func known(kind: StoreKind) async throws {
        var random = RandomEvents(seed: testSeed())
        try await withStore(kind) { store in
            let (first, second, third) = (random.id(), random.id(), random.id())
            let decision = try Self.count(to: 2, first)
            #expect(try await store.append(decision).outcomes == [.appended(1)])
            #expect(try await store.append(decision).outcomes == [.duplicate(1)])
            var other = Event(id: second, kind: .budgetHeld, occurredAt: second.time)
            other.detail = try Labels([("other", "yes")])
            let said = try await store.append(Self.count(to: 2, second, otherwise: [other]))
            #expect(said.outcomes == [.appended(2)])
            await #expect(throws: Full.self) {
                _ = try await store.append(Self.count(to: 2, third))
            }
            let events = try await store.everything()
            #expect(events.map { $0.event.id } == [first, second])
            #expect(events.map { $0.event.detail?["other"] } == [nil, "yes"])
            #expect(Budgets.held(try await store.state(of: Budgets.key("n"))) == 2)
        }
    }

    @Test(
        "decisions of one commit pass the row on, whether they read it or its bytes",
        arguments: StoreKind.allCases)
    func together(kind: StoreKind) async throws {
        var random = RandomEvents(seed: testSeed())
        try await withStore(kind) { store in
            let ids = (0..<64).map { _ in random.id() }
            let decisions = try ids.enumerated().map { index, id in
                index % 2 == 0
                    ? try Self.count(to: 1_000, id) : Budgets.hold(1, in: ["n"], id: id)
            }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for decision in decisions {
                    group.addTask { _ = try await store.append(decision) }
                }
                try await group.waitForAll()
            }
            #expect(Budgets.held(try await store.state(of: Budgets.key("n"))) == 64)
            #expect(try await store.head().position == 64)
        }
    }
}
