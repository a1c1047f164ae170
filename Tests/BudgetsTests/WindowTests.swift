import Budgets
import Calendars
import LedgerModel
import LedgerTesting
import Testing

@Suite("Windows of budgets")
struct WindowTests {
    /// Checks that a moment lies in a window with these bounds.
    private func check(
        _ schedule: WindowSchedule, _ time: String, _ start: String, _ end: String,
        _ location: SourceLocation = #_sourceLocation
    ) throws {
        let window = schedule.window(of: try moment(time))
        let expected = Window(start: try moment(start), end: try moment(end))
        #expect(window == expected, "\(time)", sourceLocation: location)
    }

    @Test("days have 23 and 25 hours where the clocks change")
    func changingClocks() throws {
        let berlin = try schedule(.day, in: "Europe/Berlin")
        try check(
            berlin, "2026-03-29T12:00:00Z", "2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z")
        try check(
            berlin, "2026-10-25T22:30:00Z", "2026-10-24T22:00:00Z", "2026-10-25T23:00:00Z")
        let york = try schedule(.day, in: "America/New_York")
        try check(york, "2026-03-08T05:00:00Z", "2026-03-08T05:00:00Z", "2026-03-09T04:00:00Z")
        try check(york, "2026-11-02T04:59:59Z", "2026-11-01T04:00:00Z", "2026-11-02T05:00:00Z")
        // Half an hour of summer time.
        let island = try schedule(.day, in: "Australia/Lord_Howe")
        try check(island, "2026-04-05T00:00:00Z", "2026-04-04T13:00:00Z", "2026-04-05T13:30:00Z")
        try check(island, "2026-10-04T00:00:00Z", "2026-10-03T13:30:00Z", "2026-10-04T13:00:00Z")
    }

    @Test("a day that has no midnight begins at one o'clock")
    func noMidnight() throws {
        let paulo = try schedule(.day, in: "America/Sao_Paulo")
        try check(paulo, "2018-11-04T12:00:00Z", "2018-11-04T03:00:00Z", "2018-11-05T02:00:00Z")
        try check(paulo, "2018-11-04T02:59:59Z", "2018-11-03T03:00:00Z", "2018-11-04T03:00:00Z")
    }

    @Test("zones with half and three quarters of an hour")
    func halfHours() throws {
        let kolkata = try schedule(.month, in: "Asia/Kolkata")
        try check(kolkata, "2026-11-30", "2026-10-31T18:30:00Z", "2026-11-30T18:30:00Z")
        let kathmandu = try schedule(.day, in: "Asia/Kathmandu")
        try check(kathmandu, "2026-11-30", "2026-11-29T18:15:00Z", "2026-11-30T18:15:00Z")
    }

    @Test("a month anchored on the 31st ends with each month and springs back")
    func anchoredOnTheLast() throws {
        let months = try schedule(.month, from: "2026-01-31")
        let starts = [
            "2025-11-30", "2025-12-31", "2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30",
            "2026-05-31",
        ]
        for (start, end) in zip(starts, starts.dropFirst()) {
            try check(months, start, start, end)
            try check(months, start + "T23:59:59.999999Z", start, end)
        }
        try check(months, "2028-02-29", "2028-02-29", "2028-03-31")
        try check(months, "2028-02-28T23:59:59.999999Z", "2028-01-31", "2028-02-29")
    }

    @Test("a year anchored on a leap day has it every fourth time")
    func leapDay() throws {
        let years = try schedule(.year, from: "2024-02-29")
        try check(years, "2025-02-28", "2025-02-28", "2026-02-28")
        try check(years, "2028-02-28", "2027-02-28", "2028-02-29")
        try check(years, "2020-03-01", "2020-02-29", "2021-02-28")
    }

    @Test("fiscal years and quarters begin in April, weeks on Monday")
    func calendars() throws {
        let years = try schedule(.year, from: "2026-04-01")
        try check(years, "2026-11-30", "2026-04-01", "2027-04-01")
        try check(years, "2026-03-31T23:59:59.999999Z", "2025-04-01", "2026-04-01")
        let quarters = try schedule(.quarter, from: "2026-04-01")
        try check(quarters, "2026-11-30", "2026-10-01", "2027-01-01")
        try check(
            try schedule(.quarter, from: "2026-02-01"), "2026-11-30", "2026-11-01", "2027-02-01")
        try check(try schedule(.quarter), "2026-05-05", "2026-04-01", "2026-07-01")
        try check(try schedule(.year), "2026-05-05", "2026-01-01", "2027-01-01")
        try check(try schedule(.week), "2026-11-29T23:59:59Z", "2026-11-23", "2026-11-30")
        try check(try schedule(.week), "2026-11-30", "2026-11-30", "2026-12-07")
        try check(
            try schedule(.week, 2, from: "2026-11-25"), "2026-11-24", "2026-11-11", "2026-11-25")
    }

    @Test("five hours are five hours, whatever the clocks do")
    func hours() throws {
        let hours = try schedule(.hour, 5)
        try check(hours, "2018-01-02T00:30:00Z", "2018-01-01T20:00:00Z", "2018-01-02T01:00:00Z")
        let berlin = try schedule(.hour, 5, from: "2026-03-29", in: "Europe/Berlin")
        try check(
            berlin, "2026-03-29T03:59:00Z", "2026-03-28T23:00:00Z", "2026-03-29T04:00:00Z")
    }

    @Test("a total has one window, and a reset begins another")
    func total() throws {
        var total = try schedule(.total)
        let now = try moment("2026-11-30")
        #expect(total.window(of: now) == Window(start: .earliest, end: nil))
        #expect(total.window(of: .earliest).contains(now))
        total.since = now
        #expect(total.window(of: now) == Window(start: now, end: nil))
        let before = now.advanced(byMicroseconds: -1)
        #expect(total.window(of: before) == Window(start: .earliest, end: now))
    }

    @Test("a reset cuts the window that it lies in, and no other")
    func reset() throws {
        var months = try schedule(.month)
        months.since = try moment("2026-11-15T10:00:00Z")
        try check(months, "2026-10-31", "2026-10-01", "2026-11-01")
        try check(months, "2026-11-15T09:59:59Z", "2026-11-01", "2026-11-15T10:00:00Z")
        try check(months, "2026-11-15T10:00:00Z", "2026-11-15T10:00:00Z", "2026-12-01")
        try check(months, "2026-12-01", "2026-12-01", "2027-01-01")
        // On a border there is nothing to cut.
        months.since = try moment("2026-11-01")
        try check(months, "2026-10-31", "2026-10-01", "2026-11-01")
        try check(months, "2026-11-01", "2026-11-01", "2026-12-01")
    }

    private static let zones = [
        "UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Asia/Kathmandu",
        "Australia/Lord_Howe", "America/Sao_Paulo", "America/Havana", "Africa/Cairo",
        "Asia/Beirut", "Pacific/Apia", "Pacific/Chatham", "Europe/Dublin", "Antarctica/Troll",
        "America/St_Johns", "Asia/Tehran",
    ]

    @Test("windows tile time, without gaps and without overlaps")
    func tiling() throws {
        var random = RandomEvents(
            seed: testSeed(), now: Timestamp(year: 2035, month: 1, day: 1), days: 7_300)
        for _ in 0..<(isSoaking ? 50_000 : 2_000) {
            let schedule = try random.schedule(in: Self.zones)
            let time = random.timestamp()
            let window = schedule.window(of: time)
            let what = "\(time) in \(schedule)"
            #expect(window.contains(time), "\(what)")
            #expect(schedule.window(of: window.start) == window, "\(what)")
            if let end = window.end {
                #expect(window.start < end, "\(what)")
                let last = end.advanced(byMicroseconds: -1)
                #expect(schedule.window(of: last) == window, "\(what)")
                #expect(schedule.window(of: end).start == end, "\(what)")
            } else {
                #expect(schedule.unit == .total, "\(what)")
            }
            if window.start > .earliest {
                let before = schedule.window(of: window.start.advanced(byMicroseconds: -1))
                #expect(before.end == window.start, "\(what)")
            }
        }
    }

    @Test("periods are read in the words that people use")
    func periods() throws {
        let texts: [(String, WindowSchedule.Unit, Int)] = [
            ("month", .month, 1), ("2 weeks", .week, 2), ("5h", .hour, 5), ("30 days", .day, 30),
            ("Daily", .day, 1), ("lifetime", .total, 1), ("1 quarter", .quarter, 1),
            ("total", .total, 1), ("12 months", .month, 12), ("1d", .day, 1),
        ]
        for (text, unit, count) in texts {
            let read = try WindowSchedule.period(text)
            #expect(read.unit == unit && read.count == count, "\(text)")
        }
        for text in ["", "s", "fortnight", "month 2", "-1 day", "½ day", "2.5 days", "months 2"] {
            #expect(throws: BudgetInvalid.self, "\(text)") { try WindowSchedule.period(text) }
        }
    }
}

extension RandomEvents {
    mutating func schedule(in zones: [String]) throws -> WindowSchedule {
        let unit = WindowSchedule.Unit.allCases.randomElement(using: &random) ?? .day
        let month = Int.random(in: 1...12, using: &random)
        let anchor = CalendarDay(
            year: Int.random(in: 2015...2030, using: &random), month: month,
            day: Int.random(in: 1...(month == 2 ? 28 : 30), using: &random))
        return try WindowSchedule(
            unit: unit, count: chance(0.5) ? 1 : Int.random(in: 1...40, using: &random),
            anchor: chance(0.5) ? anchor : nil, zone: zones.randomElement(using: &random) ?? "UTC",
            since: chance(0.3) ? timestamp() : nil)
    }
}
