import EventStore
import LedgerModel
import LedgerTesting
import Postgres
import StoreTesting
import Subscriptions
import Testing

@Suite("Release from quarantine", .timeLimit(.minutes(3)))
struct ReleaseTests {
    private static let readModels: Set<String> = ["a", "b"]

    /// Two folds that note every event; b cannot take the app "poison" unless it was mended.
    private func runner(_ bench: TestLedger, isMended: Bool = false) -> SubscriptionRunner {
        SubscriptionRunner(
            pool: bench.pool, groups: [.seeing(["a", "b"], fragile: isMended ? [] : ["b"])])
    }

    private func quarantine(_ bench: TestLedger) -> QuarantineService {
        QuarantineService(ledger: bench.ledger, pool: bench.pool)
    }

    /// Positions 2 and 3 are poison, which b leaves out; events 6 and 7 say so.
    private func withQuarantined(
        _ body: (TestLedger, [EventID]) async throws -> Void
    ) async throws {
        try await TestLedger.withNotes { bench in
            var random = RandomEvents(seed: testSeed())
            try await bench.append(
                apps: "fine", "poison", "poison", "fine", "fine", from: &random)
            try await runner(bench).catchUp()
            let ids = try await runner(bench).findPoison(in: "b", of: bench.id).map(\.event.id)
            _ = try await quarantine(bench).add(ids, to: "b", because: "a test")
            try await runner(bench).catchUp()
            #expect(try await bench.seen(by: "b") == [1, 4, 5, 6, 7])
            try await body(bench, ids)
        }
    }

    private func release(
        _ bench: TestLedger, _ ids: [EventID], from subscription: String? = nil
    ) async throws -> [QuarantinedEvent] {
        try await quarantine(bench).release(
            ids, from: subscription, because: "mended", readModels: Self.readModels)
    }

    @Test("what is released is taken by the next rebuild, and by nothing before it")
    func rebuilt() async throws {
        try await withQuarantined { bench, ids in
            let released = try await release(bench, [ids[0]])
            let first = try #require(released.first)
            #expect(released.count == 1 && first.event.position == 2)
            #expect(first.release?.reason == "mended" && first.release?.position == 8)
            #expect(first.isLeftOut, "until it is rebuilt")

            var random = RandomEvents(seed: 1)
            try await bench.append(apps: "fine", from: &random)
            try await runner(bench).catchUp()
            #expect(try await bench.seen(by: "b") == [1, 4, 5, 6, 7, 8, 9])

            _ = try await runner(bench, isMended: true).rebuild(["b"])
            #expect(try await bench.seen(by: "b", version: 2) == [1, 2, 4, 5, 6, 7, 8, 9])
            let listed = try await quarantine(bench).list().events
            #expect(listed.map(\.isLeftOut) == [false, true])
            #expect(listed.map { $0.release != nil } == [true, false])
        }
    }

    @Test("a second time changes nothing, and what is not quarantined is refused by name")
    func twice() async throws {
        try await withQuarantined { bench, ids in
            let first = try await release(bench, ids)
            #expect(first.count == 2)
            #expect(try await release(bench, ids) == first)
            let head = try await bench.ledger.head().position
            #expect(head == 9)
            let fine = try #require(try await bench.events().first?.event.id)
            await #expect(throws: QuarantineRefusal.notQuarantined(fine)) {
                _ = try await release(bench, [fine])
            }
            await #expect(throws: QuarantineRefusal.notQuarantined(ids[0])) {
                _ = try await release(bench, [ids[0]], from: "a")
            }
            await #expect(throws: QuarantineRefusal.count(0)) { _ = try await release(bench, []) }
            #expect(try await bench.ledger.head().position == head)
        }
    }

    @Test("a rebuild that began before the release goes on without the event")
    func during() async throws {
        try await withQuarantined { bench, ids in
            // As an unfinished rebuild left it: its place is there, and nothing is folded yet.
            try await bench.administer(
                """
                UPDATE tally.subscriptions SET last_version = 2, building_version = 2
                WHERE name = 'b';
                INSERT INTO tally.places (ledger_id, subscription, version, born)
                SELECT \(bench.id), 'b', 2, position FROM tally.heads
                """)
            _ = try await release(bench, ids)
            try await bench.administer(
                "UPDATE tally.subscriptions SET active_version = 2 WHERE name = 'b'")
            try await runner(bench).catchUp()
            #expect(try await bench.seen(by: "b", version: 2) == [1, 4, 5, 6, 7, 8, 9])
            #expect(try await quarantine(bench).list().events.allSatisfy(\.isLeftOut))
        }
    }

    @Test("who released too early gets an error from the rebuild, and quarantines it again")
    func tooEarly() async throws {
        try await withQuarantined { bench, ids in
            _ = try await release(bench, ids)
            await #expect(throws: (any Error).self) { try await runner(bench).rebuild(["b"]) }
            try await runner(bench).catchUp()
            #expect(
                try await bench.seen(by: "b") == [1, 4, 5, 6, 7, 8, 9], "readers notice nothing")

            let again = try await quarantine(bench).add(ids, to: "b", because: "not yet")
            #expect(again.map(\.reason) == ["not yet", "not yet"])
            #expect(again.allSatisfy { $0.release == nil && $0.isLeftOut })
            _ = try await runner(bench).rebuild(["b"])
            let head = Int(try await bench.ledger.head().position)
            #expect(
                try await bench.seen(by: "b", version: 3)
                    == Array(1...head).filter { ![2, 3].contains($0) })

            // The same once more, now for good.
            #expect(try await release(bench, ids).filter { $0.release != nil }.count == 4)
            _ = try await runner(bench, isMended: true).rebuild(["b"])
            let end = Int(try await bench.ledger.head().position)
            #expect(try await bench.seen(by: "b", version: 4) == Array(1...end))
            await #expect(throws: QuarantineRefusal.self) {
                _ = try await quarantine(bench).add(ids, to: "b", because: "taken by now")
            }
        }
    }

    @Test("a reaction begins again, and does what it had left out")
    func reaction() async throws {
        try await TestLedger.withNotes { bench in
            func runner(isMended: Bool) -> SubscriptionRunner {
                let group = SubscriptionGroup(
                    reacting: Subscription(name: "stuck", definition: 1, patience: .zero)
                ) { delivery in
                    let range = delivery.range
                    let events = try await bench.ledger.events(
                        after: range.after, limit: Int(range.count))
                    var seen = delivery.state
                    for event in events where !range.quarantine.contains(event.event.id) {
                        if !isMended, event.event.dimensions[.app] == "poison" {
                            throw ImpossibleEvent(Crashed())
                        }
                        seen += "\(event.position) "
                    }
                    return .done(state: seen)
                }
                return SubscriptionRunner(pool: bench.pool, groups: [group])
            }
            var random = RandomEvents(seed: testSeed())
            try await bench.append(apps: "fine", "poison", "fine", from: &random)
            try await runner(isMended: false).catchUp()
            let found = try await runner(isMended: false).findPoison(in: "stuck", of: bench.id)
            let ids = found.map(\.event.id)
            _ = try await quarantine(bench).add(ids, to: "stuck", because: "a test")
            try await runner(isMended: false).catchUp()
            #expect(try await states(bench) == ["1 3 4 "])

            let released = try await release(bench, ids)
            #expect(released.allSatisfy { !$0.isLeftOut }, "it begins again at once")
            try await runner(isMended: true).catchUp()
            #expect(try await states(bench).last == "1 2 3 4 5 ")
        }
    }

    private func states(_ bench: TestLedger) async throws -> [String] {
        try await bench.text("SELECT state FROM tally.places ORDER BY version").compactMap { $0[0] }
    }
}
