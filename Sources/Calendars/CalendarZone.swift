// Only the offsets of a zone are Foundation's; days and months are counted here, in integers. Where
// the clock is put forward over a moment, that moment is the change itself; where it is put back
// over one, the earlier of the two is meant. So a day begins at the first moment that bears its
// date.

import Foundation
package import LedgerModel

/// A time zone: what day it is somewhere, and when that day begins.
package struct CalendarZone: Sendable {
    /// Its name in the database of time zones, such as `Europe/Berlin`.
    package let name: String
    /// Nil for UTC.
    private let rules: TimeZone?

    package static let utc = CalendarZone()

    private init() {
        name = "UTC"
        rules = nil
    }

    /// Nil if there is no such zone.
    package init?(named name: String) {
        if name == Self.utc.name {
            self = .utc
            return
        }
        guard let rules = TimeZone(identifier: name) else { return nil }
        self.name = name
        self.rules = rules
    }

    // MARK: Moments and wall clocks

    /// Microseconds that its clocks are ahead of UTC's at a moment.
    package func offset(at time: Timestamp) -> Int64 {
        guard let rules else { return 0 }
        let seconds = time.startOfSecond.unixMicroseconds / 1_000_000
        let date = Date(timeIntervalSince1970: Double(seconds))
        return Int64(rules.secondsFromGMT(for: date)) * 1_000_000
    }

    /// What its clocks show at a moment, as the moment at which those of UTC do.
    package func wall(at time: Timestamp) -> Timestamp {
        time.advanced(byMicroseconds: offset(at: time))
    }

    /// The first moment at which its clocks show a time, or have passed it.
    package func moment(showing wall: Timestamp) -> Timestamp {
        guard rules != nil else { return wall }
        let day = Timestamp.dayMicroseconds
        let offsets = [-day, day].map { offset(at: wall.advanced(byMicroseconds: $0)) }
        let moments = offsets.map { wall.advanced(byMicroseconds: -$0) }
        for (moment, offset) in zip(moments, offsets) where self.offset(at: moment) == offset {
            return moment
        }
        // The clocks jump over it: the change lies between the two, on a whole second.
        var (before, after) = (moments[1].startOfSecond, moments[0].startOfSecond)
        while after.microseconds - before.microseconds > 1_000_000 {
            let middle = before.advanced(
                byMicroseconds: (after.microseconds - before.microseconds) / 2
            ).startOfSecond
            if offset(at: middle) == offsets[0] { before = middle } else { after = middle }
        }
        return after
    }

    // MARK: Days and months

    package func day(of time: Timestamp) -> CalendarDay { CalendarDay(inUTC: wall(at: time)) }

    package func start(of day: CalendarDay) -> Timestamp { moment(showing: day.midnight) }

    package func startOfDay(_ time: Timestamp) -> Timestamp { start(of: day(of: time)) }

    package func startOfMonth(_ time: Timestamp) -> Timestamp {
        start(of: day(of: time).firstOfMonth)
    }

    /// The same time of day some days later, or earlier.
    package func advanced(_ time: Timestamp, byDays days: Int64) -> Timestamp {
        if days == 0 { return time }
        return moment(
            showing: wall(at: time).advanced(byMicroseconds: days * Timestamp.dayMicroseconds))
    }

    /// The whole days, or months, that hold a moment.
    package func period(_ length: CalendarPeriod, of time: Timestamp) -> (
        from: Timestamp, to: Timestamp
    ) {
        let first = length.first(of: day(of: time))
        return (start(of: first), start(of: length.next(after: first)))
    }

    /// When each day, or month, begins that has a part in a time, and when the last one ends.
    package func bounds(
        of length: CalendarPeriod, from: Timestamp, to: Timestamp
    ) -> [Timestamp] {
        var day = length.first(of: day(of: from))
        var bounds = [start(of: day)]
        while let last = bounds.last, last < to {
            day = length.next(after: day)
            bounds.append(start(of: day))
        }
        return bounds
    }

    /// Whether its days begin on whole hours of UTC, now and as far as is known.
    package var hasWholeHours: Bool {
        let hour = Timestamp.hourMicroseconds
        return (2_024..<2_040).allSatisfy { year in
            (1...12).allSatisfy {
                offset(at: Timestamp(year: year, month: $0, day: 1)) % hour == 0
            }
        }
    }

    /// A moment as its clocks show it, in RFC 3339 with the offset: `2026-11-01T00:00:00+01:00`.
    package func written(_ time: Timestamp) -> String {
        let minutes = offset(at: time) / 60_000_000
        if minutes == 0 { return time.description }
        let digits = (abs(minutes) / 60 * 100 + abs(minutes) % 60 + 10_000).description.dropFirst()
        return wall(at: time).description.dropLast() + (minutes < 0 ? "-" : "+")
            + digits.prefix(2) + ":" + digits.suffix(2)
    }
}

/// A day or a month.
package enum CalendarPeriod: Sendable {
    case day, month

    /// The first day of the one that a day belongs to.
    package func first(of day: CalendarDay) -> CalendarDay {
        self == .day ? day : day.firstOfMonth
    }

    package func next(after first: CalendarDay) -> CalendarDay {
        self == .day ? first.advanced(byDays: 1) : first.advanced(byMonths: 1)
    }
}

extension CalendarZone: Hashable, CustomStringConvertible {
    package static func == (a: CalendarZone, b: CalendarZone) -> Bool { a.name == b.name }

    package func hash(into hasher: inout Hasher) { hasher.combine(name) }

    package var description: String { name }
}

extension CalendarDay {
    fileprivate var firstOfMonth: CalendarDay { CalendarDay(year: year, month: month, day: 1) }
}

extension Timestamp {
    fileprivate var startOfSecond: Timestamp {
        let rest = timeOfDay % 1_000_000
        return advanced(byMicroseconds: -rest)
    }
}

/// A name that is no time zone, or one whose days cannot be counted.
package enum ZoneRefusal: Fault, Hashable {
    case unknown(String)
    /// Its days begin at half past an hour of UTC, or at a quarter.
    case betweenHours(String)

    package var kind: FaultKind { .invalid }
    package var param: String? { "zone" }

    package var description: String {
        switch self {
        case .unknown(let zone):
            "there is no time zone \(zone): use a name such as Europe/Berlin or UTC"
        case .betweenHours(let zone):
            "days of \(zone) do not begin on a full hour of UTC, and spend is summed by those: a "
                + "ledger cannot have this zone, but budgets can"
        }
    }
}
