package import LedgerModel

/// Two hours, and those that they are compared with: the same hours of earlier days, and the day
/// before now for series that are young.
package struct BaselineTimes: Sendable {
    package struct Span: Hashable, Sendable {
        package let from: Timestamp
        package let to: Timestamp
    }

    /// The first is now.
    package let spans: [Span]
    private let isWeekend: [Bool]

    /// The hour that runs, and the one before it.
    package static let hours: Int64 = 2
    package static let days = 28
    /// Samples that make a baseline.
    package static let samplesMin = 5
    /// As many weeks have a baseline of the hour of the week.
    package static let weeksMin = 3

    package init(at now: Timestamp) {
        let hour = Timestamp.hourMicroseconds
        let end = now.advanced(byMicroseconds: hour - now.timeOfDay % hour)
        func span(before hours: Int64) -> Span {
            let to = end.advanced(byMicroseconds: -hours * hour)
            return Span(from: to.advanced(byMicroseconds: -Self.hours * hour), to: to)
        }
        var spans = [span(before: 0)]
        for day in 1...Self.days { spans.append(span(before: Int64(day) * 24)) }
        for step in 1..<(24 / Self.hours) { spans.append(span(before: step * Self.hours)) }
        self.spans = spans
        // The first day of 2000 was a Saturday.
        isWeekend = spans.map { span in
            let day = span.from.startOfDay.microseconds / Timestamp.dayMicroseconds
            return (0...1).contains((day % 7 + 7) % 7)
        }
    }

    package enum Basis: String, Sendable {
        case hourOfWeek = "the same hour of other weeks"
        case sameDays = "the same hours of such days"
        case sameHours = "the same hours of other days"
        case lastDay = "the last days"
    }

    /// What a series is compared with; nil if it has too few samples.
    ///
    /// - Parameter sampled: the spans in which it has enough requests, in order.
    package func compared(_ sampled: [Int]) -> (basis: Basis, spans: [Int])? {
        let days = sampled.filter { (1...Self.days).contains($0) }
        let weeks = days.filter { $0 % 7 == 0 }
        if weeks.count >= Self.weeksMin { return (.hourOfWeek, weeks) }
        let alike = days.filter { isWeekend[$0] == isWeekend[0] }
        let choices: [(Basis, [Int])] = [
            (.sameDays, alike), (.sameHours, days), (.lastDay, sampled.filter { $0 > 0 }),
        ]
        return choices.first { $0.1.count >= Self.samplesMin }.map { ($0.0, $0.1) }
    }
}
