import EventStore
import LedgerModel
import LedgerTesting
import PostgresTesting
import StoreTesting
import Testing

/// Callers that hold and give back on the same few budgets, send decisions again, lose answers and
/// connections; afterwards state, events and answers have to agree.
@Suite("Simulated decisions", .serialized, .timeLimit(.minutes(10)))
struct DecisionSimulationTests {
    private static let names: [Name] = ["org", "team-a", "team-b", "app"]

    /// A decision as a caller knows it.
    private struct Wish: Sendable {
        let id: EventID
        let amount: Int64
        let names: [Name]

        init(_ random: inout RandomEvents) {
            id = random.id()
            amount = Int64.random(in: -150...300, using: &random.random)
            let count = Int.random(in: 1...3, using: &random.random)
            names = Array(
                DecisionSimulationTests.names.shuffled(using: &random.random).prefix(count))
        }

        var decision: Decision { Budgets.hold(amount, in: names, id: id) }
    }

    /// What the callers were told.
    private struct Answers: Sendable {
        var appended: [EventID: Int64] = [:]
        var refused = 0

        mutating func note(_ wish: Wish, _ receipt: AppendReceipt) {
            switch receipt.outcomes[0] {
            case .appended(let position):
                #expect(appended.updateValue(position, forKey: wish.id) == nil, "appended twice")
            case .duplicate(let position):
                #expect(position == appended[wish.id] ?? position)
            case .conflict, .sameCall: Issue.record("\(wish.id) is nobody else's")
            }
        }

        func audit(_ store: any LedgerStore) async throws {
            for (id, position) in appended {
                #expect(try await store.event(id)?.position == position)
            }
            #expect(refused > 0 && !appended.isEmpty)
            try await Budgets.audit(store, DecisionSimulationTests.names)
            try await auditChain(of: store)
        }
    }

    @Test("in memory: whatever is lost on the way, no limit is passed and state is the fold")
    func memory() async throws {
        let seed = testSeed()
        for run in 0..<UInt64(isSoaking ? 1_000 : 80) {
            var random = RandomEvents(seed: seed &+ run)
            let ledger = MemoryLedger(id: LedgerID(1)) { .earliest }
            var open = (0..<120).map { _ in Wish(&random) }
            var answers = Answers()
            while !open.isEmpty {
                let index = Int.random(in: 0..<open.count, using: &random.random)
                let wish = open[index]
                let fate = Int.random(in: 0..<8, using: &random.random)
                if fate == 0 { continue }  // lost before it arrived
                if fate == 1 { _ = try await ledger.append(random.entries(2)) }
                do {
                    let receipt = try await ledger.append(wish.decision)
                    if fate == 2 { continue }  // the answer was lost
                    answers.note(wish, receipt)
                } catch is Budgets.OverLimit {
                    answers.refused += 1
                }
                // Some callers ask again, although they know.
                if fate != 3 { open.remove(at: index) }
            }
            try await answers.audit(ledger)
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
            let (answers, cuts) = (Shared(Answers()), Shared(0))
            try await withThrowingTaskGroup(of: Void.self) { group in
                for process in 0..<3 {
                    let proxy = try CuttingProxy(before: server)
                    let ledger = try await database.ledger(
                        through: proxy.configuration(like: database.asService))
                    for caller in 0..<6 {
                        group.addTask {
                            let number = UInt64(process * 6 + caller)
                            var random = RandomEvents(seed: seed &* 31 &+ number)
                            for _ in 0..<8 {
                                if caller == 0 {
                                    let moments = CuttingProxy.Moment.allCases
                                    proxy.plan(moments.shuffled(using: &random.random).suffix(1))
                                }
                                try await play(&random, ledger, answers)
                            }
                            if caller == 0 { cuts.update { $0 += proxy.cuts } }
                        }
                    }
                }
                try await group.waitForAll()
            }
            #expect(cuts.value > 0)
            let ledger = try await database.ledger()
            try await answers.value.audit(ledger)
            #expect(try await database.verify(ledger).problem == nil)
        }
    }

    /// One round of a caller: a batch, and a decision that is sometimes sent again.
    private func play(
        _ random: inout RandomEvents, _ ledger: PostgresLedger, _ answers: Shared<Answers>
    ) async throws {
        let wish = Wish(&random)
        if random.chance(0.3) { _ = try await ledger.append(random.entries(2)) }
        for _ in 0..<(random.chance(0.3) ? 2 : 1) {
            do {
                let receipt = try await ledger.append(wish.decision)
                answers.update { $0.note(wish, receipt) }
            } catch is Budgets.OverLimit {
                answers.update { $0.refused += 1 }
            }
        }
    }
}
