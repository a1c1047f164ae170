/// The probability of each length, by the buckets of `LengthHistogram`.
struct LengthDistribution: Sendable {
    /// They add up to one.
    private(set) var masses: [Double]
    /// The mass before each bucket, and finally all of it.
    private let cumulated: [Double]

    private init(masses: [Double]) {
        let total = masses.reduce(0, +)
        self.masses = masses.map { $0 / total }
        var sum = 0.0
        cumulated =
            [0]
            + self.masses.map { mass in
                sum += mass
                return sum
            }
    }

    /// The belief before the first answer: up to 8,191 tokens, with most of the weight between 64
    /// and 1,023.
    static let prior: LengthDistribution = {
        let octaves: [Double] = [1, 1, 2, 3, 4, 5, 7, 8, 8, 6, 4, 3, 2]
        var masses = Array(repeating: 0.0, count: LengthHistogram.bucket(of: 8_191) + 1)
        for (octave, weight) in octaves.enumerated() {
            let first = LengthHistogram.bucket(of: Int64(1) << octave)
            let last = LengthHistogram.bucket(of: (Int64(1) << (octave + 1)) - 1)
            for bucket in first...last { masses[bucket] = weight / Double(last - first + 1) }
        }
        return LengthDistribution(masses: masses)
    }()

    /// This distribution, worth `weight` observations, combined with counts.
    func updated(by counts: [Double], weight: Double) -> LengthDistribution {
        let length = max(masses.count, counts.count)
        return LengthDistribution(
            masses: (0..<length).map { bucket in
                weight * (bucket < masses.count ? masses[bucket] : 0)
                    + (bucket < counts.count ? counts[bucket] : 0)
            })
    }

    // MARK: Figures

    var mean: Double { mean(cappedAt: nil) }

    func mean(cappedAt cap: Int64?) -> Double {
        masses.enumerated().reduce(0) { sum, bucket in
            let middle = LengthHistogram.middle(of: bucket.offset)
            return sum + bucket.element * Double(min(middle, cap ?? middle))
        }
    }

    /// The first bucket at which this part of the mass is reached.
    func bucket(reaching part: Double) -> Int {
        // A mass that rounding has left short of one still has a last bucket.
        let target = min(part, cumulated[masses.count]) - Self.tolerance
        var (low, high) = (0, masses.count - 1)
        while low < high {
            let middle = (low + high) / 2
            if cumulated[middle + 1] >= target { high = middle } else { low = middle + 1 }
        }
        return low
    }

    /// The central buckets that hold at least this part of the mass.
    ///
    /// The lower end leaves out at most half of the rest. Lengths are whole numbers and cluster, so
    /// it often leaves out less; the upper end makes use of that.
    func central(_ part: Double) -> ClosedRange<Int> {
        let lower = firstBucket(leavingOut: (1 - part) / 2)
        return lower...max(lower, bucket(reaching: cumulated[lower] + part))
    }

    /// The last bucket with at most this part of the mass before it.
    private func firstBucket(leavingOut part: Double) -> Int {
        var (low, high) = (0, masses.count - 1)
        while low < high {
            let middle = (low + high + 1) / 2
            let fits = cumulated[middle] <= part + Self.tolerance
            if fits { low = middle } else { high = middle - 1 }
        }
        return low
    }

    private static let tolerance = 1e-12
}

// MARK: - Credibility

extension LengthDistribution {
    /// The least and the most observations that a wider group is worth.
    static let weightRange = 16.0...1_024.0
    /// What it is worth while there is nothing to compare it with.
    static let weightUntold = 64.0
    /// Buckets compared as one: a quarter of an octave, below which counts are sparse.
    private static let comparedTogether = 8

    /// How many observations this distribution of a wider group is worth to a narrower one with
    /// these counts.
    ///
    /// Bühlmann's credibility (1967), on the squared distance of two distributions. Sampling alone
    /// puts counts at the distance σ²/n from their distribution; the rest, τ², is how much the
    /// groups differ; the weight σ²/τ² minimizes the expected squared error. Similar groups pool,
    /// different ones stay apart; the bounds keep both from being certain.
    func weight(for counts: [Double]) -> Double {
        let observed = Self.coarse(counts)
        let total = observed.reduce(0, +)
        guard total >= 2 else { return Self.weightUntold }
        let expected = Self.coarse(masses)
        var (distance, squares) = (0.0, 0.0)
        for bucket in 0..<max(observed.count, expected.count) {
            let own = (bucket < observed.count ? observed[bucket] : 0) / total
            let wide = bucket < expected.count ? expected[bucket] : 0
            distance += (own - wide) * (own - wide)
            squares += own * own
        }
        // Unbiased: the squares of counts overstate those of the masses behind them by 1/n.
        let variance = max(0, (1 - squares) * total / (total - 1))
        let between = distance - variance / total
        guard between > 0 else { return Self.weightRange.upperBound }
        return min(
            max(variance / between, Self.weightRange.lowerBound), Self.weightRange.upperBound)
    }

    private static func coarse(_ masses: [Double]) -> [Double] {
        stride(from: 0, to: masses.count, by: comparedTogether).map { start in
            masses[start..<min(start + comparedTogether, masses.count)].reduce(0, +)
        }
    }
}
