import Calendars
package import LedgerModel

/// A part of each day in a zone, such as 22:00 to 06:00.
package struct DayHours: Hashable, Sendable {
    /// Minutes of the day; the end is not part of it, and may lie on the next day.
    package let from: Int
    package let until: Int
    package let zone: String
    private let clock: CalendarZone

    private static let dayMinutes = 24 * 60

    /// - Parameter text: `22:00-06:00`.
    package init(_ text: String, zone: String) throws(ControlInvalid) {
        guard let clock = CalendarZone(named: zone) else {
            throw .setting("there is no time zone \(zone): use a name such as Europe/Berlin or UTC")
        }
        let ends = text.split(separator: "-", omittingEmptySubsequences: false)
            .map { Self.minutes($0) }
        guard ends.count == 2, let from = ends[0], let until = ends[1], from != until else {
            throw .setting("hours is \(text): write two different times such as 22:00-06:00")
        }
        self.from = from
        self.until = until
        self.zone = zone
        self.clock = clock
    }

    private static func minutes(_ text: Substring) -> Int? {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, parts.allSatisfy({ 1...2 ~= $0.utf8.count }),
            let hour = Int(parts[0]), let minute = Int(parts[1]), 0...24 ~= hour,
            0...59 ~= minute, hour * 60 + minute <= dayMinutes
        else { return nil }
        return hour * 60 + minute
    }

    package func contains(_ time: Timestamp) -> Bool {
        let minute = Int(clock.wall(at: time).timeOfDay / 60_000_000)
        return from < until
            ? from <= minute && minute < until : minute >= from || minute < until
    }

    package var text: String { "\(Self.text(from))-\(Self.text(until))" }

    private static func text(_ minutes: Int) -> String {
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        return "\(two(minutes / 60)):\(two(minutes % 60))"
    }
}
