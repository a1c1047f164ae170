import Budgets
import LedgerModel
import LedgerTesting
import Testing

@Suite("Rolling windows of budgets")
struct RollingTests {
    private func rolling(
        _ window: String, in zone: String = "UTC", since: Timestamp? = nil
    ) throws -> WindowSchedule {
        var written = WrittenBudget(name: "a", limits: WrittenAmounts(usd: "1"))
        (written.window, written.zone, written.enforcement) = (window, zone, "soft")
        var schedule = try written.definition().schedule
        schedule.since = since
        return schedule
    }

    @Test("up to two days they advance by the hour, longer ones by the day of the zone")
    func steps() throws {
        let now = try moment("2026-03-30T10:20:00Z")
        for (window, steps, start) in [
            ("rolling 24 hours", 24, "2026-03-29T11:00:00Z"),
            ("rolling day", 24, "2026-03-29T11:00:00Z"),
            ("rolling 2 days", 48, "2026-03-28T11:00:00Z"),
            ("rolling 3 days", 3, "2026-03-27T23:00:00Z"),
            ("Rolling 72h", 3, "2026-03-27T23:00:00Z"),
            ("rolling 2 weeks", 14, "2026-03-16T23:00:00Z"),
        ] {
            let schedule = try rolling(window, in: "Europe/Berlin")
            #expect(schedule.steps == steps, "\(window)")
            let span = schedule.span(at: now)
            #expect(span == Window(start: try moment(start), end: nil), "\(window)")
            let windows = schedule.windows(at: now)
            #expect(windows.count == steps && windows.first?.start == span.start, "\(window)")
            #expect(windows.last?.contains(now) == true, "\(window)")
            let ahead = schedule.windows(at: now, isAhead: true)
            #expect(ahead.count > steps && ahead.count <= schedule.windowsKept, "\(window)")
        }
    }

    @Test("a hard one, one of months, one too long and one with a first day are refused by name")
    func refused() throws {
        var hard = WrittenBudget(name: "a", limits: WrittenAmounts(usd: "1"))
        hard.window = "rolling 7 days"
        let refusal = #expect(throws: BudgetInvalid.self) { _ = try hard.definition() }
        #expect(refusal?.param == "window")
        #expect(refusal?.description.contains("cannot be hard") == true)
        for window in [
            "rolling month", "rolling 50 hours", "rolling 93 days", "rolling 14 weeks",
            "rolling total", "rolling", "rolling rolling day", "rolling 0 days",
        ] {
            let refusal = #expect(throws: BudgetInvalid.self, "\(window)") {
                _ = try rolling(window)
            }
            #expect(refusal?.param == "window", "\(window)")
        }
        var anchored = hard
        (anchored.enforcement, anchored.starts) = ("shadow", "2026-01-01")
        #expect(throws: BudgetInvalid.self) { _ = try anchored.definition() }
    }

    @Test("a definition says it in its facts and reads back")
    func facts() throws {
        var written = WrittenBudget(name: "a", limits: WrittenAmounts(usd: "1"))
        (written.window, written.enforcement) = ("rolling 7 days", "soft")
        let definition = try written.definition()
        #expect(definition.schedule.periodText == "rolling 7 days")
        let facts = try definition.facts(number: 0, change: [])
        #expect(facts["rolling"] == "true" && facts["window"] == "day")
        #expect(BudgetDefinition(facts) == definition)
        written.window = "7 days"
        #expect(try !written.definition().countsLike(definition))
    }

    @Test("what it has spent is the sum of what was posted in its time, whatever came between")
    func sums() throws {
        var random = RandomEvents(
            seed: testSeed(), now: Timestamp(year: 2026, month: 11, day: 23), days: 400)
        let windows = [
            "rolling 5 hours", "rolling 48 hours", "rolling 7 days", "rolling 92 days",
        ]
        let zones = ["UTC", "Europe/Berlin", "America/Havana", "Australia/Lord_Howe"]
        for round in 0..<(isSoaking ? 400 : 40) {
            let schedule = try rolling(
                windows[round % windows.count], in: zones[round / 4 % zones.count],
                since: random.chance(0.2) ? random.timestamp() : nil)
            let hour = Timestamp.hourMicroseconds
            var (state, posted) = (BudgetState(), [(time: Timestamp, amounts: Amounts)]())
            var now = random.timestamp()
            for _ in 0..<300 {
                let gap = random.chance(0.1) ? 40 * hour : hour
                now = now.advanced(
                    byMicroseconds: Int64.random(in: 0...gap, using: &random.random))
                // Events are late, and up to a day early.
                let shift = Int64.random(in: -72...24, using: &random.random) * hour
                let time = now.advanced(byMicroseconds: random.chance(0.3) ? shift : 0)
                let amounts = Amounts(
                    tokens: Int64.random(in: 1...100, using: &random.random), requests: 1)
                state.keep(schedule.windowsKept)
                state.post(amounts, in: schedule.window(of: time).start)
                posted.append((time, amounts))
                if random.chance(0.2) { state = BudgetState(state.bytes) }
                let span = schedule.span(at: now)
                let balance = state.balance(from: span.start, through: now)
                // A step that has begun counts with what is reported of its later part.
                let end = schedule.window(of: now).end ?? now
                let naive = posted.filter { $0.time >= span.start && $0.time < end }
                    .reduce(Amounts.zero) { $0 + $1.amounts }
                #expect(balance.posted == naive, "\(schedule.periodText) at \(now)")
                #expect(state.windows.count <= schedule.windowsKept + 1)
            }
        }
    }

    @Test("holds count where they were made, and end in rows that keep many windows")
    func holds() throws {
        let schedule = try rolling("rolling 30 days")
        var (state, now) = (BudgetState(), try moment("2026-01-10T12:00:00Z"))
        let one = Amounts(tokens: 1, requests: 1)
        for day in 0..<40 {
            let window = schedule.window(of: now).start
            let id = EventID(at: now, entropy: (UInt64(day), 1))
            state.keep(schedule.windowsKept)
            state.hold(OpenHold(id: id, window: window, expires: now, amounts: one))
            state.post(one, in: window)
            state = BudgetState(state.bytes)
            #expect(state.remove(id) != nil)
            let span = schedule.span(at: now)
            let balance = state.balance(from: span.start, through: now)
            #expect(balance.posted.requests == Int64(min(day + 1, 30)) && balance.held == .zero)
            now = now.advanced(byMicroseconds: Timestamp.dayMicroseconds)
        }
    }
}
