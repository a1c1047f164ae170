// Windows are counted from an anchor: the window number k begins k periods after it, by the
// calendar of a zone. So a month anchored on the 31st ends on the 28th in February and on the 31st
// again in March, and days have 23 or 25 hours where the clocks change.

import Foundation
package import LedgerModel

/// When a budget begins anew.
package struct WindowSchedule: Hashable, Sendable {
    package enum Unit: String, CaseIterable, Sendable {
        case hour, day, week, month, quarter, year
        /// One window for ever: a prepaid budget.
        case total
    }

    package let unit: Unit
    /// Periods of the unit in a window, such as 2 weeks.
    package let count: Int
    /// The day on which some window begins; nil for the calendar's own: Mondays, the first of a
    /// month, January.
    package let anchor: CalendarDay?
    package let zone: String
    /// When the budget was last reset: a window begins there too.
    package var since: Timestamp?

    private let calendar: Calendar

    package static let countMax = 366

    package init(
        unit: Unit, count: Int = 1, anchor: CalendarDay? = nil, zone: String = "UTC",
        since: Timestamp? = nil
    ) throws(BudgetInvalid) {
        guard 1...Self.countMax ~= count else {
            throw .window("a window has 1 to \(Self.countMax) \(unit.rawValue)s, not \(count)")
        }
        guard let timeZone = TimeZone(identifier: zone) else { throw .zone(zone) }
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = timeZone
        self.unit = unit
        self.count = count
        self.anchor = anchor
        self.zone = zone
        self.since = since
        self.calendar = calendar
    }

    /// The window that holds a moment.
    package func window(of time: Timestamp) -> Window {
        var window = calendarWindow(of: time)
        if let since {
            if time < since {
                window.end = min(window.end ?? since, since)
            } else {
                window.start = max(window.start, since)
            }
        }
        return window
    }

    private func calendarWindow(of time: Timestamp) -> Window {
        if unit == .total { return Window(start: .earliest, end: nil) }
        var number = Int(
            ((Double(time.unixMicroseconds) / 1e6 - first.timeIntervalSince1970) / period)
                .rounded(.down))
        while start(of: number) > time { number -= 1 }
        while start(of: number + 1) <= time { number += 1 }
        return Window(start: start(of: number), end: start(of: number + 1))
    }

    /// Where window number 0 begins.
    private var first: Date {
        // A Monday, and the first of a month, a quarter and a year on the other days.
        let day = anchor ?? CalendarDay(year: 2018, month: 1, day: 1)
        let parts = DateComponents(year: day.year, month: day.month, day: day.day)
        return calendar.date(from: parts) ?? Date(timeIntervalSince1970: 0)
    }

    private func start(of number: Int) -> Timestamp {
        let periods = number * count
        let date =
            switch unit {
            case .hour: first.addingTimeInterval(Double(periods) * 3_600)
            case .day: calendar.date(byAdding: .day, value: periods, to: first)
            case .week: calendar.date(byAdding: .day, value: periods * 7, to: first)
            case .month: calendar.date(byAdding: .month, value: periods, to: first)
            case .quarter: calendar.date(byAdding: .month, value: periods * 3, to: first)
            case .year: calendar.date(byAdding: .year, value: periods, to: first)
            case .total: first
            }
        guard let date else { return .earliest }
        return Timestamp(unixMicroseconds: Int64(date.timeIntervalSince1970) * 1_000_000)
    }

    /// The usual length of a window in seconds.
    private var period: Double {
        let days: Double =
            switch unit {
            case .hour: 1.0 / 24
            case .day: 1
            case .week: 7
            case .month: 30.436875
            case .quarter: 91.310625
            case .year, .total: 365.2425
            }
        return days * 86_400 * Double(count)
    }
}

/// A span of time in which a budget has its limit once.
package struct Window: Hashable, Sendable {
    package var start: Timestamp
    /// nil for a window that never ends.
    package var end: Timestamp?

    package init(start: Timestamp, end: Timestamp?) {
        self.start = start
        self.end = end
    }

    package func contains(_ time: Timestamp) -> Bool {
        time >= start && end.map { time < $0 } ?? true
    }
}

/// A day of the calendar, without a zone.
package struct CalendarDay: Hashable, Sendable, CustomStringConvertible {
    package let year: Int
    package let month: Int
    package let day: Int

    package init(year: Int, month: Int, day: Int) {
        self.year = year
        self.month = month
        self.day = day
    }

    /// Reads `2026-04-01`.
    package init?(_ text: String) {
        guard let time = Timestamp(rfc3339: text, zoneIsOptional: true), text.utf8.count == 10
        else { return nil }
        let parts = time.dayDescription.split(separator: "-").compactMap { Int($0) }
        guard parts.count == 3 else { return nil }
        self.init(year: parts[0], month: parts[1], day: parts[2])
    }

    package var description: String {
        Timestamp(year: year, month: month, day: day).dayDescription
    }
}

extension WindowSchedule {
    /// Reads `month`, `2 weeks`, `5h`, `total`.
    package static func period(_ text: String) throws(BudgetInvalid) -> (unit: Unit, count: Int) {
        let digits = text.prefix { $0.isNumber }
        let word = text.dropFirst(digits.count).drop { $0 == " " }.lowercased()
        let unit =
            Unit(rawValue: word) ?? Unit(
                rawValue: String(word.dropLast(word.hasSuffix("s") ? 1 : 0)))
            ?? [
                "h": .hour, "d": .day, "w": .week, "daily": .day, "weekly": .week,
                "monthly": .month,
                "yearly": .year, "hourly": .hour, "quarterly": .quarter, "lifetime": .total,
            ][word]
        guard let unit, let count = digits.isEmpty ? 1 : Int(digits) else {
            throw .window(
                "\(text) is no window: use \(Unit.allCases.map(\.rawValue).joined(separator: ", ")), "
                    + "or several, such as \"2 weeks\"")
        }
        return (unit, count)
    }

    /// The period in words, such as `month` or `2 weeks`.
    package var periodText: String {
        count == 1 ? unit.rawValue : "\(count) \(unit.rawValue)s"
    }
}

/// What the clocks of a time zone show.
struct WallClock: Hashable, Sendable {
    private let zone: TimeZone

    init?(of name: String) {
        guard let zone = TimeZone(identifier: name) else { return nil }
        self.zone = zone
    }

    func minuteOfDay(at time: Timestamp) -> Int {
        let date = Date(timeIntervalSince1970: Double(time.unixMicroseconds / 1_000_000))
        let wall = time.advanced(byMicroseconds: Int64(zone.secondsFromGMT(for: date)) * 1_000_000)
        return Int(wall.timeOfDay / 60_000_000)
    }
}
