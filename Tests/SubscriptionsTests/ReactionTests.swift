import EventStore
import LedgerModel
import LedgerTesting
import Postgres
import StoreTesting
import Subscriptions
import Synchronization
import Testing

@Suite("Subscriptions whose effect appends", .timeLimit(.minutes(3)))
struct ReactionTests {
    /// Raises an alert for each request, with an id that follows from the request.
    private func alerts(
        _ bench: TestLedger, definition: Int32 = 1,
        then: @escaping @Sendable (Delivery) async throws -> Reaction = {
            .done(state: $0.state + "\($0.range.after)-\($0.range.upTo) ")
        }
    ) -> SubscriptionGroup {
        SubscriptionGroup(
            reacting: Subscription(
                name: "alerts", definition: definition, patience: .zero, pagePositionsMax: 4)
        ) { delivery in
            var batch = EntryBatch(for: bench.ledger.id)
            var encoder = EntryEncoder()
            let range = delivery.range
            let events = try await bench.ledger.events(
                after: range.after, limit: Int(range.count))
            for event in events.map(\.event) where event.kind.isRequest {
                var alert = Event(
                    id: .charge(for: event.id, after: nil), kind: .alertRaised,
                    occurredAt: event.occurredAt)
                alert.causeID = event.id
                try batch.add(alert, using: &encoder)
            }
            if !batch.isEmpty { _ = try await bench.ledger.append(batch) }
            return try await then(delivery)
        }
    }

    private func runner(_ bench: TestLedger, _ group: SubscriptionGroup) -> SubscriptionRunner {
        SubscriptionRunner(pool: bench.pool, groups: [group])
    }

    /// How many requests and alerts the ledger has.
    private func counts(_ bench: TestLedger) async throws -> [[String?]] {
        try await bench.text(
            "SELECT count(*) FILTER (WHERE kind IN (1, 2)), count(*) FILTER (WHERE kind = 80) "
                + "FROM tally.events")
    }

    private func place(_ bench: TestLedger) async throws -> [String?]? {
        try await bench.text(
            "SELECT position, state, claimed_until FROM tally.places WHERE subscription = 'alerts' "
                + "ORDER BY version DESC"
        ).first
    }

    @Test("what it appends while its place moves is appended once, and seen by itself")
    func appends() async throws {
        try await TestLedger.withNotes { bench in
            var random = RandomEvents(seed: testSeed())
            for _ in 0..<3 { try await bench.append(2, &random) }
            try await runner(bench, alerts(bench)).catchUp()
            #expect(try await counts(bench) == [["6", "6"]])
            #expect(try await place(bench) == ["12", "0-4 4-10 10-12 ", nil])
            let status = try #require(try await runner(bench, alerts(bench)).status().first)
            #expect(status.position == 12 && status.lagPositions == 0 && status.isCurrent)
        }
    }

    @Test("after a crash between effect and move it goes on, and appends nothing twice")
    func crash() async throws {
        try await TestLedger.withNotes { bench in
            var random = RandomEvents(seed: testSeed())
            try await bench.append(4, &random)
            let crashing = alerts(bench) { _ in throw Crashed() }
            await #expect(throws: Crashed.self) { try await runner(bench, crashing).catchUp() }
            #expect(try await counts(bench) == [["4", "4"]])
            #expect(try await place(bench) == ["0", "", nil], "the claim is given back")
            // Had the process been killed, the claim would have to end first.
            try await bench.administer(
                "UPDATE tally.places SET claimed_until = now() + interval '1 hour'")
            try await runner(bench, alerts(bench)).catchUp()
            #expect(try await place(bench)?[0] == "0")
            try await bench.administer("UPDATE tally.places SET claimed_until = now()")
            try await runner(bench, alerts(bench)).catchUp()
            #expect(try await counts(bench) == [["4", "4"]])
            #expect(try await place(bench) == ["8", "0-4 4-8 ", nil])
        }
    }

    @Test("who comes back after the claim's end does not move the place")
    func lateMove() async throws {
        try await TestLedger.withNotes { bench in
            var random = RandomEvents(seed: testSeed())
            try await bench.append(4, &random)
            let faster = runner(bench, alerts(bench))
            let slow = alerts(bench) { delivery in
                if delivery.range.after == 0 {
                    try await bench.administer("UPDATE tally.places SET claimed_until = now()")
                    try await faster.catchUp()
                }
                return .done(state: "slow")
            }
            try await runner(bench, slow).catchUp()
            #expect(try await place(bench) == ["8", "0-4 4-8 ", nil])
            #expect(try await counts(bench) == [["4", "4"]])
        }
    }

    @Test("who comes back after the claim's end does not overwrite what the next one kept")
    func lateState() async throws {
        try await TestLedger.withNotes { bench in
            var random = RandomEvents(seed: testSeed())
            let subscription = Subscription(
                name: "alerts", definition: 1, patience: .zero, wakes: .microseconds(1))
            let faster = runner(
                bench, SubscriptionGroup(reacting: subscription) { _ in .done(state: "faster") })
            let slow = SubscriptionGroup(reacting: subscription) { _ in
                try await bench.administer("UPDATE tally.places SET claimed_until = now()")
                try await faster.catchUp()
                return .done(state: "slow")
            }
            try await bench.append(1, &random)
            try await faster.catchUp()
            try await runner(bench, slow).catchUp()
            #expect(try await place(bench) == ["1", "faster", nil])
        }
    }

    @Test("several runners share the work, and each request has one alert")
    func together() async throws {
        let seed = testSeed()
        try await TestLedger.withNotes { bench in
            var random = RandomEvents(seed: seed)
            for _ in 0..<30 {
                try await bench.append(Int.random(in: 1...6, using: &random.random), &random)
            }
            try await withThrowingTaskGroup(of: Void.self) { tasks in
                for _ in 0..<3 {
                    tasks.addTask { try await runner(bench, alerts(bench)).catchUp() }
                }
                try await tasks.waitForAll()
            }
            try await runner(bench, alerts(bench)).catchUp()
            let found = try #require(try await counts(bench).first)
            #expect(found[0] == found[1])
            let ranges = try await place(bench)?[1] ?? ""
            var reached: Substring = "0"
            for range in ranges.split(separator: " ").map({ $0.split(separator: "-") }) {
                #expect(range[0] == reached, "the state has gone from page to page")
                reached = range[1]
            }
            #expect(reached == "\(try await bench.ledger.head().position)")
        }
    }

    @Test("an event that it can never take halts it just before the event's block")
    func poison() async throws {
        try await TestLedger.withNotes { bench in
            var random = RandomEvents(seed: testSeed())
            for _ in 0..<4 { try await bench.append(1, &random) }
            let stuck = SubscriptionGroup(
                reacting: Subscription(name: "stuck", definition: 1, patience: .zero)
            ) { delivery in
                if delivery.range.upTo >= 3 { throw ImpossibleEvent(Crashed()) }
                return .done(state: "")
            }
            try await runner(bench, stuck).catchUp()
            let status = try #require(try await runner(bench, stuck).status().first)
            #expect(status.position == 2 && status.halted?.contains("3 to 3") == true)
        }
    }

    @Test("it may start again at the beginning")
    func restart() async throws {
        try await TestLedger.withNotes { bench in
            var random = RandomEvents(seed: testSeed())
            let seen = Calls()
            let prices = Mutex("old")
            let group = SubscriptionGroup(
                reacting: Subscription(name: "rating", definition: 1, patience: .zero)
            ) { delivery in
                let now = prices.withLock { $0 }
                seen.add([Member(name: delivery.state + ">" + now, version: 1)], delivery.range)
                return delivery.state == now ? .done(state: now) : .restart(state: now)
            }
            try await bench.append(2, &random)
            try await runner(bench, group).catchUp()
            #expect(seen.take() == [">old 0-2", "old>old 0-2"])
            prices.withLock { $0 = "new" }
            try await runner(bench, group).catchUp()
            #expect(seen.take() == [], "only events wake it")
            try await bench.append(2, &random)
            try await runner(bench, group).catchUp()
            #expect(seen.take() == ["old>new 2-4", "new>new 0-4"])
        }
    }

    @Test("one that wakes by the clock is called without events too")
    func wakes() async throws {
        try await TestLedger.withNotes { bench in
            var random = RandomEvents(seed: testSeed())
            let seen = Calls()
            let group = SubscriptionGroup(
                reacting: Subscription(
                    name: "expiry", definition: 1, patience: .zero, wakes: .seconds(3_600))
            ) { delivery in
                seen.add([Member(name: "expiry", version: 1)], delivery.range)
                return .done(state: "")
            }
            try await bench.append(2, &random)
            for _ in 0..<2 { try await runner(bench, group).catchUp() }
            #expect(seen.take() == ["expiry 0-2"])
            try await bench.administer(
                "UPDATE tally.places SET updated_at = now() - interval '1 hour'")
            for _ in 0..<2 { try await runner(bench, group).catchUp() }
            #expect(seen.take() == ["expiry 2-2"])
        }
    }

    @Test("one that follows a read model sees an event after the read model has it")
    func follows() async throws {
        try await TestLedger.withNotes { bench in
            var random = RandomEvents(seed: testSeed())
            let seen = Calls()
            let group = SubscriptionGroup(
                reacting: Subscription(
                    name: "decisions", definition: 1, patience: .zero, follows: "model",
                    pagePositionsMax: Subscription.wholeLag)
            ) { delivery in
                seen.add([Member(name: "decisions", version: 1)], delivery.range)
                return .done(state: "")
            }
            try await bench.append(2, &random)
            try await runner(bench, group).catchUp()
            #expect(seen.take() == [])
            let model = runner(bench, .noting([Subscription("model", page: 2)]))
            try await model.catchUp()
            for _ in 0..<3 { try await bench.append(2, &random) }
            try await runner(bench, group).catchUp()
            #expect(seen.take() == ["decisions 0-2"])
            try await model.catchUp()
            try await runner(bench, group).catchUp()
            #expect(seen.take() == ["decisions 2-8"])
        }
    }

    @Test("a newer definition starts at the beginning, and older programs leave it alone")
    func definitions() async throws {
        try await TestLedger.withNotes { bench in
            var random = RandomEvents(seed: testSeed())
            try await bench.append(2, &random)
            try await runner(bench, alerts(bench)).catchUp()
            let newer = runner(bench, alerts(bench, definition: 2))
            try await newer.catchUp()
            #expect(try await place(bench) == ["4", "0-4 ", nil])
            try await bench.append(2, &random)
            let older = runner(bench, alerts(bench))
            try await older.catchUp()
            let status = try #require(try await older.status().first)
            #expect(!status.isCurrent && status.version == 2 && status.lagPositions == 2)
            try await newer.catchUp()
            #expect(try await counts(bench) == [["4", "4"]])
        }
    }
}
