import EventStore
import LedgerModel
import LedgerSQL
import LedgerTesting
import Postgres
import PostgresTesting
import StoreTesting
import Testing

/// Writers that send the same things again, in other words, in other orders and through
/// connections that break; afterwards the auditor goes through the books.
@Suite("Simulated writers", .serialized, .timeLimit(.minutes(10)))
struct SimulationTests {
    @Test("in memory: no loss, no double, whatever is lost on the way")
    func memory() async throws {
        let seed = testSeed()
        for run in 0..<UInt64(isSoaking ? 2_000 : 150) {
            try await simulateInMemory(seed: seed &+ run)
        }
    }

    /// One task plays all writers, so that the whole run follows from the seed.
    private func simulateInMemory(seed: UInt64) async throws {
        var random = SeededGenerator(seed: seed)
        let ticks = Shared(Int64(0))
        // A clock that also runs backwards: recorded times must not.
        let ledger = MemoryLedger(id: LedgerID(1)) {
            ticks.update { ticks in
                ticks += 1
                return Timestamp.earliest.advanced(byMicroseconds: ticks % 7)
            }
        }
        var world = World(seed: seed, size: 40)
        var unsettled: [[Entry]] = (0..<30).map { _ in world.batch(upTo: 12) }
        var auditor = Auditor()
        while !unsettled.isEmpty {
            let index = Int.random(in: 0..<unsettled.count, using: &random)
            let entries = unsettled[index]
            switch Int.random(in: 0..<10, using: &random) {
            case 0: continue  // lost before it arrived
            case 1: _ = try await ledger.append(entries)  // the answer was lost
            default:
                auditor.note(entries, try await ledger.append(entries))
                unsettled.remove(at: index)
            }
        }
        // What a lost answer left behind is known by now: everything is sent once more.
        let rest = world.everything
        auditor.note(rest, try await ledger.append(rest))
        try await auditor.audit(ledger)
    }

    @Test("in PostgreSQL: writers of several processes, their connections cut at every moment")
    func postgres() async throws {
        let seed = testSeed()
        for run in 0..<UInt64(isSoaking ? 40 : 3) {
            try await simulateInPostgres(seed: seed &+ run, writers: 4, rounds: 10)
        }
    }

    private func simulateInPostgres(seed: UInt64, writers: Int, rounds: Int) async throws {
        let server = try await TestServer.shared().directory
        try await LedgerDatabase.withScratch { database in
            let auditor = Shared(Auditor())
            let cuts = Shared(0)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for writer in 0..<writers {
                    group.addTask {
                        let proxy = try CuttingProxy(before: server)
                        let ledger = try await database.ledger(
                            through: proxy.configuration(like: database.asService))
                        var random = SeededGenerator(seed: seed &* 31 &+ UInt64(writer))
                        // All writers draw from one world, each in an order of its own.
                        var world = World(seed: seed, size: 60, order: UInt64(writer))
                        for _ in 0..<rounds {
                            if Int.random(in: 0..<3, using: &random) == 0 {
                                let moments = CuttingProxy.Moment.allCases
                                proxy.plan(moments.shuffled(using: &random).suffix(1))
                            }
                            let entries = world.batch(upTo: 15)
                            let receipt = try await ledger.append(entries)
                            auditor.update { $0.note(entries, receipt) }
                        }
                        cuts.update { $0 += proxy.cuts }
                    }
                }
                try await group.waitForAll()
            }
            #expect(cuts.value > 0)
            let ledger = try await database.ledger()
            try await auditor.value.audit(ledger)
            #expect(try await database.verify(ledger).problem == nil)
        }
    }
}

/// A fixed set of true entries, which writers send again and again, sometimes garbled.
private struct World {
    private var random: RandomEvents
    private let entries: [Entry]

    init(seed: UInt64, size: Int, order: UInt64 = 0) {
        var random = RandomEvents(seed: seed)
        entries = random.entries(size)
        self.random = RandomEvents(seed: seed ^ (order &+ 1) &* 0x9E37_79B9)
    }

    /// Each entry once, as it truly is.
    var everything: [Entry] { entries }

    mutating func batch(upTo count: Int) -> [Entry] {
        (0..<Int.random(in: 1...count, using: &random.random)).map { _ in
            var entry = entries[Int.random(in: 0..<entries.count, using: &random.random)]
            if random.chance(0.1) { entry.request.latency = 1 }
            if random.chance(0.1), let external = entry.request.externalID {
                entry.request.occurredAt = random.timestamp()
                entry.request.id = external.eventID(at: entry.request.occurredAt)
                entry.charge = nil
            }
            return entry
        }
    }
}
