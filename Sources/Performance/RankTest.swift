package import Estimating
import RealModule

/// Whether values tend to be larger now than they were: the rank-sum test on histograms.
///
/// Wilcoxon (1945), Mann and Whitney (1947). Values of one bucket are ties, and the variance is
/// corrected for them. It asks nothing of the shape of a distribution, and the effect that it
/// measures is the probability that a value of now is larger than one of before.
package struct RankTest: Hashable, Sendable {
    /// That a value of now is larger, ties counted by half: 0.5 for no difference.
    package let larger: Double
    /// Standard deviations from what chance expects.
    package let z: Double
    /// Of a difference in either direction as large, if there is none.
    package let p: Double

    /// Nil if either has no values.
    package init?(now: LengthHistogram, before: LengthHistogram) {
        let (n, m) = (Double(now.total), Double(before.total))
        guard n > 0, m > 0 else { return nil }
        var (below, wins, ties) = (0.0, 0.0, 0.0)
        for bucket in 0..<max(now.counts.count, before.counts.count) {
            let a = bucket < now.counts.count ? Double(now.counts[bucket]) : 0
            let b = bucket < before.counts.count ? Double(before.counts[bucket]) : 0
            wins += a * (below + b / 2)
            below += b
            let tied = a + b
            ties += tied * (tied * tied - 1)
        }
        larger = wins / (n * m)
        let all = n + m
        let variance = n * m / 12 * (all + 1 - (all > 1 ? ties / (all * (all - 1)) : 0))
        z = variance > 0 ? (wins - n * m / 2) / variance.squareRoot() : 0
        p = min(1, Double.erfc(abs(z) / 2.0.squareRoot()))
    }
}

/// Whether a share rose: two proportions, pooled.
package struct ShareTest: Hashable, Sendable {
    package let now: Double
    package let before: Double
    package let z: Double
    package let p: Double

    package init?(now: (count: Int64, of: Int64), before: (count: Int64, of: Int64)) {
        guard now.of > 0, before.of > 0 else { return nil }
        let (n, m) = (Double(now.of), Double(before.of))
        self.now = Double(now.count) / n
        self.before = Double(before.count) / m
        let pooled = Double(now.count + before.count) / (n + m)
        let variance = pooled * (1 - pooled) * (1 / n + 1 / m)
        z = variance > 0 ? (self.now - self.before) / variance.squareRoot() : 0
        p = min(1, Double.erfc(abs(z) / 2.0.squareRoot()))
    }
}
