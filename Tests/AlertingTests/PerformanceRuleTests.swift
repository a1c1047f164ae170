import Alerting
import EventStore
import LedgerModel
import LedgerTesting
import Performance
import Pricing
import StoreTesting
import Testing

@Suite("Alerts of regressions and objectives", .timeLimit(.minutes(3)))
struct PerformanceRuleTests {
    private static let hour = Timestamp.hourMicroseconds
    /// A Tuesday at ten past two in the afternoon.
    private static let now = Timestamp(year: 2026, month: 11, day: 24)
        .advanced(byMicroseconds: 14 * hour + 600_000_000)

    /// Requests in the two hours before a time, evenly spread.
    private static func requests(
        _ count: Int, until end: Timestamp, milliseconds: ClosedRange<Int64>,
        failing: (Int) -> Bool = { _ in false }, _ random: inout SeededGenerator
    ) -> [(event: Event, charge: Event?)] {
        (0..<count).map { index in
            let time = end.advanced(
                byMicroseconds: -Int64(index + 1) * 4_000_000_000 / Int64(count))
            let isFailed = failing(index)
            var event = Event(
                id: EventID(at: time, entropy: (random.next(), random.next())),
                kind: isFailed ? .requestFailed : .requestCompleted, occurredAt: time)
            event.dimensions = [.provider: "acme", .model: "opus", .app: "web"]
            event.usage = [.inputTokens: 10, .outputTokens: 100]
            if isFailed {
                event.status = 503
            } else {
                event.latency = Int64.random(in: milliseconds, using: &random) * 1_000
            }
            return (event, nil)
        }
    }

    @Test("a model that became slower is raised with its evidence, and resolved when it is not")
    func regression() async throws {
        try await TestLedger.with { test in
            var random = SeededGenerator(seed: 11)
            for week in 1...4 {
                let end = Self.now.advanced(byMicroseconds: -Int64(week) * 7 * 24 * Self.hour)
                try await test.append(
                    Self.requests(80, until: end, milliseconds: 800...1_200, &random))
            }
            try await test.append(
                Self.requests(120, until: Self.now, milliseconds: 2_400...3_600, &random))
            let rule = AlertRule("slower", .regression(RegressionLimits()))
            let bench = try Bench(test, rules: [rule], clock: Bench.Clock(Self.now))
            try await bench.look()
            let open = try await bench.service.list().alerts
            let alert = try #require(open.first { $0.subject.string.hasSuffix("/latency") })
            #expect(alert.subject == "acme/opus/latency")
            #expect(alert.summary.hasPrefix("acme/opus: latency p50"))
            #expect(alert.contributors.first?.contains("the same hour of other weeks") == true)
            let raised = try await bench.count(.alertRaised)
            try await bench.look()
            #expect(try await bench.count(.alertRaised) == raised)
            bench.clock.advance(seconds: 6 * 3_600)
            try await bench.look()
            #expect(try await bench.count(.alertResolved) == raised)
        }
    }

    @Test("an objective that burns is raised by the window that it burns in")
    func burn() async throws {
        try await TestLedger.with { test in
            var random = SeededGenerator(seed: 12)
            try await test.append(
                Self.requests(
                    400, until: Self.now, milliseconds: 800...1_200,
                    failing: { $0 % 4 == 0 }, &random))
            let rule = AlertRule("promises", .objectives("availability"))
            let bench = try Bench(test, rules: [rule], clock: Bench.Clock(Self.now))
            try await bench.look()
            let open = try await bench.service.list().alerts
            #expect(
                Set(open.map(\.rule)) == ["promises/14.4", "promises/6", "promises/1"])
            #expect(open.allSatisfy { $0.subject == "availability" })
            let another = AlertRule("promises", .objectives("no-such"))
            let none = try Bench(test, rules: [another], clock: Bench.Clock(Self.now))
            try await none.look()
            #expect(try await none.count(.alertRaised) == 3)
        }
    }

    @Test("rules are written with their bounds")
    func file() throws {
        let plan = try AlertFile.read(
            """
            tally_alerts: 1
            rules:
              slower: {when: regression, percent: 40, requests: 100}
              promises: {when: slo_burn}
              one: {when: slo_burn, slo: up}
            """)
        var limits = RegressionLimits()
        limits.percentMin = 40
        limits.requestsMin = 100
        #expect(plan.rules.first { $0.name == "slower" }?.condition == .regression(limits))
        #expect(plan.rules.first { $0.name == "promises" }?.condition == .objectives(nil))
        #expect(plan.rules.first { $0.name == "one" }?.condition == .objectives("up"))
        for wrong in ["percent: 4", "requests: 1", "slo: up"] {
            #expect(throws: PriceFileError.self) {
                try AlertFile.read("tally_alerts: 1\nrules: {a: {when: regression, \(wrong)}}")
            }
        }
    }
}
