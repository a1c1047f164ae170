package import LedgerModel

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

    /// The day of UTC that holds a moment.
    package init(inUTC time: Timestamp) {
        let month = time.month
        let days = (time.microseconds - month.start.microseconds) / Timestamp.dayMicroseconds
        self.init(year: month.year, month: month.month, day: Int(days) + 1)
    }

    /// Reads `2026-04-01`.
    package init?(_ text: String) {
        guard text.utf8.count == 10, let time = Timestamp(rfc3339: text, zoneIsOptional: true)
        else { return nil }
        self.init(inUTC: time)
    }

    /// Its first moment in UTC.
    package var midnight: Timestamp { Timestamp(year: year, month: month, day: day) }

    package var description: String { midnight.dayDescription }

    package func advanced(byDays days: Int) -> CalendarDay {
        CalendarDay(
            inUTC: midnight.advanced(byMicroseconds: Int64(days) * Timestamp.dayMicroseconds))
    }

    /// The same day of another month, or the last one of a month that is too short for it.
    package func advanced(byMonths months: Int) -> CalendarDay {
        let (years, index) = (month - 1 + months).dividedDown(by: 12)
        let target = Month(year: year + years, month: index + 1)
        let length = CalendarDay(
            inUTC: target.next.start.advanced(byMicroseconds: -Timestamp.dayMicroseconds))
        return CalendarDay(year: target.year, month: target.month, day: min(day, length.day))
    }
}

extension Int {
    /// The quotient, rounded down, and the remainder, which is never negative.
    fileprivate func dividedDown(by divisor: Int) -> (quotient: Int, remainder: Int) {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }
}
