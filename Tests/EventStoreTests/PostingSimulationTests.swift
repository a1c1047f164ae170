import EventStore
import LedgerModel
import LedgerTesting
import PostgresTesting
import StoreTesting
import Testing

/// Callers that report and decide, send things again, change the rules, and lose answers and
/// connections; afterwards the rows of state are the fold of the events.
@Suite("Simulated postings", .serialized, .timeLimit(.minutes(10)))
struct PostingSimulationTests {
    @Test("in memory: whatever is lost on the way, state is the fold")
    func memory() async throws {
        let seed = testSeed()
        for run in 0..<UInt64(isSoaking ? 1_000 : 60) {
            var random = RandomEvents(seed: seed &+ run)
            let rules = KnownRules()
            let ledger = MemoryLedger(id: LedgerID(1), posting: rules.source) { .earliest }
            rules.read(from: ledger)
            var sent: [[Entry]] = []
            for _ in 0..<80 { try await play(&random, ledger, &sent) }
            try await audit(ledger)
        }
    }

    @Test("in PostgreSQL: callers of several processes, their connections cut at every moment")
    func postgres() async throws {
        let seed = testSeed()
        for run in 0..<UInt64(isSoaking ? 40 : 3) {
            try await simulateInPostgres(seed: seed &+ run)
        }
    }

    private func simulateInPostgres(seed: UInt64) async throws {
        let server = try await TestServer.shared().directory
        try await LedgerDatabase.withScratch { database in
            let proxies = try (0..<3).map { _ in try CuttingProxy(before: server) }
            let ledgers = try await PostingTests.processes(3, on: database) {
                proxies[$0].configuration(like: database.asService)
            }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for caller in 0..<15 {
                    group.addTask {
                        let (ledger, proxy) = (ledgers[caller % 3], proxies[caller % 3])
                        var random = RandomEvents(seed: seed &* 31 &+ UInt64(caller))
                        var sent: [[Entry]] = []
                        for _ in 0..<8 {
                            if caller < 3 {
                                let moments = CuttingProxy.Moment.allCases
                                proxy.plan(moments.shuffled(using: &random.random).suffix(1))
                            }
                            try await play(&random, ledger, &sent)
                        }
                    }
                }
                try await group.waitForAll()
            }
            #expect(proxies.reduce(0) { $0 + $1.cuts } > 0)
            let ledger = try await database.ledger()
            try await audit(ledger)
            #expect(try await database.verify(ledger).problem == nil)
        }
    }

    private func audit(_ store: any LedgerStore) async throws {
        try await Counting.audit(store)
        try await Budgets.audit(store, ["a", "b"])
        try await auditChain(of: store)
    }

    /// One act of a caller.
    private func play(
        _ random: inout RandomEvents, _ ledger: any LedgerStore, _ sent: inout [[Entry]]
    ) async throws {
        switch Int.random(in: 0..<10, using: &random.random) {
        case 0:
            let weight = UInt8.random(in: 1...9, using: &random.random)
            _ = try await ledger.append(Counting.revise(to: weight, id: random.id()))
        case 1..<4:
            guard var entries = sent.randomElement(using: &random.random) else { return }
            if random.chance(0.5) { entries += random.entries(1) }
            _ = try await ledger.append(entries)
        case 4..<6:
            let request = random.plainRequest()
            var events = [request]
            if random.chance(0.7) { events.append(random.charge(for: request)) }
            let amount = Int64.random(in: -150...300, using: &random.random)
            let hold = Budgets.hold(
                amount, in: random.chance(0.5) ? ["a"] : ["b", "a"], id: random.id(), with: events)
            for _ in 0..<(random.chance(0.3) ? 2 : 1) {
                do {
                    _ = try await ledger.append(hold)
                } catch is Budgets.OverLimit {}
            }
        default:
            let entries = random.entries(Int.random(in: 1...6, using: &random.random))
            sent.append(entries)
            _ = try await ledger.append(entries)
        }
    }
}
