import EventStore
import LedgerModel
import LedgerTesting
import Postgres
import PostgresTesting
import StoreTesting
import Testing

@Suite("The test kit")
struct KitTests {
    @Test("the same seed gives the same events, and another seed others")
    func seeds() {
        func events(_ seed: UInt64) -> [Event] {
            var random = RandomEvents(seed: seed)
            return (0..<50).flatMap { _ in [random.request(), random.reported()] }
        }
        let seed = testSeed()
        #expect(events(seed) == events(seed))
        #expect(events(seed) != events(seed &+ 1))
    }

    @Test("random events are valid, of every kind that applications report")
    func valid() throws {
        var random = RandomEvents(seed: testSeed())
        var kinds: Set<EventKind> = []
        for _ in 0..<2_000 {
            let event = random.reported()
            kinds.insert(event.kind)
            try event.validate(at: random.now.advanced(byMicroseconds: Timestamp.dayMicroseconds))
        }
        #expect(kinds == Set(EventKind.allCases.filter(\.isReported)))
    }

    @Test("a test ledger is used as the service's role, with the rights of an installation")
    func rights() async throws {
        try await TestLedger.with { fixture in
            try await fixture.append(alone: RandomEvents.one)
            #expect(try await fixture.events().map(\.event) == [RandomEvents.one])
            await #expect(throws: PostgresError.self) {
                try await fixture.pool.session { try $0.execute("DELETE FROM tally.events") }
            }
            try await fixture.administer("DELETE FROM tally.events")
            #expect(try await fixture.events().isEmpty)
        }
    }

    @Test("instances share a ledger, and databases share nothing")
    func instances() async throws {
        try await TestLedger.with("shared") { fixture in
            try await fixture.withAnother { other in
                #expect(other.id == fixture.id)
                try await other.append(alone: RandomEvents.one)
            }
            #expect(try await fixture.events().count == 1)
            try await TestLedger.with("shared") { stranger in
                let events = try await stranger.events()
                #expect(events.isEmpty)
            }
        }
    }

    @Test("a database is dropped when its test is over, even if that failed")
    func gone() async throws {
        struct Failure: Error {}
        var database: LedgerDatabase?
        await #expect(throws: Failure.self) {
            try await TestLedger.with { fixture in
                database = fixture.database
                throw Failure()
            }
        }
        let lost = try #require(database)
        await #expect(throws: PostgresError.self) { try await lost.execute("SELECT 1") }
    }

    @Test("ids of one process are never the same")
    func ids() {
        let ids = Set((0..<100).map { _ in uniqueID() })
        #expect(ids.count == 100)
    }
}

extension RandomEvents {
    fileprivate static var one: Event {
        var random = RandomEvents(seed: 1)
        return random.request()
    }
}
