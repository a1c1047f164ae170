import JSON
package import LedgerModel
import Pricing

/// A possible improvement, with the daily cost of not making it.
package struct Recommendation: Sendable {
    package enum Kind: String, CaseIterable, Sendable {
        case brokenPrefix = "broken_prefix"
        case cacheReadsDropped = "cache_reads_dropped"
        case cacheUnused = "cache_unused"
        /// Nothing is marked to be cached, though it would pay.
        case cacheNotMarked = "cache_not_marked"
        /// Turns of sessions don't read what they repeat.
        case cacheReadsMissed = "cache_reads_missed"
        /// Turns come when the cache is gone, and a longer lifetime would pay.
        case cacheTooShort = "cache_too_short"
        /// Written for an hour, where five minutes would do.
        case cacheTooLong = "cache_too_long"
        /// Turns come when the cache is gone, and keeping it warm would pay.
        case cacheKeepWarm = "cache_keep_warm"
        /// Answers are cut off at their token limit.
        case limitTooLow = "limit_too_low"
        /// A few answers are far longer than the others, or the limit is far above all of them.
        case limitTooHigh = "limit_too_high"
        /// Answers are longer than those of other applications with the same model.
        case verbose
        /// Events do not say how answers ended.
        case outcomeUnknown = "outcome_unknown"
        /// Most batches have one request.
        case loneBatches = "lone_batches"
        /// Many batched requests are answered after their deadline.
        case deadlineMisses = "deadline_misses"
        /// Another provider of the model answers sooner.
        case slowProvider = "slow_provider"
        /// A few requests take far longer than the others.
        case slowTail = "slow_tail"
        /// Many requests are above a provider's limit.
        case rateLimited = "rate_limited"
        /// Many requests take too long, or find a provider overloaded.
        case unreliableProvider = "unreliable_provider"
        /// Requests wait in the gateway's queue.
        case longQueue = "long_queue"
    }

    /// A cost, or the reason why it is unknown, which is not zero.
    package enum Cost: Hashable, Sendable {
        case known(PicodollarSum)
        case unknown(String)
    }

    package let kind: Kind
    package let dimensions: Dimensions
    /// The finding.
    package let finding: String
    /// The advice.
    package let remedy: String
    /// The cost on a day on which it happens, or on which there are requests.
    package let costPerDay: Cost
    /// What following it would change, beside money; nil where only money is known.
    package let impact: String?
    /// How sure it is; nil where the evidence speaks for itself.
    package let confidence: Confidence?
    /// The numbers that it is based on.
    package let evidence: [(key: String, value: String)]

    package enum Confidence: String, CaseIterable, Sendable {
        case low, medium, high
    }

    init(
        kind: Kind, dimensions: Dimensions, finding: String, remedy: String, costPerDay: Cost,
        impact: String? = nil, confidence: Confidence? = nil,
        evidence: [(key: String, value: String)]
    ) {
        self.impact = impact
        self.confidence = confidence
        self.kind = kind
        self.dimensions = dimensions
        self.finding = finding
        self.remedy = remedy
        self.costPerDay = costPerDay
        self.evidence = evidence
    }

    /// One sentence with the cost, in cents: "… at token 212: costs $41.20 a day".
    package var sentence: String {
        switch costPerDay {
        case .known(let cost): "\(finding): costs $\(cents(cost)) a day"
        case .unknown(let reason): "\(finding): cost unknown, \(reason)"
        }
    }

    /// An amount in cents; small amounts keep two significant digits.
    private func cents(_ cost: PicodollarSum) -> String {
        var grain: Int128 = 10_000_000_000
        while grain > 1, cost.amount.magnitude < (grain * 10).magnitude { grain /= 10 }
        let rounded = dividedHalfEven(cost.amount, by: grain) * grain
        let text = decimal(rounded, scale: 12)
        guard let point = text.firstIndex(of: ".") else { return text + ".00" }
        return text[point...].count == 2 ? text + "0" : text
    }

    /// Sorted by cost, the highest first, then those without a price; equal ones keep their order.
    static func inOrder(_ all: [Recommendation]) -> [Recommendation] {
        func rank(_ recommendation: Recommendation) -> (Int, Int128) {
            switch recommendation.costPerDay {
            case .known(let cost): (0, -cost.amount)
            case .unknown: (1, 0)
            }
        }
        return all.enumerated().sorted { a, b in
            let (first, second) = (rank(a.element), rank(b.element))
            return first == second ? a.offset < b.offset : first < second
        }.map(\.element)
    }
}

/// Prices input that a cache could have served, by the difference between the two rates.
struct CachePricing {
    private var rater: Rater
    /// The time for which prices are looked up.
    private let time: Timestamp

    init(_ schedule: PriceSchedule, at time: Timestamp) {
        rater = Rater(schedule)
        self.time = time
    }

    /// The daily extra cost because `cached` of the `input` tokens of each request are not read
    /// from the cache.
    ///
    /// The mean request is priced with and without the cache, so that bounds of the price list
    /// apply to the size of a real request, and the difference is multiplied by the number of
    /// requests.
    mutating func perDay(
        _ group: PromptGroup, input: Int64, cached: Int64, requests: Int64, days: Int64
    ) -> Recommendation.Cost {
        let cached = min(max(cached, 0), input)
        do throws(RatingOverflow) {
            let plain = try derive(group, [.inputTokens: input])
            let reading = try derive(
                group, [.inputTokens: input, .cacheReadInputTokens: cached])
            for derivation in [plain, reading] {
                if case .unpriced(let reason) = derivation.rating {
                    return .unknown("\(reason)")
                }
            }
            guard reading.lines.contains(where: { $0.unit == .cacheReadInputTokens }) else {
                return .unknown("the price book has no rate for cached input of this model")
            }
            let difference = plain.total - reading.total
            let (product, overflow) = difference.multipliedReportingOverflow(by: Int128(requests))
            if overflow { return .unknown("the sum is too large to compute") }
            return .known(
                PicodollarSum(
                    dividedHalfEven(
                        product, by: Rate.ninthsPerPicodollar * Int128(max(days, 1)))))
        } catch {
            return .unknown("\(error)")
        }
    }

    private mutating func derive(
        _ group: PromptGroup, _ usage: Usage
    ) throws(RatingOverflow) -> Derivation {
        try rater.derive(
            usage, provider: group.dimensions[.provider],
            model: group.dimensions[.model] ?? Name(""),
            serviceTier: group.dimensions[.serviceTier], region: group.dimensions[.region],
            at: time)
    }
}
