// What a usage can cost at most, before it is known: how much of the input is written to the
// provider's cache, and how much of the output is reasoning, shows only in the answer.

package import LedgerModel

/// Bounds of a usage: no count is larger than its bound, and each part lies within its whole.
///
/// A count that is given is the most there can be. Where none is given, as much as there is input may be
/// read from or written to the provider's cache, and as much as there is output may be reasoning;
/// everything else (sound, images, searches, writes for an hour) only comes if somebody asks for it, so
/// there is none.
package struct UsageBounds: Hashable, Sendable {
    package var counts: Usage
    /// The part of the input that is surely read from the cache.
    package var cached: Int64

    package init(_ counts: Usage, cached: Int64 = 0) {
        self.counts = counts
        self.cached = cached
    }

    func most(_ unit: UsageUnit) -> Int64 {
        if counts.has(unit) { return counts.value(unit) }
        return switch unit {
        case .cacheReadInputTokens, .cacheWriteInputTokens: counts.value(.inputTokens)
        case .reasoningOutputTokens: counts.value(.outputTokens)
        case .cacheReadAudioTokens: counts.value(.inputAudioTokens)
        case .cacheReadImageTokens: counts.value(.inputImageTokens)
        case .requests: 1
        default: 0
        }
    }

    /// Whether a usage lies within them, if nothing needs to be cached.
    package func contain(_ usage: Usage) -> Bool {
        usage.units.allSatisfy { usage.value($0) <= most($0) }
    }
}

extension Rater {
    /// The most that a usage within some bounds costs at a time.
    package mutating func ceiling(
        _ bounds: UsageBounds, provider: Name?, model: Name, serviceTier: Name? = nil,
        region: Name? = nil, at time: Timestamp
    ) throws(RatingOverflow) -> Rating {
        switch try plan(
            provider: provider, model: model, serviceTier: serviceTier, region: region, at: time)
        {
        case .success(let plan):
            switch plan.cell(at: time) {
            case .rates(let rates): try rates.ceiling(bounds, of: model)
            case .unpriced(let reason): .unpriced(reason)
            }
        case .failure(let reason): .unpriced(reason)
        }
    }
}

extension RatePlan {
    /// The most that a usage within some bounds costs, under each tier that its input can reach.
    func ceiling(_ bounds: UsageBounds, of model: Name) throws(RatingOverflow) -> Rating {
        if let reason = missingRate(of: bounds.counts, of: model) { return .unpriced(reason) }
        var most: Picodollars?
        for tier in tiers(upTo: bounds.counts.value(.inputTokens)) {
            var sum = Sum()
            try add(.inputTokens, tier.input, bounds, tier.weights, to: &sum)
            try add(.outputTokens, bounds.most(.outputTokens), bounds, tier.weights, to: &sum)
            for (unit, weight) in tier.weights where unit.isIndependent {
                try sum.add(bounds.most(unit), at: weight)
            }
            let amount = try sum.rounded(by: divisor)
            most = max(most ?? amount, amount)
        }
        return .priced(most ?? .zero)
    }

    /// The dearest way to fill a whole with its parts: the parts in the order of their rates, each as
    /// far as it goes, and the rest at the whole's own rate.
    private func add(
        _ whole: UsageUnit, _ count: Int64, _ bounds: UsageBounds,
        _ weights: [UsageUnit: Int128], to sum: inout Sum
    ) throws(RatingOverflow) {
        let own = weights[whole] ?? 0
        var rest = count
        if whole == .inputTokens, bounds.cached > 0 {
            let cached = min(bounds.cached, rest)
            try sum.add(cached, at: weights[.cacheReadInputTokens] ?? own)
            rest -= cached
        }
        let parts = weights.filter { $0.key.ancestors.contains(whole) && $0.value > own }
        for (unit, weight) in parts.sorted(by: { ($1.value, $0.key.name) < ($0.value, $1.key.name) }
        ) {
            let part = min(bounds.most(unit), rest)
            try sum.add(part, at: weight)
            rest -= part
        }
        try sum.add(rest, at: own)
    }

    private struct Sum {
        private var total: Int128 = 0

        mutating func add(_ count: Int64, at weight: Int128) throws(RatingOverflow) {
            let (amount, overflow) = Int128(count).multipliedReportingOverflow(by: weight)
            let (sum, carry) = total.addingReportingOverflow(amount)
            if overflow || carry { throw RatingOverflow() }
            total = sum
        }

        func rounded(by divisor: Int128) throws(RatingOverflow) -> Picodollars {
            guard let amount = Int64(exactly: dividedHalfEven(total, by: divisor)) else {
                throw RatingOverflow()
            }
            return Picodollars(amount)
        }
    }
}

extension UsageUnit {
    /// Whether it is part of neither input nor output tokens, nor one of these.
    fileprivate var isIndependent: Bool {
        self != .inputTokens && self != .outputTokens && ancestors.isEmpty
    }
}
