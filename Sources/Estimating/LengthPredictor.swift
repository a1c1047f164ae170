/// Predicts the length of an answer from the lengths of earlier ones.
///
/// The history is nested, and each level takes the next wider one as its prior: the ledger's
/// answers, those of the model, of the application with it, of the feature, of the shape. The
/// weight of a wider level is bounded and follows from how alike the two are. Intervals are
/// calibrated by split conformal prediction (Papadopoulos et al. 2002, here on distributions as in
/// Chernozhukov et al. 2021): the model is fitted to the earlier periods, and the chosen part of
/// the mass is the one whose intervals would have covered the recent ones.
package struct LengthPredictor: Sendable {
    private let history: LengthHistory
    private let fit: Fit

    /// Recent answers a level needs to calibrate; with fewer, the level above does.
    package static let calibrationObservationsMin: Int64 = 200

    package init(_ history: LengthHistory) {
        self.history = history
        fit = Fit(history, downTo: .shape, ages: 0..<Int.max)
    }

    /// The prediction, and the interval that holds the length in `coverage` of all cases.
    ///
    /// - Parameter maxTokens: where the provider cuts the answer off, if the caller says so.
    package func predict(coverage: Double = 0.9, maxTokens: Int64? = nil) -> LengthPrediction {
        precondition(coverage > 0 && coverage < 1)
        let calibration = calibration(of: coverage) { $0.central($1) }
        let buckets = fit.distribution.central(calibration?.part ?? coverage)
        let cap = maxTokens ?? .max
        let middle = fit.distribution.bucket(reaching: 0.5)
        return LengthPrediction(
            mean: fit.distribution.mean(cappedAt: maxTokens),
            median: min(LengthHistogram.middle(of: middle), cap),
            lower: min(LengthHistogram.start(of: buckets.lowerBound), cap),
            upper: min(LengthHistogram.end(of: buckets.upperBound), cap),
            coverage: coverage, maxTokens: maxTokens, calibratedOn: calibration?.level,
            basis: basis)
    }

    /// The tokens to hold for an answer, which it exceeds in at most `risk` of all cases.
    ///
    /// To never exceed the hold, use `maxTokens`; this one is smaller.
    package func holdTokens(risk: Double = 0.01, maxTokens: Int64? = nil) -> Int64 {
        precondition(risk > 0 && risk < 1)
        let calibration = calibration(of: 1 - risk) { 0...$0.bucket(reaching: $1) }
        let bucket = fit.distribution.bucket(reaching: calibration?.part ?? 1 - risk)
        return min(LengthHistogram.end(of: bucket), maxTokens ?? .max)
    }

    // MARK: Evidence

    private var basis: [LengthPrediction.Basis] {
        var rest = 1.0
        return LengthHistory.Level.allCases.reversed().map { level in
            let share = rest * fit.shares[Int(level.rawValue)]
            rest -= share
            return LengthPrediction.Basis(
                level: level, observations: history.observations(level), share: share)
        }
    }

    // MARK: Calibration

    private struct Calibration {
        let level: LengthHistory.Level
        let part: Double
    }

    /// The part of the mass whose intervals would have covered the recent answers; nil while no
    /// level has enough of them.
    private func calibration(
        of coverage: Double, _ interval: (LengthDistribution, Double) -> ClosedRange<Int>
    ) -> Calibration? {
        for level in LengthHistory.Level.allCases.reversed() {
            guard let age = history.recent(level) else { continue }
            var recent = LengthHistogram()
            for period in history[level] where period.age <= age { recent.merge(period.lengths) }
            guard recent.total >= Self.calibrationObservationsMin else { continue }
            let earlier = Fit(history, downTo: level, ages: age + 1..<Int.max).distribution
            // One more than there are, so that the next one is covered that often too.
            let wanted = (Double(recent.total + 1) * coverage).rounded(.up)
            let part = Self.parts.first { part in
                let buckets = interval(earlier, part)
                let covered = recent.counts.enumerated().reduce(0) { sum, bucket in
                    buckets.contains(bucket.offset) ? sum + bucket.element : sum
                }
                return Double(covered) >= wanted
            }
            return Calibration(level: level, part: part ?? Self.partMax)
        }
        return nil
    }

    private static let partMax = 0.9995
    private static let parts = stride(from: 0.5, through: partMax, by: 0.0025) + [partMax]
}

/// The distribution that a history implies, and each level's share in it.
private struct Fit {
    private(set) var distribution = LengthDistribution.prior
    /// The part of a level in its own distribution; the rest comes from the level above.
    private(set) var shares = Array(repeating: 0.0, count: LengthHistory.Level.allCases.count)

    /// Counts each answer once, at its narrowest level.
    init(_ history: LengthHistory, downTo last: LengthHistory.Level, ages: Range<Int>) {
        let levels = LengthHistory.Level.allCases.filter { $0.rawValue <= last.rawValue }
        let weights = levels.map { history.weights($0, ages: ages) }
        for (index, level) in levels.enumerated() {
            var own = weights[index]
            if index + 1 < weights.count {
                for (bucket, weight) in weights[index + 1].enumerated() where bucket < own.count {
                    own[bucket] = max(0, own[bucket] - weight)
                }
            }
            let count = own.reduce(0, +)
            guard count > 0 else { continue }
            let prior = distribution.weight(for: own)
            distribution = distribution.updated(by: own, weight: prior)
            shares[Int(level.rawValue)] = count / (count + prior)
        }
    }
}

/// The predicted length of an answer.
package struct LengthPrediction: Hashable, Sendable {
    /// What a prediction rests on: the answers of a level, and their part in it.
    package struct Basis: Hashable, Sendable {
        package let level: LengthHistory.Level
        /// All answers of the level, those of narrower levels included.
        package let observations: Int64
        package let share: Double
    }

    package let mean: Double
    package let median: Int64
    package let lower: Int64
    package let upper: Int64
    /// The fraction of cases in which the length lies between `lower` and `upper`.
    package let coverage: Double
    package let maxTokens: Int64?
    /// The level whose recent answers calibrated the interval; nil if there were too few, and the
    /// interval follows from the distribution alone.
    package let calibratedOn: LengthHistory.Level?
    /// The narrowest level first.
    package let basis: [Basis]

    /// All answers behind the prediction.
    package var observations: Int64 { basis.last?.observations ?? 0 }
}
