/// How often something went well and how often not, and what that says about the rate.
package struct Tally: Sendable, Equatable {
    package var agreed: Int
    package var disagreed: Int

    package init(agreed: Int = 0, disagreed: Int = 0) {
        self.agreed = agreed
        self.disagreed = disagreed
    }

    package var count: Int { agreed + disagreed }

    package static func + (a: Tally, b: Tally) -> Tally {
        Tally(agreed: a.agreed + b.agreed, disagreed: a.disagreed + b.disagreed)
    }

    /// The rate of disagreement that is exceeded with 5 %: of a Beta posterior with an even prior.
    package var disagreementBound: Double { Self.upperBound(disagreed, of: count) }

    package var agreementBound: Double { Self.upperBound(agreed, of: count) }

    /// The 95 % quantile of Beta(hits + 1, misses + 1).
    ///
    /// Beta(d + 1, n - d + 1) lies below p as often as n + 1 trials of p hit more than d times.
    /// Beyond 64 hits Wilson's bound is as good.
    static func upperBound(_ hits: Int, of count: Int) -> Double {
        let trials = count + 1
        guard hits <= 64 else {
            let (n, rate, z) = (Double(count), Double(hits) / Double(count), 1.645)
            let spread = z * (rate * (1 - rate) / n + z * z / (4 * n * n)).squareRoot()
            return min(1, (rate + z * z / (2 * n) + spread) / (1 + z * z / n))
        }
        var (low, high) = (0.0, 1.0)
        for _ in 0..<40 {
            let middle = (low + high) / 2
            var term = power(1 - middle, trials)
            var sum = term
            for hit in 0..<hits where hit < trials {
                term *= Double(trials - hit) / Double(hit + 1) * middle / (1 - middle)
                sum += term
            }
            if sum > 0.05 { low = middle } else { high = middle }
        }
        return high
    }

    private static func power(_ base: Double, _ exponent: Int) -> Double {
        var (result, square, left) = (1.0, base, exponent)
        while left > 0 {
            if left & 1 == 1 { result *= square }
            square *= square
            left >>= 1
        }
        return result
    }
}

/// When agreement is enough: bounds that `docs/cache.md` explains.
package enum EvidenceRule {
    /// The greatest probability that what is served is false.
    package static let falseMax = 0.005
    /// Agreements of one pair, each with a new answer, at least.
    package static let agreementsMin = 2
    /// How often questions that are the same get equal answers, at least; taken low.
    static let sameAgreementMin = 0.5
    /// Refused neighbours whose answers were compared, from which their rate counts.
    static let refusedMin = 30

    /// The probability that a pair is false after so many agreements and no disagreement.
    ///
    /// Bayes: before, the rate of its group; each agreement weighs as often as different questions
    /// have equal answers against how often the same ones do.
    package static func falseProbability(agreements: Int, group: Tally, chance: Double) -> Double {
        let prior = min(0.99, group.disagreementBound / max(0.01, 1 - chance))
        let weight = min(1, chance / sameAgreementMin)
        var odds = prior / (1 - prior)
        for _ in 0..<min(agreements, 64) { odds *= weight }
        return odds / (1 + odds)
    }

    /// How often different questions of a scope get equal answers: a bound.
    ///
    /// - Parameters:
    ///   - random: any two questions.
    ///   - refused: neighbours that the guards refused, which are more like those that they accept.
    package static func chance(random: Tally, refused: Tally) -> Double {
        let near = refused.count >= refusedMin ? refused.agreementBound : 0
        return min(0.99, max(near, 3 * random.agreementBound))
    }

    /// Whether pairs that exchange the same words may be served at first sight.
    package static func isClusterVerified(_ cluster: Tally, chance: Double) -> Bool {
        cluster.disagreed == 0
            && cluster.disagreementBound / max(0.01, 1 - chance) <= falseMax
    }
}
