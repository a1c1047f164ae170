// Tests that keep their error rate even if one looks after every observation.
//
// Means: the asymptotic confidence sequence of Waudby-Smith, Arbour, Sinha, Kennedy and Ramdas,
// "Time-uniform central limit theory and asymptotic confidence sequences" (Annals of Statistics
// 2024, arXiv:2103.06476): Robbins' normal mixture with the observed variance. It needs only finite
// variance, but holds in the limit: with few units of a heavy-tailed quantity in arms of unequal
// size it errs too often (σ = 2 lognormal, 10 % against 90 %: 16 instead of 5 % in our simulation).
// So costs and latencies are compared by their logarithms, after a minimum of units.
//
// Values between 0 and 1: a test martingale that holds for any number of units. For each arm the
// Beta(½, ½) mixture of Bernoulli likelihoods over the likelihood at the true mean is a
// supermartingale for every variable between 0 and 1 with that mean, because exp(λx) lies below its
// chord there; so is the product of two arms (Turner, Ly and Grünwald, "Generic E-variables for
// exact sequential k-sample tests that allow for optional stopping", 2024). A difference δ is
// excluded once the smallest such product under it reaches 1/α (Ville 1939).

internal import RealModule

/// Sums of a quantity over units.
package struct Moments: Hashable, Sendable {
    package private(set) var count: Int64
    package private(set) var sum: Double
    package private(set) var squares: Double

    package init(count: Int64 = 0, sum: Double = 0, squares: Double = 0) {
        self.count = count
        self.sum = sum
        self.squares = squares
    }

    package mutating func add(_ value: Double) {
        count += 1
        sum += value
        squares += value * value
    }

    /// Replaces a unit's value.
    package mutating func replace(_ old: Double, by new: Double) {
        sum += new - old
        squares += new * new - old * old
    }

    package var mean: Double { sum / Double(count) }

    /// The variance of the mean; rounding must not make it negative.
    var varianceOfMean: Double {
        let count = Double(count)
        return max(0, squares / count - mean * mean) / (count - 1)
    }
}

/// The difference of two means, challenger minus control.
struct MeanDifference: Sendable {
    let estimate: Double
    /// The true difference stays within this of the estimate at all times, except for the error.
    let margin: Double

    /// - Parameter tunedFor: the number of units at which the sequence is narrowest.
    init(
        control: borrowing Moments, challenger: borrowing Moments, error: Double, tunedFor: Double
    ) {
        estimate = challenger.mean - control.mean
        let variance = control.varianceOfMean + challenger.varianceOfMean
        let units = Double(control.count + challenger.count)
        margin = variance.squareRoot() * Self.factor(units, error: error, tunedFor: tunedFor)
    }

    /// The width in standard errors: the counterpart of 1.96 in a test with one look.
    static func factor(_ units: Double, error: Double, tunedFor: Double) -> Double {
        let doubled = -2 * Double.log(error)
        let scale = (doubled + Double.log(doubled) + 1) / tunedFor * units
        return ((scale + 1) / scale * (doubled + Double.log(scale + 1))).squareRoot()
    }

    func excludes(_ effect: Double) -> Bool { abs(estimate - effect) > margin }

    var interval: (low: Double, high: Double) { (estimate - margin, estimate + margin) }
}

/// The difference of two means of a quantity between 0 and 1, challenger minus control.
struct BoundedDifference: Sendable {
    private let control: (sum: Double, rest: Double)
    private let challenger: (sum: Double, rest: Double)
    private let mixture: Double
    private let threshold: Double

    init(control: borrowing Moments, challenger: borrowing Moments, error: Double) {
        self.control = (control.sum, Double(control.count) - control.sum)
        self.challenger = (challenger.sum, Double(challenger.count) - challenger.sum)
        mixture = Self.mixture(self.control) + Self.mixture(self.challenger)
        threshold = -Double.log(error)
    }

    var estimate: Double {
        challenger.sum / (challenger.sum + challenger.rest)
            - control.sum / (control.sum + control.rest)
    }

    func excludes(_ effect: Double) -> Bool { evidence(against: effect) >= threshold }

    /// The differences not excluded; the evidence grows on both sides of the estimate.
    var interval: (low: Double, high: Double) {
        func edge(from inside: Double, to outside: Double) -> Double {
            if !excludes(outside) { return outside }
            var (inside, outside) = (inside, outside)
            for _ in 0..<40 {
                let middle = (inside + outside) / 2
                if excludes(middle) { outside = middle } else { inside = middle }
            }
            return outside
        }
        return (edge(from: estimate, to: -1), edge(from: estimate, to: 1))
    }

    /// The logarithm of the smallest test martingale under a difference.
    func evidence(against effect: Double) -> Double {
        mixture - likeliest(under: effect)
    }

    /// The greatest log likelihood of both arms if their means differ by `effect`: concave in the
    /// control's mean, so golden-section search finds it.
    private func likeliest(under effect: Double) -> Double {
        func likelihood(_ mean: Double) -> Double {
            Self.likelihood(control, mean) + Self.likelihood(challenger, mean + effect)
        }
        if effect == 0 {
            let sum = control.sum + challenger.sum
            return likelihood(sum / (sum + control.rest + challenger.rest))
        }
        var (low, high) = (max(0, -effect), min(1, 1 - effect))
        if low >= high { return likelihood(low) }
        let section = (5.0.squareRoot() - 1) / 2
        var (left, right) = (high - section * (high - low), low + section * (high - low))
        var (atLeft, atRight) = (likelihood(left), likelihood(right))
        for _ in 0..<60 {
            if atLeft < atRight {
                (low, left, atLeft) = (left, right, atRight)
                right = low + section * (high - low)
                atRight = likelihood(right)
            } else {
                (high, right, atRight) = (right, left, atLeft)
                left = high - section * (high - low)
                atLeft = likelihood(left)
            }
        }
        return max(atLeft, atRight)
    }

    private static func likelihood(_ arm: (sum: Double, rest: Double), _ mean: Double) -> Double {
        (arm.sum > 0 ? arm.sum * Double.log(mean) : 0)
            + (arm.rest > 0 ? arm.rest * Double.log(1 - mean) : 0)
    }

    /// ln B(sum + ½, rest + ½) − ln B(½, ½); the latter is π.
    private static func mixture(_ arm: (sum: Double, rest: Double)) -> Double {
        Double.logGamma(arm.sum + 0.5) + Double.logGamma(arm.rest + 0.5)
            - Double.logGamma(arm.sum + arm.rest + 1) - Double.log(.pi)
    }
}
