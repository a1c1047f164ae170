import Estimating
package import LedgerModel

/// A service level that is promised: which part of requests does well.
package struct ServiceObjective: Hashable, Sendable {
    package enum Goal: Hashable, Sendable {
        /// They don't fail, but by their callers' doing.
        case availability
        /// Those that succeed take at most so many microseconds.
        case latency(Int64)
        case timeToFirstToken(Int64)
    }

    package let name: Name
    package let goal: Goal
    /// Of a million requests, those that may miss it.
    package let missesPerMillion: Int64
    package let days: Int64
    package let app: Name?
    package let provider: Name?
    package let model: Name?
    package let operation: Name?
    package let route: Name?

    package init(
        name: Name, goal: Goal, missesPerMillion: Int64, days: Int64 = 30, app: Name? = nil,
        provider: Name? = nil, model: Name? = nil, operation: Name? = nil, route: Name? = nil
    ) {
        self.name = name
        self.goal = goal
        self.missesPerMillion = missesPerMillion
        self.days = days
        self.app = app
        self.provider = provider
        self.model = model
        self.operation = operation
        self.route = route
    }

    /// What is looked at without a file.
    package static let standard = [
        ServiceObjective(name: "availability", goal: .availability, missesPerMillion: 10_000)
    ]

    /// The part that may miss.
    package var budget: Double { Double(missesPerMillion) / 1_000_000 }
}

/// Requests that missed an objective, of all that count for it.
package struct ObjectiveCounts: Hashable, Sendable {
    package var missed: Int64
    package var of: Int64

    package init(missed: Int64 = 0, of: Int64 = 0) {
        self.missed = missed
        self.of = of
    }

    package static func += (a: inout Self, b: Self) {
        a.missed += b.missed
        a.of += b.of
    }

    /// How many times faster than it may the budget for misses is used up; nil without requests.
    package func burn(of objective: ServiceObjective) -> Double? {
        of == 0 ? nil : Double(missed) / Double(of) / objective.budget
    }
}

/// How fast the budget for misses is used up, over a long time, so that it matters, and over a short
/// one, so that it still goes on.
///
/// Google's SRE workbook, chapter 5, "Multiwindow, Multi-Burn-Rate Alerts".
package struct BurnWindow: Hashable, Sendable {
    /// In tenths.
    package let factorTenths: Int64
    package let longSeconds: Int64
    package let shortSeconds: Int64

    package static let standard = [
        BurnWindow(factorTenths: 144, longSeconds: 3_600, shortSeconds: 300),
        BurnWindow(factorTenths: 60, longSeconds: 21_600, shortSeconds: 1_800),
        BurnWindow(factorTenths: 10, longSeconds: 259_200, shortSeconds: 21_600),
    ]

    package var factor: Double { Double(factorTenths) / 10 }
}

/// What counts for an objective, by five minutes.
package struct ObjectiveSlices: Sendable {
    private let objective: ServiceObjective
    /// By the number of five minutes since 2000.
    private var slices: [Int64: ObjectiveCounts] = [:]

    /// Misses in a long time, below which nothing is told.
    package static let missesMin: Int64 = 5

    package init(of objective: ServiceObjective) {
        self.objective = objective
    }

    /// Adds what an hour's row says.
    package mutating func add(_ sums: PerformanceSums, hour: Timestamp) {
        let first = hour.microseconds / SlotBucket.slotMicroseconds
        let slots: [SlotBucket: Int64] =
            if case .timeToFirstToken = objective.goal {
                sums.firstTokenSlots
            } else {
                sums.latencySlots
            }
        for (slot, count) in slots {
            let counts = objective.counts(slot.outcome, count)
            if counts.of > 0 {
                slices[first + Int64(slot.slot), default: ObjectiveCounts()] += counts
            }
        }
    }

    /// The last seconds before a time, rounded to whole five minutes and never shorter.
    package func counts(ofLast seconds: Int64, before now: Timestamp) -> ObjectiveCounts {
        let last = now.microseconds / SlotBucket.slotMicroseconds
        let first = last - seconds * 1_000_000 / SlotBucket.slotMicroseconds
        var sum = ObjectiveCounts()
        for (slice, counts) in slices where first <= slice && slice <= last { sum += counts }
        return sum
    }

    package struct Burn: Hashable, Sendable {
        package let window: BurnWindow
        package let long: ObjectiveCounts
        package let short: ObjectiveCounts
        package let longRate: Double?
        package let shortRate: Double?
        package let isBreached: Bool
    }

    /// Each window with its rates; it is breached if both of them are.
    package func burns(
        at now: Timestamp, windows: [BurnWindow] = BurnWindow.standard
    ) -> [Burn] {
        windows.map { window in
            let long = counts(ofLast: window.longSeconds, before: now)
            let short = counts(ofLast: window.shortSeconds, before: now)
            let (longRate, shortRate) = (long.burn(of: objective), short.burn(of: objective))
            return Burn(
                window: window, long: long, short: short, longRate: longRate, shortRate: shortRate,
                isBreached: long.missed >= Self.missesMin && (longRate ?? 0) >= window.factor
                    && (shortRate ?? 0) >= window.factor)
        }
    }
}

extension ServiceObjective {
    /// A failed attempt is a miss of its provider, but not of a service that went on to another one.
    private var countsAttempts: Bool { provider != nil }

    fileprivate func counts(_ outcome: SlotBucket.Outcome, _ count: Int64) -> ObjectiveCounts {
        switch (goal, outcome) {
        case (.availability, .failed): ObjectiveCounts(missed: count, of: count)
        case (.availability, .attempt) where countsAttempts:
            ObjectiveCounts(missed: count, of: count)
        case (.availability, .took), (.availability, .done): ObjectiveCounts(of: count)
        case (.latency(let max), .took(let time)), (.timeToFirstToken(let max), .took(let time)):
            ObjectiveCounts(missed: SlotBucket.end(of: time) > max ? count : 0, of: count)
        default: ObjectiveCounts()
        }
    }

    /// What some hours say of it as a whole.
    package func counts(_ sums: PerformanceSums) -> ObjectiveCounts {
        switch goal {
        case .availability:
            let faults = sums.faults
            let others = countsAttempts ? 0 : sums.attempts
            return ObjectiveCounts(missed: faults.failed - others, of: faults.of - others)
        case .latency(let max):
            return ObjectiveCounts(missed: sums.latency.count(above: max), of: sums.latency.total)
        case .timeToFirstToken(let max):
            return ObjectiveCounts(
                missed: sums.firstToken.count(above: max), of: sums.firstToken.total)
        }
    }
}
