package import LedgerModel
package import Pricing
package import ReadModels

/// From when on a fallen cached share is an alert.
package struct CachedShareLimits: Hashable, Sendable {
    /// Percentage points below the usual share.
    package var pointsMin: Int64 = 10
    /// What the fall cost in the three hours that are looked at.
    package var lossMin = PicodollarSum(1_000_000_000_000)
    package var requestsMin: Int64 = 50

    package init() {}
}

/// Compares the cached share of the last three hours with that of the same hours of other days.
///
/// A series is an app with a model, or an app with all of its models where none of them fell by
/// itself. Its usual share is the median of the same three hours on the last 28 days, working days
/// apart from weekends; a young series is compared with its last day as well. A fall counts if it is
/// larger than a number of points and than four standard deviations, estimated by the median
/// absolute deviation, and if nine of ten of the samples lie above it.
package struct CachedShareWatch {
    let limits: CachedShareLimits
    package let times: Times

    package init(_ limits: CachedShareLimits, at now: Timestamp) {
        self.limits = limits
        times = Times(now)
    }

    /// The three hours, and those that they are compared with.
    package struct Times {
        static let hours: Int64 = 3
        static let days: Int64 = 28
        /// The hours of each; the first is now.
        package let all: [[Timestamp]]
        private let isWeekend: [Bool]

        init(_ now: Timestamp) {
            let hour = Timestamp.hourMicroseconds
            let last = now.advanced(byMicroseconds: -(now.timeOfDay % hour))
            func hours(before: Int64) -> [Timestamp] {
                (0..<Self.hours).map { last.advanced(byMicroseconds: -(before + $0) * hour) }
            }
            var starts = [hours(before: 0)]
            for day in 1...Self.days { starts.append(hours(before: day * 24)) }
            for step in 1..<(24 / Self.hours) { starts.append(hours(before: step * Self.hours)) }
            all = starts
            // The first day of 2000 was a Saturday.
            isWeekend = starts.map { hours in
                let day = (hours.last ?? last).microseconds / Timestamp.dayMicroseconds
                return (0...1).contains((day % 7 + 7) % 7)
            }
        }

        /// Which of the times with a sample a series is compared with; empty if these are too few.
        func compared(_ sampled: [Int]) -> [Int] {
            let sameHours = sampled.filter { (1...Int(Self.days)).contains($0) }
            let sameDays = sameHours.filter { isWeekend[$0] == isWeekend[0] }
            for times in [sameDays, sameHours, sampled] where times.count >= Self.samplesMin {
                return times
            }
            return []
        }

        private static let samplesMin = 5
    }

    /// A series that fell, or is about to rise again.
    package struct Finding {
        package let app: Name?
        /// Nil for all models of an app.
        package let provider: Name?
        package let model: Name?
        package let usual: Double
        package let share: Double
        /// What the fall cost.
        package let loss: PicodollarSum
        package let isBreached: Bool
        package let cause: CacheDropCause?
        package let evidence: [String]
    }

    /// Whether any series could have lost enough, so that a comparison is worth its time.
    package func isWorthComparing(
        _ cells: [PromptCacheCell], rates: (Dimensions, Int64) -> CacheRates?
    ) -> Bool {
        series(cells, by: Self.byModel).contains { _, series in
            guard let now = series.use(at: [0]).share else { return false }
            return money(series, share: 1 - now, rates).amount >= limits.lossMin.amount
        }
            || series(cells, by: Self.byApp).contains { _, series in
                guard let now = series.use(at: [0]).share else { return false }
                return money(series, share: 1 - now, rates).amount >= limits.lossMin.amount
            }
    }

    /// - Parameters:
    ///   - cells: of `times`, each with the number of its time.
    ///   - rates: of a model, for a request of some size; nil if it has none.
    package func findings(
        _ cells: [PromptCacheCell], rates: (Dimensions, Int64) -> CacheRates?
    ) -> [Finding] {
        let byModel = series(cells, by: Self.byModel).compactMap { finding($1, rates) }
        // Of one model there is nothing more to say.
        let byApp = series(cells, by: Self.byApp).filter { $1.models.count > 1 }
            .compactMap { finding($1, rates) }
        // A model that lost its requests to another one may well lose its warm cache with them.
        let moved = Set(byApp.filter(\.isOfAnotherModel).map(\.app))
        let fallen = Set(byModel.filter(\.isBreached).map(\.app)).subtracting(moved)
        return
            (byModel.filter { !moved.contains($0.app) } + byApp.filter { !fallen.contains($0.app) })
            .sorted {
                ($1.loss.amount, $0.name) < ($0.loss.amount, $1.name)
            }
    }

    // MARK: Series

    private static let byModel: [Dimension] = [.app, .provider, .model]
    private static let byApp: [Dimension] = [.app]

    /// The cells of a series, by time.
    struct Series {
        var dimensions = Dimensions()
        var cells: [Int: [PromptCacheCell]] = [:]

        func use(at times: [Int]) -> PromptCacheUse {
            var use = PromptCacheUse()
            for time in times { for cell in cells[time] ?? [] { use += cell.use } }
            return use
        }

        var models: Set<Name?> { Set((cells[0] ?? []).map { $0.dimensions[.model] }) }
    }

    private func series(
        _ cells: [PromptCacheCell], by dimensions: [Dimension]
    ) -> [(key: String, value: Series)] {
        var all: [[Name?]: Series] = [:]
        for cell in cells {
            let names = dimensions.map { cell.dimensions[$0] }
            if all[names] == nil {
                var named = Dimensions()
                for (dimension, name) in zip(dimensions, names) { named[dimension] = name }
                all[names] = Series(dimensions: named)
            }
            all[names]?.cells[PromptCacheHours.time(of: cell), default: []].append(cell)
        }
        return all.map { ($0.map { $0?.string ?? "" }.joined(separator: "\u{0}"), $1) }
            .sorted { $0.0 < $1.0 }.map { (key: $0.0, value: $0.1) }
    }

    private func finding(
        _ series: Series, _ rates: (Dimensions, Int64) -> CacheRates?
    ) -> Finding? {
        let now = series.use(at: [0])
        guard now.requests >= limits.requestsMin, let share = now.share else { return nil }
        let sampled = series.cells.keys.sorted().filter {
            $0 > 0 && series.use(at: [$0]).requests >= Self.sampleRequestsMin
        }
        let compared = times.compared(sampled)
        let usual = RobustSamples(compared.compactMap { series.use(at: [$0]).share })
        guard let usual else { return nil }
        let drop = usual.median - share
        let least = max(Double(limits.pointsMin) / 100, 4 * usual.deviation)
        // Half of the way up is no recovery.
        guard drop >= least / 2 else { return nil }
        let loss = money(series, share: drop, rates)
        let isBreached =
            drop >= least && share < usual.lowestTenth - 0.02
            && loss.amount >= limits.lossMin.amount
        var (cause, evidence): (CacheDropCause?, [String]) = (nil, [])
        if isBreached {
            let comparison = CacheComparison(
                now: series.cells[0] ?? [], before: compared.flatMap { series.cells[$0] ?? [] },
                isOfOneModel: series.dimensions[.model] != nil)
            (cause, evidence) = (comparison.cause, comparison.evidence)
        }
        return Finding(
            app: series.dimensions[.app], provider: series.dimensions[.provider],
            model: series.dimensions[.model], usual: usual.median, share: share, loss: loss,
            isBreached: isBreached, cause: cause, evidence: evidence)
    }

    /// Requests in three hours from which on their share is a sample.
    private static let sampleRequestsMin: Int64 = 20

    /// What a part of the input costs beyond reading it from the cache; nothing without a price.
    private func money(
        _ series: Series, share: Double, _ rates: (Dimensions, Int64) -> CacheRates?
    ) -> PicodollarSum {
        let uses = Dictionary(grouping: series.cells[0] ?? [], by: \.dimensions).mapValues {
            cells in
            var use = PromptCacheUse()
            for cell in cells { use += cell.use }
            return use
        }
        var sum = 0.0
        for (dimensions, use) in uses {
            guard let rates = rates(dimensions, use.meanInput) else { continue }
            let difference = Double(rates.input.ninths - rates.read.ninths)
            sum += Double(use.input) * share * difference / Double(Rate.ninthsPerPicodollar)
        }
        return PicodollarSum(Int128(max(0, min(sum, 1e30))))
    }
}

extension CachedShareWatch.Finding {
    fileprivate var isOfAnotherModel: Bool {
        if case .model = cause { isBreached } else { false }
    }

    /// The subject of its alert.
    var name: Name {
        Name(
            [app, provider, model].compactMap { $0?.string }.joined(separator: "/"))
    }

    var text: String {
        let app = self.app?.string ?? "requests without an app"
        return model.map { "\(app) with \($0)" } ?? "\(app) with all its models"
    }
}

/// Samples of a share, by what single odd ones do not change.
struct RobustSamples {
    let median: Double
    /// An estimate of the standard deviation: 1.4826 times the median absolute deviation.
    let deviation: Double
    let lowestTenth: Double

    init?(_ samples: [Double]) {
        guard !samples.isEmpty else { return nil }
        let sorted = samples.sorted()
        let median = Self.middle(sorted)
        self.median = median
        deviation = 1.4826 * Self.middle(sorted.map { abs($0 - median) }.sorted())
        lowestTenth = sorted[sorted.count / 10]
    }

    private static func middle(_ sorted: [Double]) -> Double {
        let half = sorted.count / 2
        return sorted.count % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2
    }
}
