package import LedgerModel

/// Times as people write them on a command line or in a query: exactly, or relative to a moment.
extension Timestamp {
    /// What a time bounds; it matters for a month, which has both ends.
    package enum Bound: Sendable { case start, end }

    /// The accepted forms, for messages.
    package static let writtenForms =
        "2026-11-01, 2026-11-01T12:00:00Z, 2026-11 (a month), today, yesterday, now, or how long "
        + "ago: 24h, 7d, 2w"

    /// Reads a time: RFC 3339, of which the zone may be missing; a date or `today` or `yesterday`,
    /// which mean their first moment; a month, which means its start, or as an end the start of the
    /// next one; `now`; or how many hours, days or weeks ago.
    ///
    /// Days, months and times without a zone are those of the given one. So `2026-11` as start and
    /// as end is the whole of November there, since ends are exclusive, and `7d` is the same time of
    /// day a week ago, whatever the clocks did. Returns nil for anything else.
    package init?(
        written text: some StringProtocol, as bound: Bound = .start, at now: Timestamp,
        in zone: CalendarZone = .utc
    ) {
        switch text.lowercased() {
        case "now": self = now
        case "today": self = zone.startOfDay(now)
        case "yesterday": self = zone.start(of: zone.day(of: now).advanced(byDays: -1))
        case let text:
            if let month = Month(text) {
                let day = (bound == .start ? month : month.next).start
                self = zone.start(of: CalendarDay(inUTC: day))
            } else if let age = Self.age(text) {
                let days = age.hours / 24
                self =
                    age.isInDays
                    ? zone.advanced(now, byDays: -days)
                    : now.advanced(byMicroseconds: -age.hours * Self.hourMicroseconds)
            } else if let time = Timestamp(rfc3339: text) {
                self = time
            } else if let wall = Timestamp(rfc3339: text, zoneIsOptional: true) {
                // A lenient offset, such as +02, counts as a zone.
                self = Self.endsWithOffset(text) ? wall : zone.moment(showing: wall)
            } else {
                return nil
            }
        }
    }

    private static func endsWithOffset(_ text: String) -> Bool {
        text.utf8.count > 10 && text.utf8.dropFirst(10).contains { $0 == 0x2B || $0 == 0x2D }
    }

    /// The longest time ago: a century, in hours.
    private static let ageHoursMax: Int64 = 100 * 366 * 24

    /// The hours of `7d`; nil if it is none, or longer than a century.
    private static func age(_ text: String) -> (hours: Int64, isInDays: Bool)? {
        let hours: Int64? =
            switch text.last {
            case "h": 1
            case "d": 24
            case "w": 7 * 24
            default: nil
            }
        let digits = text.utf8.dropLast()
        guard let hours, digits.allSatisfy({ (48...57).contains($0) }),
            let count = Int64(text.dropLast()), count <= ageHoursMax / hours
        else { return nil }
        return (count * hours, hours > 1)
    }
}

extension Month {
    /// Reads `2026-11`.
    fileprivate init?(_ text: String) {
        guard text.utf8.count == 7,
            let start = Timestamp(rfc3339: text + "-01", zoneIsOptional: true)
        else { return nil }
        self = start.month
    }
}
