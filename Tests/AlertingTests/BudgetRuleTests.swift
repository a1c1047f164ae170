import Alerting
import LedgerModel
import LedgerTesting
import Testing

@Suite("Alerts of budgets")
struct BudgetRuleTests {
    private static let start = Timestamp(year: 2026, month: 11, day: 1)
    private static let rules = BudgetRules(AlertRule("budgets", .health), BudgetLevels())

    private static func time(_ minutes: Int64) -> Timestamp {
        start.advanced(byMicroseconds: minutes * 60_000_000)
    }

    /// A month's budget of 1,000 USD.
    private static func reading(
        spent: Int128, refusals: Int64 = 0, limit: Int128 = 1_000
    ) -> BudgetReading {
        BudgetReading(
            name: "search", unit: .money, limit: limit * 1_000_000_000_000,
            spent: spent * 1_000_000_000_000,
            window: start..<Timestamp(year: 2026, month: 12, day: 1), refusals: refusals)
    }

    private func observations(
        _ reading: BudgetReading, expected: Int128? = nil
    ) -> [Name: AlertState.Verdict] {
        let all = Self.rules.observations(
            of: reading, in: ReadingHistory(), expected: expected, contributors: [],
            at: Self.time(60))
        return Dictionary(uniqueKeysWithValues: all.map { ($0.name.rule, $0.verdict) })
    }

    @Test("of the levels that are reached only the highest is told")
    func thresholds() {
        let none = observations(Self.reading(spent: 499))
        #expect(none["budgets/50 %"] == .clear && none["budgets/100 %"] == .clear)
        let half = observations(Self.reading(spent: 500))
        #expect(half["budgets/50 %"] == .breached && half["budgets/80 %"] == .clear)
        let all = observations(Self.reading(spent: 1_200))
        #expect(all["budgets/50 %"] == .unsettled && all["budgets/80 %"] == .unsettled)
        #expect(all["budgets/100 %"] == .breached)
    }

    @Test("refusals and forecasts are alerts of their own; a limit of nothing is none")
    func others() {
        #expect(observations(Self.reading(spent: 1))["budgets/refusals"] == .clear)
        #expect(observations(Self.reading(spent: 1, refusals: 1))["budgets/refusals"] == .breached)
        #expect(observations(Self.reading(spent: 1))["budgets/forecast"] == nil)
        let expected = observations(
            Self.reading(spent: 1), expected: 1_001 * 1_000_000_000_000)
        #expect(expected["budgets/forecast"] == .breached)
        #expect(observations(Self.reading(spent: 1, limit: 0)).isEmpty)
    }

    @Test("windows have alerts of their own, and say how much of how much")
    func names() throws {
        let all = Self.rules.observations(
            of: Self.reading(spent: 800), in: ReadingHistory(), expected: nil,
            contributors: ["search gpt-4o: 3 USD"], at: Self.time(60))
        let highest = try #require(all.first { $0.verdict == .breached })
        #expect(
            highest.name
                == AlertName(
                    rule: "budgets/80 %", subject: "search", window: "2026-11-01"))
        #expect(highest.summary == "search: 800 USD of 1000 USD (80 %)")
        #expect(highest.contributors == ["search gpt-4o: 3 USD"])
    }

    /// Notes a reading each half minute, of what was spent up to each minute.
    private func history(
        upTo end: Int64, spent: (Int64) -> Int128
    ) -> (ReadingHistory, BudgetReading) {
        var history = ReadingHistory()
        var last = Self.reading(spent: 0)
        for half in 0...end * 2 {
            last = Self.reading(spent: spent(half / 2))
            let at = Self.start.advanced(byMicroseconds: half * 30_000_000)
            history.note([(key: Self.rules.key(of: last), reading: last)], at: at)
        }
        return (history, last)
    }

    private func burns(_ end: Int64, spent: (Int64) -> Int128) -> [Name] {
        let (history, last) = history(upTo: end, spent: spent)
        return Self.rules.observations(
            of: last, in: history, expected: nil, contributors: [], at: Self.time(end)
        ).filter { $0.verdict == .breached && $0.name.rule.string.contains("burn") }
            .map(\.name.rule)
    }

    // 1,000 USD in 30 days are 1.39 USD an hour; 14.4 times as fast are 20 USD an hour.

    @Test("a burn rate needs both windows: it matters, and it still goes on")
    func burn() {
        #expect(burns(120) { Int128($0) * 30 / 60 } == ["budgets/burn 14.4", "budgets/burn 6"])
        #expect(burns(120) { Int128($0) * 15 / 60 }.isEmpty, "six hours are not over")
        #expect(burns(420) { Int128($0) * 15 / 60 } == ["budgets/burn 6"])
        #expect(burns(420) { Int128($0) * 1 / 60 }.isEmpty)
        // 60 USD in ten minutes, and then nothing for ten.
        #expect(
            burns(120) { Int128(min($0, 100)) * 60 / 100 }.contains("budgets/burn 14.4") == false)
        // A burst of five minutes is not an hour's worth.
        #expect(burns(120) { Int128(max(0, $0 - 115)) * 2 }.isEmpty)
    }

    @Test("the history is bounded, survives as text, and never says more than was spent")
    func bounded() {
        let seed = testSeed()
        var random = SeededGenerator(seed: seed)
        var spent: [Int128] = [0]
        for _ in 0..<900 {
            spent.append(spent[spent.count - 1] + .random(in: 0...5, using: &random))
        }
        let (history, last) = history(upTo: 900) { spent[Int($0)] }
        #expect(ReadingHistory(history.text) == history)
        #expect(history.text.utf8.count < 12_000)
        let key = Self.rules.key(of: last)
        for minutes in [5, 30, 60, 360] as [Int64] {
            let truth = (spent[900] - spent[Int(900 - minutes)]) * 1_000_000_000_000
            let found = history.spent(by: key, inLast: minutes * 60, at: Self.time(900))
            #expect(found <= truth, "seed \(seed)")
            #expect(found * 100 >= truth * 70, "\(minutes) minutes, seed \(seed)")
        }
    }

    @Test("a window that begins in between loses nothing that was noted")
    func reset() {
        var history = ReadingHistory()
        for (minute, start, spent) in [(0, 0, 10), (1, 0, 14), (2, 2, 3), (3, 2, 5)]
            as [(Int64, Int64, Int128)]
        {
            let reading = BudgetReading(
                name: "a", unit: .count("tokens"), limit: 100, spent: spent,
                window: Self.time(start)..<Self.time(start + 2))
            history.note([(key: "a", reading: reading)], at: Self.time(minute))
        }
        #expect(history.spent(by: "a", inLast: 600, at: Self.time(3)) == 4 + 3 + 2)
        #expect(history.spent(by: "b", inLast: 600, at: Self.time(3)) == 0)
    }
}
