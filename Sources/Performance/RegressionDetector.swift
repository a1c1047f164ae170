package import Estimating
package import LedgerModel

/// From when on a change is told.
package struct RegressionLimits: Hashable, Sendable {
    /// How much worse, in percent.
    package var percentMin: Int64 = 25
    /// Requests in the two hours that are looked at.
    package var requestsMin: Int64 = 50
    /// Standard deviations: one in two million if nothing changed.
    package var zMin = 5.0

    package init() {}
}

/// Finds series that are worse than they usually are.
///
/// Three things have to agree. The distribution of two hours differs from that of its baseline by a test
/// (`RankTest` for all, a comparison of shares for the slowest twentieth); the change is large enough
/// to matter; and it is outside of what single samples of the baseline show, since requests of an hour
/// are not independent and a test alone would take the habits of Mondays for a change.
package struct RegressionDetector: Sendable {
    package let limits: RegressionLimits
    package let times: BaselineTimes

    /// Requests in a span from which on it is a sample.
    private static let sampleRequestsMin: Int64 = 20
    /// How often a value of now must be worse than one of before.
    private static let effectMin = 0.6
    /// How much more frequent values beyond the 95th percentile must be.
    private static let tailMin = 2.0
    private static let failurePointsMin = 0.02
    private static let deviations = 4.0
    private static let appsMax = 3

    package init(_ limits: RegressionLimits = RegressionLimits(), at now: Timestamp) {
        self.limits = limits
        times = BaselineTimes(at: now)
    }

    /// What some requests of an application in one of the spans did.
    package struct Cell: Sendable {
        package let series: SeriesName
        package let app: Name?
        /// Of `times.spans`.
        package let span: Int
        package let sums: PerformanceSums

        package init(series: SeriesName, app: Name?, span: Int, sums: PerformanceSums) {
            self.series = series
            self.app = app
            self.span = span
            self.sums = sums
        }
    }

    /// The regressions, the largest first; among them those that are on their way back.
    package func regressions(_ cells: [Cell]) -> [Regression] {
        Dictionary(grouping: cells, by: \.series).sorted { $0.key < $1.key }
            .flatMap { series, cells in regressions(of: series, cells) }
            .sorted { ($1.z.magnitude, $0.series) < ($0.z.magnitude, $1.series) }
    }

    private func regressions(of series: SeriesName, _ cells: [Cell]) -> [Regression] {
        var bySpan: [Int: PerformanceSums] = [:]
        for cell in cells { bySpan[cell.span, default: PerformanceSums()] += cell.sums }
        guard let now = bySpan[0], now.requests >= limits.requestsMin else { return [] }
        let sampled = bySpan.filter { $0.key > 0 && $0.value.requests >= Self.sampleRequestsMin }
        guard let (basis, spans) = times.compared(sampled.keys.sorted()) else { return [] }
        var before = PerformanceSums()
        for span in spans { before += bySpan[span] ?? PerformanceSums() }
        let comparison = Comparison(
            series: series, now: now, before: before, samples: spans.compactMap { bySpan[$0] },
            basis: basis)
        let compared = Set(spans)
        return Regression.Measure.allCases.compactMap { measure in
            let found =
                measure == .failures
                ? failures(comparison) : moved(comparison, measure)
            return found.map { found in
                report(
                    found, comparison, cells.filter { $0.span == 0 || compared.contains($0.span) })
            }
        }
    }

    private struct Comparison {
        let series: SeriesName
        let now: PerformanceSums
        let before: PerformanceSums
        let samples: [PerformanceSums]
        let basis: BaselineTimes.Basis
    }

    private struct Found {
        let measure: Regression.Measure
        let percentile: Int?
        let now: Double
        let before: Double
        let effect: Double?
        let z: Double
        let p: Double
        let isBreached: Bool
    }

    // MARK: Tests

    /// The median if it moved, or else the slowest twentieth; what is on its way back otherwise.
    private func moved(_ comparison: Comparison, _ measure: Regression.Measure) -> Found? {
        let (now, before) = (measure.values(comparison.now), measure.values(comparison.before))
        guard now.total >= limits.requestsMin, before.total >= limits.requestsMin else {
            return nil
        }
        let median = middle(comparison, measure)
        if let median, median.isBreached { return median }
        let slowest = tail(comparison, measure)
        if let slowest, slowest.isBreached { return slowest }
        return median ?? slowest
    }

    private func middle(_ comparison: Comparison, _ measure: Regression.Measure) -> Found? {
        guard let change = change(comparison, measure, 50), change.isNear,
            let test = RankTest(
                now: measure.values(comparison.now), before: measure.values(comparison.before))
        else { return nil }
        let sign = measure.isWorseIfLower ? -1.0 : 1.0
        let effect = measure.isWorseIfLower ? 1 - test.larger : test.larger
        return Found(
            measure: measure, percentile: 50, now: change.now, before: change.before,
            effect: effect, z: test.z, p: test.p,
            isBreached: change.isWorse && effect >= Self.effectMin && sign * test.z >= limits.zMin)
    }

    private func tail(_ comparison: Comparison, _ measure: Regression.Measure) -> Found? {
        let percentile = measure.isWorseIfLower ? 5 : 95
        guard let change = change(comparison, measure, percentile), change.isNear else {
            return nil
        }
        let limit = Int64(change.before)
        func worse(_ values: LengthHistogram) -> (count: Int64, of: Int64) {
            let above = values.count(above: limit)
            return (measure.isWorseIfLower ? values.total - above : above, values.total)
        }
        guard
            let share = ShareTest(
                now: worse(measure.values(comparison.now)),
                before: worse(measure.values(comparison.before))),
            share.before > 0
        else { return nil }
        let more = share.now / share.before
        return Found(
            measure: measure, percentile: percentile, now: change.now, before: change.before,
            effect: more, z: share.z, p: share.p,
            isBreached: change.isWorse && more >= Self.tailMin && share.z >= limits.zMin)
    }

    /// How a percentile moved, against how it moves anyway.
    private func change(
        _ comparison: Comparison, _ measure: Regression.Measure, _ percentile: Int
    ) -> (now: Double, before: Double, isWorse: Bool, isNear: Bool)? {
        let part = Double(percentile) / 100
        guard let now = measure.values(comparison.now).quantile(part).map({ Double($0) }),
            let before = measure.values(comparison.before).quantile(part).map({ Double($0) }),
            before > 0, now > 0
        else { return nil }
        let samples = comparison.samples.compactMap { sums in
            let values = measure.values(sums)
            return values.total < Self.sampleRequestsMin
                ? nil : values.quantile(part).map { Double($0) }
        }
        guard let usual = RobustSamples(samples) else { return nil }
        // Lower rates are worse: what is compared is the time that a token takes.
        let isLower = measure.isWorseIfLower
        let worse = isLower ? before / now - 1 : now / before - 1
        let least = Double(limits.percentMin) / 100
        let distance = isLower ? usual.median - now : now - usual.median
        let isOutside =
            distance >= Self.deviations * usual.deviation
            && (isLower ? now < usual.lowest : now > usual.highest)
        return (now, before, worse >= least && isOutside, worse >= least / 2)
    }

    private func failures(_ comparison: Comparison) -> Found? {
        let (now, before) = (comparison.now.faults, comparison.before.faults)
        guard now.of >= limits.requestsMin, before.of >= limits.requestsMin,
            let test = ShareTest(now: (now.failed, now.of), before: (before.failed, before.of)),
            let usual = RobustSamples(
                comparison.samples.compactMap { sums in
                    let faults = sums.faults
                    return faults.of == 0 ? nil : Double(faults.failed) / Double(faults.of)
                })
        else { return nil }
        let more = test.now - max(test.before, usual.median)
        guard more >= Self.failurePointsMin / 2 else { return nil }
        return Found(
            measure: .failures, percentile: nil, now: test.now, before: test.before, effect: nil,
            z: test.z, p: test.p,
            isBreached: more >= Self.failurePointsMin && test.z >= limits.zMin
                && test.now > usual.highest
                && test.now - usual.median >= Self.deviations * usual.deviation)
    }

    // MARK: Reports

    private func report(
        _ found: Found, _ comparison: Comparison, _ cells: [Cell]
    ) -> Regression {
        let growth: Double? =
            comparison.now.outputTokensEach.flatMap { now in
                comparison.before.outputTokensEach.flatMap { $0 > 0 && now > 0 ? now / $0 : nil }
            }
        return Regression(
            series: comparison.series, measure: found.measure, percentile: found.percentile,
            now: found.now, before: found.before, effect: found.effect, z: found.z, p: found.p,
            requests: comparison.now.requests, requestsBefore: comparison.before.requests,
            basis: comparison.basis, samples: comparison.samples.count,
            isBreached: found.isBreached,
            stages: Bottlenecks.growth(comparison.now, comparison.before), outputGrowth: growth,
            apps: apps(found, cells))
    }

    /// The applications by what they contribute: requests times the change.
    private func apps(_ found: Found, _ cells: [Cell]) -> [Regression.AppChange] {
        let changes = Dictionary(grouping: cells, by: \.app).compactMap {
            app, cells -> Regression.AppChange? in
            var (now, before) = (PerformanceSums(), PerformanceSums())
            for cell in cells {
                if cell.span == 0 { now += cell.sums } else { before += cell.sums }
            }
            guard let value = found.measure.value(now, found.percentile) else { return nil }
            return Regression.AppChange(
                app: app, requests: now.requests, now: value,
                before: found.measure.value(before, found.percentile))
        }
        func weight(_ change: Regression.AppChange) -> Double {
            let difference = change.now - (change.before ?? found.before)
            return Double(change.requests)
                * (found.measure.isWorseIfLower ? -difference : difference)
        }
        return changes.filter { weight($0) > 0 }
            .sorted { (weight($1), $0.app?.string ?? "") < (weight($0), $1.app?.string ?? "") }
            .prefix(Self.appsMax).map(\.self)
    }
}

extension Regression.Measure {
    package var isWorseIfLower: Bool { self == .outputRate }

    /// The values that it compares; none for failures.
    package func values(_ sums: PerformanceSums) -> LengthHistogram {
        switch self {
        case .latency: sums.latency
        case .timeToFirstToken: sums.firstToken
        case .outputRate: sums.rate
        case .queue: sums.queue
        case .failures: LengthHistogram()
        }
    }

    fileprivate func value(_ sums: PerformanceSums, _ percentile: Int?) -> Double? {
        guard let percentile else {
            let faults = sums.faults
            return faults.of == 0 ? nil : Double(faults.failed) / Double(faults.of)
        }
        return values(sums).quantile(Double(percentile) / 100).map { Double($0) }
    }
}

/// Samples by what single odd ones do not change.
package struct RobustSamples: Sendable {
    package let median: Double
    /// An estimate of the standard deviation: 1.4826 times the median absolute deviation.
    package let deviation: Double
    package let lowest: Double
    package let highest: Double

    package init?(_ samples: [Double]) {
        let sorted = samples.sorted()
        guard let lowest = sorted.first, let highest = sorted.last else { return nil }
        let median = Self.middle(sorted)
        self.median = median
        self.lowest = lowest
        self.highest = highest
        deviation = 1.4826 * Self.middle(sorted.map { abs($0 - median) }.sorted())
    }

    private static func middle(_ sorted: [Double]) -> Double {
        let half = sorted.count / 2
        return sorted.count % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2
    }
}
