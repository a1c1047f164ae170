package import LedgerModel

/// The prices of a book that gave a bucket its rate.
package struct RateOrigin: Hashable, Sendable {
    /// The list and the factors.
    package let source: SourcedRate
    /// The unit that the book prices; not the bucket's if the rate is implied.
    package let unit: UsageUnit
    /// The request's whole input must exceed this; 0 for the first level.
    package let above: Int64
    /// The rate without the discount.
    package let listRate: Rate
}

extension Derivation.Line {
    /// The bucket's cost without its discount, in ninths of 1e-24 USD.
    package var listAmount: Int128 {
        origin.map { Int128(count) * $0.listRate.ninths } ?? amount
    }

    /// Finds the source of the rate among the rates of the request's model.
    mutating func trace(to sources: ModelPlan.Sources, _ usage: Usage) {
        let candidates = [unit] + unit.impliedBy
        guard let named = candidates.first(where: { sources[$0] != nil }),
            let source = sources[named]
        else { return }
        let input = usage.value(.inputTokens)
        origin = RateOrigin(
            source: source, unit: named,
            above: source.rate.steps.last { input > $0.above }?.above ?? 0,
            listRate: (source.undiscounted ?? source.rate).rate(atInput: input))
    }
}

extension UsageUnit {
    /// Units whose rate this one takes if it has none, see `RatePlan.withImpliedRates`.
    fileprivate var impliedBy: [UsageUnit] {
        switch self {
        case .cacheWriteOneHourInputTokens: [.cacheWriteInputTokens]
        case .cacheReadAudioTokens: [.inputAudioTokens]
        case .cacheReadImageTokens: [.inputImageTokens]
        default: []
        }
    }
}
