import Estimating
package import LedgerModel

/// What is compared: requests by a route with a model of a provider.
package struct SeriesName: Hashable, Comparable, Sendable {
    package let route: Name?
    package let provider: Name?
    package let model: Name?

    package init(route: Name?, provider: Name?, model: Name?) {
        self.route = route
        self.provider = provider
        self.model = model
    }

    package static func < (a: Self, b: Self) -> Bool { a.name < b.name }

    /// Such as `fast/openai/gpt-4o-mini`.
    package var name: Name {
        Name([route, provider, model].compactMap { $0?.string }.joined(separator: "/"))
    }
}

/// What of a series is worse than it usually is, with the evidence.
package struct Regression: Hashable, Sendable {
    package enum Measure: String, CaseIterable, Sendable {
        case latency
        case timeToFirstToken = "time_to_first_token"
        case outputRate = "output_rate"
        case queue, failures
    }

    package let series: SeriesName
    package let measure: Measure
    /// 50 or 95; nil for a share of failures.
    package let percentile: Int?
    /// Microseconds, thousandths of tokens a second, or a share.
    package let now: Double
    package let before: Double
    /// How often a value of now is worse than one of before, or how much more frequent are values
    /// worse than the percentile was; nil for failures.
    package let effect: Double?
    package let z: Double
    package let p: Double
    package let requests: Int64
    package let requestsBefore: Int64
    package let basis: BaselineTimes.Basis
    package let samples: Int
    /// False if it is on its way back.
    package let isBreached: Bool
    /// Which stage grew; the largest growth first, empty where nothing tells.
    package let stages: [StageGrowth]
    /// The output tokens of an answer, now over before, where both are known.
    package let outputGrowth: Double?
    /// The applications whose requests make up most of it.
    package let apps: [AppChange]

    package struct AppChange: Hashable, Sendable {
        package let app: Name?
        package let requests: Int64
        package let now: Double
        /// Nil for an application that is new.
        package let before: Double?
    }

    /// How much worse, in parts of what it was.
    package var change: Double {
        guard before > 0, now > 0 else { return 0 }
        return measure == .outputRate ? before / now - 1 : now / before - 1
    }
}

/// A stage whose mean time grew, and its part of all growth.
package struct StageGrowth: Hashable, Sendable {
    /// Of the gateway; `first_token` and `generation` where only times of requests are known.
    package let stage: String
    /// Microseconds.
    package let now: Double
    package let before: Double
    package let share: Double

    package var growth: Double { now - before }
}

/// Where time is spent and where it grew.
package enum Bottlenecks {
    /// The stages by their growth, the largest first; nil where times of stages are not known.
    package static func growth(_ now: PerformanceSums, _ before: PerformanceSums) -> [StageGrowth] {
        let (means, earlier) = (times(now), times(before))
        // Two ways to look at time can't be compared.
        guard !means.isEmpty, (now.staged > 0) == (before.staged > 0) else { return [] }
        let names =
            means.map(\.name)
            + earlier.map(\.name).filter { name in
                !means.contains { $0.name == name }
            }
        let pairs = names.map { name in
            (
                name: name, now: means.first { $0.name == name }?.time ?? 0,
                before: earlier.first { $0.name == name }?.time ?? 0
            )
        }
        let grown = pairs.reduce(0) { $0 + max(0, $1.now - $1.before) }
        guard grown > 0 else { return [] }
        return pairs.filter { $0.now > $0.before }.map {
            StageGrowth(
                stage: $0.name, now: $0.now, before: $0.before,
                share: ($0.now - $0.before) / grown)
        }.sorted { ($1.growth, $0.stage) < ($0.growth, $1.stage) }
    }

    /// Each stage with its mean time and its part of all time, the longest first.
    package static func shares(
        _ sums: PerformanceSums
    ) -> [(name: String, microseconds: Double, share: Double)] {
        let times = times(sums)
        let whole = times.reduce(0) { $0 + $1.time }
        guard whole > 0 else { return [] }
        return times.map { (name: $0.name, microseconds: $0.time, share: $0.time / whole) }
            .sorted { ($1.microseconds, $0.name) < ($0.microseconds, $1.name) }
    }

    private static func times(_ sums: PerformanceSums) -> [(name: String, time: Double)] {
        if sums.staged > 0 {
            return sums.stageMeans.map { (name: $0.stage.rawValue, time: $0.microseconds) }
        }
        // Most answers must tell both times, or the difference of their means is of others.
        guard let latency = sums.latency.mean, let first = sums.firstToken.mean,
            sums.firstToken.total * 10 >= sums.latency.total * 8
        else { return [] }
        return [
            (name: CallStage.firstToken.rawValue, time: first),
            (name: "generation", time: max(0, latency - first)),
        ]
    }
}
