/// A moment in microseconds since 2000-01-01T00:00:00Z, the epoch of PostgreSQL's `timestamptz`.
///
/// The same integer is hashed, stored and sent, so a time never passes through floating point.
package struct Timestamp: Hashable, Comparable, Sendable {
    package var microseconds: Int64

    package init(microseconds: Int64) {
        self.microseconds = microseconds
    }

    package init(unixMicroseconds: Int64) {
        self.microseconds = unixMicroseconds - Self.unixEpochOffset
    }

    /// Midnight UTC at the start of a day of the proleptic Gregorian calendar.
    package init(year: Int, month: Int, day: Int) {
        let days = Self.daysFromUnixEpoch(year: year, month: month, day: day)
        self.init(unixMicroseconds: Int64(days) * Self.dayMicroseconds)
    }

    package static let dayMicroseconds: Int64 = 86_400_000_000
    package static let hourMicroseconds: Int64 = 3_600_000_000
    static let unixEpochOffset: Int64 = 946_684_800_000_000

    /// The earliest time of an event; nothing was billed by the token before it.
    package static let earliest = Timestamp(year: 2015, month: 1, day: 1)

    package var unixMicroseconds: Int64 { microseconds + Self.unixEpochOffset }
    package var unixMilliseconds: Int64 { floorDivide(unixMicroseconds, 1_000) }

    package static func < (a: Timestamp, b: Timestamp) -> Bool { a.microseconds < b.microseconds }

    package func advanced(byMicroseconds delta: Int64) -> Timestamp {
        Timestamp(microseconds: microseconds + delta)
    }

    package var startOfDay: Timestamp {
        Timestamp(
            microseconds: floorDivide(microseconds, Self.dayMicroseconds) * Self.dayMicroseconds)
    }

    /// Microseconds since midnight UTC.
    package var timeOfDay: Int64 { microseconds - startOfDay.microseconds }

    package var month: Month {
        let (year, month, _) = Self.civil(fromUnixDay: Int(unixDay))
        return Month(year: year, month: month)
    }

    private var unixDay: Int64 { floorDivide(unixMicroseconds, Self.dayMicroseconds) }
}

/// A calendar month in UTC: the unit of partitioning.
package struct Month: Hashable, Comparable, Sendable, CustomStringConvertible {
    package let year: Int
    package let month: Int

    package init(year: Int, month: Int) {
        self.year = year
        self.month = month
    }

    package var start: Timestamp { Timestamp(year: year, month: month, day: 1) }
    package var next: Month {
        month == 12 ? Month(year: year + 1, month: 1) : Month(year: year, month: month + 1)
    }
    package var description: String { "\(padded(year, 4))-\(padded(month, 2))" }

    package static func < (a: Month, b: Month) -> Bool {
        (a.year, a.month) < (b.year, b.month)
    }
}

// MARK: - RFC 3339

extension Timestamp: CustomStringConvertible {
    /// Reads RFC 3339 (`2026-11-23T17:10:00.123456Z`); a space may replace `T`, a time without a
    /// zone is UTC if `zoneIsOptional`, and digits below the microsecond are cut.
    ///
    /// Returns nil for anything else, including impossible dates and years past 9999.
    package init?(rfc3339 text: some StringProtocol, zoneIsOptional: Bool = false) {
        var text = String(text)
        let parsed = text.withUTF8 { bytes in
            var reader = TimestampReader(bytes: bytes)
            return reader.read(zoneIsOptional: zoneIsOptional)
        }
        guard let parsed else { return nil }
        self = parsed
    }

    package init?(rfc3339 bytes: UnsafeBufferPointer<UInt8>, zoneIsOptional: Bool = false) {
        var reader = TimestampReader(bytes: bytes)
        guard let parsed = reader.read(zoneIsOptional: zoneIsOptional) else { return nil }
        self = parsed
    }

    package var description: String {
        let (year, month, day) = Self.civil(fromUnixDay: Int(unixDay))
        let seconds = timeOfDay / 1_000_000
        let fraction = Int(timeOfDay % 1_000_000)
        let time = [seconds / 3_600, seconds / 60 % 60, seconds % 60]
            .map { padded(Int($0), 2) }.joined(separator: ":")
        let date = "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))"
        return fraction == 0 ? "\(date)T\(time)Z" : "\(date)T\(time).\(padded(fraction, 6))Z"
    }

    /// The day in UTC as `2026-11-23`.
    package var dayDescription: String { String(description.prefix(10)) }
}

private struct TimestampReader {
    let bytes: UnsafeBufferPointer<UInt8>
    var index = 0

    mutating func read(zoneIsOptional: Bool) -> Timestamp? {
        guard let year = digits(4), take("-"), let month = digits(2), take("-"),
            let day = digits(2), (1...12).contains(month), year > 0,
            (1...Timestamp.days(inMonth: month, of: year)).contains(day)
        else { return nil }
        let midnight = Timestamp(year: year, month: month, day: day)
        if index == bytes.count { return zoneIsOptional ? midnight : nil }
        guard take("T") || take("t") || take(" "), let hour = digits(2), take(":"),
            let minute = digits(2), take(":"), let second = digits(2),
            hour < 24, minute < 60, second <= 60, let fraction = fraction(),
            let offset = zone(isOptional: zoneIsOptional), index == bytes.count
        else { return nil }
        // A leap second counts as the first moment of the next minute, as in PostgreSQL.
        let seconds = Int64(hour * 3_600 + minute * 60 + second - offset * 60)
        return midnight.advanced(byMicroseconds: seconds * 1_000_000 + fraction)
    }

    private mutating func digits(_ count: Int) -> Int? {
        guard index + count <= bytes.count else { return nil }
        var value = 0
        for byte in bytes[index..<index + count] {
            guard (48...57).contains(byte) else { return nil }
            value = value * 10 + Int(byte - 48)
        }
        index += count
        return value
    }

    private mutating func take(_ scalar: Unicode.Scalar) -> Bool {
        guard index < bytes.count, bytes[index] == UInt8(ascii: scalar) else { return false }
        index += 1
        return true
    }

    private mutating func fraction() -> Int64? {
        guard take(".") || take(",") else { return 0 }
        var value: Int64 = 0
        var count = 0
        while index < bytes.count, (48...57).contains(bytes[index]) {
            if count < 6 { value = value * 10 + Int64(bytes[index] - 48) }
            count += 1
            index += 1
        }
        guard count > 0 else { return nil }
        for _ in min(count, 6)..<6 { value *= 10 }
        return value
    }

    /// Minutes east of UTC.
    private mutating func zone(isOptional: Bool) -> Int? {
        if take("Z") || take("z") { return 0 }
        let sign = take("+") ? 1 : take("-") ? -1 : 0
        if sign == 0 { return isOptional ? 0 : nil }
        guard let hours = digits(2), hours < 24 else { return nil }
        guard take(":") else { return isOptional ? sign * hours * 60 : nil }
        guard let minutes = digits(2), minutes < 60 else { return nil }
        return sign * (hours * 60 + minutes)
    }
}

// MARK: - Calendar

extension Timestamp {
    static func days(inMonth month: Int, of year: Int) -> Int {
        let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        return month == 2 ? (isLeap ? 29 : 28) : [4, 6, 9, 11].contains(month) ? 30 : 31
    }

    /// Days from civil dates, counted in years that start in March so the leap day is last.
    static func daysFromUnixEpoch(year: Int, month: Int, day: Int) -> Int {
        let year = month <= 2 ? year - 1 : year
        let era = floorDivide(year, 400)
        let yearOfEra = year - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * 146_097 + dayOfEra - 719_468
    }

    static func civil(fromUnixDay day: Int) -> (year: Int, month: Int, day: Int) {
        let shifted = day + 719_468
        let era = floorDivide(shifted, 146_097)
        let dayOfEra = shifted - era * 146_097
        let yearOfEra =
            (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        let month = monthFromMarch + (monthFromMarch < 10 ? 3 : -9)
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        return (year, month, dayOfYear - (153 * monthFromMarch + 2) / 5 + 1)
    }
}

private func floorDivide<I: FixedWidthInteger & SignedInteger>(_ a: I, _ b: I) -> I {
    let (quotient, remainder) = a.quotientAndRemainder(dividingBy: b)
    return remainder < 0 ? quotient - 1 : quotient
}

private func padded(_ value: Int, _ width: Int) -> String {
    let digits = String(value)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
}
