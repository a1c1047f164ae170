import EventStore
import LedgerModel
import LedgerTesting
import Postgres
import StoreTesting
import Subscriptions
import Testing

@Suite("Quarantine", .timeLimit(.minutes(3)))
struct QuarantineTests {
    /// Two folds that note every event; b cannot take the app "poison".
    private func runner(
        _ bench: TestLedger, fragile: Set<String> = ["b"]
    ) -> SubscriptionRunner {
        SubscriptionRunner(
            pool: bench.pool, groups: [.seeing(["a", "b"], fragile: fragile)])
    }

    private func quarantine(_ bench: TestLedger) -> QuarantineService {
        QuarantineService(ledger: bench.ledger, pool: bench.pool)
    }

    private func find(_ bench: TestLedger, in name: String = "b") async throws -> [PoisonEvent] {
        try await runner(bench).findPoison(in: name, of: bench.id)
    }

    /// Halts b before the block of positions 3 to 7, of which 4 and 6 are poison.
    private func withHalted(_ body: (TestLedger) async throws -> Void) async throws {
        try await TestLedger.withNotes { bench in
            var random = RandomEvents(seed: testSeed())
            try await bench.append(apps: "fine", "fine", from: &random)
            try await bench.append(
                apps: "fine", "poison", "fine", "poison", "fine", from: &random)
            try await bench.append(apps: "fine", from: &random)
            try await runner(bench).catchUp()
            try await body(bench)
        }
    }

    private func status(_ bench: TestLedger, of name: String) async throws -> SubscriptionStatus {
        try #require(try await runner(bench).status().first { $0.subscription == name })
    }

    @Test("what cannot be folded is found, left out, and everything else is folded")
    func leftOut() async throws {
        try await withHalted { bench in
            #expect(try await status(bench, of: "b").position == 2)
            let found = try await find(bench)
            #expect(found.map(\.event.position) == [4, 6], "exactly the guilty ones")
            #expect(found.allSatisfy { $0.reason.contains("division by zero") })
            #expect(try await bench.seen(by: "b") == [1, 2], "a trial leaves nothing behind")
            #expect(try await status(bench, of: "b").halted != nil)

            let ids = found.map(\.event.id)
            let added = try await quarantine(bench).add(ids, to: "b", because: "a test")
            #expect(added.map(\.event) == found.map(\.event))
            #expect(added.map(\.quarantinedPosition) == [9, 10])
            #expect(added.allSatisfy { $0.reason == "a test" && $0.kind?.isRequest == true })
            #expect(try await find(bench, resumed: true))
            try await runner(bench).catchUp()
            let after = try await status(bench, of: "b")
            #expect(after.position == 10 && after.halted == nil)
            #expect(try await bench.seen(by: "b") == [1, 2, 3, 5, 7, 8, 9, 10])
            #expect(try await bench.seen(by: "a") == Array(1...10), "others still fold them")
            let list = try await quarantine(bench).list()
            #expect(list.halted == [] && list.events == added)
        }
    }

    /// Whether a search is refused because b goes on.
    private func find(_ bench: TestLedger, resumed: Bool) async throws -> Bool {
        do {
            _ = try await find(bench)
            return !resumed
        } catch QuarantineRefusal.notHalted(subscription: "b") {
            return resumed
        }
    }

    @Test("one of two is not enough: it halts again, and the other one is found")
    func oneOfTwo() async throws {
        try await withHalted { bench in
            let first = try await find(bench)[0].event.id
            _ = try await quarantine(bench).add([first], to: "b", because: "a test")
            try await runner(bench).catchUp()
            #expect(try await status(bench, of: "b").position == 2)
            let second = try await find(bench)
            #expect(second.map(\.event.position) == [6])
            _ = try await quarantine(bench).add(second.map(\.event.id), to: "b", because: "a test")
            try await runner(bench).catchUp()
            #expect(try await bench.seen(by: "b") == [1, 2, 3, 5, 7, 8, 9, 10])
        }
    }

    @Test("a rebuild leaves out the same events")
    func rebuild() async throws {
        try await withHalted { bench in
            _ = try await quarantine(bench).add(
                try await find(bench).map(\.event.id), to: "b", because: "a test")
            try await runner(bench).catchUp()
            let (a, b) = (try await bench.seen(by: "a"), try await bench.seen(by: "b"))
            // Also by a program that could take them: it is the ledger that says what is left out.
            _ = try await runner(bench, fragile: []).rebuild()
            #expect(try await bench.seen(by: "a", version: 2) == a)
            #expect(try await bench.seen(by: "b", version: 2) == b)
        }
    }

    @Test("a second time changes nothing, but lets go on what is halted still")
    func twice() async throws {
        try await withHalted { bench in
            let ids = try await find(bench).map(\.event.id)
            let added = try await quarantine(bench).add(ids, to: "b", because: "a test")
            // As after a crash between the event and the resumption.
            try await bench.administer(
                "UPDATE tally.places SET halted_at = now() WHERE subscription = 'b'")
            #expect(try await quarantine(bench).add(ids, to: "b", because: "another") == added)
            #expect(try await status(bench, of: "b").halted == nil)
            try await runner(bench).catchUp()
            #expect(try await quarantine(bench).add(ids, to: "b", because: "another") == added)
            #expect(try await bench.ledger.head().position == 10)
        }
    }

    @Test("only what halts a subscription is quarantined, and a refusal says what is wrong")
    func refusals() async throws {
        try await withHalted { bench in
            let events = try await bench.events().map(\.event.id)
            func refusal(
                _ ids: [EventID], _ name: String, _ reason: String = "a test"
            ) async throws -> QuarantineRefusal? {
                do {
                    _ = try await quarantine(bench).add(ids, to: name, because: reason)
                    return nil
                } catch let refusal as QuarantineRefusal {
                    return refusal
                }
            }
            let names = try await names(bench)
            let unknown = EventID.charge(for: events[3], after: events[4])
            #expect(try await refusal([unknown], "b") == .unknownEvent(unknown))
            #expect(
                try await refusal([events[3]], "c")
                    == .unknownSubscription("c", known: names))
            #expect(try await refusal([events[3]], "a") == .notHalted(subscription: "a"))
            #expect(
                try await refusal([events[3], events[7]], "b")
                    == .elsewhere(events[7], position: 8, subscription: "b", block: 3...7))
            #expect(try await refusal([events[3]], "b", "") == .reason(bytes: 0))
            #expect(try await refusal([], "b") == .count(0))
            // A rebuild with a program that can take it has gone past it.
            try await bench.administer(
                "INSERT INTO tally.places (ledger_id, subscription, version, position) "
                    + "VALUES (\(bench.id), 'b', 2, 8)")
            #expect(
                try await refusal([events[3]], "b") == .passed(events[3], subscription: "b"))
            #expect(try await bench.ledger.head().position == 8, "nothing was appended")
            #expect(try await status(bench, of: "b").halted != nil)
        }
    }

    private func names(_ bench: TestLedger) async throws -> [String] {
        try await bench.text("SELECT name FROM tally.subscriptions ORDER BY name")
            .compactMap { $0[0] }
    }

    @Test("an event that is missing is no poison: everybody is sent to tally verify")
    func missing() async throws {
        try await TestLedger.withNotes { bench in
            var random = RandomEvents(seed: testSeed())
            try await bench.append(apps: "fine", "fine", "fine", from: &random)
            let events = try await bench.events().map(\.event.id)
            try await bench.administer("DELETE FROM tally.events WHERE position = 2")
            try await runner(bench).catchUp()
            #expect(try await status(bench, of: "b").position == 0)
            let refusal = QuarantineRefusal.missing(subscription: "b", block: 1...3)
            #expect(refusal.description.contains("tally verify"))
            await #expect(throws: refusal) { try await find(bench) }
            await #expect(throws: refusal) {
                try await quarantine(bench).add([events[0]], to: "b", because: "a test")
            }
        }
    }

    @Test("an event that vanishes from quarantine is missing, not left out")
    func vanished() async throws {
        try await withHalted { bench in
            _ = try await quarantine(bench).add(
                try await find(bench).map(\.event.id), to: "b", because: "a test")
            try await runner(bench).catchUp()
            try await bench.administer("DELETE FROM tally.events WHERE position = 4")
            await #expect(throws: PoisonedRange.self) { try await runner(bench).rebuild(["b"]) }
        }
    }

    @Test("where it fails without any event too, none is blamed")
    func noEvent() async throws {
        try await withHalted { bench in
            let broken = SubscriptionGroup.noting([Subscription("b")]) { session in
                try session.execute("SELECT 1 / 0")
            }
            let search = SubscriptionRunner(pool: bench.pool, groups: [broken])
            do {
                _ = try await search.findPoison(in: "b", of: bench.id)
                Issue.record("it names an event")
            } catch QuarantineRefusal.noEvent(let name, let cause) {
                #expect(name == "b" && cause.contains("division by zero"))
            }
        }
    }

    @Test("who mended the program is told that nothing stands in the way")
    func mended() async throws {
        try await withHalted { bench in
            let mended = runner(bench, fragile: [])
            let found = try await mended.findPoison(in: "b", of: bench.id)
            #expect(found == [])
        }
    }

    @Test("an effect that appends is told what it leaves out")
    func reaction() async throws {
        try await TestLedger.withNotes { bench in
            let group = SubscriptionGroup(
                reacting: Subscription(name: "stuck", definition: 1, patience: .zero)
            ) { delivery in
                let range = delivery.range
                let events = try await bench.ledger.events(
                    after: range.after, limit: Int(range.count))
                for event in events where !range.quarantine.contains(event.event.id) {
                    if event.event.dimensions[.app] == "poison" {
                        throw ImpossibleEvent(Crashed())
                    }
                }
                return .done(state: "\(range.leftOut)")
            }
            let runner = SubscriptionRunner(pool: bench.pool, groups: [group])
            var random = RandomEvents(seed: testSeed())
            try await bench.append(apps: "fine", "poison", "fine", from: &random)
            try await runner.catchUp()
            let found = try await runner.findPoison(in: "stuck", of: bench.id)
            #expect(found.map(\.event.position) == [2])
            let before = try #require(try await runner.status().first)
            #expect(before.position == 0 && before.halted != nil)
            _ = try await quarantine(bench).add(
                found.map(\.event.id), to: "stuck", because: "a test")
            try await runner.catchUp()
            let after = try #require(try await runner.status().first)
            #expect(after.position == 4 && after.halted == nil)
        }
    }
}
