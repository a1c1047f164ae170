package import Resilience

/// How requests of each class fared: how many were let in, shed, refused by a limit, and how many kept
/// what the class was promised.
///
/// A request that was shed did not keep it; one above a limit of its own does not count, and
/// neither does one that its caller got wrong.
package struct ClassTally: Sendable {
    package struct Counts: Hashable, Sendable {
        package var admitted: Int64 = 0
        package var limited: Int64 = 0
        package var shed: Int64 = 0
        package var kept: Int64 = 0
        package var missed: Int64 = 0

        package init() {}

        /// The share of requests that kept the goal, from 0 to 1; nil without requests.
        package var compliance: Double? {
            let all = kept + missed + shed
            return all > 0 ? Double(kept) / Double(all) : nil
        }

        static func += (a: inout Counts, b: Counts) {
            a.admitted += b.admitted
            a.limited += b.limited
            a.shed += b.shed
            a.kept += b.kept
            a.missed += b.missed
        }
    }

    private struct Minute: Sendable {
        var number: Int64
        var counts: [Counts]
    }

    package private(set) var totals: [Counts]
    private var minutes: [Minute] = []

    /// Minutes that `recent` looks back on.
    package static let recentMinutes: Int64 = 10

    package init(classes: Int) {
        totals = Array(repeating: Counts(), count: classes)
    }

    package mutating func count(
        _ index: Int, _ member: WritableKeyPath<Counts, Int64>, at now: Moment
    ) {
        totals[index][keyPath: member] += 1
        let number = Self.minute(now)
        if minutes.last.map({ $0.number < number }) ?? true {
            minutes.removeAll { $0.number <= number - Self.recentMinutes }
            minutes.append(
                Minute(
                    number: number, counts: Array(repeating: Counts(), count: totals.count)))
        }
        minutes[minutes.count - 1].counts[index][keyPath: member] += 1
    }

    /// The counts of a class in the last ten minutes.
    package func recent(_ index: Int, at now: Moment) -> Counts {
        let first = Self.minute(now) - Self.recentMinutes
        return minutes.reduce(into: Counts()) { sum, minute in
            if minute.number > first { sum += minute.counts[index] }
        }
    }

    private static func minute(_ moment: Moment) -> Int64 { moment.microseconds / 60_000_000 }
}

extension ServiceClass.Goal {
    /// Whether an answer came as soon as was promised.
    package func isKept(timeToFirstToken first: Duration?, latency: Duration) -> Bool {
        (timeToFirstToken.map { (first ?? latency) <= $0 } ?? true)
            && (self.latency.map { latency <= $0 } ?? true)
    }
}
