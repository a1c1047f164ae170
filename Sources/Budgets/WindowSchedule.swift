// Windows are counted from an anchor: the window number k begins k periods after it, by the
// calendar of a zone. So a month anchored on the 31st ends on the 28th in February and on the 31st
// again in March, and days have 23 or 25 hours where the clocks change.
//
// A rolling window is counted in steps of an hour or a day, each of which is a window of its own
// where charges are posted: what it has spent is the sum of the present step and of those before it.

package import Calendars
package import LedgerModel

/// When a budget begins anew.
package struct WindowSchedule: Sendable {
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
    /// Whether the window always ends now; then `step` is what charges are posted by.
    package let isRolling: Bool
    /// The hours or days in which a rolling window advances, and how many it has; otherwise the
    /// window itself.
    private let step: (unit: Unit, count: Int)
    package let steps: Int

    private let place: CalendarZone

    package static let countMax = 366
    /// A rolling window of so many hours advances by hours, a longer one by days.
    package static let rollingHoursMax = 48
    /// Each day is a part of the budget's state row.
    package static let rollingDaysMax = 92

    package init(
        unit: Unit, count: Int = 1, isRolling: Bool = false, anchor: CalendarDay? = nil,
        zone: String = "UTC", since: Timestamp? = nil
    ) throws(BudgetInvalid) {
        guard 1...Self.countMax ~= count else {
            throw .window("a window has 1 to \(Self.countMax) \(unit.rawValue)s, not \(count)")
        }
        guard let place = CalendarZone(named: zone) else { throw .zone(zone) }
        self.unit = unit
        self.count = count
        self.anchor = anchor
        self.zone = zone
        self.since = since
        self.isRolling = isRolling
        self.place = place
        if isRolling {
            if anchor != nil {
                throw .window("a rolling window always ends now, so it has no day to start from")
            }
            steps = try Self.rollingSteps(unit, count)
            step = (unit.hours * count <= Self.rollingHoursMax ? .hour : .day, 1)
        } else {
            steps = 1
            step = (unit, count)
        }
    }

    private static func rollingSteps(_ unit: Unit, _ count: Int) throws(BudgetInvalid) -> Int {
        let hours = unit.hours * count
        if unit.isRollable, hours <= rollingHoursMax { return hours }
        guard unit.isRollable, hours % 24 == 0, hours <= rollingDaysMax * 24 else {
            throw .window(
                "a rolling window has 1 to \(rollingHoursMax) hours or up to \(rollingDaysMax) days, "
                    + "such as \"rolling 24 hours\", \"rolling 7 days\" or \"rolling 4 weeks\"")
        }
        return hours / 24
    }

    /// The window that holds a moment; of a rolling one, the step that does.
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
        let since = Double(time.microseconds - place.start(of: first).microseconds) / 1e6
        var number = Int((since / period).rounded(.down))
        while start(of: number) > time { number -= 1 }
        while start(of: number + 1) <= time { number += 1 }
        return Window(start: start(of: number), end: start(of: number + 1))
    }

    /// What counts at a moment: the window that holds it, or the steps of a rolling one up to it.
    package func span(at time: Timestamp) -> Window {
        var span = window(of: time)
        guard isRolling else { return span }
        for _ in 1..<steps where since.map({ span.start > $0 }) ?? true {
            span.start = window(of: span.start.advanced(byMicroseconds: -1)).start
        }
        return Window(start: span.start, end: nil)
    }

    /// The windows that count at a moment, the oldest first: the steps of a rolling one.
    ///
    /// - Parameter isAhead: whether those of the day after it as well, where early events lie.
    package func windows(at time: Timestamp, isAhead: Bool = false) -> [Window] {
        guard isRolling else { return [window(of: time)] }
        let last = isAhead ? time.advanced(byMicroseconds: Timestamp.dayMicroseconds) : time
        var windows = [window(of: span(at: time).start)]
        while let end = windows.last?.end, end <= last { windows.append(window(of: end)) }
        return windows
    }

    /// How many windows of a state row may count at once, at least.
    ///
    /// An event may be a day ahead of its time.
    package var windowsKept: Int {
        guard isRolling else { return BudgetState.windowsKept }
        return steps + (step.unit == .hour ? 25 : 2)
    }

    /// Where window number 0 begins.
    private var first: CalendarDay {
        // A Monday, and the first of a month, a quarter and a year on the other days.
        anchor ?? CalendarDay(year: 2018, month: 1, day: 1)
    }

    private func start(of number: Int) -> Timestamp {
        let periods = number * step.count
        switch step.unit {
        case .hour:
            return place.start(of: first)
                .advanced(byMicroseconds: Int64(periods) * Timestamp.hourMicroseconds)
        case .day: return place.start(of: first.advanced(byDays: periods))
        case .week: return place.start(of: first.advanced(byDays: periods * 7))
        case .month: return place.start(of: first.advanced(byMonths: periods))
        case .quarter: return place.start(of: first.advanced(byMonths: periods * 3))
        case .year: return place.start(of: first.advanced(byMonths: periods * 12))
        case .total: return .earliest
        }
    }

    /// The usual length of a window in seconds.
    private var period: Double {
        let days: Double =
            switch step.unit {
            case .hour: 1.0 / 24
            case .day: 1
            case .week: 7
            case .month: 30.436875
            case .quarter: 91.310625
            case .year, .total: 365.2425
            }
        return days * 86_400 * Double(step.count)
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

extension WindowSchedule {
    /// Reads `month`, `2 weeks`, `5h`, `total`; what follows `rolling` is read in the same way.
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
                    + "several, such as \"2 weeks\", or \"rolling 7 days\"")
        }
        return (unit, count)
    }

    /// The period in words, such as `month` or `2 weeks`.
    package var periodText: String {
        let period = count == 1 ? unit.rawValue : "\(count) \(unit.rawValue)s"
        return isRolling ? "\(Self.rollingWord) \(period)" : period
    }

    /// What stands before the period of a rolling window.
    package static let rollingWord = "rolling"
}

extension WindowSchedule.Unit {
    /// Whether a rolling window can be so long: its steps are hours or days.
    fileprivate var isRollable: Bool { self == .hour || self == .day || self == .week }

    /// The usual hours of a unit that a rolling window can have.
    fileprivate var hours: Int {
        switch self {
        case .hour: 1
        case .day: 24
        default: 7 * 24
        }
    }
}

extension WindowSchedule: Hashable {
    package static func == (a: WindowSchedule, b: WindowSchedule) -> Bool {
        a.unit == b.unit && a.count == b.count && a.isRolling == b.isRolling
            && a.anchor == b.anchor && a.zone == b.zone && a.since == b.since
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(unit)
        hasher.combine(count)
        hasher.combine(zone)
        hasher.combine(since)
    }
}
