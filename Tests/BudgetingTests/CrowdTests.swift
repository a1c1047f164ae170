import Budgeting
import Budgets
import EventStore
import LedgerModel
import LedgerTesting
import Testing

/// Many callers of several processes; afterwards the events are read in their order.
@Suite("Crowds before one budget", .serialized, .timeLimit(.minutes(10)))
struct CrowdTests {
    @Test("of 300 holds at once exactly those that fit are accepted")
    func exact() async throws {
        try await Bench.with(3) { bench in
            try await bench.define("a", usd: "1")
            let (accepted, refused) = (Count(), Count())
            try await withThrowingTaskGroup(of: Void.self) { group in
                for caller in 0..<300 {
                    group.addTask {
                        do {
                            try await bench.hold(
                                "call-\(caller)", usd: "0.007", through: caller % 3)
                            accepted.add()
                        } catch let refusal as BudgetRefusal {
                            #expect(
                                refusal.balance.held.cost == PicodollarSum(usd: "0.994"),
                                "refused while money fits")
                            refused.add()
                        }
                    }
                }
                try await group.waitForAll()
            }
            #expect(accepted.value == 142 && refused.value == 158)
            #expect(try await bench.status("a").balance.held.cost == PicodollarSum(usd: "0.994"))
            let limit = try #require(PicodollarSum(usd: "1"))
            let fold = try Fold(try await bench.events(), limit: limit)
            #expect(fold.open.count == 142)
        }
    }

    @Test("whatever callers do, no hold passes the limit, each ends once, and nothing stays held")
    func everything() async throws {
        let seed = testSeed()
        try await Bench.with(3) { bench in
            try await bench.define("a", usd: "0.05")
            try await bench.define("users", usd: "0.03", tokens: 9_000) { $0.each = "user" }
            let refused = Count()
            try await withThrowingTaskGroup(of: Void.self) { group in
                for caller in 0..<18 {
                    group.addTask {
                        var random = RandomEvents(seed: seed &+ UInt64(caller))
                        for round in 0..<6 {
                            let (id, user) = ("call-\(caller)-\(round)", Name("u-\(caller % 4)"))
                            do {
                                try await bench.hold(id, user: user, through: caller % 3)
                            } catch is BudgetRefusal {
                                refused.add()
                                continue
                            }
                            try await Self.end(id, &random, bench)
                        }
                    }
                }
                try await group.waitForAll()
            }
            #expect(refused.value > 0)
            let limit = try #require(PicodollarSum(usd: "0.05"))
            let fold = try Fold(try await bench.events(), limit: limit)
            #expect(fold.open.isEmpty)
            let balance = try await bench.status("a").balance
            #expect(balance.held == .zero && balance.posted.cost == fold.posted)
            for status in try await bench.service.show("users", at: .present, limit: 100) {
                #expect(status.balance.held == .zero && status.holds == [])
            }
        }
    }

    /// Ends a call in one of several ways, some of them at once and twice.
    private static func end(
        _ id: String, _ random: inout RandomEvents, _ bench: Bench
    ) async throws {
        let way = Int.random(in: 0..<4, using: &random.random)
        let usage: Usage = [
            .inputTokens: Int64.random(in: 0...1_000, using: &random.random),
            .outputTokens: Int64.random(in: 1...100, using: &random.random),
        ]
        if random.chance(0.3) {
            do {
                _ = try await bench.service.extend(
                    id, by: usage, cost: nil, step: 1, at: .present)
            } catch is BudgetRefusal {}
        }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<3 {
                group.addTask {
                    switch (way, number) {
                    case (0, _), (2, 0), (3, 1):
                        try await bench.settle(id, usage, through: number)
                    case (1, _), (2, 1):
                        _ = try await bench.instances[number].service.release(id, at: .present)
                    default: break
                    }
                }
            }
            try await group.waitForAll()
        }
    }

    /// What the events of one undivided budget say, checked at each of them.
    private struct Fold {
        private(set) var posted = PicodollarSum.zero
        private(set) var open: [EventID: PicodollarSum] = [:]

        init(_ events: [RecordedEvent], limit: PicodollarSum) throws {
            var held = PicodollarSum.zero
            for recorded in events {
                let event = recorded.event
                let cost = event.amount.map { PicodollarSum($0) } ?? .zero
                switch event.kind {
                case .budgetHeld:
                    open[event.causeID ?? event.id, default: .zero] += cost
                    held += cost
                    #expect(posted + held <= limit, "at \(recorded.position)")
                case .budgetSettled, .budgetReleased, .budgetExpired:
                    let hold = try #require(event.causeID)
                    let known = open.removeValue(forKey: hold)
                    let ended = try #require(known, "ended twice")
                    held = held - ended
                case .chargeRated: posted += cost
                default: break
                }
            }
            let left = open.values.reduce(.zero) { $0 + $1 }
            #expect(left == held)
        }
    }
}
