/// Times as people write them on a command line or in a query: exactly, or relative to a moment.
extension Timestamp {
    /// What a time bounds; it matters for a month, which has both ends.
    package enum Bound: Sendable { case start, end }

    /// The accepted forms, for messages.
    package static let writtenForms =
        "2026-11-01, 2026-11-01T12:00:00Z, 2026-11 (a month), today, yesterday, now, or how long "
        + "ago: 24h, 7d, 2w"

    /// Reads a time: RFC 3339, of which the zone may be missing (then UTC); a date or `today` or
    /// `yesterday`, which mean their midnight in UTC; a month, which means its start, or as an end
    /// the start of the next one; `now`; or how many hours, days or weeks of 24 hours a day ago.
    ///
    /// So `2026-11` as start and as end is the whole of November, since ends are exclusive.
    /// Returns nil for anything else.
    package init?(
        written text: some StringProtocol, as bound: Bound = .start, at now: Timestamp
    ) {
        switch text.lowercased() {
        case "now": self = now
        case "today": self = now.startOfDay
        case "yesterday":
            self = now.startOfDay.advanced(byMicroseconds: -Self.dayMicroseconds)
        case let text:
            if let month = Month(text) {
                self = bound == .start ? month.start : month.next.start
            } else if let age = Self.age(text) {
                self = now.advanced(byMicroseconds: -age)
            } else if let time = Timestamp(rfc3339: text, zoneIsOptional: true) {
                self = time
            } else {
                return nil
            }
        }
    }

    /// The longest time ago: a century, in hours.
    private static let ageHoursMax: Int64 = 100 * 366 * 24

    /// The microseconds of `7d`; nil if it is none, or longer than a century.
    private static func age(_ text: String) -> Int64? {
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
        return count * hours * hourMicroseconds
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
