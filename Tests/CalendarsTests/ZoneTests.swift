import Calendars
import LedgerModel
import LedgerTesting
import Testing

@Suite("Days and months of time zones")
struct ZoneTests {
    private static let names = pythonDays.map(\.zone) + ["UTC", "Europe/Dublin", "Pacific/Apia"]

    private func zone(_ name: String) throws -> CalendarZone {
        try #require(CalendarZone(named: name), "\(name)")
    }

    private func moment(_ text: String) throws -> Timestamp {
        try #require(Timestamp(rfc3339: text, zoneIsOptional: true))
    }

    @Test("days begin when Python's zoneinfo says", arguments: pythonDays.map(\.zone))
    func python(name: String) throws {
        let zone = try zone(name)
        let text = try #require(pythonDays.first { $0.zone == name }).days
        let days = text.split(whereSeparator: \.isWhitespace)
        #expect(days.count > 5)
        for entry in days {
            let parts = entry.split(separator: "=")
            let day = try #require(CalendarDay(String(parts[0])))
            let start = zone.start(of: day)
            #expect(start.unixMicroseconds / 1_000_000 == Int64(parts[1]), "\(name) \(entry)")
            #expect(zone.day(of: start) == day && zone.startOfDay(start) == start, "\(entry)")
        }
    }

    @Test("each moment lies in one day and one month of a zone, and days follow each other")
    func tiling() throws {
        var random = SeededGenerator(seed: testSeed())
        let span = Timestamp(year: 2035, month: 1, day: 1).microseconds
        for _ in 0..<(isSoaking ? 100_000 : 5_000) {
            let zone = try zone(Self.names.randomElement(using: &random) ?? "UTC")
            let time = Timestamp(
                microseconds: Int64.random(
                    in: Timestamp.earliest.microseconds..<span, using: &random)
            )
            let what: Comment = "\(time) in \(zone)"
            for length in [CalendarPeriod.day, .month] {
                let (from, to) = zone.period(length, of: time)
                #expect(from <= time && time < to, what)
                #expect(zone.period(length, of: to).from == to, what)
                #expect(zone.period(length, of: to.advanced(byMicroseconds: -1)).from == from, what)
            }
            let day = zone.day(of: time)
            #expect(zone.day(of: zone.start(of: day)) == day, what)
            #expect(zone.moment(showing: zone.wall(at: time)) <= time, what)
            #expect(Timestamp(rfc3339: zone.written(time)) == time, what)
            let days = Int64.random(in: -40...40, using: &random)
            #expect(
                zone.day(of: zone.advanced(time, byDays: days)) == day.advanced(byDays: Int(days)),
                what)
        }
    }

    @Test("the days and months of a time are all that have a part in it")
    func bounds() throws {
        let berlin = try zone("Europe/Berlin")
        let days = berlin.bounds(
            of: .day, from: try moment("2026-10-24T10:00:00Z"),
            to: try moment("2026-10-25T23:00:00Z"))
        #expect(
            days.map(\.description) == [
                "2026-10-23T22:00:00Z", "2026-10-24T22:00:00Z", "2026-10-25T23:00:00Z",
            ])
        let months = berlin.bounds(
            of: .month, from: try moment("2026-10-31T22:59:59Z"),
            to: try moment("2026-10-31T23:00:01Z"))
        #expect(
            months.map(\.description) == [
                "2026-09-30T22:00:00Z", "2026-10-31T23:00:00Z", "2026-11-30T23:00:00Z",
            ])
    }

    @Test("a day of a longer month is the last of a shorter one, before and after a year's end")
    func months() throws {
        let day = try #require(CalendarDay("2024-01-31"))
        #expect(day.advanced(byMonths: 1).description == "2024-02-29")
        #expect(day.advanced(byMonths: 13).description == "2025-02-28")
        #expect(day.advanced(byMonths: -2).description == "2023-11-30")
        #expect(day.advanced(byMonths: -12).description == "2023-01-31")
        #expect(day.advanced(byDays: 30).description == "2024-03-01")
    }

    @Test("zones whose days begin between hours are known by it")
    func wholeHours() throws {
        for (name, isWhole) in [
            ("UTC", true), ("Europe/Berlin", true), ("America/Caracas", true),
            ("Asia/Kolkata", false), ("Asia/Kathmandu", false), ("Australia/Lord_Howe", false),
            ("America/St_Johns", false), ("Australia/Adelaide", false),
        ] {
            #expect(try zone(name).hasWholeHours == isWhole, "\(name)")
        }
        for name in ["", "Mars", "Europe/Nowhere", "+05:30"] {
            #expect(CalendarZone(named: name) == nil, "\(name)")
        }
    }

    @Test("what people write means days of the zone, and a week ago is the same time of day")
    func written() throws {
        let berlin = try zone("Europe/Berlin")
        let now = try moment("2026-03-29T00:30:00Z")
        func time(_ text: String, _ bound: Timestamp.Bound = .start) -> String? {
            Timestamp(written: text, as: bound, at: now, in: berlin)?.description
        }
        #expect(time("today") == "2026-03-28T23:00:00Z")
        #expect(time("yesterday") == "2026-03-27T23:00:00Z")
        #expect(time("2026-10") == "2026-09-30T22:00:00Z")
        #expect(time("2026-10", .end) == "2026-10-31T23:00:00Z")
        #expect(time("2026-10-26") == "2026-10-25T23:00:00Z")
        #expect(time("2026-10-25 02:30:00") == "2026-10-25T00:30:00Z", "the earlier of the two")
        #expect(time("2026-03-29T02:30:00") == "2026-03-29T01:00:00Z", "when the clock jumps")
        #expect(time("2026-10-25T02:30:00Z") == "2026-10-25T02:30:00Z")
        #expect(time("2026-10-25T02:30:00+01") == "2026-10-25T01:30:00Z")
        let monday = try moment("2026-03-30T10:00:00Z")
        let week = Timestamp(written: "7d", at: monday, in: berlin)
        #expect(week?.description == "2026-03-23T11:00:00Z", "at noon by the clock on the wall")
        let hours = Timestamp(written: "168h", at: monday, in: berlin)
        #expect(hours?.description == "2026-03-23T10:00:00Z")
    }
}
