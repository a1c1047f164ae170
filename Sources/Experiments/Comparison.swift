import JSON
package import LedgerModel
internal import RealModule

/// What an arm's units saw, up to a position.
///
/// A unit counts once, with its mean over its requests: costs and latencies as logarithms, failures
/// and qualities as they are, between 0 and 1.
package struct ArmStatistics: Hashable, Sendable {
    package let arm: Name
    package var units: Int64 = 0
    package var requests: Int64 = 0
    package var failedRequests: Int64 = 0
    /// Requests without a price; their units are not in `logCost`, since unknown is not zero.
    package var unpricedRequests: Int64 = 0
    /// The total cost of the requests with a price.
    package var cost = PicodollarSum.zero
    /// The requests of the units in `logCost`, and their cost.
    package var pricedRequests: Int64 = 0
    package var pricedCost = PicodollarSum.zero
    package var latency: Int128 = 0
    package var timedRequests: Int64 = 0
    /// Requests without a unit, which are not compared.
    package var requestsWithoutUnit: Int64 = 0
    package var logCost = Moments()
    package var logLatency = Moments()
    package var failure = Moments()
    package var quality = Moments()

    package init(arm: Name) {
        self.arm = arm
    }

    /// Added to costs before taking logarithms, because a cost can be zero: 10⁻⁶ USD.
    package static let costOffset: Int64 = 1_000_000

    /// The mean cost of a priced request, rounded to picodollars; nil without any.
    package var costOfRequest: PicodollarSum? {
        pricedRequests == 0
            ? nil
            : PicodollarSum(dividedHalfEven(pricedCost.amount, by: Int128(pricedRequests)))
    }

    /// The mean of completed requests; nil without any.
    package var latencyMilliseconds: Double? {
        timedRequests == 0 ? nil : Double(latency) / Double(timedRequests) / 1_000
    }

    func moments(of metric: ExperimentDefinition.Metric) -> Moments {
        switch metric {
        case .cost: logCost
        case .latency: logLatency
        case .failure: failure
        case .quality: quality
        }
    }

    /// The arithmetic mean per request in picodollars or microseconds; nil for other metrics.
    fileprivate func mean(of metric: ExperimentDefinition.Metric) -> Double? {
        switch metric {
        case .cost where pricedRequests > 0:
            Double(pricedCost.amount) / Double(pricedRequests)
        case .latency where timedRequests > 0: Double(latency) / Double(timedRequests)
        default: nil
        }
    }
}

/// A challenger compared with the control in one metric.
package struct Comparison: Hashable, Sendable {
    package enum Verdict: String, Sendable {
        case better, worse
        /// The difference is below what matters.
        case same
        /// Not decided yet.
        case open
        /// The typical unit is decided, but the mean lies on the other side: the tail decides.
        case contradicted
    }

    package let arm: Name
    package let metric: ExperimentDefinition.Metric
    package let verdict: Verdict
    /// The ratio minus 1 for cost and latency, else the difference; nil until there is one.
    package let effect: Double?
    package let low: Double?
    package let high: Double?
    /// The effect on the arithmetic mean per request, which is what is paid; for cost and latency.
    package let effectOnMean: Double?
    /// The units of control and challenger behind it.
    package let units: (control: Int64, challenger: Int64)

    package static func == (a: Comparison, b: Comparison) -> Bool {
        a.arm == b.arm && a.metric == b.metric && a.verdict == b.verdict && a.effect == b.effect
            && a.low == b.low && a.high == b.high && a.effectOnMean == b.effectOnMean
            && a.units == b.units
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(arm)
        hasher.combine(metric)
        hasher.combine(verdict)
    }
}

/// Why an experiment ends automatically.
package struct ExperimentDecision: Hashable, Sendable {
    package enum Reason: String, Sendable {
        /// A challenger is better in the first metric, and worse in none.
        case better
        /// No challenger differs from the control by what matters.
        case same
        /// Every challenger is worse in some metric, or no better in the first.
        case worse
    }

    package let reason: Reason
    package let winner: Name
    /// The comparison behind the decision.
    package let comparison: Comparison
}

extension ExperimentDefinition {
    /// The error allowed to one comparison, so that all together keep the error rate.
    package var errorOfComparison: Double {
        Double(errorRate) / 1_000_000 / Double(goals.count * challengers.count)
    }

    /// Compares every challenger with the control in every metric.
    ///
    /// - Parameter withIntervals: whether to report intervals of effects; verdicts alone
    ///   take a hundredth of the time.
    package func compare(
        _ statistics: [ArmStatistics], withIntervals: Bool = true
    ) -> [Comparison] {
        let control = statistics.first { $0.arm == self.control.name }
        return challengers.flatMap { arm in
            let challenger = statistics.first { $0.arm == arm.name }
            return goals.map { goal in
                compare(
                    challenger ?? ArmStatistics(arm: arm.name),
                    with: control ?? ArmStatistics(arm: self.control.name), in: goal,
                    withIntervals: withIntervals)
            }
        }
    }

    private func compare(
        _ challenger: ArmStatistics, with control: ArmStatistics, in goal: Goal,
        withIntervals: Bool
    ) -> Comparison {
        let metric = goal.metric
        let (a, b) = (control.moments(of: metric), challenger.moments(of: metric))
        let smallest = Double(goal.smallestEffect) / 1_000_000
        let onMean = control.mean(of: metric).flatMap { before in
            challenger.mean(of: metric).flatMap { before > 0 ? $0 / before - 1 : nil }
        }
        func comparison(
            _ verdict: Comparison.Verdict, _ effect: Double? = nil, _ low: Double? = nil,
            _ high: Double? = nil
        ) -> Comparison {
            Comparison(
                arm: challenger.arm, metric: metric, verdict: verdict, effect: effect, low: low,
                high: high, effectOnMean: onMean, units: (a.count, b.count))
        }
        if metric.isRelative {
            guard min(a.count, b.count) >= unitsMin else { return comparison(.open) }
            let test = MeanDifference(
                control: a, challenger: b, error: errorOfComparison,
                tunedFor: Double(unitsMin) * 20)
            let bounds = (-Double.log(1 + smallest), Double.log(1 + smallest))
            var verdict = Self.verdict(metric, test.estimate, bounds, test.excludes)
            if let onMean, verdict == .better || verdict == .worse,
                (onMean < 0) != (test.estimate < 0)
            {
                verdict = .contradicted
            }
            let (low, high) = test.interval
            return comparison(
                verdict, Double.exp(test.estimate) - 1, Double.exp(low) - 1, Double.exp(high) - 1)
        }
        guard min(a.count, b.count) > 0 else { return comparison(.open) }
        let test = BoundedDifference(control: a, challenger: b, error: errorOfComparison)
        let verdict = Self.verdict(metric, test.estimate, (-smallest, smallest), test.excludes)
        guard withIntervals else { return comparison(verdict, test.estimate) }
        let (low, high) = test.interval
        return comparison(verdict, test.estimate, low, high)
    }

    /// First decides what is smaller than what matters, then the direction.
    private static func verdict(
        _ metric: Metric, _ estimate: Double, _ bounds: (low: Double, high: Double),
        _ excludes: (Double) -> Bool
    ) -> Comparison.Verdict {
        let isWithin = estimate > bounds.low && estimate < bounds.high
        if isWithin, excludes(bounds.low), excludes(bounds.high) { return .same }
        guard excludes(0) else { return .open }
        return (estimate < 0) == metric.isBetterLower ? .better : .worse
    }

    /// Whether the experiment has its answer; nil while it goes on.
    ///
    /// It has its answer when every challenger is settled: worse than the control in some metric,
    /// or better or the same in the first. The best of the challengers that are better and never
    /// worse wins; else the control stays.
    package func decide(_ comparisons: [Comparison]) -> ExperimentDecision? {
        guard let first = goals.first?.metric else { return nil }
        var better: [Comparison] = []
        var same: [Comparison] = []
        var worse: [Comparison] = []
        for arm in challengers {
            let own = comparisons.filter { $0.arm == arm.name }
            if let harm = own.first(where: { $0.verdict == .worse }) {
                worse.append(harm)
                continue
            }
            guard let main = own.first(where: { $0.metric == first }) else { return nil }
            switch main.verdict {
            case .better: better.append(main)
            case .same: same.append(main)
            case .worse, .open, .contradicted: return nil
            }
        }
        let sign: Double = first.isBetterLower ? 1 : -1
        if let best = better.min(by: { sign * ($0.effect ?? 0) < sign * ($1.effect ?? 0) }) {
            return ExperimentDecision(reason: .better, winner: best.arm, comparison: best)
        }
        if let like = same.first {
            return ExperimentDecision(reason: .same, winner: control.name, comparison: like)
        }
        return worse.first.map {
            ExperimentDecision(reason: .worse, winner: control.name, comparison: $0)
        }
    }
}

extension ExperimentDecision {
    /// The evidence as stored in an `experiment.stopped` event.
    package func evidence(at position: Int64) -> [(key: Name, value: Name)] {
        var facts: [(key: Name, value: Name)] = [
            ("metric", Name(comparison.metric.rawValue)), ("arm", comparison.arm),
            ("units_control", Name(String(comparison.units.control))),
            ("units_arm", Name(String(comparison.units.challenger))),
            ("position", Name(String(position))),
        ]
        for (key, value) in [
            ("effect", comparison.effect), ("low", comparison.low), ("high", comparison.high),
            ("effect_on_mean", comparison.effectOnMean),
        ] {
            if let value { facts.append((Name(key), Name(fourDecimals(value)))) }
        }
        return facts
    }
}

/// A number with at most four decimals and no exponent.
package func fourDecimals(_ value: Double) -> String {
    guard abs(value) < 1e12 else { return "\(value)" }
    return decimal(Int128((value * 10_000).rounded(.toNearestOrEven)), scale: 4)
}
