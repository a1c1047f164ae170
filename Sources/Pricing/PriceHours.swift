import LedgerModel

/// A part of the day in UTC; it spans midnight if it ends before it starts.
package struct DailyHours: Hashable, Sendable {
    /// Microseconds since midnight; the end is exclusive.
    package let start: Int64
    package let end: Int64

    package init(start: Int64, end: Int64) {
        self.start = start
        self.end = end
    }

    var isWholeDay: Bool { start == 0 && end == Timestamp.dayMicroseconds }

    package func contains(_ timeOfDay: Int64) -> Bool {
        end < start
            ? timeOfDay >= start || timeOfDay < end
            : timeOfDay >= start && timeOfDay < end
    }
}

/// Days of the week in UTC.
package struct Weekdays: Hashable, Sendable {
    /// Monday is bit 0.
    private let bits: UInt8

    /// As price files write them, Monday first.
    static let names = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]

    /// - Parameter days: from 0, which is Monday.
    package init(_ days: some Sequence<Int>) {
        bits = days.reduce(0) { $0 | 1 << UInt8($1) }
    }

    package func contains(_ day: Int) -> Bool { bits & 1 << UInt8(day) != 0 }

    func overlaps(_ other: Weekdays) -> Bool { bits & other.bits != 0 }

    var days: [Int] { (0..<7).filter(contains) }
}

extension Weekdays: CustomStringConvertible {
    /// The names as files have them: `mon, tue`.
    package var description: String { days.map { Self.names[$0] }.joined(separator: ", ") }
}

extension Timestamp {
    /// The day of the week in UTC, from 0, which is Monday.
    var weekday: Int {
        // 1970-01-01 was a Thursday.
        let day = startOfDay.unixMicroseconds / Self.dayMicroseconds
        return Int(((day + 3) % 7 + 7) % 7)
    }
}
