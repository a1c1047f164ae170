import LedgerModel
import Resilience
import Routing
import Testing

/// How many calls a provider takes, in simulations whose seeds are fixed.
@Suite("Concurrency limits")
struct LimitsConcurrencyTests {
    private func mean(
        _ provider: LimitsSimulation.Provider, _ method: ConcurrencyLimit.Method,
        _ value: (LimitsSimulation.Result) -> Double
    ) -> Double {
        let runs = (1...4).map { seed in
            value(
                LimitsSimulation().run(
                    provider, under: ConcurrencyLimit.Policy(method), seed: UInt64(seed)))
        }
        return runs.reduce(0, +) / Double(runs.count)
    }

    @Test("an engine that lets calls wait answers in time under the gradient, and not under AIMD")
    func queueing() {
        let gradient = mean(.queueing, .gradient, \.goodput)
        let additive = mean(.queueing, .additive, \.goodput)
        print("goodput of an engine: gradient \(gradient), additive \(additive)")
        #expect(gradient > 0.7 && additive < 0.2)
        #expect(mean(.queueing, .gradient) { Double($0.lost) } == 0)
        #expect(mean(.queueing, .gradient) { $0.percentile(0.99) } < 6)
    }

    @Test("a provider that refuses is used as well under AIMD, and rarely has to refuse")
    func refusing() {
        let gradient = mean(.refusing, .gradient, \.goodput)
        let additive = mean(.refusing, .additive, \.goodput)
        print("goodput of a provider that refuses: gradient \(gradient), additive \(additive)")
        #expect(additive > 0.7 && additive > gradient - 0.03)
        #expect(mean(.refusing, .additive) { Double($0.refused) / Double($0.offered) } < 0.01)
    }

    @Test("refusals of calls that were under way together take away once")
    func together() {
        var limit = ConcurrencyLimit()
        let first = limit.limit
        let now = Moment(microseconds: 1_000_000)
        for _ in 0..<10 {
            limit.ended(.overload, began: Moment(microseconds: 0), inFlight: first, at: now)
        }
        #expect(limit.limit == first * 3 / 4)
        limit.ended(
            .overload, began: now.advanced(byMicroseconds: 1), inFlight: first,
            at: now.advanced(byMicroseconds: 2))
        #expect(limit.limit == first * 9 / 16)
    }

    @Test("a limit that is not in use does not grow, and none falls below the least")
    func bounds() {
        for method in ConcurrencyLimit.Method.allCases {
            var limit = ConcurrencyLimit(.init(method))
            let first = limit.limit
            for step in 0..<1_000 {
                let now = Moment(microseconds: Int64(step) * 1_000)
                limit.ended(
                    .success(first: .milliseconds(100)), began: now, inFlight: 1, at: now)
            }
            #expect(limit.limit == first)
            for step in 1_000..<1_100 {
                let now = Moment(microseconds: Int64(step) * 1_000)
                limit.ended(.overload, began: now, inFlight: 1, at: now)
            }
            #expect(limit.limit == Int(limit.policy.least))
        }
    }

    // MARK: Classes

    @Test("lower classes find what is scarce full first, and the highest may fill it")
    func shares() {
        let shares = ClassShares(ServiceClass.standard)
        let room = ["interactive", "standard", "background"].map {
            shares.room(of: shares.index(of: $0), in: 100)
        }
        #expect(room == [100, 85, 70])
        #expect(shares.index(of: nil) == shares.index(of: "standard"))
        #expect(shares.index(of: "no such") == shares.index(of: "standard"))
        #expect(shares.room(of: 2, in: 1) == 1)
        #expect(ClassShares([ServiceClass(name: "one", weight: 3)]).room(of: 0, in: 50) == 50)
    }

    @Test("compliance counts what was shed as not kept, for ten minutes and in all")
    func tally() {
        var tally = ClassTally(classes: 2)
        let start = Moment(microseconds: 0)
        for _ in 0..<6 { tally.count(0, \.kept, at: start) }
        for _ in 0..<1 { tally.count(0, \.missed, at: start) }
        for _ in 0..<1 { tally.count(0, \.shed, at: start) }
        for _ in 0..<9 { tally.count(0, \.limited, at: start) }
        #expect(tally.totals[0].compliance == 0.75)
        #expect(tally.totals[1].compliance == nil)
        let later = start.advanced(by: .seconds(599))
        tally.count(0, \.missed, at: later)
        #expect(tally.recent(0, at: later).missed == 2)
        let after = start.advanced(by: .seconds(601))
        #expect(
            tally.recent(0, at: after)
                == {
                    var counts = ClassTally.Counts()
                    counts.missed = 1
                    return counts
                }())
        #expect(tally.totals[0].missed == 2)
    }

    @Test("a goal is kept when both of its times are")
    func goals() {
        let goal = ServiceClass.Goal(
            timeToFirstToken: .seconds(1), latency: .seconds(5), share: 0.99)
        #expect(goal.isKept(timeToFirstToken: .seconds(1), latency: .seconds(5)))
        #expect(!goal.isKept(timeToFirstToken: .seconds(2), latency: .seconds(3)))
        #expect(!goal.isKept(timeToFirstToken: .seconds(1), latency: .seconds(6)))
        // An answer in one piece has its first token at its end.
        #expect(!goal.isKept(timeToFirstToken: nil, latency: .seconds(2)))
    }
}
